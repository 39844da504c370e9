"""Mechanisms that can be switched off, to see how much of an effect goes with them."""

from __future__ import annotations

MECHANISMS: dict[str, dict[str, float]] = {
    "endorsement": {"purchase.endorsement_scale": 0.0},
    "own_trust": {"purchase.own_trust_scale": 0.0},
    "sharing": {"sharing.base_rate": 0.0},
    "crowd_cues": {"choice.crowd_weight": 0.0, "purchase.crowd_weight": 0.0},
    "crowd_draw": {"choice.crowd_weight": 0.0},
    "fatigue": {"choice.fatigue_weight": 0.0, "following.annoyance": 0.0},
    "notices": {"attention.notice_pull": 0.0},
    "group_orders": {"community.order_cue": 0.0},
    "following_and_joining": {
        "following.base_rate": 0.0,
        "community.join_by_visit": 0.0,
        "community.join_by_card": 0.0,
        "community.join_by_parcel": 0.0,
    },
    "heat": {"platform.feed.heat_exponent": 0.0, "platform.channels.hot_list": 0.0},
}
"""Name of a mechanism -> scenario keys that switch it off. Each acts where it is named:
endorsement and own trust on *buying* only, so that who enters stays as it was. Keys of ``platform`` are
those of every platform of an arm that has the surface. Merchants still win members at the counter where
nobody can follow or join, as what merchants are like is the same in all arms."""

MECHANISM_LABELS: dict[str, str] = {
    "endorsement": "friends' endorsement",
    "own_trust": "own trust in the merchant",
    "sharing": "sharing of links",
    "crowd_cues": "crowd cues",
    "crowd_draw": "crowds that draw people in",
    "fatigue": "message fatigue",
    "notices": "notices that draw looks",
    "group_orders": "orders seen in one's group",
    "following_and_joining": "following and joining",
    "heat": "heat in feeds and hot lists",
}


def changes_without(mechanisms: list[str] | tuple[str, ...]) -> dict[str, float]:
    """Scenario changes that switch off all of `mechanisms`."""
    changes: dict[str, float] = {}
    for name in mechanisms:
        changes.update(MECHANISMS[name])
    return changes
