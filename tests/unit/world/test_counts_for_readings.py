"""Counts that single readings of claims need: at as many notices, met in public, messages without streams."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simulation.behaviour.counting import count_notices, is_about_one, met_in_public
from simulation.measures import Outcome
from simulation.state.ledger import NOTICES, REBOUGHT_AT_ONE, TOTALS, WEEKS_AT_ONE
from simulation.state.ties import ENDORSED, FOLLOWER, MEMBER, MET_OUTSIDE, REFERRED, SUBSCRIBED
from simulation.world.model import LiveCommerceModel
from tests.support.blank_journals import blank, value, write, write_total
from tests.support.worlds import build_model, finished, platform, preset, same_shops, scenario


@pytest.mark.parametrize(("notices", "about_one"), [(0.4, 0), (0.5, 1), (1.0, 1), (1.4, 1), (1.5, 0)])
@pytest.mark.parametrize(
    ("purchases", "last", "again"), [(2, 100, 1), (2, 94, 1), (2, 93, 0), (1, 100, 0), (0, -10_000, 0)]
)
def test_a_week_with_one_notice_counts_whether_the_fan_bought_again_in_it(
    notices: float, about_one: int, purchases: int, last: int, again: int
) -> None:
    ties = SimpleNamespace(last_purchase=np.array([[last]]), purchases=np.array([[purchases]]))
    ledger = SimpleNamespace(totals=np.zeros(len(TOTALS), np.int64))
    plain = getattr(count_notices, "py_func", count_notices)
    assert plain(SimpleNamespace(ties=ties, day=100), ledger, 0, 0, notices) == notices
    assert bool(is_about_one(notices)) == bool(about_one)
    assert ledger.totals[WEEKS_AT_ONE] == about_one and ledger.totals[NOTICES] == round(100 * notices)
    assert ledger.totals[REBOUGHT_AT_ONE] == about_one * again


@pytest.mark.parametrize(
    ("flags", "public"),
    [
        (0, True),
        (SUBSCRIBED | FOLLOWER | ENDORSED, True),
        (SUBSCRIBED | MEMBER | MET_OUTSIDE, False),
        (SUBSCRIBED | FOLLOWER | REFERRED, False),
    ],
)
def test_whom_the_counter_or_a_card_brought_was_not_met_in_public(flags: int, public: bool) -> None:
    ties = SimpleNamespace(flags=np.array([[flags]], np.uint8))
    plain = getattr(met_in_public, "py_func", met_in_public)
    assert bool(plain(ties, 0, 0)) == public


def orders_of(**shops: Any) -> LiveCommerceModel:
    """A feed alone, without links, of shops that are `shops`."""
    settings = scenario(
        {"feed": platform({"recommend": 1.0})},
        200,
        8,
        60,
        merchants=same_shops(**{"fanless_share": 1.0, "walk_in_members": 0.0} | shops),
        purchase={"intercept": -2.0},
        shopkeeping={"arrivals": 0.0},
    )
    return finished(settings)


def test_where_nobody_is_met_but_in_public_all_orders_are_of_those_met_there() -> None:
    journal = orders_of().journal
    assert journal.totals[:, TOTALS.index("public_orders")].sum() == journal.orders.sum() > 100
    assert (journal.public_rebought_30 == journal.rebought_30).all() and journal.rebought_30.any()


def test_orders_of_the_private_domain_are_not_of_those_met_in_public() -> None:
    journal = orders_of(fanless_share=0.0, fans_median=2_000.0).journal
    public = journal.totals[:, TOTALS.index("public_orders")].sum()
    assert 0 < public < journal.orders.sum()
    assert (journal.public_rebought_30 <= journal.rebought_30).all()


def test_measures_at_one_notice_and_of_those_met_in_public_by_hand() -> None:
    """3 of 40 weeks with an order again; of 8 orders by those met in public 2 were followed by another."""
    made = blank(days=60)
    write_total(made, 8, weeks_at_one=30, rebought_at_one=1)
    write_total(made, 40, weeks_at_one=10, rebought_at_one=2)
    assert value(made, "rebuying_at_one_notice") == 3 / 40
    write(made, 3, 0, orders=20)
    write_total(made, 3, public_orders=8)
    write_total(made, 31, public_orders=50)  # too late to be followed up
    made.journal.public_rebought_30[3] = 2
    assert value(made, "public_repurchase_rate_30d") == 2 / 8


def test_messages_cost_no_stream_and_have_neither_host_nor_crowd() -> None:
    """The same groups with streams and with messages alone: without crowds and skills to weigh, merchants
    differ by what streams cost and by nothing else."""
    alike: dict[str, Any] = {
        "choice": {"crowd_weight": 0.0},
        "goods": {"overpromise": 0.0},
        "purchase": {"crowd_weight": 0.0, "skill_weight": 0.0},
        "shopkeeping": {"arrivals": 0.0, "stream_step": 0.0, "work_step": 0.0},
    }
    rules = preset("tencent_live")
    shops = same_shops(fanless_share=0.0, fans_median=400.0, stream_cost=30.0, cash=1e6)
    settings = scenario({"live": rules, "messages": rules | {"live": False}}, merchants=shops, **alike)
    live, messages = build_model(settings, 0), build_model(settings, 1)
    for model in (live, messages):
        model.run()
        model.close()
    assert live.stores.host_skill.min() > 0 and not messages.stores.host_skill.any()
    assert live.stores.crowd_cue.any() and not messages.stores.crowd_cue.any()
    assert (live.journal.visits == messages.journal.visits).all() and live.journal.orders.any()
    saved = messages.stores.profit - live.stores.profit
    assert (saved == 3_000 * live.journal.live.sum(axis=0)).all()


def test_a_world_of_messages_has_the_measures_of_any_other() -> None:
    rules = preset("tencent_live") | {"live": False}
    assert value(Outcome.from_model(finished(scenario({"messages": rules}))), "visits") > 0
