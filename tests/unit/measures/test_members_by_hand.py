"""Measures of members, strata and audiences, of numbers written down by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulation.measures.community.matched import matched_ratio
from simulation.measures.outcome import Window
from simulation.measures.paired_merchants import Pairs, paired_values, starting_fans_kept
from simulation.state.columns import NEVER
from simulation.state.ledger import FIT, FIT_UNIT, Audience, nobody_yet
from tests.support.blank_journals import blank, value, write, write_total

PUSH, SHARE, FEED = 0, 1, 2


def test_following_is_told_apart_by_who_has_just_bought() -> None:
    """10 visits, 4 orders, 3 new followers, of whom 2 had just bought."""
    made = blank()
    write(made, 0, 0, "recommend", visits=10, orders=4, follows=3)
    write_total(made, 0, buyer_follows=2)
    assert value(made, "follow_rate_of_buyers") == 0.5
    assert value(made, "follow_rate_of_others") == pytest.approx(1 / 6)


def test_repeat_orders_are_by_fan_and_month() -> None:
    """6 repeat orders of 50 fans in 60 days."""
    made = blank()
    made.journal.fan_ties[:] = 50
    write_total(made, 5, fan_repeat_orders=4)
    write_total(made, 45, fan_repeat_orders=2)
    assert value(made, "repeat_orders_per_fan_month") == pytest.approx(6 / 50 / 2)
    assert value(made.within(Window(31, 60)), "repeat_orders_per_fan_month") == pytest.approx(2 / 50)


def test_buyers_of_a_month_are_looked_for_in_the_next() -> None:
    """20, 10 and 5 buyers; 8 of the 20 buy again, 1 of the 10."""
    made = blank(days=90)
    made.journal.buyers_by_month[:], made.journal.rebuyers_by_month[:] = (20, 10, 5), (0, 8, 1)
    assert value(made, "monthly_repurchase") == 9 / 30
    assert value(made.within(Window(31, 90)), "monthly_repurchase") == 1 / 10
    assert math.isnan(value(made.within(Window(31, 60)), "monthly_repurchase"))


def test_new_fans_count_if_their_merchant_was_there_to_come_back_to() -> None:
    """70 days leave 60 to those of the first ten: 4 fans on day 2 and 6 on day 9, of whom 3 come back; one
    shop closes on day 32, 30 days after day 2, so that its two fans of that day do not count."""
    made = blank(days=70)
    made.journal.joined[2], made.journal.joined[9] = (4, 2, 0, 0), (6, 0, 0, 0)
    made.journal.joined[10] = 100  # too late to be followed up
    made.journal.back_60[2], made.journal.back_60[9] = 1, 2
    made.stores.last_day[:] = 69
    assert value(made, "fans_back_31_60") == 3 / 12
    made.stores.last_day[1] = 32
    assert value(made, "fans_back_31_60") == 3 / 10
    made.stores.last_day[1] = 33
    assert value(made, "fans_back_31_60") == 3 / 12
    assert math.isnan(value(made.within(Window(31, 70)), "fans_back_31_60"))


def test_visits_by_strangers_are_a_share_of_visits() -> None:
    made = blank()
    write(made, 0, 0, "share", visits=8, strangers=2)
    write(made, 40, 0, "share", visits=8, strangers=6)
    assert value(made, "stranger_visit_share") == 0.5
    assert value(made.within(Window(31, 60)), "stranger_visit_share") == 0.75


def test_the_private_share_is_followed_over_a_merchant_s_own_months() -> None:
    """A shop that arrives on day 10: 2 of 10 private in its first 30 days, 6 of 10 in days 90 to 119 of its
    life. Those that were there from the start and those that came too late do not count."""
    made = blank(days=140)
    made.merchants.arrival[:] = 0, 10, 10, 30
    for day, private in ((10, 1), (39, 1), (40, 9), (99, 9), (100, 4), (129, 2), (130, 9)):
        write(made, day, 1, "push", visits=5)
        made.journal.private_visits[day, 1] = private
    write(made, 20, 0, "push", visits=50)
    write(made, 40, 3, "push", visits=50)
    assert value(made, "private_share_rise") == pytest.approx(0.6 - 0.2)


def test_interest_fit_is_the_mean_over_visits_of_a_channel() -> None:
    made = blank()
    write(made, 0, 0, "recommend", visits=4)
    write(made, 0, 1, "push", visits=1)
    made.journal.channels[0, [FEED, PUSH], FIT] = 3 * FIT_UNIT, 0.25 * FIT_UNIT
    assert value(made, "interest_fit", FEED) == 0.75 and value(made, "interest_fit", PUSH) == 0.25
    assert value(made, "interest_fit") == pytest.approx(3.25 / 5)


def test_a_matched_ratio_compares_within_strata() -> None:
    """Two strata, in each of which visits of interest convert twice as well, though pooled they do worse:
    4 of 10 against 18 of 90, and 2 of 90 against 0.111 of 10. Mantel and Haenszel give 2."""
    of_interest, others = np.array([[10, 4], [90, 18]]), np.array([[90, 18], [10, 1]])
    assert matched_ratio(of_interest, others) == pytest.approx(
        (4 * 90 / 100 + 18 * 10 / 100) / (18 * 10 / 100 + 1 * 90 / 100)
    )
    assert 22 / 100 < 19 / 100 * 2 < 2 * matched_ratio(of_interest, others)
    alone = np.array([[50, 40], [0, 0]])
    with_others = np.array([[0, 0], [7, 7]])
    assert math.isnan(matched_ratio(alone, with_others)), "no stratum has both"
    assert matched_ratio(np.vstack([of_interest, alone]), np.vstack([others, with_others])) == matched_ratio(
        of_interest, others
    )


def test_each_matched_measure_takes_its_own_strata() -> None:
    """One stratum each, with 2 of 4 against 1 of 4."""
    made = blank()
    made.viewers.by_card[:] = 0
    made.viewers.by_card[3, 2] = [[4, 1], [4, 2]]
    assert value(made, "card_conversion_ratio") == 2.0
    made.journal.visits[5, 1], made.journal.orders[5, 1] = 8, 3
    made.journal.private_visits[5, 1], made.journal.private_orders[5, 1] = 4, 2
    assert value(made, "private_conversion_ratio") == 2.0
    made.journal.sums.known[1, 3] = [[4, 1], [4, 2]]
    assert value(made, "known_host_conversion_ratio") == 2.0


def test_who_was_offered_nothing_for_30_days_is_unreached() -> None:
    """Of 50 viewers, all with a fitting room: 10 never offered one, 5 on day 29, the others later."""
    made = blank()
    fitting = made.has_fitting_room(30)
    fitting[:] = True
    made = replace(made, strong_fit=-1.0)  # whatever is live fits strongly
    made.journal.live[59] = True
    made.viewers.offered_fit[:10], made.viewers.offered_fit[10:15] = NEVER, 29
    made.viewers.offered_fit[15:] = 30
    made.viewers.fan_ties[:] = 0
    made.viewers.fan_ties[12:17] = 1
    assert value(made, "unreached_30d") == 15 / 50 and value(made, "unreached_fans_30d") == 3 / 5
    made.journal.live[:], made.journal.live[20] = False, True
    assert math.isnan(value(made, "unreached_30d")), "nobody was live lately"


def test_the_largest_audience_is_of_different_persons() -> None:
    """Of 50 viewers 7 were in shop 1, two of them in the first month only; shop 0 had five, all later."""
    made = replace(blank(), audience=nobody_yet(50, 4))
    made.audience.month[:7, 1] = 1, 1, 2, 2, 2, 2, 2
    made.audience.month[40:45, 0] = 2
    made.audience.month[45, 0] = 1
    assert value(made, "largest_audience_per_100k") == pytest.approx(7 / 50 * 100_000)
    assert value(made, "settled_largest_audience_per_100k") == pytest.approx(5 / 50 * 100_000)
    half = replace(made, audience=Audience(2, made.audience.month[::2]))
    assert value(half, "largest_audience_per_100k") == pytest.approx(4 / 25 * 100_000)


def test_large_worlds_remember_a_sample() -> None:
    audience = nobody_yet(100_000, 400)
    assert audience.every == 5 and audience.month.shape == (20_000, 400)
    assert nobody_yet(20_000, 400).every == 1


def pairs(back: tuple[list[int], list[int]], open_: tuple[list[bool], list[bool]]) -> list[pd.DataFrame]:
    return [
        pd.DataFrame({"starting_fans_brought": 10, "starting_fans_back": fans, "in_business": business})
        for fans, business in zip(back, open_, strict=True)
    ]


def test_starting_fans_are_compared_where_the_merchant_is_there_in_both_arms() -> None:
    """Three merchants of ten fans; the third closed in one arm. 9 of 20 against 5 of 20."""
    arm, against = pairs(([4, 5, 9], [2, 3, 0]), ([True, True, True], [True, True, False]))
    assert starting_fans_kept(Pairs(arm, against)) == pytest.approx(0.2)


def test_pairs_are_found_by_replication_and_merchant_whatever_the_order_of_rows() -> None:
    rows = pd.DataFrame(
        {
            "arm": ["a", "b", "b", "a", "a", "b"],
            "replicate": [0, 0, 0, 0, 1, 1],
            "merchant": [1, 2, 1, 2, 5, 6],
            "arrival_day": 0,
            "starting_fans": 1.0,
            "profit": [5.0, 1.0, 1.0, 0.0, 3.0, 4.0],
        }
    )
    assert paired_values(rows, "a", "b", "better_off_share", 60).tolist() == [0.5]
