"""A measure in one arm against the same in another, which may lack a mechanism."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...scenario.sections.claim import ClaimTest
from ..kind import Kind

if TYPE_CHECKING:
    from ..effects import Effect, Outcomes


def effect(test: ClaimTest, arm: str, against: str, outcomes: Outcomes) -> Effect:
    """``x_arm - x_against`` or, if relative, their ratio minus one."""
    from ..effects import difference, side_of

    other, name = side_of(test, against, test.against_without, outcomes)
    return difference(side_of(test, arm, test.without, outcomes)[0], other, name, test)


KIND = Kind(
    "`measure` in `arm` against `against`, either optionally without a mechanism",
    effect,
    "{measure}: {value} {on_arm} against {other} {on_other}{which_have_both} a difference of {effect}.",
    needs=("against",),
    takes=("without", "against_without"),
    against=" against {other_quoted}",
    sentence_apart="{measure}: {value} {on_arm}. Compared with {other_quoted}{worlds}, it differs by "
    "{effect}.",
)
