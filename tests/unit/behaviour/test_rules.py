"""Every scalar rule at known values, at its limits, and in the direction that it claims."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulation.behaviour import buying, choosing, community, following, goods, occasions
from simulation.behaviour.merchants import adapting, bookkeeping, shopkeeping
from simulation.behaviour.sharing import deciding, friends
from simulation.platforms.channels import hot_list, push, share
from simulation.scenario import RULES, Scenario
from simulation.state import ties
from simulation.state.rule_numbers import Rules, rule_numbers
from simulation.state.rules import ties as tie_rules

SECTIONS = {name: Scenario.model_fields[name].annotation for name in RULES}
UNIT = np.linspace(0.0, 1.0, 11)


def rules(section: str, **changes: Any) -> Any:
    """Numbers of one section: its defaults with `changes`."""
    tables = {name: kind() for name, kind in SECTIONS.items()}
    tables[section] = SECTIONS[section](**changes)
    found: Rules = rule_numbers(tables)
    return getattr(found, section)


def rises(values: list[float]) -> bool:
    return bool(np.all(np.diff(values) > 0))


def test_every_section_has_all_its_parameters() -> None:
    for name, kind in SECTIONS.items():
        assert rules(name)._asdict() == kind().model_dump()


def test_trust_and_endorsement_combine_by_noisy_or() -> None:
    assert buying.effective_trust(0.0, 0.0) == 0.0
    assert buying.effective_trust(1.0, 0.3) == buying.effective_trust(0.3, 1.0) == 1.0
    assert buying.effective_trust(0.5, 0.4) == pytest.approx(0.7)
    for own in UNIT:
        both = [buying.effective_trust(own, other) for other in UNIT]
        assert min(both) == pytest.approx(own) and max(both) == pytest.approx(1.0)
        assert all(
            b == pytest.approx(buying.effective_trust(other, own))
            for b, other in zip(both, UNIT, strict=True)
        )


def test_logistic_at_known_values_and_limits() -> None:
    assert buying.logistic(0.0) == 0.5
    assert buying.logistic(math.log(3)) == pytest.approx(0.75)
    assert buying.logistic(2.0) + buying.logistic(-2.0) == pytest.approx(1.0)
    assert buying.logistic(-5000.0) == 0.0 and buying.logistic(5000.0) == 1.0


PLAIN = {
    "fit": 0.5,
    "trust": 0.2,
    "host_skill": 0.5,
    "impulse": 0.5,
    "relative_price": 0.0,
    "price_sensitivity": 1.0,
    "crowd": 0.0,
}


def buying_chance(purchase: Any, **changes: float) -> float:
    fit, trust, *cues = (PLAIN | changes).values()
    return buying.purchase_probability(fit, trust, buying.Cues(*cues), purchase)


def test_purchase_is_logistic_in_the_weighted_sum() -> None:
    purchase = rules("purchase", intercept=-2.0, fit_weight=1.0, trust_weight=3.0)
    odds = math.log(buying_chance(purchase) / (1 - buying_chance(purchase)))
    assert odds == pytest.approx(-2.0 + 0.5 + 0.6)
    # A price e times the usual costs price_weight of log-odds at sensitivity 1.
    dear = buying_chance(purchase, relative_price=1.0)
    assert math.log(dear / (1 - dear)) == pytest.approx(odds - purchase.price_weight)
    assert buying_chance(purchase, relative_price=1.0, price_sensitivity=0.0) == pytest.approx(
        buying_chance(purchase)
    )


@pytest.mark.parametrize(
    ("name", "direction"),
    [("fit", 1), ("trust", 1), ("host_skill", 1), ("impulse", 1), ("crowd", 1), ("relative_price", -1)],
)
def test_purchase_moves_in_the_right_direction(name: str, direction: int) -> None:
    cues = ("fit", "trust", "skill", "impulse", "crowd", "price")
    purchase = rules("purchase", **{f"{cue}_weight": 1.0 for cue in cues})
    chances = [buying_chance(purchase, **{name: value}) for value in UNIT]
    assert rises(chances[::direction])
    assert min(chances) > 0 and max(chances) < 1


def test_fit_is_interest_less_what_distance_of_taste_takes() -> None:
    assert choosing.interest_fit(0.8, 0.0, 0.5) == pytest.approx(0.8)
    assert choosing.interest_fit(0.8, 0.5, 0.5) == pytest.approx(0.4)
    assert choosing.interest_fit(0.8, 0.5, 1.0) == pytest.approx(0.0)
    assert choosing.interest_fit(0.8, 0.2, 0.5) == pytest.approx(0.8 * 0.8)
    assert choosing.interest_fit(0.8, 0.5, 0.0) == pytest.approx(0.8)


def test_utility_is_the_weighted_sum() -> None:
    choice = rules("choice", enter_bias=-1.0, fit_weight=2.0, trust_weight=3.0, crowd_weight=0.5)
    assert choosing.room_utility(0.5, 0.2, 4.0, 1.5, 0.25, choice) == pytest.approx(
        -1.0 + 1.0 + 0.6 + 3.0 + 0.25
    )


def test_picks_have_logit_frequencies() -> None:
    """Option i with ``exp(u_i) / (1 + sum exp(u))``, leaving with ``1 / (1 + sum)``: exactly, as
    luck runs through the unit interval."""
    attraction = np.exp(np.array([0.3, -1.0, 0.0, 1.2]))
    count = 20_000
    luck = (np.arange(count) + 0.5) / count
    picked = np.array([choosing.pick(number, attraction, 4) for number in luck])
    share = np.bincount(picked + 1, minlength=5) / count
    np.testing.assert_allclose(share, np.append(1.0, attraction) / (1 + attraction.sum()), atol=2 / count)


def test_picks_never_take_what_has_no_attraction() -> None:
    highest = 1.0 - 2.0**-33
    assert choosing.pick(highest, np.zeros(3), 3) == -1
    for attraction in ([5.0, 0.0], [0.0, 5.0, 0.0], [1e-300, 0.0], [1e200, 0.0, 0.0]):
        values = np.array(attraction)
        picked = {choosing.pick(luck, values, len(values)) for luck in (2.0**-33, 0.3, 0.5, highest)}
        assert all(option == -1 or values[option] > 0 for option in picked)


def test_only_options_that_are_offered_are_picked() -> None:
    stale = np.array([1.0, 1e9, 1e9])
    assert {choosing.pick(luck, stale, 1) for luck in UNIT[:-1]} == {-1, 0}


def test_following_grows_with_trust_and_a_pleasing_purchase() -> None:
    numbers = rules("following", base_rate=0.01, trust_boost=3.0, purchase_boost=8.0)
    assert following.follow_probability(0.0, False, numbers) == pytest.approx(0.01)
    assert following.follow_probability(1.0, False, numbers) == pytest.approx(0.04)
    assert following.follow_probability(0.5, True, numbers) == pytest.approx(0.01 * 10.5)
    always = rules("following", base_rate=1.0)
    assert following.follow_probability(1.0, True, always) == 1.0


def test_each_message_annoys_independently() -> None:
    numbers = rules("following", annoyance=0.1)
    assert following.annoyance_probability(0, numbers) == 0.0
    assert following.annoyance_probability(1, numbers) == pytest.approx(0.1)
    assert following.annoyance_probability(3, numbers) == pytest.approx(1 - 0.9**3)
    assert following.annoyance_probability(5, rules("following", annoyance=1.0)) == 1.0


def test_new_followers_start_from_what_they_have_or_the_initial_trust() -> None:
    assert following.starting_trust(0.0, 0.5, 0.25) == pytest.approx(0.25)
    assert following.starting_trust(0.7, 0.5, 0.25) == pytest.approx(0.7)
    assert following.starting_trust(0.0, 1.0, 0.9) == 1.0
    assert following.starting_trust(0.0, 0.0, 0.9) == 0.0


def test_satisfaction_is_quality_against_promise() -> None:
    numbers = rules("goods", satisfaction_slope=6.0, satisfaction_offset=0.0, overpromise=0.2)
    expected = numbers.expected_quality
    assert goods.satisfaction_probability(expected, 0.0, 0.0, numbers) == pytest.approx(0.5)
    assert goods.satisfaction_probability(expected + 0.2, 1.0, 0.0, numbers) == pytest.approx(0.5)
    assert rises([goods.satisfaction_probability(quality, 0.5, 0.0, numbers) for quality in UNIT])
    assert rises([goods.satisfaction_probability(0.6, skill, 0.0, numbers) for skill in UNIT[::-1]])


def test_who_knows_the_goods_expects_no_more_than_they_are() -> None:
    asked = SimpleNamespace(
        expected_quality=0.6,
        overpromise=0.2,
        known_by_purchase=0.5,
        known_by_friend=0.4,
        known_by_counter=0.2,
    )
    knows = goods.knowledge.py_func
    assert knows(0, 0.0, False, asked) == 0.0
    assert knows(2, 0.0, False, asked) == pytest.approx(0.75)
    assert knows(0, 0.5, True, asked) == pytest.approx(1 - 0.8 * 0.8)
    expects = goods.expected_goods.py_func
    assert expects(0.4, 1.0, 0.0, asked) == pytest.approx(0.8)
    assert expects(0.4, 1.0, 0.5, asked) == pytest.approx(0.6)
    assert expects(0.4, 1.0, 1.0, asked) == pytest.approx(0.4)
    assert expects(0.9, 1.0, 1.0, asked) == pytest.approx(0.8)  # a pleasant surprise stays one


def test_returns_follow_disappointment_and_impulse() -> None:
    numbers = rules("goods", return_if_satisfied=0.1, return_if_disappointed=0.7, return_impulse=0.2)
    assert goods.return_probability(True, 0.0, numbers) == pytest.approx(0.1)
    assert goods.return_probability(False, 0.5, numbers) == pytest.approx(0.8)
    certain = rules("goods", return_if_disappointed=1.0)
    assert goods.return_probability(False, 1.0, certain) == 1.0


def test_trust_stays_a_share_and_losses_weigh_more_than_gains() -> None:
    numbers = rules("trust", purchase_gain=0.2, purchase_loss=0.4)
    assert goods.trust_after_visit(0.5, 0.5, 0.1) == pytest.approx(0.55)
    assert goods.trust_after_visit(1.0, 1.0, 1.0) == 1.0
    assert goods.trust_after_purchase(0.5, True, 0.5, numbers) == pytest.approx(0.6)
    assert goods.trust_after_purchase(0.5, False, 0.5, numbers) == pytest.approx(0.3)
    for trust in UNIT:
        for propensity in UNIT:
            for gain in (0.0, 0.5, 1.0):
                watched = goods.trust_after_visit(trust, propensity, gain)
                assert trust - 1e-12 <= watched <= 1.0
            assert 0.0 <= goods.trust_after_purchase(trust, False, propensity, numbers) <= trust


@pytest.mark.parametrize("activity", [0.01, 0.7, 3.0, 12.0])
def test_occasions_are_poisson_quantiles(activity: float) -> None:
    luck = np.concatenate([(np.arange(400) + 0.5) / 400, [2.0**-33, 1 - 2.0**-33]])
    found = [occasions.occasions_today(number, activity, 100) for number in luck]
    np.testing.assert_array_equal(found, stats.poisson.ppf(luck, activity))
    assert max(occasions.occasions_today(number, activity, 2) for number in luck) <= 2


def test_occasions_at_their_limits() -> None:
    assert occasions.occasions_today(0.999, 0.0, 6) == 0
    assert occasions.occasions_today(0.001, 5_000.0, 6) == 6


def test_surfaces_open_in_proportion_to_weights() -> None:
    cumulative = np.cumsum([0.2, 0.0, 0.5, 0.3])
    opened = [occasions.surface_opened((i + 0.5) / 1000, cumulative, 0, 4) for i in range(1000)]
    np.testing.assert_array_equal(np.bincount(opened, minlength=4), [200, 0, 500, 300])
    assert occasions.surface_opened(1 - 2.0**-33, np.array([0.3, 1.0 - 1e-15]), 0, 2) == 1
    # The surfaces of a platform are a stretch of those of the market; others are never opened.
    market = np.concatenate([[0.5, 1.0], cumulative, [0.1, 1.0]])
    within = [occasions.surface_opened((i + 0.5) / 1000, market, 2, 6) for i in range(1000)]
    np.testing.assert_array_equal(np.bincount(within, minlength=8), [0, 0, 200, 0, 500, 300, 0, 0])
    assert occasions.surface_opened(1 - 2.0**-33, np.array([0.3, 1.0 - 1e-15, 1.0]), 0, 2) == 1


def test_sharing_grows_with_willingness_and_a_pleasing_purchase() -> None:
    numbers = rules("sharing", base_rate=0.05, purchase_boost=3.0)
    assert deciding.share_probability(1.0, False, numbers) == pytest.approx(0.05)
    assert deciding.share_probability(2.0, True, numbers) == pytest.approx(0.4)
    assert deciding.share_probability(0.0, True, numbers) == 0.0
    assert deciding.share_probability(50.0, True, numbers) == 1.0


def test_those_who_wait_for_a_group_invite_at_least_as_often_as_others_share() -> None:
    numbers = rules("sharing", base_rate=0.1)
    assert deciding.invitation_probability(1.0, 0.8, numbers) == 0.8
    assert deciding.invitation_probability(5.0, 0.3, numbers) == pytest.approx(0.5)


def test_direct_links_go_to_some_friends_and_broadcasts_to_all() -> None:
    numbers = rules("sharing", direct_friends=4.0, direct_notice=0.6, broadcast_notice=0.15)
    assert friends.notice_probability(True, 0.3, 9.0, numbers) == pytest.approx(0.15)
    strengths = np.full(10, 0.5)
    noticed = [friends.notice_probability(False, s, strengths.sum(), numbers) for s in strengths]
    assert sum(noticed) == pytest.approx(4.0 * 0.6)
    assert friends.notice_probability(False, 0.9, 1.0, numbers) == pytest.approx(0.6)  # at most once each
    assert friends.notice_probability(False, 0.0, 0.0, numbers) == 0.0


def test_direct_links_go_rather_to_friends_whom_the_room_suits() -> None:
    assert friends.receiver_weight(0.4, 0.9, 0.0) == 0.4, "without targeting strength alone counts"
    suited, other = friends.receiver_weight(0.4, 0.9, 2.0), friends.receiver_weight(0.4, 0.4, 2.0)
    assert suited / other == pytest.approx(np.exp(2.0 * 0.5))


def test_shops_stream_push_and_win_members_as_planned() -> None:
    luck = (np.arange(7000) + 0.5) / 7000
    assert sum(shopkeeping.goes_live(number, 3.0) for number in luck) == 3000
    assert all(shopkeeping.goes_live(number, 7.0) for number in luck)
    assert not any(shopkeeping.goes_live(number, 0.0) for number in luck)
    assert np.mean([shopkeeping.pushes_link(number, 0.25, 0.8) for number in luck]) == pytest.approx(0.4)
    joined = [shopkeeping.walk_ins_today(number, 100.0, 0.5, 1.0, 1, 20.0) for number in luck]
    assert np.mean(joined) == pytest.approx(100.0 * 0.5 / 7 / 20, rel=1e-3) and set(joined) == {0, 1}
    assert set(shopkeeping.walk_ins_today(number, 140.0, 1.0, 1.0, 1, 8.0) for number in luck) == {2, 3}


def test_members_won_grow_with_community_work_which_is_divided_among_platforms() -> None:
    luck = (np.arange(7000) + 0.5) / 7000
    harder = [shopkeeping.walk_ins_today(number, 100.0, 0.5, 1.8, 1, 20.0) for number in luck]
    assert np.mean(harder) == pytest.approx(1.8 * 100.0 * 0.5 / 7 / 20, rel=1e-3)
    divided = [shopkeeping.walk_ins_today(number, 100.0, 0.5, 1.0, 4, 20.0) for number in luck]
    assert np.mean(divided) == pytest.approx(100.0 * 0.5 / 4 / 7 / 20, rel=1e-2)


def test_streams_follow_profit_within_bounds() -> None:
    numbers = rules("shopkeeping", stream_step=0.5, min_streams=1.0, max_streams=4.0)
    assert adapting.revised_streams(2.0, 100, numbers) == pytest.approx(3.0)
    assert adapting.revised_streams(2.0, -100, numbers) == pytest.approx(1.0)
    assert adapting.revised_streams(2.0, 0, numbers) == pytest.approx(2.0)
    assert adapting.revised_streams(3.5, 1, numbers) == 4.0
    assert adapting.revised_streams(1.2, -1, numbers) == 1.0


def test_money_due_is_in_whole_fen() -> None:
    assert bookkeeping.commission_due(10_050, 0.05) == 502  # 502.5 to the even fen
    assert bookkeeping.commission_due(-10_000, 0.05) == 0
    assert bookkeeping.commission_due(10_000, 0.0) == 0
    due, rates = bookkeeping.costs_due, bookkeeping.CostRates
    assert due(True, 10, 0, rates(3000.0, 100.0, 0.35, 2.0)) == 3104  # 3103.5, likewise
    assert due(False, 10, 0, rates(3000.0, 100.0, 0.0, 2.0)) == 100
    assert due(False, 10, 3, rates(3000.0, 100.0, 0.0, 2.25)) == 107  # 106.75


def test_appeal_of_lists_inboxes_and_friends() -> None:
    assert hot_list.rank_appeal(1, 0.4) == 0.0
    assert hot_list.rank_appeal(6, 0.4) == pytest.approx(-0.4 * math.log(6))
    assert push.fatigue(1, 0.3) == 0.0
    assert push.fatigue(10, 0.3) == pytest.approx(0.3 * math.log(10))
    assert share.friend_appeal(0.5, 1.5) == pytest.approx(0.75)


def test_new_ties_take_an_empty_slot_then_the_oldest_memory_then_the_least_trusted() -> None:
    row = ties.empty_ties(1, 3)
    assert tie_rules.slot_to_fill(row, 0, 9) == 0
    for slot, (trust, last, flags) in enumerate([(0.9, 5, 0), (0.1, 3, ties.SUBSCRIBED), (0.8, 2, 0)]):
        tie_rules.write_tie(row, 0, slot, ties.NewTie(10 + slot, trust, 1, flags))
        row.last_visit[0, slot] = last
    assert [tie_rules.find_tie(row, 0, merchant) for merchant in (10, 11, 12, 13)] == [0, 1, 2, -1]
    assert tie_rules.slot_to_fill(row, 0, 9) == 2
    row.flags[:] = ties.SUBSCRIBED
    assert tie_rules.slot_to_fill(row, 0, 9) == 1
    row.last_visit[0, 1] = 9  # visited today, hence safe
    assert tie_rules.slot_to_fill(row, 0, 9) == 2


def test_leaving_falls_with_time_and_trust_and_for_whoever_was_brought() -> None:
    asked = SimpleNamespace(leave_rate=0.1, tenure_slope=0.5, trust_hold=0.5, referred_factor=0.8)
    chance = following.leaving_probability.py_func
    assert chance(0, 0.0, False, asked) == pytest.approx(0.1)
    assert chance(90, 0.0, False, asked) == pytest.approx(0.05)  # (1 + 3) ** -0.5
    assert chance(0, 1.0, False, asked) == pytest.approx(0.05)
    assert chance(0, 0.0, True, asked) == pytest.approx(0.08)
    none = SimpleNamespace(leave_rate=0.1, tenure_slope=0.0, trust_hold=0.0, referred_factor=1.0)
    assert chance(90, 1.0, True, none) == pytest.approx(0.1)


def test_a_group_is_joined_by_card_by_visit_and_by_parcel() -> None:
    asked = SimpleNamespace(join_by_visit=0.01, join_by_card=0.05, join_by_parcel=0.1, joining=1.0)
    chance = community.join_probability.py_func
    assert chance(False, False, asked) == pytest.approx(0.01)
    assert chance(True, False, asked) == pytest.approx(0.05)
    assert chance(True, True, asked) == pytest.approx(1 - 0.95 * 0.9)


def test_links_of_larger_groups_are_opened_less() -> None:
    asked = SimpleNamespace(most_members=500.0, open_rate=0.5, open_slope=0.5)
    chance = community.chance_to_open.py_func
    assert chance(500.0, asked) == pytest.approx(0.5)
    assert chance(2000.0, asked) == pytest.approx(0.25)
    assert chance(5.0, asked) == 1.0 and chance(0.0, asked) == 1.0
    flat = SimpleNamespace(most_members=500.0, open_rate=0.5, open_slope=0.0)
    assert chance(20.0, flat) == chance(500.0, flat) == 0.5


def test_orders_of_one_s_own_group_move_its_members_alone() -> None:
    asked = SimpleNamespace(order_cue=0.2)
    assert community.group_cue.py_func(0, 20.0, asked) == 0.0
    assert community.group_cue.py_func(3, 20.0, asked) == pytest.approx(0.2 * math.log(61.0))


def test_groups_hold_five_hundred_persons() -> None:
    needed = tie_rules.groups_needed.py_func
    assert [needed(members, 20.0, 500.0) for members in (0, 25, 26, 250)] == [1, 1, 2, 10]
    assert tie_rules.persons_in_a_group.py_func(30, 20.0, 2) == 300.0
