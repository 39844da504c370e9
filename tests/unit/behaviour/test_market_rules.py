"""Rules of markets and of merchants who adapt, at values known by hand and at their limits."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulation.behaviour import grouping, occasions
from simulation.behaviour.merchants import adapting, homing
from simulation.platforms.channels import paid
from simulation.scenario.sections.market import Market
from simulation.state.columns import ABSENT, CLOSED, NEVER_REVIEWED, OPEN, WAITING
from simulation.state.luck import replicate_key
from simulation.state.waves import new_wave
from simulation.world.locations import admission
from simulation.world.marketplace import reach
from tests.support.worlds import merchant_columns

KEY = replicate_key(3, 0)
A_LOT = 40_000


def auction(
    values: list[float], budgets: list[float], supply: float, reserve: float = 0.5
) -> tuple[float, list[float]]:
    bids = np.array(values, float), np.array(budgets, float), supply
    price = paid.clearing_price(*bids, reserve)
    return price, paid.impressions_bought(*bids, price).tolist()


def test_a_single_advertiser_pays_what_its_budget_is_worth_and_never_more_than_its_value() -> None:
    assert auction([10], [100], 50) == (2.0, [50.0])  # 100 fen buy 50 impressions at 2
    assert auction([10], [100], 5) == (10.0, [5.0])  # at 20 it would not bid
    assert auction([10], [100], 50, reserve=4.0) == (4.0, [25.0])  # the reserve binds: half is unsold
    assert auction([3], [100], 50, reserve=4.0) == (4.0, [0.0])


def test_competition_raises_the_price_only_if_the_rival_values_impressions_that_much() -> None:
    assert auction([10, 8], [100, 100], 50) == (4.0, [25.0, 25.0])
    assert auction([8, 10], [100, 100], 15) == (8.0, [2.5, 12.5])  # the rival gets what is left at 8
    assert auction([10, 1], [100, 100], 50) == (2.0, [50.0, 0.0])
    assert auction([10, 1], [100, 100], 500) == (0.5, [200.0, 200.0])  # both bid the reserve


def test_without_bids_or_supply_the_price_is_the_reserve() -> None:
    assert auction([], [], 50)[0] == 0.5
    assert auction([10], [100], 0)[0] == 0.5


def random_auctions(count: int) -> list[tuple[np.ndarray, np.ndarray, float, float]]:
    draw = np.random.default_rng(4)
    sizes = draw.integers(1, 9, count)
    return [
        (
            draw.integers(0, 12, size).astype(float),
            draw.exponential(100, size),
            float(draw.uniform(1, 200)),
            float(draw.choice([0.01, 1.0, 4.0])),
        )
        for size in sizes
    ]


def test_no_auction_oversells_overspends_or_charges_anybody_more_than_its_value() -> None:
    for values, budgets, supply, reserve in random_auctions(500):
        price = paid.clearing_price(values, budgets, supply, reserve)
        bought = paid.impressions_bought(values, budgets, supply, price)
        assert price >= reserve and (bought >= 0).all()
        assert (bought * price <= budgets * (1 + 1e-9)).all()
        assert (values[bought > 0] >= price).all()
        assert bought.sum() <= supply * (1 + 1e-9)


def test_the_price_is_the_highest_at_which_demand_covers_supply() -> None:
    for values, budgets, supply, reserve in random_auctions(500):
        price = paid.clearing_price(values, budgets, supply, reserve)

        def demand(price: float, values: np.ndarray = values, budgets: np.ndarray = budgets) -> float:
            return budgets[values >= price].sum() / price

        assert demand(price * (1 + 1e-6)) < supply
        if price > reserve:
            assert demand(price) >= supply * (1 - 1e-9)
            sold = paid.impressions_bought(values, budgets, supply, price).sum()
            assert sold == pytest.approx(supply)
        joined = paid.clearing_price(np.append(values, 6.0), np.append(budgets, 80.0), supply, reserve)
        assert joined >= price


def advertisers(reserve_price: float, **columns: Any) -> Any:
    """A morning on which two merchants of one category may advertise on 100 pages of one slot."""
    columns = {"ad_budget": [300.0, 0.0], "margin": [0.5, 0.5], "price": [1000.0, 1000.0]} | columns
    return SimpleNamespace(
        stores=merchant_columns(1, 2, category=[0, 0], **columns),
        rooms=np.array([0, 1], np.int32),
        viewers=SimpleNamespace(interest=np.ones((5, 1))),
        occasions={"paid": 100.0},
        world=SimpleNamespace(people_per_viewer=1.0, arcs=1),
        platform=SimpleNamespace(paid=SimpleNamespace(slots=1, reserve_price=reserve_price)),
        rules=SimpleNamespace(shopkeeping=SimpleNamespace(ad_prior=0.01, ad_prior_weight=100.0)),
    )


def test_an_impression_is_worth_what_experience_and_prior_say() -> None:
    today = advertisers(0.1, ad_seen=[0.0, 300.0], ad_earned=[0.0, 300.0])
    # 1% of orders at 1000 fen with margin one half are 5 fen; 300 impressions brought 1 fen each.
    assert paid.expected_value(today, today.rooms) == pytest.approx([5.0, (500 + 300) / 400])


@pytest.mark.parametrize(("reserve_price", "price", "sold"), [(0.0, 3.0, 1.0), (0.04, 4.0, 0.75)])
def test_pages_are_sold_to_those_with_a_budget_even_without_a_reserve(
    reserve_price: float, price: float, sold: float
) -> None:
    prepared = paid.prepare(advertisers(reserve_price))
    assert prepared.room.tolist() == [0] and prepared.price == pytest.approx([price])
    assert prepared.cumulative == pytest.approx([sold])


def test_newcomers_open_in_proportion_to_attention_times_prospect() -> None:
    attention = np.array([0.5, 0.3, 0.0, 0.2])
    promise = np.array([[0.5, 0.1], [0.5, 0.9], [0.9, 0.9], [0.5, 0.5]])
    arriving, kinds = np.arange(A_LOT), np.arange(A_LOT) % 2
    homes = homing.choose_homes(arriving, kinds, attention, promise, 1.0, homing.MerchantLuck(KEY, 0, A_LOT))
    for kind, weights in ((0, [0.25, 0.15, 0.10]), (1, [0.05, 0.27, 0.10])):
        found = np.bincount(homes[kinds == kind], minlength=4)
        assert found[2] == 0, "nobody looks there before its launch"
        expected = np.array(weights) / sum(weights) * found.sum()
        assert stats.chisquare(found[[0, 1, 3]], expected).pvalue > 1e-3


def test_only_the_admitted_come_and_the_same_ones_first() -> None:
    arriving, kinds = np.arange(100, A_LOT), np.zeros(A_LOT - 100, np.int64)

    def homes(admitted: float) -> np.ndarray:
        luck = homing.MerchantLuck(KEY, 0, A_LOT)
        return homing.choose_homes(arriving, kinds, np.ones(1), None, admitted, luck)

    some, most = homes(0.3), homes(0.8)
    assert set(some) == {0, homing.NO_HOME}
    assert np.mean(some == 0) == pytest.approx(0.3, abs=0.01)
    assert np.mean(most == 0) == pytest.approx(0.8, abs=0.01)
    assert (most[some == 0] == 0).all()
    assert (homes(1.0) == 0).all() and (homes(0.0) == homing.NO_HOME).all()


def test_merchants_leave_where_they_lost_too_often_but_never_their_last_store() -> None:
    # Merchants: tired of both stores, tired of the only one, tired of the second, not tired yet.
    status = [OPEN, OPEN, OPEN, OPEN, OPEN, ABSENT, OPEN, OPEN]
    merchants = merchant_columns(2, 4, status=status, losses=[5, 9, 0, 3, 4, 0, 4, 3])
    assert homing.leave_platforms(merchants, np.arange(8), 4, 4).tolist() == [0, 6]
    assert np.flatnonzero(merchants.status == ABSENT).tolist() == [0, 5, 6]
    assert homing.leave_platforms(merchants, np.arange(8), 4, 4).tolist() == []  # a last store stays


def test_only_stores_whose_review_is_due_are_given_up() -> None:
    merchants = merchant_columns(2, 3, losses=[9] * 6)
    assert homing.leave_platforms(merchants, np.array([1, 5]), 3, 4).tolist() == [1, 5]
    assert (merchants.status == ABSENT).sum() == 2


def entering(launched: list[bool], promise: list[float], entry_rate: float = 1.0) -> np.ndarray:
    """Of merchants open on the first of three platforms only, the share that opens on each."""
    status = np.repeat([OPEN, ABSENT, ABSENT], A_LOT)
    merchants = merchant_columns(3, A_LOT, status=status)
    opened = homing.enter_platforms(
        merchants,
        np.arange(A_LOT),
        np.array(launched),
        np.array(promise)[:, None],
        entry_rate,
        homing.MerchantLuck(KEY, 27, A_LOT),
    )
    assert (merchants.status[opened] == OPEN).all() and (merchants.arrival[opened] == 28).all()
    assert len(np.unique(opened % A_LOT)) == len(opened)
    return np.bincount(opened // A_LOT, minlength=3) / A_LOT


def test_merchants_open_only_on_launched_platforms_with_the_prospect_as_chance() -> None:
    assert entering([True, True, False], [0.9, 0.3, 0.9]) == pytest.approx([0, 0.3, 0], abs=0.01)
    # One platform is thought of, drawn evenly among those on which the merchant is not.
    assert entering([True, True, True], [0.9, 0.3, 0.8]) == pytest.approx([0, 0.15, 0.4], abs=0.01)
    assert entering([True, True, True], [0.9, 0.3, 0.8], 0.5) == pytest.approx([0, 0.075, 0.2], abs=0.01)
    assert entering([True, False, False], [1.0, 1.0, 1.0]).sum() == 0
    assert entering([True, True, True], [1.0, 1.0, 1.0], 0.0).sum() == 0


@pytest.mark.parametrize("home", [0, 1])
def test_a_further_store_starts_anew_with_the_streams_of_the_merchant_s_home(home: int) -> None:
    status = np.full(3, ABSENT)
    status[home] = OPEN
    streams = np.full(3, 1.0)
    streams[home] = 5.0
    merchants = merchant_columns(
        3, 1, status=status, streams=streams, losses=[4, 4, 4], last_profit=[-7] * 3, review_profit=[-7] * 3
    )
    launched, promise = np.array([home == 0, home == 1, True]), np.ones((3, 1))
    luck = homing.MerchantLuck(KEY, 13, 1)
    opened = homing.enter_platforms(merchants, np.array([home]), launched, promise, 1.0, luck)
    assert opened.tolist() == [2] and merchants.streams.tolist()[2] == 5.0
    assert (merchants.losses[2], merchants.review_profit[2]) == (0, 0)
    assert merchants.last_profit[2] == NEVER_REVIEWED
    assert (merchants.losses[home], merchants.last_profit[home]) == (4, -7)


def promise_of(profits: list[float], **changes: Any) -> float:
    """Prospect of one platform when four merchants made `profits` in their last ten days."""
    merchants = merchant_columns(1, len(profits), last_profit=profits, **changes)
    market = Market(entry_slope=2.0, peers_needed=3)
    return float(homing.prospects(merchants, 1, np.array([50.0, 50.0]), 10, 30, market)[0, 0])


def test_prospects_follow_the_profit_of_peers() -> None:
    assert promise_of([500.0] * 4) == pytest.approx(1 / (1 + math.exp(-2.0)))  # costs earned once over
    assert promise_of([0.0] * 4) == 0.5
    found = [promise_of([profit, 100.0, -100.0, 0.0]) for profit in (-4000, -400, 0, 400, 4000)]
    assert (np.diff(found) > 0).all() and found[0] > 0 and found[-1] < 1


def test_a_platform_with_too_few_peers_promises_one_half() -> None:
    assert promise_of([900.0] * 2) == 0.5 and promise_of([900.0] * 3) > 0.9
    rich = [900.0] * 4
    assert promise_of(rich, status=[OPEN, OPEN, CLOSED, ABSENT]) == 0.5
    assert promise_of(rich, arrival=[0, 0, 21, 25]) == 0.5  # no review behind them
    assert promise_of(rich, arrival=[0, 0, 20, 25]) > 0.9
    assert promise_of(rich, archetype=[0, 0, 1, 1]) == 0.5  # others are no peers


def test_prospects_keep_platforms_apart() -> None:
    merchants = merchant_columns(2, 3, last_profit=[500.0] * 3 + [-500.0] * 3)
    found = homing.prospects(merchants, 2, np.array([50.0]), 10, 30, Market(entry_slope=2.0))
    assert found[:, 0] == pytest.approx([1 / (1 + math.exp(-2.0)), 1 / (1 + math.exp(2.0))])


def test_failure_counts_newcomers_of_the_last_ninety_days_who_opened() -> None:
    # From the start; too long ago; three lately; one stayed away; one came today.
    arrival = np.array([0, 19, 20, 60, 109, 70, 110])
    status = [CLOSED, CLOSED, CLOSED, OPEN, OPEN, WAITING, CLOSED]
    merchants = merchant_columns(1, 7, arrival=arrival, status=status)
    assert homing.failed_lately(merchants, arrival, 110) == pytest.approx(1 / 3)
    nobody = merchant_columns(1, 2, arrival=[0, 10], status=[CLOSED, WAITING])
    assert homing.failed_lately(nobody, nobody.arrival, 50) == 0.0


def test_a_further_store_makes_nobody_a_newcomer() -> None:
    """Of two merchants from the start one opened a store on the first platform on day 40."""
    first_came, closed = np.array([0, 0, 30]), [CLOSED, OPEN, OPEN]
    merchants = merchant_columns(2, 3, arrival=[40, 0, 30, 0, 0, 30], status=closed * 2)
    assert homing.failed_lately(merchants, first_came, 50) == 0.0
    elsewhere = merchant_columns(2, 1, arrival=[30, 30], status=[ABSENT, OPEN])
    assert homing.failed_lately(elsewhere, np.array([30]), 50) == 0.0


def test_failure_keeps_newcomers_away_as_far_as_they_respond() -> None:
    assert admission(0.0, 1.0) == 1.0 and admission(0.5, 0.0) == 1.0
    assert admission(0.5, 0.4) == pytest.approx(0.8)
    assert admission(1.0, 1.0) == 0.0


def test_ad_budgets_follow_what_advertisements_earned() -> None:
    assert adapting.revised_budget(400.0, 1, 0.25) == 500.0
    assert adapting.revised_budget(400.0, -1, 0.25) == 300.0
    assert adapting.revised_budget(400.0, 0, 0.25) == 400.0
    assert adapting.revised_budget(0.0, 9, 0.25) == 0.0


def test_community_work_moves_on_while_profit_holds_and_turns_when_it_falls() -> None:
    for direction in (1.0, -1.0):
        assert adapting.revised_direction(direction, 5, 4) == direction
        assert adapting.revised_direction(direction, 4, 4) == direction
        assert adapting.revised_direction(direction, -5, -4) == -direction
    assert adapting.revised_work(2.0, 1.0, 0.2) == pytest.approx(2.4)
    assert adapting.revised_work(2.0, -1.0, 0.2) == pytest.approx(1.6)
    assert adapting.revised_work(9.0, 1.0, 0.2) == 10.0
    assert adapting.revised_work(0.11, -1.0, 0.2) == 0.1
    assert adapting.revised_work(3.0, -1.0, 0.0) == 3.0


def test_habits_strengthen_by_reward_fade_without_and_stay_shares() -> None:
    assert occasions.strengthened(0.2, 0.1, True) == pytest.approx(0.28)
    assert occasions.strengthened(0.2, 0.1, False) == pytest.approx(0.18)
    assert occasions.strengthened(0.2, 0.0, True) == occasions.strengthened(0.2, 0.0, False) == 0.2
    assert occasions.strengthened(0.9, 1.0, True) == 1.0 and occasions.strengthened(0.9, 1.0, False) == 0.0
    habit = 0.0
    for _ in range(14):
        habit = occasions.strengthened(habit, 0.05, True)
    assert habit == pytest.approx(0.5, abs=0.02)  # half of the gap in 14 visits


def test_habit_multiplies_the_openings_of_an_app() -> None:
    assert occasions.openings_with_habit(0.3, 0.0, 6.0) == 0.3
    assert occasions.openings_with_habit(0.3, 0.5, 6.0) == pytest.approx(1.2)
    assert occasions.openings_with_habit(0.3, 1.0, 0.0) == 0.3
    assert occasions.openings_with_habit(0.0, 1.0, 6.0) == 0.0  # not launched


def test_what_waits_draws_a_look_more_the_more_of_it_waits() -> None:
    assert occasions.chance_to_look(0.25, 0.0) == 0.0
    assert occasions.chance_to_look(0.0, 9.0) == 0.0
    assert occasions.chance_to_look(0.25, 1.0) == pytest.approx(0.2212, abs=1e-4)
    assert occasions.chance_to_look(0.25, 4.0) == pytest.approx(0.6321, abs=1e-4)


def test_openings_of_a_platform_do_not_depend_on_the_others() -> None:
    assert reach([None]).tolist() == [1.0]
    assert reach([4e8]).tolist() == [1.0]
    assert reach([4e8, 3e8, 1e9]).tolist() == [1.0, 0.75, 2.5]
    assert reach([4e8, 3e8]).tolist() == reach([4e8, 3e8, 1e9]).tolist()[:2]


def test_group_prices_are_whole_fen_and_never_nothing() -> None:
    assert grouping.group_price(1000, 0.25) == 750
    assert grouping.group_price(999, 0.25) == 749
    assert grouping.group_price(1000, 0.0) == 1000
    assert grouping.group_price(1, 0.95) == 1


def test_a_group_is_full_from_its_size_on() -> None:
    assert [bool(grouping.is_full(members, 3)) for members in (1, 2, 3, 4)] == [False, False, True, True]


def test_group_members_are_counted_across_waves_by_leader_and_merchant() -> None:
    def waiting(chosen: list[int], leader: list[int]) -> Any:
        wave = new_wave(5)  # rows that are not in use hold anything
        wave.rows[0], wave.chosen[:], wave.leader[:] = len(chosen), 1, 7
        wave.chosen[: len(chosen)], wave.leader[: len(leader)] = chosen, leader
        return wave

    waves = [waiting([1, 1, 2], [7, 8, 7]), waiting([], []), waiting([1, 2, 1], [7, 9, 7])]
    found = [sizes.tolist() for sizes in grouping.group_sizes(waves, 10)]
    assert found == [[3, 1, 1], [], [3, 1, 3]]
