"""A measure against a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...scenario.sections.claim import ClaimTest
from ..kind import Kind

if TYPE_CHECKING:
    from ..effects import Effect, Outcomes


def effect(test: ClaimTest, arm: str, against: str, outcomes: Outcomes) -> Effect:
    """``x_arm - reference``."""
    from ..effects import from_reference

    return from_reference(outcomes.values(arm, test.measure), test)


KIND = Kind(
    "`measure` in `arm` against the number `reference`",
    effect,
    "{measure} {on_arm}: {effect}.",
    has_reference=True,
)
