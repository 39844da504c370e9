"""Whether some mechanisms make up at least a part of what an arm has over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...scenario.sections.claim import ClaimTest
from ..kind import Kind

if TYPE_CHECKING:
    from ..effects import Effect, Outcomes


def effect(test: ClaimTest, arm: str, against: str, outcomes: Outcomes) -> Effect:
    """``(x_arm - x_without) - part * (x_arm - x_against)``.

    Above zero where the mechanisms carry more than that part, also where the arm has nothing over the
    other: no ratio of two differences is taken, as these can be zero or negative.
    """
    from ..effects import Effect, side_of

    whole, _ = side_of(test, arm, (), outcomes)
    bare, name = side_of(test, arm, test.without, outcomes)
    other, _ = side_of(test, against, (), outcomes)
    carried, wanted = whole - bare, test.part * (whole - other)
    return Effect(carried - wanted, carried, wanted, name)


KIND = Kind(
    "what `measure` in `arm` loses without mechanisms, against a `part` of its lead over `against`",
    effect,
    "{measure}: {on_arm} lower by {value}, where {part_percent} of the gap to {against_label} is {other}: a "
    "difference of {effect}{worlds}.",
    needs=("against", "without", "part"),
    against=" beyond {part_percent} of the gap",
)
