"""Further worlds, as in `claim_worlds`, of readings that speak of single shops or kinds of them."""

from __future__ import annotations

from typing import Any

from tests.support.claim_worlds import ALIKE, NOBODY_JOINS, SMALL_CASH, STALL, WORLDS, all_kinds

MANY_NEWCOMERS: dict[str, Any] = SMALL_CASH | {"shopkeeping.arrivals": 4.0, "world.days": 180}
FOR_NEWCOMERS: dict[str, Any] = {
    "central.channels": {"recommend": 1.0},
    "central.feed.cold_start_quota": 0.5,
    "purchase.intercept": -3.0,
}
"""A feed that keeps half of its places for newcomers, whose visitors buy."""
A_YEAR = {"world.days": 480, "world.viewers": 800}

SHOP_WORLDS: dict[str, dict[str, dict[str, Any]]] = {
    "a_tool_for_the_few.strict": {
        # Much is won at the counter and in rooms, and a central platform keeps four tenths of revenue.
        "supported": ALIKE
        | all_kinds(walk_in_members=20)
        | {
            "central.channels": {"recommend": 1.0},
            "central.feed.heat_exponent": 0.0,
            "central.commission": 0.4,
            "following.base_rate": 0.1,
            "purchase.trust_weight": 3.0,
            "purchase.intercept": -3.0,
            "world.merchants": 80,
        },
        # Nobody wins any.
        "contradicted": NOBODY_JOINS
        | all_kinds(walk_in_members=0)
        | {"central.commission": 0.5, "purchase.intercept": -3.0},
    },
    "familiar_host_trust.strict": {
        # Hosts promise too much to whoever knows nothing of the goods, and everybody buys of whom it trusts.
        "supported": {
            "purchase.trust_weight": 6.0,
            "purchase.intercept": -4.0,
            "goods.overpromise": 1.0,
            "goods.known_by_purchase": 1.0,
            "goods.known_by_counter": 1.0,
            "goods.known_by_friend": 1.0,
            "shared.channels": {"push": 0.3, "share": 3.0},
            "sharing.base_rate": 0.3,
            "world.viewers": 2_000,
        },
        "contradicted": {"purchase.trust_weight": 0.0},
    },
    "fruit_vendor.strict": {
        # The stall is cheap and alone in having a group, and hardly anybody uses the central platform.
        "supported": all_kinds(fanless_share=1.0, walk_in_members=0)
        | {
            "central.channels": {"recommend": 1.0},
            "central.feed.heat_exponent": 0.0,
            "central.pool": 0.02,
            "shared.channels": {"push": 3.0},
            "purchase.intercept": -1.0,
            "merchants.named": [STALL | {"price": 10, "radius": 3_000, "members": 2_000}],
        },
        "contradicted": WORLDS["fruit_vendor.literal"]["contradicted"],
    },
    "unfriendly_to_newcomers.accept": {
        "supported": MANY_NEWCOMERS | FOR_NEWCOMERS,
        # A central platform that keeps all revenue.
        "contradicted": MANY_NEWCOMERS | {"central.commission": 1.0},
    },
    "unfriendly_to_newcomers.strict": {
        "supported": MANY_NEWCOMERS | FOR_NEWCOMERS | A_YEAR,
        "contradicted": MANY_NEWCOMERS | {"central.commission": 1.0} | A_YEAR,
    },
}
