"""Measures that single readings of claims ask for, of numbers written down by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulation.measures import MEASURES
from simulation.measures.market import launched_last
from simulation.measures.outcome import Outcome
from simulation.measures.paired_merchants import (
    Pairs,
    better_off_share_of_best_kind,
    private_domain_slope_within_kinds,
    slope_within,
    won_domain_slope,
)
from simulation.state.ledger import STORE_COUNTS, SURFACE_COUNTS
from simulation.state.ties import EMPTY, MEMBER, SUBSCRIBED
from simulation.world.journal import Journal
from tests.support.blank_journals import PERSONS, blank, value, write
from tests.support.worlds import merchant_columns

MINE, RIVAL, OTHER = 0, 1, 2


def market(days: int = 60) -> Outcome:
    """Three platforms of one channel each, the last of them launched last, with nothing written down."""
    made = blank(days=days, shops=2)
    names = ("rival", "other", "mine")
    platforms = [made.platforms[0].model_copy(update={"name": name}) for name in names]
    platforms[2] = platforms[2].model_copy(update={"launch_day": 5})
    journal = Journal(days, 3 * 2, 3, platforms=3)
    journal.days_done = days
    return replace(
        made, platforms=platforms, journal=journal, channel_platforms=np.arange(3), channels=["a", "b", "c"]
    )


def sell(made: Outcome, day: int, platform: int, **counts: int) -> None:
    for name, count in counts.items():
        made.journal.channels[day, platform, SURFACE_COUNTS.index(name)] += count


def test_a_lead_besides_visits_is_the_larger_of_two() -> None:
    """Mine serves one merchant against two and one; its users buy for 30 fen a day against 20 and 10."""
    made = market()
    orders = STORE_COUNTS.index("orders")
    made.journal.sums.stores[[0, 1, 2, 4], orders] = 3, 1, 1, 9
    made.journal.users_today[3] = 10, 10, 2
    for platform, sales in enumerate((200, 100, 60)):
        sell(made, 3, platform, gmv=sales)
    assert value(made, "lead_besides", 2) == value(made, "lead_besides") == pytest.approx(0.5)
    assert value(made, "lead_besides", 0) == pytest.approx(1.0), "two merchants against one"
    made.journal.users_today[3, 2] = 60
    assert value(made, "lead_besides", 2) == pytest.approx(-0.5), "both are behind: 1 of 2, 1 fen of 20"
    made.journal.sums.stores[:, orders] = 0
    made.journal.channels[:] = 0
    assert math.isnan(value(made, "lead_besides", 2)), "rivals have nothing to be compared with"


def test_a_share_rests_if_the_half_year_before_had_the_same() -> None:
    """30 of 100 visits in either half-year; 31.5 of 100 in the second would still be moving."""
    made = market(days=400)
    for day, visits in ((100, 300), (300, 300)):
        sell(made, day, 2, visits=visits)
        sell(made, day, 0, visits=1000 - visits)
    sell(made, 10, 2, visits=5_000)  # before the last 360 days
    assert value(made, "resting_share", 2) == value(made, "resting_share") == 0.3
    sell(made, 300, 2, visits=22)
    assert math.isnan(value(made, "resting_share", 2))
    assert math.isnan(value(market(days=359), "resting_share", 2))


def test_sales_at_equal_traffic_are_by_visit_to_the_platform() -> None:
    made = market()
    sell(made, 3, 0, visits=10, gmv=5_000)
    sell(made, 3, 2, visits=4, gmv=4_000)
    assert [value(made, "platform_gmv_per_visit", number) for number in (0, 2)] == [5.0, 10.0]
    assert value(made, "platform_gmv_per_visit") == pytest.approx(90 / 14)
    assert math.isnan(value(made, "platform_gmv_per_visit", 1))


def test_a_newcomer_s_profit_is_by_its_months_once_it_is_old_enough() -> None:
    """In 400 days: 300 CNY in 100 days are 90 a month, -370 in 370 days -30; one of 80 days is too young."""
    made = blank(days=400)
    made.merchants.arrival[:] = 300, 30, 320, 0
    made.merchants.fanless[:] = 1
    made.merchants.community_work[:] = 0.0
    made.merchants.profit[:] = 30_000, -37_000, 99_999, 99_999
    assert value(made, "counter_newcomer_profit_90d") == pytest.approx((90 - 30) / 2)
    assert value(made, "counter_newcomer_profit_1y") == pytest.approx(-30)
    made.merchants.fanless[:] = 0
    assert math.isnan(value(made, "counter_newcomer_profit_90d"))


def test_newly_met_people_are_followed_from_the_first_month_that_can_tell() -> None:
    """A shop of day 0 is looked at in its second month (4 of 10) and its fifth (7 of 10); one of day 10 a
    month later, in which both have none; one of day 70 has no fifth month."""
    made = blank(days=180)
    made.merchants.arrival[:] = 0, 10, 70, 0
    for shop, months in ((0, {0: 10, 1: 4, 4: 7}), (1, {1: 10, 2: 0, 5: 0}), (2, {2: 10, 4: 9, 5: 9})):
        for month, strangers in months.items():
            write(made, 30 * month, shop, "share", visits=10, strangers=strangers)
    assert value(made, "stranger_share_rise") == pytest.approx(7 / 20 - 4 / 20)


def test_members_buy_again_if_their_second_order_or_later_is_of_the_last_90_days() -> None:
    """Of four members since day 30 or before two ordered again; one later than day 30 is no member of 90
    days, and a mere follower none at all."""
    made = blank(days=120)
    made.ties.store[:] = EMPTY
    for viewer, (since, flags, purchases, last) in enumerate(
        (
            (0, MEMBER | SUBSCRIBED, 2, 30),
            (30, MEMBER | SUBSCRIBED, 5, 119),
            (0, MEMBER | SUBSCRIBED, 1, 119),
            (0, MEMBER | SUBSCRIBED, 3, 29),
            (31, MEMBER | SUBSCRIBED, 3, 100),
            (0, SUBSCRIBED, 3, 100),
        )
    ):
        made.ties.store[viewer, 0], made.ties.since[viewer, 0] = 1, since
        made.ties.flags[viewer, 0], made.ties.purchases[viewer, 0] = flags, purchases
        made.ties.last_purchase[viewer, 0] = last
    assert value(made, "members_rebuying_90d") == 2 / 4


def pairs(kinds: str, fans: list[int], gaps: list[int], won: list[int] | None = None) -> Pairs:
    arm = pd.DataFrame({"archetype": list(kinds), "starting_fans": fans, "profit": gaps})
    arm["fans"], arm["starting_fans_brought"] = won or fans, 0 if won else fans
    return Pairs(arm, arm.assign(profit=0))


def test_slopes_within_kinds_are_not_those_between_them() -> None:
    """In kind a, with few fans, 5 of 6 are better off, in kind b, with many, 1 of 6; in each of them it is
    those with more fans of the kind. The slope between kinds falls, that within them rises."""
    kinds, fans = "a" * 6 + "b" * 6, [1, 9, 9, 9, 9, 9, 999, 999, 999, 999, 999, 9_999]
    gaps = [-1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, 1]
    made = pairs(kinds, fans, gaps)
    assert private_domain_slope_within_kinds(made) > 1
    assert math.isnan(private_domain_slope_within_kinds(pairs("a" * 6 + "b" * 6, fans, [1] * 6 + gaps[6:])))


def test_a_slope_within_one_kind_is_the_odds_ratio() -> None:
    """20 of 80 with a dose of 0 and 60 of 80 with 1: the odds ratio is 9, less what the ridge takes."""
    dose = np.repeat([0.0, 1.0], 80)
    response = np.tile(np.arange(80), 2) < np.repeat([20, 60], 80)
    slope = slope_within(dose, response, np.repeat("a", 160))
    assert math.log(9) * 0.95 < slope < math.log(9)


def test_the_kind_that_fares_best_speaks_for_all() -> None:
    kinds = "a" * 10 + "b" * 10 + "c" * 9
    gaps = [1] * 3 + [-1] * 7 + [1] * 6 + [-1] * 4 + [1] * 9
    assert better_off_share_of_best_kind(pairs(kinds, [5] * 29, gaps)) == 0.6


def test_fans_won_later_are_those_beyond_the_ones_brought() -> None:
    won = [0, 0, 0, 0, 0, 99, 99, 99, 99, 99]
    made = pairs("a" * 10, [7] * 10, [-1, -1, -1, -1, 1, 1, 1, 1, 1, -1], won)
    assert won_domain_slope(made) > 0.5
    assert won_domain_slope(pairs("a" * 10, [7] * 10, [1, 1, 1, 1, -1, -1, -1, -1, -1, 1], won)) < -0.5


def test_neighbours_are_served_if_they_bought_it_of_anybody_lately() -> None:
    """Of viewers 10 to 19, to whom the stall delivers, four want its fruit above all: two have ordered some
    in the last 30 days, one before. They paid 20 and 40 CNY, and another neighbour 60."""
    made = blank(days=60)
    made = replace(made, scenario=_with_a_name(made))
    stall = next(iter(made.named.values()))
    made.stores.sells_from[stall], made.stores.sells_to[stall] = 10, 20
    made.merchants.category[:] = made.stores.category[:] = 1
    made.stores.category[0] = made.merchants.category[0] = 0
    made.stores.price[:] = 2_000, 2_000, 4_000, 6_000
    made.viewers.interest[:], made.viewers.satisfied_on[:] = 0.1, -1_000
    made.viewers.interest[[3, 10, 11, 12, 13], 1] = 0.9
    made.viewers.satisfied_on[[3, 10, 11, 12, 14], 1] = 59, 30, 59, 29, 59
    made.ties.store[:], made.ties.last_purchase[:] = EMPTY, -1_000
    for viewer, store, day in ((10, 1, 30), (11, 2, 59), (12, 1, 29), (14, 3, 59), (11, 0, 59), (3, 3, 59)):
        slot = int(made.ties.store[viewer, 0] != EMPTY)
        made.ties.store[viewer, slot], made.ties.last_purchase[viewer, slot] = store, day
    assert value(made, "named_neighbours_served", 0) == 2 / 4
    assert value(made, "named_neighbours_price", 0) == pytest.approx((20 + 40 + 60) / 3)
    assert PERSONS == 10, "prices and shares do not depend on persons an agent"


def _with_a_name(made: Outcome):  # type: ignore[no-untyped-def]
    named = {"name": "stall", "kind": "community_vendor", "category": 1}
    merchants = made.scenario.merchants.model_dump(exclude_none=True) | {"named": [named]}
    return made.scenario.model_copy(
        update={"merchants": type(made.scenario.merchants).model_validate(merchants)}
    )


def leaving_out(made: Outcome, days: int) -> Outcome:
    """The same where the first `days` are left out of what is counted."""
    run = made.scenario.run.model_copy(update={"warm_up_days": days})
    journal = Journal(made.days, 3 * 2, 3, platforms=3, left_out=days)
    journal.days_done, journal.channels[:] = made.days, made.journal.channels
    scenario, stores = made.scenario.model_copy(update={"run": run}), merchant_columns(3, 2)
    return replace(made, scenario=scenario, journal=journal, stores=stores)


def test_days_left_out_belong_to_no_half_year_and_to_no_month_after_a_launch() -> None:
    """A market of 400 days in which 30 of 100 visits are of the platform launched last, on day 5."""
    made = market(days=400)
    for day in range(400):
        sell(made, day, 2, visits=3)
        sell(made, day, 0, visits=7)
    assert MEASURES["resting_share"].leaves_out, "it is taken of what is counted"
    assert value(leaving_out(made, 40).counted, "resting_share") == pytest.approx(0.3)
    assert math.isnan(value(leaving_out(made, 41).counted, "resting_share")), "359 days are left"
    assert value(leaving_out(made, 155), "settled_share") == pytest.approx(0.3)
    assert math.isnan(value(leaving_out(made, 156), "settled_share")), "the month is that of days 155 to 184"


def test_the_platform_launched_last_is_one_that_is_launched() -> None:
    """Of three, the last of which is to come on day 5 and stays out, the second comes on day 3."""
    made = market()
    made.platforms[1] = made.platforms[1].model_copy(update={"launch_day": 3})
    assert launched_last(made) == 2
    made.platforms[2] = made.platforms[2].model_copy(update={"stays_out": True})
    assert launched_last(made) == 1
    for platform, visits in enumerate((20, 50, 0)):
        sell(made, 59, platform, visits=visits)
    assert value(made, "lead") == value(made, "lead", 1) == pytest.approx(30 / 70)
    assert math.isnan(value(market(days=200), "settled_share", 2)), "without visits"
    late = market(days=200)
    for day in range(200):
        sell(late, day, 0, visits=1)
    late.platforms[2] = late.platforms[2].model_copy(update={"stays_out": True})
    assert math.isnan(value(late, "settled_share", 2)), "what stays out has no market share to settle"
