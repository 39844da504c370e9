"""The fast model's rules of one number at a time, as ordinary Python functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import FunctionType
from typing import Any

from simulation.behaviour import buying, choosing, community, following, goods, occasions, place_and_need
from simulation.behaviour.merchants import (
    adapting,
    assortment,
    beginning,
    bookkeeping,
    shopkeeping,
    streaming,
)
from simulation.behaviour.sharing import boards, deciding, friends
from simulation.platforms.channels import hot_list, push, share
from simulation.state import niches
from simulation.state.exponential import HIGHEST, LOWEST, exponential
from simulation.state.rules.ties import groups_needed as rule_of_groups


def plain(rule: Any) -> Callable[..., Any]:
    """`rule` and the rules that it calls in ordinary Python; entering compiled code costs more.

    The exponential is Python's own, which differs in the last place and takes a tenth of the time.
    """
    if rule is exponential:
        return lambda x: math.exp(min(max(x, LOWEST), HIGHEST))
    function = rule.py_func
    known = function.__globals__
    called = {
        name: plain(known[name]) for name in function.__code__.co_names if hasattr(known.get(name), "py_func")
    }
    return FunctionType(function.__code__, {**known, **called}, function.__name__)


occasions_today = plain(occasions.occasions_today)
openings_with_habit = plain(occasions.openings_with_habit)
chance_to_look = plain(occasions.chance_to_look)
strengthened = plain(occasions.strengthened)
join_probability = plain(community.join_probability)
chance_to_open = plain(community.chance_to_open)
group_cue = plain(community.group_cue)
groups_needed = plain(rule_of_groups)
interest_fit = plain(choosing.interest_fit)
room_utility = plain(choosing.room_utility)
pick = plain(choosing.pick)
effective_trust = plain(buying.effective_trust)
purchase_probability = plain(buying.purchase_probability)
need = plain(place_and_need.need)
knowledge = plain(goods.knowledge)
satisfaction_probability = plain(goods.satisfaction_probability)
return_probability = plain(goods.return_probability)
trust_after_visit = plain(goods.trust_after_visit)
trust_after_purchase = plain(goods.trust_after_purchase)
follow_probability = plain(following.follow_probability)
annoyance_probability = plain(following.annoyance_probability)
leaving_probability = plain(following.leaving_probability)
starting_trust = plain(following.starting_trust)
share_probability = plain(deciding.share_probability)
notice_probability = plain(friends.notice_probability)
receiver_weight = plain(friends.receiver_weight)
chance_in_group = plain(boards.chance_in_group)
goes_live = plain(shopkeeping.goes_live)
pushes_link = plain(shopkeeping.pushes_link)
cover = plain(streaming.cover)
hours_today = plain(streaming.hours_today)
relative_length = plain(streaming.relative_length)
price_step = plain(assortment.price_step)
product_price = plain(assortment.product_price)
chance_among = plain(assortment.chance_among)
walk_ins_today = plain(shopkeeping.walk_ins_today)
candidate = plain(niches.candidate)
catchment = plain(niches.catchment)
taste_distance = plain(niches.taste_distance)
next_effort = plain(beginning.next_effort)
revised_streams = plain(adapting.revised_streams)
revised_direction = plain(adapting.revised_direction)
revised_work = plain(adapting.revised_work)
commission_due = plain(bookkeeping.commission_due)
costs_due = plain(bookkeeping.costs_due)
fatigue = plain(push.fatigue)
rank_appeal = plain(hot_list.rank_appeal)
friend_appeal = plain(share.friend_appeal)
