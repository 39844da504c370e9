"""A daily measure over its last days against its first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...scenario.sections.claim import ClaimTest
from ..kind import Kind, Reads

if TYPE_CHECKING:
    from ..effects import Effect, Outcomes


def effect(test: ClaimTest, arm: str, against: str, outcomes: Outcomes) -> Effect:
    """Mean of the last 30 days with a value minus that of the first 30."""
    from ..effects import TREND_DAYS, difference

    early, late = outcomes.ends(arm, test.measure)
    return difference(late, early, f"first {TREND_DAYS} days", test)


KIND = Kind(
    "daily `measure` in `arm`, last 30 days against first 30",
    effect,
    "{measure} {on_arm}: {other} in the {other_name}, {value} in the last 30, a change of {effect}{worlds}.",
    reads=Reads.DAYS,
    against=" since the {other_name}",
)
