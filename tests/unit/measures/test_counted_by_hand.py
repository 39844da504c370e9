"""Measures of journals in which everything was written down by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulation.measures.concentration import share_below, tail_exponent
from simulation.measures.field import concurrent_persons
from simulation.measures.outcome import Window
from simulation.state.columns import CLOSED
from simulation.state.ledger import JOINS, NOTICES_UNIT
from simulation.state.ties import EMPTY, STARTING, SUBSCRIBED
from tests.support.blank_journals import PERSONS, blank, value, write, write_total

PUSH, SHARE, FEED = 0, 1, 2


def test_entries_shares_and_joins_are_per_page_and_per_visit_of_each_channel() -> None:
    """40 pages of a feed, 10 entered, 1 shared, 2 followed; 5 looks at group links, 4 entered, 3 shared."""
    made = blank()
    write(made, 0, 0, "recommend", reach=40, visits=10, shares=1, follows=2)
    write(made, 1, 1, "push", reach=5, visits=4, shares=3)
    assert value(made, "entries_per_page", FEED) == 0.25 and value(made, "entries_per_page", PUSH) == 0.8
    assert value(made, "entries_per_page") == 14 / 45 and math.isnan(value(made, "entries_per_page", SHARE))
    assert value(made, "share_rate", FEED) == 0.1 and value(made, "share_rate") == 4 / 14
    assert value(made, "join_rate", FEED) == 0.2 and value(made, "join_rate", PUSH) == 0.0


def test_private_orders_and_sales_are_those_by_links_of_groups_and_friends() -> None:
    made = blank()
    write(made, 0, 0, "recommend", visits=10, orders=6, gmv=600)
    write(made, 0, 0, "push", visits=2, orders=1, gmv=300)
    write(made, 40, 1, "share", visits=2, orders=1, gmv=100)
    assert value(made, "private_order_share") == 2 / 8 and value(made, "private_gmv_share") == 400 / 1000
    assert value(made.within(Window(31, 60)), "private_order_share") == 1.0


def test_sales_by_person_and_day_count_those_who_never_watch() -> None:
    """500 persons, 60 days; 90,000 fen of agents are 9,000 CNY of persons: 0.3 CNY a person and day."""
    made = blank()
    write(made, 3, 0, "push", gmv=90_000)
    assert made.population == 500 and value(made, "gmv_per_person_day") == pytest.approx(0.3)
    assert value(made.within(Window(1, 30)), "gmv_per_person_day") == pytest.approx(0.6)
    made.journal.active[:] = 5  # 50 persons on each of 60 days: 3,000 visitors' days
    assert value(made, "gmv_per_daily_user") == pytest.approx(3.0)


def test_the_largest_merchant_is_given_by_population() -> None:
    """2,000 CNY of persons among 500 persons: 400,000 among 100,000."""
    made = blank()
    write(made, 0, 0, "push", gmv=20_000)
    write(made, 45, 1, "push", gmv=5_000)
    assert value(made, "largest_gmv_per_100k") == pytest.approx(400_000)
    assert value(made.within(Window(31, 60)), "largest_gmv_per_100k") == pytest.approx(100_000)
    assert value(made, "top1pct_gmv_share") == 0.8


def test_new_fans_by_cards_are_set_against_all_that_join_and_against_fans() -> None:
    """2 won by cards of 8 won at all; 50 fans for 60 days are 3,000 fan-days, so 0.06 in 90 days."""
    made = blank()
    write(made, 10, 0, "share", follows=5)
    write(made, 11, 1, walk_ins=3)
    write_total(made, 10, share_follows=2)
    made.journal.fan_ties[:] = 50
    assert value(made, "card_share_of_joins") == 0.25 and value(made, "fans_by_cards_90d") == 0.06


def test_members_are_told_apart_by_the_way_they_came() -> None:
    """Of 20 visits by cards 4 join, of 40 by a feed 2, 1 of all six having bought one of 5 orders; 6 more at
    the counter and 3 by assistants, where 2 merchants stood for two months; 8 members lost; 40 members for
    60 days."""
    made = blank()
    write(made, 3, 0, "share", visits=20, orders=3)
    write(made, 4, 0, "recommend", visits=40, orders=2)
    write(made, 5, 0, members_lost=8)
    made.journal.channels[3, made.channels.index("share"), JOINS] = 4
    made.journal.channels[4, made.channels.index("recommend"), JOINS] = 2
    write_total(made, 3, buyer_joins=1, counter_joins=6, assistant_joins=3)
    made.journal.members[:], made.journal.open_merchants[:] = 40, 2
    assert value(made, "group_join_rate", SHARE) == 0.2 and value(made, "group_join_rate", FEED) == 0.05
    assert value(made, "group_join_rate") == 0.1 and value(made, "group_join_rate_of_buyers") == 0.2
    assert value(made, "card_share_of_members") == pytest.approx(4 / 15)
    assert value(made, "card_joins_per_lost_member") == 0.5
    assert value(made, "members_by_cards_90d") == pytest.approx(90 * 4 / (40 * 60))
    assert value(made, "counter_joins_per_month") == PERSONS * 6 / (2 * 2)
    assert value(made, "assistant_joins_per_month") == PERSONS * 3 / (2 * 2)


def test_repeat_orders_are_set_against_notices_received() -> None:
    """50 fans get 200 notices in 60 days, 2 a month each, and order again 3 times."""
    made = blank()
    made.journal.fan_ties[:] = 50
    write_total(made, 3, notices=200 * NOTICES_UNIT, fan_repeat_orders=3)
    assert value(made, "notices_per_fan_month") == pytest.approx(2.0)
    assert value(made, "repeat_orders_per_100_notices") == 1.5


def test_the_platform_s_payoff_is_commission_and_advertising_less_support() -> None:
    made = blank()
    made.journal.books[2, 0] = 100_000, 5_000, 0, 0, 2_000, 9_000
    made.journal.books[40, 0] = 100_000, 5_000, 0, 0, 0, 0
    names = ("platform_commission", "platform_advertising", "platform_support", "platform_payoff")
    assert [value(made, name) for name in names] == [100.0, 20.0, 90.0, 30.0]
    assert value(made.within(Window(1, 30)), "platform_payoff") == -20.0


def test_starting_fans_are_back_if_they_came_in_the_last_30_days() -> None:
    """Shop 0 brought four: seen on day 59, on day 30, on day 29, never. Shop 1 brought one who came, and
    closed; shop 2 none, though a follower of its own came."""
    made = blank()
    made.ties.store[:] = EMPTY
    for viewer, (shop, day, flags) in enumerate(
        (
            (0, 59, STARTING | SUBSCRIBED),
            (0, 30, STARTING),  # left since, but still comes
            (0, 29, STARTING | SUBSCRIBED),
            (0, -10_000, STARTING | SUBSCRIBED),
            (1, 59, STARTING | SUBSCRIBED),
            (2, 59, SUBSCRIBED),
        )
    ):
        made.ties.store[viewer, 0], made.ties.last_visit[viewer, 0] = shop, day
        made.ties.flags[viewer, 0] = flags
    write(made, 0, 0, started=4)
    write(made, 0, 1, started=1)
    assert value(made, "starting_fans_back_30d") == 3 / 5
    made.merchants.status[1] = CLOSED
    assert value(made, "starting_fans_back_30d") == 2 / 4
    made.fans_at_first[0] = 4  # of a past
    assert value(made, "starting_fans_back_30d") == 2 / 8


def test_newcomers_are_looked_at_on_the_first_day_with_a_stream() -> None:
    """Two arrive on days 10 and 20: one streams first on day 12 to 3 agents, the other at once to nobody."""
    made = blank()
    made.merchants.arrival[2:], made.merchants.fanless[2:] = (10, 20), 1
    write(made, 12, 2, "push", visits=3)
    write(made, 13, 2, "push", visits=9)
    write(made, 20, 3, "push", visits=0)
    assert value(made, "newcomer_first_stream_visits") == PERSONS * 1.5


def test_newcomers_with_a_counter_and_no_group_are_told_from_those_who_know_nobody() -> None:
    """Both arrive on day 10; 4 agents see the first stream of the one with a counter, 9 that of the other."""
    made = blank()
    made.merchants.arrival[2:], made.merchants.fanless[2:] = 10, 1
    made.merchants.community_work[2:], made.merchants.counter[2:] = 0.0, (1, 0)
    write(made, 11, 2, "push", visits=4)
    write(made, 12, 2, "push", visits=2)
    write(made, 12, 3, "push", visits=9)
    assert value(made, "counter_newcomer_first_stream_visits") == PERSONS * 4
    assert value(made, "counter_newcomer_first_week_visits") == PERSONS * 6
    made.merchants.community_work[2] = 1.0  # runs a group from the first day on
    assert np.isnan(value(made, "counter_newcomer_first_week_visits"))


def test_merchants_are_served_if_they_sell_within_90_days() -> None:
    made = blank(days=100)
    made.merchants.arrival[:] = 0, 5, 9, 11
    made.merchants.first_order[:] = 89, 95, -10_000, 12  # the last arrived too late to be judged
    assert value(made, "served_in_90_days") == 1 / 3


def test_visits_of_a_merchant_are_by_month() -> None:
    made = blank()
    write(made, 0, 0, "push", visits=16)
    assert value(made, "visits_per_merchant_month") == PERSONS * 16 / (4 * 2)


def test_crowded_sessions_are_looked_for_among_those_that_sell_least() -> None:
    """Eight sessions: the two most visited sell 1 in 100 and 1 in 10; the lowest quarter, 1 and 2 in 100."""
    made = blank(shops=8)
    for shop, (visits, orders) in enumerate(
        ((400, 4), (300, 30), (200, 8), (200, 10), (100, 2), (100, 9), (50, 5), (50, 6))
    ):
        write(made, 7, shop, "push", visits=visits, orders=orders)
    write(made, 8, 0, "push", visits=24)  # too few to be a session
    assert value(made, "crowded_unconverting_session_share") == 0.5


def test_those_who_sell_nothing_share_the_places_among_the_lowest() -> None:
    """Ten sessions, six without an order: a quarter of ten is 2.5 of these six."""
    values = np.array([0, 0, 0, 0, 0, 0, 0.1, 0.2, 0.3, 0.4])
    assert share_below(values == 0, values, 0.25) == pytest.approx(2.5 / 6)
    assert share_below(values > 0, values, 0.25) == 0.0
    assert share_below(values >= 0, values, 0.25) == pytest.approx(0.25)
    values = np.array([0.0, 0.1, 0.1, 0.2])  # the lower half holds the first and one of the next two
    assert share_below(values == 0.1, values, 0.5) == 0.5


def test_tail_exponents_of_known_samples() -> None:
    """Quantiles of a Pareto law, and two samples whose exponents the package powerlaw (2.0) gives."""
    chances = (np.arange(2_000) + 0.5) / 2_000
    assert tail_exponent((1 - chances) ** (-1 / 1.5)) == pytest.approx(2.5, rel=0.01)
    draw = np.random.default_rng(5)
    for many, expected in ((100, 2.4055038637651887), (400, 2.341622204963179)):
        assert tail_exponent(np.round((draw.pareto(1.2, many) + 1) * 50)) == pytest.approx(expected)
    assert math.isnan(tail_exponent(np.arange(10))) and math.isnan(tail_exponent(np.full(50, 3.0)))


def test_tails_are_those_of_merchants_that_came() -> None:
    made = blank(shops=12)
    amounts = [2**place for place in range(12)]
    for shop, amount in enumerate(amounts):
        write(made, 0, shop, "push", visits=amount, gmv=3 * amount)
    found = value(made, "audience_tail_exponent")
    assert found == tail_exponent(np.array(amounts)) == pytest.approx(value(made, "gmv_tail_exponent"))


def test_cascades_are_told_by_what_is_passed_on() -> None:
    """10 cascades, of which 2 were re-posted: a pair and a star of three, 1 and 4/3 steps apart."""
    made = blank()
    made.journal.cascades_by_month[0, :2] = 6, 4
    write_total(made, 3, reposts=3, cascades_reposted=2, virality=10_000 + 13_333)
    assert value(made, "cascades_never_reposted") == 0.8 and value(made, "reposts_per_cascade") == 0.3
    assert value(made, "structural_virality") == pytest.approx((1 + 4 / 3) / 2, abs=1e-4)


def test_orders_by_links_of_buyers_are_by_link_and_not_by_share() -> None:
    """25 buyers each send 4 links; 2 friends buy: 1 order in 50 links."""
    made = blank()
    write_total(made, 3, direct_by_buyers=25, orders_by_buyers=2)
    assert made.scenario.sharing.direct_friends == 4.0 and value(made, "orders_per_buyer_card") == 0.02


def test_a_room_is_near_empty_by_persons_at_once() -> None:
    """528 visits of two and a half minutes in 4.4 hours are five at once. Of 10 persons to an agent, 52
    visits are few enough and 53 are not; of two streams it is the mean that counts."""
    made = blank()
    write(made, 0, 0, "push", visits=52)
    write(made, 0, 1, "push", visits=53)
    write(made, 0, 2, "push", visits=90)
    write(made, 1, 2, "push", visits=10)
    assert value(made, "near_empty_merchant_share") == 2 / 3
    assert concurrent_persons(np.array([528.0, 528.0]), np.array([4.4, 1.1])) == pytest.approx([5.0, 20.0])
    made.journal.hours[0, 1], made.journal.hours[1, 2] = 4.5, 8.8
    assert value(made, "near_empty_merchant_share") == 1.0
