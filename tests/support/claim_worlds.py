"""For readings of the article's claims, a world in which each holds and one in which it does not.

Each world names the one thing that decides, as changes to a small stated world. Keys that begin with
``central.`` or ``shared.`` change that platform; the others are keys of a scenario file.
"""

from __future__ import annotations

from typing import Any

from tests.support.stated_world import STATED

HAND_SET: dict[str, float] = STATED | {
    "people.activity_mean": 1.0,
    "people.activity_shape": 1.5,
    "merchants.price_level": 1.0,
    "choice.enter_bias": -0.7,
    "choice.trust_weight": 1.5,
    "choice.friend_weight": 1.5,
    "choice.crowd_weight": 0.25,
    "purchase.intercept": -5.3,
    "purchase.trust_weight": 2.0,
    "purchase.fit_weight": 1.6,
    "purchase.skill_weight": 1.2,
    "purchase.price_weight": 0.5,
    "goods.satisfaction_offset": 0.15,
    "trust.half_life": 60.0,
    "following.base_rate": 0.008,
    "following.purchase_boost": 8.0,
    "following.annoyance": 0.02,
    "sharing.base_rate": 0.032,
    "sharing.targeting": 0.0,
    "sharing.direct_notice": 0.6,
    "shopkeeping.group_cost": 0.1,
}
"""What the worlds below start from, the one in which each is known to come out as it does: they were looked
for before the defaults were calibrated, and stay where they were found."""

ROLES_END = "roles_end"
"""Key of what the roles of both arms end with, of readings that are tested by arms of their own."""
NO_FEES = {"commission": 0.0}
EAGER_SHARING: dict[str, Any] = {
    "sharing.base_rate": 0.8,
    "sharing.direct_notice": 1.0,
    "sharing.direct_friends": 15.0,
    "sharing.broadcast_notice": 1.0,
    "shared.channels": {"push": 0.2, "share": 0.8},
}
ALIKE: dict[str, Any] = {
    f"merchants.archetypes.{kind}.{key}": value
    for kind in ("community_vendor", "ordinary_shop", "brand", "influencer")
    for key, value in {
        "fanless_share": 0.0,
        "fans_median": 1_000,
        "fans_sigma": 0.0,
        "walk_in_members": 5,
        "community_skill": 0.5,
        "streams_per_week": 3.0,
        "local": False,
        "cash": 1e8,
    }.items()
}
"""All merchants begin with the same following."""

KINDS = ("community_vendor", "ordinary_shop", "brand", "influencer")


def all_kinds(**changes: Any) -> dict[str, Any]:
    """The same changes of all kinds of merchant."""
    return {f"merchants.archetypes.{kind}.{key}": value for kind in KINDS for key, value in changes.items()}


NOBODY_JOINS: dict[str, float] = {
    "following.base_rate": 0.0,
    "community.join_by_visit": 0.0,
    "community.join_by_card": 0.0,
    "community.join_by_parcel": 0.0,
}

ONE_NOTICE_A_WEEK: dict[str, Any] = (
    ALIKE
    | all_kinds(streams_per_week=2.0, community_skill=0.25)
    | {"purchase.intercept": -2.0, "following.base_rate": 0.05}
)

MANY_FANS: dict[str, Any] = (
    ALIKE
    | {
        f"merchants.archetypes.{kind}.fans_median": 5_000
        for kind in ("community_vendor", "ordinary_shop", "brand", "influencer")
    }
    | {"people.activity_mean": 3.0}
)

STALL: dict[str, Any] = {
    "name": "fruit_stall",
    "label": "Fruit stall",
    "kind": "community_vendor",
    "category": 0,
    "price": 26,
    "members": 1_000,
    "walk_in_members": 10,
    "streams_per_week": 2,
    "stream_cost": 10,
    "daily_cost": 0,
}
"""One stall, which a reading is about."""

SMALL_CASH: dict[str, Any] = {"merchants.archetypes.ordinary_shop.cash": 1_500, "world.days": 120}

WORLDS: dict[str, dict[str, dict[str, Any]]] = {
    "no_superstars.accept": {
        # Equal followings against a feed in which the winner takes all.
        "supported": ALIKE | {"central.feed.heat_exponent": 2.5, "merchants.trait_spread": 0.0},
        # Very unequal followings against a feed that treats all alike.
        "contradicted": {
            "central.channels": {"recommend": 1.0},
            "central.feed.heat_exponent": 0.0,
            "central.feed.exploration": 1.0,
            "central.feed.cold_start_quota": 0.0,
            "merchants.archetypes.brand.fans_sigma": 2.5,
        },
    },
    "sticky_fans.accept": {
        # A central platform that never shows fans whom they follow.
        "supported": ALIKE
        | {
            "central.channels": {"hot_list": 1.0},
            "shared.channels": {"push": 1.0},
            "following.annoyance": 0.0,
            "trust.half_life": 10.0,
            "trust.watch_gain": 0.5,
            "choice.crowd_weight": 0.0,
            "sharing.base_rate": 0.0,
        },
        # Groups are never opened, and nobody passes a link on.
        "contradicted": {"shared.channels": {"share": 1.0}, "sharing.base_rate": 0.0},
    },
    "endorsement_converts.strict": {
        # Everybody trusts, shares, and is moved by trust; nobody trusts on its own account.
        "supported": EAGER_SHARING
        | {
            "purchase.trust_weight": 6.0,
            "trust.tie_strength": 2.0,
            "purchase.own_trust_scale": 0.3,
            "purchase.repeat_endorsement": 1.0,
        },
        "contradicted": EAGER_SHARING | {"purchase.trust_weight": 0.0},
    },
    "familiar_host_trust.accept": {
        "supported": {"purchase.trust_weight": 4.0},
        "contradicted": {"purchase.trust_weight": 0.0},
    },
    "views_without_sales.literal": {
        # The hot list crowds rooms with people whom they do not suit; feed and groups bring the
        # interested.
        "supported": MANY_FANS
        | {
            "central.channels": {"recommend": 0.3, "hot_list": 0.7},
            "central.feed.heat_exponent": 0.0,
            "purchase.fit_weight": 6.0,
            "purchase.intercept": -6.0,
            "shared.channels": {"push": 1.0},
        },
        # Followers alone come, to merchants of very different size, and the fuller a room the more they buy.
        "contradicted": MANY_FANS
        | all_kinds(fans_sigma=1.5, fans_median=1_000)
        | {
            "central.channels": {"follow": 1.0},
            "people.crowd_shape": 100.0,
            "purchase.fit_weight": 0.0,
            "purchase.skill_weight": 0.0,
            "purchase.price_weight": 0.0,
            "purchase.trust_weight": 0.0,
            "purchase.crowd_weight": 1.0,
            "purchase.intercept": -7.0,
            "merchants.trait_spread": 0.0,
        },
    },
    "public_to_private.accept": {
        "supported": ALIKE | {"following.base_rate": 0.05, "purchase.intercept": -4.0},
        "contradicted": {"following.base_rate": 0.0, "following.leave_rate": 0.3},
    },
    "private_to_public.strict": {
        "supported": EAGER_SHARING | {"following.base_rate": 0.1},
        "contradicted": {"sharing.base_rate": 0.0},
    },
    "closed_loop.literal": {
        "supported": EAGER_SHARING
        | {
            "following.base_rate": 0.3,
            "following.leave_rate": 0.0,
            "following.annoyance": 0.0,
            "trust.half_life": 1_000.0,
        },
        "contradicted": {"following.base_rate": 0.0},
    },
    "hard_to_find.literal": {
        "supported": {"sharing.base_rate": 0.0},
        # Everybody is a fan of many merchants already.
        "contradicted": ALIKE
        | {
            f"merchants.archetypes.{kind}.fans_median": 12_000
            for kind in ("community_vendor", "ordinary_shop", "brand", "influencer")
        }
        | {
            "people.homophily": 0.0,
            "people.activity_mean": 4.0,
            "shared.channels": {"push": 1.0},
            "choice.strong_fit": 0.5,
            "people.side_interest": 1.0,
        },
    },
    "a_tool_for_the_few.literal": {
        # A feed that gives everybody alike, against groups that buy of whom they trust.
        "supported": ALIKE
        | all_kinds(fans_sigma=1.5, fanless_share=0.3, walk_in_members=0, fans_median=500)
        | {
            "central.channels": {"recommend": 1.0},
            "central.feed.heat_exponent": 0.0,
            "purchase.intercept": -4.0,
            "purchase.trust_weight": 3.0,
            "shared.channels": {"push": 1.0},
            "shared.pool": 3.0,
            "world.merchants": 80,
            "world.viewers": 2_000,
        },
        # A central platform that keeps all revenue.
        "contradicted": {"central.commission": 1.0, "purchase.intercept": -3.0},
    },
    "stickiness_beats_pool.literal": {
        # Nobody enters a room of a merchant that it does not trust.
        "supported": {
            "choice.enter_bias": -8.0,
            "choice.trust_weight": 12.0,
            "choice.crowd_weight": 0.0,
            "purchase.trust_weight": 6.0,
        },
        "contradicted": {
            "choice.trust_weight": 0.0,
            "purchase.trust_weight": 0.0,
            "choice.friend_weight": 0.0,
        },
    },
    "stickiness_beats_pool.accept": {
        # Messages drive fans out, and nobody joins.
        "supported": {
            "community.join_by_visit": 0.0,
            "community.join_by_card": 0.0,
            "community.join_by_parcel": 0.0,
            "following.annoyance": 0.3,
            "following.mute_share": 0.0,
            "following.base_rate": 0.0,
        }
        | {f"merchants.archetypes.{kind}.walk_in_members": 0 for kind in KINDS},
        # Nobody ever leaves, and many join.
        "contradicted": {
            "following.annoyance": 0.0,
            "following.leave_rate": 0.0,
            "following.fade_floor": 0.0,
            "community.join_by_visit": 0.1,
            "community.join_by_card": 0.2,
            "community.join_by_parcel": 0.3,
            "merchants.without_community": 0.0,
        }
        | {f"merchants.archetypes.{kind}.walk_in_members": 400 for kind in KINDS},
    },
    "fruit_vendor.literal": {
        # Hardly anybody uses the central platform.
        "supported": {
            "central.pool": 0.02,
            "central.link_friction": 1.0,
            "shared.channels": {"push": 1.0},
            "purchase.intercept": -2.0,
            "merchants.named": [STALL],
        },
        # A feed that treats all alike, and a group that nobody opens.
        "contradicted": {
            "central.feed.heat_exponent": 0.0,
            "shared.channels": {"share": 1.0},
            "sharing.base_rate": 0.0,
            "purchase.intercept": -2.0,
            "merchants.named": [STALL | {"members": 50}],
        },
    },
    "leading_traffic_home.literal": {
        "supported": {"shared.own_shops.base_rate": 0.01},
        "contradicted": {"shared.own_shops.base_rate": 1e-4, "shared.own_shops.hand_over": 0.0},
    },
    "leading_traffic_home.accept": {
        "supported": {"shared.own_shops.hand_over": 0.3},
        # Whoever buys there would have bought anyway.
        "contradicted": {"shared.own_shops.base_rate": 0.01, "shared.own_shops.hand_over": 0.0},
    },
}
WORLDS |= {
    "no_superstars.literal": {
        "supported": WORLDS["no_superstars.accept"]["supported"],
        # Hardly anybody uses the central platform.
        "contradicted": {"central.pool": 0.05, "central.link_friction": 1.0},
    },
    "endorsement_converts.literal": {
        "supported": WORLDS["endorsement_converts.strict"]["supported"],
        "contradicted": EAGER_SHARING | {"purchase.trust_weight": 0.0, "purchase.intercept": -2.5},
    },
    "familiar_host_trust.literal": {
        "supported": {"purchase.trust_weight": 4.0, "purchase.intercept": -4.0, "world.viewers": 3_000},
        "contradicted": {"purchase.trust_weight": 0.0, "purchase.intercept": -1.0, "world.viewers": 3_000},
    },
    "views_without_sales.accept": {
        "supported": WORLDS["views_without_sales.literal"]["supported"]
        | {"purchase.fit_weight": 9.0, "purchase.intercept": -7.5},
        # Followers alone come, and everybody is as likely to buy as anybody.
        "contradicted": MANY_FANS
        | {
            "central.channels": {"follow": 1.0},
            "purchase.fit_weight": 0.0,
            "purchase.skill_weight": 0.0,
            "purchase.price_weight": 0.0,
            "purchase.crowd_weight": 2.0,
            "purchase.intercept": -9.0,
            "merchants.trait_spread": 0.0,
        },
    },
    "public_to_private.literal": {
        "supported": {
            "shopkeeping.arrivals": 4.0,
            "following.base_rate": 0.3,
            "central.channels": {"recommend": 0.3, "follow": 0.7},
        },
        "contradicted": NOBODY_JOINS
        | {"following.leave_rate": 0.3, "shopkeeping.arrivals": 8.0, "world.viewers": 3_000},
    },
    "public_to_private.strict": WORLDS["public_to_private.accept"],
    "closed_loop.strict": WORLDS["closed_loop.literal"],
    "hard_to_find.strict": WORLDS["hard_to_find.literal"],
    "private_to_public.literal": {
        "supported": WORLDS["private_to_public.strict"]["supported"],
        # The members of the beginning are among themselves.
        "contradicted": ALIKE
        | NOBODY_JOINS
        | all_kinds(walk_in_members=0)
        | {"sharing.base_rate": 0.0, "shopkeeping.arrivals": 0.0},
    },
    "private_to_public.accept": {
        # Members leave, and whoever comes by a card stays a stranger.
        "supported": ALIKE
        | NOBODY_JOINS
        | EAGER_SHARING
        | all_kinds(walk_in_members=0)
        | {"following.leave_rate": 0.1, "world.viewers": 800},
        # Whoever comes becomes a fan.
        "contradicted": EAGER_SHARING | {"following.base_rate": 0.1, "world.viewers": 800},
    },
    "no_superstars.strict": {
        status: world | {ROLES_END: "_equal"} for status, world in WORLDS["no_superstars.accept"].items()
    },
    "a_tool_for_the_few.accept": WORLDS["a_tool_for_the_few.literal"],
    "sticky_fans.literal": {
        # Rooms that nobody finds twice, against groups that are looked at all the time.
        "supported": {
            "central.channels": {"recommend": 1.0},
            "central.feed.heat_exponent": 0.0,
            "central.feed.exploration": 1.0,
            "central.feed.cold_start_quota": 0.0,
            "central.pool": 0.2,
            "central.link_friction": 1.0,
            "shared.channels": {"push": 3.0},
            "following.annoyance": 0.0,
        },
        "contradicted": {"shared.channels": {"share": 1.0}, "sharing.base_rate": 0.0},
    },
    "sticky_fans.strict": {
        # Either way a notice a week; who gets it looks often, or hardly ever.
        "supported": ONE_NOTICE_A_WEEK
        | {
            "central.channels": {"recommend": 1.0, "follow": 0.01},
            "central.pool": 0.1,
            "central.link_friction": 1.0,
            "shared.channels": {"push": 3.0},
        },
        "contradicted": ONE_NOTICE_A_WEEK
        | {"central.channels": {"follow": 3.0, "push": 1.0}, "shared.channels": {"push": 0.1}},
    },
    "closed_loop.accept": {
        "supported": WORLDS["closed_loop.literal"]["supported"]
        | {"purchase.intercept": -1.0, "world.viewers": 600},
        "contradicted": {"sharing.base_rate": 0.0},
    },
}
