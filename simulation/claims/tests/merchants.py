"""A measure of merchants paired between two arms, against a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...scenario.sections.claim import ClaimTest
from ..kind import Kind, Reads

if TYPE_CHECKING:
    from ..effects import Effect, Outcomes


def effect(test: ClaimTest, arm: str, against: str, outcomes: Outcomes) -> Effect:
    """``x_arm,against - reference``."""
    from ..effects import from_reference

    return from_reference(outcomes.paired(arm, against, test.measure), test)


KIND = Kind(
    "a measure of merchants paired between `arm` and `against`, minus `reference`",
    effect,
    "{measure} {on_arm} than {on_against}: {effect}.",
    needs=("against",),
    reads=Reads.PAIRS,
    has_reference=True,
)
