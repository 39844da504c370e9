"""For each of the article's claims about markets and plans, a world for either outcome.

Arms are small markets or platforms written as changes; see `WORLDS` in `claim_worlds` for the others.
"""

from __future__ import annotations

from typing import Any

from tests.support.claim_worlds import ALIKE, MANY_FANS, STALL
from tests.support.worlds import preset

ENTRY_DAYS = 60
ENTRY_OF_WINDOW = 300
"""Launch of the late entrant where a test looks at the days after it."""


def market(role: str, launch_day: int = 0, **tencent: Any) -> dict[str, Any]:
    """An arm with Taobao Live, and Tencent Live changed by `tencent`."""
    platforms = [preset("taobao_live"), preset("tencent_live") | tencent | {"launch_day": launch_day}]
    return {"name": role, "role": role, "platforms": platforms}


def plan(role: str, name: str = "tencent_live", **changes: Any) -> dict[str, Any]:
    """An arm with one platform alone, Tencent Live if no other, changed by `changes`."""
    return {"name": role, "role": role, "platform": preset(name) | changes}


def policy(arm: str, effect: str, **more: Any) -> dict[str, Any]:
    """A policy of one arm from the first day on."""
    return {"name": "the_plan", "effect": effect, "arms": [arm]} | more


def beside_nobody(role: str, launch_day: int, **tencent: Any) -> dict[str, Any]:
    """An arm in which hardly anybody uses Taobao Live, and followers come along to Tencent Live."""
    arm = market(role, launch_day, **tencent, carry_over=1.0)
    arm["platforms"][0] |= {"pool": 0.01, "link_friction": 1.0}
    return arm


EASY_TO_ENTER = {"market.entry_rate": 1.0, "market.presence_cost": 0.0, "market.habit_strength": 0.0}

FEED = {"channels": {"push": 0.35, "share": 0.35, "recommend": 0.3}}
FLOODED = {"channels": {"push": 1.0}}

ALL_OF_THE_RIVAL: dict[str, Any] = {
    "stakes": {"taobao_live": 1.0},
    "commission": 0.0,
    "own_shops": {"base_rate": 0.0, "hand_over": 0.0},
} | FLOODED
"""The owner of Tencent Live owns Taobao Live as well, and asks nothing for its links."""
ONE_ROOM_A_DAY: dict[str, Any] = {"people.max_occasions": 1, "people.activity_mean": 3.0}

MARKET_WORLDS: dict[str, dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]]] = {
    "mechanism_holds_back_plan.literal": {
        "supported": (
            [market("market"), market("market_opened")],
            [policy("market_opened", "recommendation", amount=0.3, platform="tencent_live")],
            {},
        ),
        # Everybody has fans, and links give way to a feed that shows one room to all.
        "contradicted": (
            [
                market("market", **FLOODED),
                market(
                    "market_opened",
                    feed={"heat_exponent": 5.0, "exploration": 0.0, "cold_start_quota": 0.0},
                    **FLOODED,
                ),
            ],
            [policy("market_opened", "recommendation", amount=1.0, platform="tencent_live")],
            MANY_FANS,
        ),
    },
    "defensive_entry.accept": {
        # People have time for one room a day, so that what the entrant wins, at no fee, the rival loses that
        # is all its owner's.
        "supported": (
            [
                market("late_entry", ENTRY_OF_WINDOW, **ALL_OF_THE_RIVAL),
                market("never_enters", stays_out=True, **ALL_OF_THE_RIVAL),
            ],
            [],
            ONE_ROOM_A_DAY,
        ),
        "contradicted": (
            [
                market("late_entry", ENTRY_OF_WINDOW, commission=0.2, **FLOODED),
                market("never_enters", stays_out=True),
            ],
            [],
            {},
        ),
    },
    "overtaking_on_the_bend.strict": {
        # Nearly nobody uses the rival, and merchants come over with all their followers.
        "supported": ([beside_nobody("late_entry", ENTRY_DAYS, **FLOODED)], [], MANY_FANS | EASY_TO_ENTER),
        "contradicted": ([market("late_entry", ENTRY_DAYS)], [], {}),
    },
}
"""Reading -> status -> arms, policies, changes to the world."""

MARKET_WORLDS["mechanism_holds_back_plan.accept"] = MARKET_WORLDS["mechanism_holds_back_plan.literal"]
MARKET_WORLDS["defensive_entry.strict"] = {
    # The rival that is its own lowers its fee to nothing.
    "supported": (
        [
            market("late_entry_answered", ENTRY_OF_WINDOW, **ALL_OF_THE_RIVAL),
            market("never_enters", stays_out=True, **ALL_OF_THE_RIVAL),
        ],
        [
            policy(
                "late_entry_answered", "commission", amount=0.0, platform="taobao_live", start=ENTRY_OF_WINDOW
            )
        ],
        {},
    ),
    # It holds nothing of the rival that does.
    "contradicted": (
        [
            market("late_entry_answered", ENTRY_OF_WINDOW, commission=0.2, **FLOODED),
            market("never_enters", stays_out=True),
        ],
        [
            policy(
                "late_entry_answered", "commission", amount=0.0, platform="taobao_live", start=ENTRY_OF_WINDOW
            )
        ],
        {},
    ),
}
MARKET_WORLDS["endorsement_converts.accept"] = {
    "supported": ([plan("hybrid", "tencent_live_plus_feed")], [], {"purchase.trust_weight": 6.0}),
    # Whoever comes, however it came, buys alike.
    "contradicted": (
        [plan("hybrid", "tencent_live_plus_feed")],
        [],
        {"purchase.trust_weight": 0.0, "purchase.fit_weight": 0.0, "purchase.intercept": -2.5},
    ),
}
BY_GROUPS = [
    plan("decentralised", channels={"push": 1.0}),
    plan("messages_only", channels={"push": 1.0}, live=False),
]
MARKET_WORLDS["fruit_vendor.accept"] = {
    # A host sells what a message does not.
    "supported": (
        BY_GROUPS,
        [],
        {
            "purchase.skill_weight": 8.0,
            "purchase.intercept": -2.0,
            "merchants.named": [STALL | {"host_skill": 0.9}],
        },
    ),
    # It only costs.
    "contradicted": (
        BY_GROUPS,
        [],
        {
            "purchase.skill_weight": 0.0,
            "purchase.crowd_weight": 0.0,
            "merchants.named": [STALL | {"stream_cost": 100}],
        },
    ),
}
AN_EASY_ENTRY: tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]] = (
    [beside_nobody("opened_after_300_days", ENTRY_OF_WINDOW, **FEED)],
    [],
    MANY_FANS | EASY_TO_ENTER | {"people.activity_mean": 1.0},
)
MARKET_WORLDS["overtaking_on_the_bend.literal"] = {
    "supported": AN_EASY_ENTRY,
    "contradicted": ([market("opened_after_300_days", ENTRY_OF_WINDOW)], [], {}),
}
MARKET_WORLDS["overtaking_on_the_bend.accept"] = {
    "supported": AN_EASY_ENTRY,
    # No link opens.
    "contradicted": ([market("opened_after_300_days", ENTRY_OF_WINDOW, link_friction=1.0)], [], {}),
}
SOME_WITH_MANY: dict[str, Any] = ALIKE | {
    "merchants.archetypes.influencer.share": 0.1,
    "merchants.archetypes.influencer.fans_median": 8_000,
    "merchants.archetypes.ordinary_shop.share": 0.5,
}
"""Merchants of one kind, one of ten, have eight times the fans of all others."""


def page(arm: str, above_fans: float, **more: Any) -> dict[str, Any]:
    """Half of all occasions open a page of those with so many fans."""
    return policy(arm, "support", amount=0.5, above_fans=above_fans, **more) | {"name": f"page_{arm}"}


MARKET_WORLDS["fifty_thousand.accept"] = {
    "supported": (
        [plan("with_plan"), plan("by_lot")],
        [page("with_plan", 5_000), page("by_lot", 5_000, by_lot=True)],
        SOME_WITH_MANY,
    ),
    # The page is for everybody, and so is the lot.
    "contradicted": (
        [plan("with_plan"), plan("by_lot")],
        [page("with_plan", 1), page("by_lot", 1, by_lot=True)],
        ALIKE,
    ),
}
MARKET_WORLDS["fifty_thousand.literal"] = {
    "supported": ([plan("with_plan"), plan("without_plan")], [page("with_plan", 5_000)], SOME_WITH_MANY),
    # The same page, open to everybody, is a public entry.
    "contradicted": (
        [plan("with_plan"), plan("without_plan")],
        [policy("with_plan", "support", amount=0.5)],
        {},
    ),
}
