"""The fast model and a plain Mesa model of the same rules agree in distribution.

Both play the same casts with different luck, so totals of a replication differ by luck alone and
the mean difference must vanish. Each total is tested by a paired t test at a level that, over all
totals and arms together, raises a false alarm once in a thousand seeds (Bonferroni). The world is
livelier than a real one (fans get many links, shops run out of money, trust fades within weeks),
so that 25 days suffice for a wrong rule to show; the second test breaks rules to see that it does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulation.behaviour.merchants.bookkeeping import COSTS
from simulation.claims.reading import read_scenario
from simulation.scenario import Scenario, find_scenario
from simulation.state.columns import NEVER, OPEN
from simulation.state.ledger import ORDERS, STORE_COUNTS, TOTALS, VISITS
from simulation.state.ties import EMPTY, SUBSCRIBED
from simulation.world.cast.cast import Cast, draw_cast
from simulation.world.model import LiveCommerceModel
from tests.benchmarks import plain_mesa, plain_viewers
from tests.benchmarks.plain_mesa import Merchant, PlainModel
from tests.support.stated_world import STATED

REPLICATIONS = 24
FALSE_ALARMS = 1e-3
CASES = (("centralised", 1), ("decentralised", 1), ("centralised", 5))
"""Arms, and parts of the day in each."""
KINDS = ("community_vendor", "ordinary_shop", "brand", "influencer")
LIVELY: dict[str, Any] = {
    **STATED,
    "world.viewers": 600,
    "world.merchants": 50,
    "world.days": 25,
    "world.people_per_viewer": 5,
    "world.isolated_viewers": 20,
    "friendships.neighbourhood_size": 50,
    "people.activity_mean": 2.5,
    "people.remembered_rooms": 7,
    "people.categories": 3,
    "choice.fatigue_weight": 6.0,
    "purchase.intercept": -3.0,
    "purchase.price_weight": 1.0,
    "purchase.cycle": 2.0,
    "purchase.repeat_endorsement": 0.0,
    "purchase.skill_weight": 2.0,
    "following.base_rate": 0.03,
    "following.annoyance": 0.06,
    "following.leave_rate": 0.03,
    "following.fade_floor": 0.12,
    "trust.half_life": 12,
    "sharing.base_rate": 0.4,
    "shopkeeping.arrivals": 16,
    "shopkeeping.review_days": 7,
    "shopkeeping.stream_step": 0.3,
    "streams.products_by_hours": 0.5,
    "shopkeeping.newcomer_days": 10,
    "shopkeeping.work_step": 0.5,
    "shopkeeping.recruit_cost": 20.0,
    "shopkeeping.arrival_response": 1.0,
    "arms.taobao_live.platform.commission": 0.2,
    "arms.tencent_live.platform.commission": 0.2,
    "arms.taobao_live.platform.feed.cold_start_quota": 0.3,
    "arms.taobao_live.platform.feed.exploration": 0.2,
    "arms.taobao_live.platform.feed.exposure_cap": 0.2,
    "arms.tencent_live.platform.pool": 1.0,
} | {
    f"merchants.archetypes.{kind}.{name}": value
    for kind in KINDS
    for name, value in {
        "streams_per_week": 5.0,
        "walk_in_members": 40.0,
        "fanless_share": 0.2,
        "fans_median": 200.0,
        "cash": 1_000.0,
        "stream_cost": 100.0,
        "products": 5,
        "daily_cost": 30.0,
    }.items()
}
Totals = dict[str, float]


@cache
def lively_world(parts: int = 1) -> Scenario:
    """The lively world, of a day that has so many parts."""
    return read_scenario(find_scenario("tencent_live_2020"), LIVELY | {"streams.parts_of_day": parts})


@cache
def cast_of(replicate: int) -> Cast:
    return draw_cast(lively_world(), replicate)


@cache
def fast_totals(arm_name: str, replicate: int, parts: int) -> Totals:
    """Totals of one run of the fast model."""
    arm = lively_world(parts).arm(arm_name)
    assert arm is not None
    model = LiveCommerceModel(lively_world(parts), arm, cast_of(replicate))
    journal, merchants, ties = model.run(), model.stores, model.ties
    model.close()
    flows = dict(zip(STORE_COUNTS, journal.flows.sum(axis=0), strict=True))
    totals = dict(zip(TOTALS, journal.totals.sum(axis=0), strict=True))
    kept = ("reach", "outside", "gmv", "returns", "refunds", "follows", "shares", "lost", "walk_ins")
    counted = {name: flows[name] for name in kept}
    counted |= {name: totals[name] for name in ("known_visits", "repeat_orders", "mutes")}
    counted["visits returned from within 7 days"] = journal.returned_7.sum()
    counted["costs"] = journal.books[:, :, COSTS].sum()
    for name, counts in zip(model.channel_names, journal.channels.sum(axis=0), strict=True):
        counted |= {f"visits by {name}": counts[VISITS], f"orders by {name}": counts[ORDERS]}
    held = ties.store != EMPTY
    buyers = np.nonzero(held & (ties.last_purchase != NEVER))[0]
    arrived = merchants.last_day >= 0
    return counted | at_the_end(
        [
            column[arrived]
            for column in (
                journal.visits.sum(axis=0),
                journal.orders.sum(axis=0),
                merchants.fans,
                merchants.status == OPEN,
                merchants.streams,
                merchants.community_work,
                merchants.cash,
                merchants.heat,
                *shop_traits(replicate),
            )
        ],
        ties.trust[held & (ties.flags & SUBSCRIBED > 0)],
        model.viewers.impulse[buyers],
    )


def plain_totals(arm_name: str, replicate: int, parts: int = 1) -> Totals:
    """Totals of one run of the plain model."""
    arm = lively_world(parts).arm(arm_name)
    assert arm is not None
    model = PlainModel(lively_world(parts), arm, cast_of(replicate), seed=replicate)
    for _ in range(lively_world(parts).world.days):
        model.step()
    model.close()
    names = ("all_visits", "all_orders", "fans", "open", "streams", "work", "cash", "heat")
    shops = model.agents_by_type[Merchant]
    ties = [(viewer, tie) for viewer in model.viewers for tie in viewer.ties.values()]
    return model.totals | at_the_end(
        [np.array(shops.get(name)) for name in names]
        + [trait[shops.get("number")] for trait in shop_traits(replicate)],
        np.array([tie.trust for _, tie in ties if tie.subscribed]),
        np.array([viewer.impulse for viewer, tie in ties if tie.last_purchase != NEVER]),
    )


def shop_traits(replicate: int) -> tuple[np.ndarray, ...]:
    roster = cast_of(replicate).roster
    return roster.arrival, roster.relative_price, roster.host_skill


def at_the_end(shops: list[np.ndarray], fans_trust: np.ndarray, impulse: np.ndarray) -> Totals:
    """Totals over shops, fans and remembered buyers; means where a total would say little."""
    visits, orders, fans, is_open, streams, work, cash, heat, arrival, price, skill = shops
    return {
        "visits": visits.sum(),
        "orders": orders.sum(),
        "fans at the end": fans.sum(),
        "shops that came": len(visits),
        "open shops at the end": is_open.sum(),
        "streams a shop": streams[is_open].mean(),
        "community work of a shop": work[is_open].mean(),
        "difference in community work": work[is_open].std(),
        "cash": cash.sum(),
        "heat": heat.sum(),
        "visits of later shops": visits[arrival > 0].sum(),
        "concentration of visits": (visits / visits.sum()) @ (visits / visits.sum()),
        "price of an order": orders @ price / orders.sum(),
        "skill of the host of an order": orders @ skill / orders.sum(),
        "trust of a fan": fans_trust.mean(),
        "impulse of a buyer": impulse.mean(),
    }


def disagreements(arm: str, plain: list[Totals], parts: int = 1) -> dict[str, str]:
    """Totals whose mean differs by more than luck allows from those of the `plain` model, and by how much."""
    replications = len(plain)
    fast = [fast_totals(arm, replicate, parts) for replicate in range(replications)]
    limit = stats.t.isf(FALSE_ALARMS / (2 * len(CASES) * len(fast[0])), replications - 1)
    found = {}
    for name in fast[0]:
        ours = np.array([totals[name] for totals in fast], float)
        theirs = np.array([totals.get(name, 0) for totals in plain], float)
        error = (theirs - ours).std(ddof=1) / np.sqrt(replications)
        gap = theirs.mean() - ours.mean()
        if abs(gap) > limit * error:
            found[name] = (
                f"fast {ours.mean():.4g}, plain {theirs.mean():.4g}, {gap / max(error, 1e-9):+.1f} SE"
            )
    return found


@pytest.mark.worlds
@pytest.mark.parametrize(("arm", "parts"), CASES)
def test_fast_and_plain_model_agree_in_distribution(arm: str, parts: int) -> None:
    plain = [plain_totals(arm, replicate, parts) for replicate in range(REPLICATIONS)]
    assert disagreements(arm, plain, parts) == {}


def twice_the_shares(patch: pytest.MonkeyPatch) -> None:
    right = plain_viewers.share_probability
    patch.setattr(plain_viewers, "share_probability", lambda *about: 2.0 * right(*about))


def no_fatigue(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plain_mesa, "fatigue", lambda links, weight: 0.0)


def no_annoyance(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plain_viewers, "annoyance_probability", lambda messages, following: 0.0)


def trust_that_never_fades(patch: pytest.MonkeyPatch) -> None:
    begin = PlainModel.__init__

    def changed(model: PlainModel, *about: Any, **more: Any) -> None:
        begin(model, *about, **more)
        model.fading = [1.0] * len(model.fading)

    patch.setattr(PlainModel, "__init__", changed)


def needs_that_are_always_there(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plain_viewers, "need", lambda days, cycle: 1.0)


def a_single_wave(patch: pytest.MonkeyPatch) -> None:
    begin = PlainModel.__init__

    def changed(model: PlainModel, *about: Any, **more: Any) -> None:
        begin(model, *about, **more)
        once = model.rules.sharing._replace(max_waves=1)
        model.rules = model.rules._replace(sharing=once)

    patch.setattr(PlainModel, "__init__", changed)


def members_won_for_nothing(patch: pytest.MonkeyPatch) -> None:
    right = plain_mesa.costs_due
    patch.setattr(plain_mesa, "costs_due", lambda live, fans, joiners, *about: right(live, fans, 0, *about))


def work_that_never_turns_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plain_mesa, "revised_direction", lambda direction, profit, last_profit: direction)


def newcomers_whom_failure_does_not_deter(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PlainModel, "failed_lately", lambda model: 0.0)


@pytest.mark.worlds
@pytest.mark.parametrize(
    "mistake",
    [
        twice_the_shares,
        no_fatigue,
        no_annoyance,
        trust_that_never_fades,
        needs_that_are_always_there,
        a_single_wave,
        members_won_for_nothing,
        work_that_never_turns_back,
        newcomers_whom_failure_does_not_deter,
    ],
)
def test_a_wrong_rule_is_noticed(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within ten replications; most within five, of which a t test asks for a far larger gap."""
    mistake(monkeypatch)
    plain: list[Totals] = []
    while len(plain) < 10 and (len(plain) < 5 or not disagreements("decentralised", plain)):
        plain.append(plain_totals("decentralised", len(plain)))
    assert disagreements("decentralised", plain)
