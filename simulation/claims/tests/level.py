"""A measure against a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...scenario.sections.claim import ClaimTest
from ..kind import Kind

if TYPE_CHECKING:
    from ..effects import Effect, Outcomes


def effect(test: ClaimTest, arm: str, against: str, outcomes: Outcomes) -> Effect:
    """``x_arm - reference``."""
    from ..effects import from_reference, side_of

    return from_reference(side_of(test, arm, test.without, outcomes)[0], test)


KIND = Kind(
    "`measure` in `arm`, optionally without a mechanism, against the number `reference`",
    effect,
    "{measure} {on_arm}: {effect}.",
    takes=("without",),
    has_reference=True,
)
