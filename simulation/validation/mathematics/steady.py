"""What is switched off in worlds whose law knows nothing of it."""

from __future__ import annotations

STEADY_ATTENTION = {
    "market": {"habit_strength": 0.0},
    "attention": dict.fromkeys(("notice_pull", "card_pull"), 0.0),
    "community": dict.fromkeys(("join_by_visit", "join_by_card", "join_by_parcel", "order_cue"), 0.0)
    | {"open_rate": 1.0, "open_slope": 0.0},
    "sharing": {"wide_notice": 0.0, "group_share": 0.0},
    "merchants": {"counter_share": 1.0, "without_community": 0.0},
    "streams": {"hours_sigma": 0.0},
}
"""Openings that stay as they are, whatever they led to, groups that nobody joins in passing, links that reach
friends alone, and merchants who all run a group from the first day on."""
