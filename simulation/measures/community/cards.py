"""Cards and pages: what is entered of what is shown, and what visitors pass on."""

from __future__ import annotations

from ..outcome import Outcome
from ..registry import HIGHER, by_days, measure, ratio


@by_days
@measure("Visits per page shown", split="channel", better=HIGHER)
def entries_per_page(outcome: Outcome, channel: int | None) -> float:
    """Visits / occasions on which at least one room was offered. Missing where nothing was offered.

    By channel: entries per page of a feed, or per look at links of groups or friends.
    """
    return ratio(outcome.count("visits", channel), outcome.count("reach", channel))


@by_days
@measure("Links shared per visit", split="channel")
def share_rate(outcome: Outcome, channel: int | None) -> float:
    """Visits after which the link was passed on / visits. Missing without visits."""
    return ratio(outcome.count("shares", channel), outcome.count("visits", channel))
