"""The fast model and a plain Mesa model of the same rules agree in distribution.

Both play the same casts with different luck, so totals of a replication differ by luck alone and
the mean difference must vanish. Each total is tested by a paired t test at a level that, over all
totals and arms together, raises a false alarm once in a thousand seeds (Bonferroni). The world is
livelier than a real one (fans get many links, shops run out of money, trust fades within weeks),
so that 25 days suffice for a wrong rule to show; the second test breaks rules to see that it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulation.scenario import Scenario, find_scenario, read_scenario
from simulation.state.columns import OPEN
from simulation.state.ledger import MERCHANT_COUNTS, TOTALS, VISITS
from simulation.world.cast import draw_cast
from simulation.world.model import LiveCommerceModel
from tests.benchmarks import plain_mesa, plain_viewers
from tests.benchmarks.plain_mesa import Merchant, PlainModel

REPLICATIONS = 16
FALSE_ALARMS = 1e-3
ARMS = ("centralised", "decentralised")
KINDS = ("community_vendor", "ordinary_shop", "brand", "influencer")
LIVELY: dict[str, Any] = {
    "world.viewers": 600, "world.merchants": 20, "world.days": 25, "world.people_per_viewer": 5,
    "world.isolated_viewers": 30, "people.activity_mean": 2.5, "people.remembered_rooms": 7,
    "friendships.neighbourhood_size": 50,
    "choice.fatigue_weight": 1.0, "purchase.intercept": -3.0, "following.base_rate": 0.03,
    "following.annoyance": 0.06, "following.leave_rate": 0.03, "trust.half_life": 12,
    "sharing.base_rate": 0.15, "shopkeeping.review_days": 7, "shopkeeping.stream_step": 0.3,
    "shopkeeping.arrivals": 6, "shopkeeping.newcomer_days": 10,
    "arms.taobao_live.platform.feed.cold_start_quota": 0.3,
    "arms.taobao_live.platform.feed.exposure_cap": 0.6,
    "arms.taobao_live.platform.commission": 0.2, "arms.tencent_live.platform.commission": 0.2,
} | {
    f"merchants.archetypes.{kind}.{name}": value
    for kind in KINDS
    for name, value in {
        "streams_per_week": 4.0, "walk_in_members": 40.0, "fanless_share": 0.2, "fans_median": 300.0,
        "cash": 1_500.0, "stream_cost": 100.0, "daily_cost": 30.0,
    }.items()
}
Totals = dict[str, float]


@cache
def lively_world() -> Scenario:
    return read_scenario(find_scenario("tencent_live_2020"), LIVELY)


@cache
def cast_of(replicate: int) -> Any:
    return draw_cast(lively_world(), replicate)


@cache
def fast_totals(arm: str, replicate: int) -> Totals:
    scenario = lively_world()
    model = LiveCommerceModel(scenario, scenario.arm(arm), cast_of(replicate))
    journal = model.run()
    model.close()
    flows = dict(zip(MERCHANT_COUNTS, journal.flows.sum(axis=0), strict=True))
    totals = dict(zip(TOTALS, journal.totals.sum(axis=0), strict=True))
    by_channel = zip(model.channel_names, journal.channels.sum(axis=0)[:, VISITS], strict=True)
    kept = ("reach", "visits", "outside", "orders", "gmv", "returns", "refunds", "follows", "shares",
            "lost", "walk_ins")
    merchants = model.merchants
    return {
        **{name: flows[name] for name in kept},
        **{name: totals[name] for name in ("known_visits", "repeat_orders", "mutes")},
        **{f"visits by {name}": visits for name, visits in by_channel},
        "visits returned from within 7 days": journal.returned_7.sum(),
        "fans at the end": merchants.fans.sum(),
        "open shops at the end": (merchants.status == OPEN).sum(),
        "streams planned at the end": merchants.streams[merchants.status == OPEN].sum(),
        "cash at the end": merchants.cash[merchants.last_day >= 0].sum(),
        "heat at the end": merchants.heat.sum(),
        "visits of the largest shop": journal.visits.sum(axis=0).max(),
        "visits of later shops": journal.visits[:, merchants.arrival > 0].sum(),
    }


def plain_totals(arm: str, replicate: int) -> Totals:
    scenario = lively_world()
    model = PlainModel(scenario, scenario.arm(arm), cast_of(replicate), seed=replicate)
    for _ in range(scenario.world.days):
        model.step()
    shops: list[Merchant] = list(model.agents_by_type[Merchant])
    still_open = [shop for shop in shops if shop.open]
    counted: Totals = dict(model.totals)
    return counted | {
        "visits": sum(shop.all_visits for shop in shops),
        "fans at the end": sum(shop.fans for shop in shops),
        "open shops at the end": len(still_open),
        "streams planned at the end": sum(shop.streams for shop in still_open),
        "cash at the end": sum(shop.cash for shop in shops),
        "heat at the end": sum(shop.heat for shop in shops),
        "visits of the largest shop": max(shop.all_visits for shop in shops),
        "visits of later shops": sum(shop.all_visits for shop in shops if shop.arrival > 0),
    }


def disagreements(arm: str, replications: int = REPLICATIONS) -> dict[str, str]:
    """Totals whose mean differs by more than luck allows, and by how much."""
    fast = [fast_totals(arm, replicate) for replicate in range(replications)]
    plain = [plain_totals(arm, replicate) for replicate in range(replications)]
    limit = stats.t.isf(FALSE_ALARMS / (2 * len(ARMS) * len(fast[0])), replications - 1)
    found = {}
    for name in fast[0]:
        ours = np.array([totals[name] for totals in fast], float)
        theirs = np.array([totals.get(name, 0) for totals in plain], float)
        error = (theirs - ours).std(ddof=1) / np.sqrt(replications)
        gap = theirs.mean() - ours.mean()
        if abs(gap) > limit * error:
            found[name] = f"fast {ours.mean():.1f}, plain {theirs.mean():.1f}, {gap / max(error, 1e-9):+.1f} SE"
    return found
