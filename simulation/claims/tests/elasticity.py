"""How far a measure follows one parameter, against how far it follows another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...languages.speaking import template
from ...scenario.sections.claim import ClaimTest
from ..kind import Kind

if TYPE_CHECKING:
    from ..effects import Effect, Outcomes

NOT_POSITIVE = template(
    "the measure is zero in some of these worlds, so that a percent change of it has no meaning"
)


def effect(test: ClaimTest, arm: str, against: str, outcomes: Outcomes) -> Effect:
    """Elasticity to `factor` minus that to `against_factor`."""
    from ...runs.bounds import is_signed
    from ...runs.probes import Probe
    from ...runs.ratios import SIGNED
    from ..effects import Effect, elasticity

    base = outcomes.values(arm, test.measure)
    raised = [
        outcomes.values(outcomes.world(Probe(arm, (), str(factor))), test.measure)
        for factor in (test.factor, test.against_factor)
    ]
    every = np.array([base, *raised])
    # A world in which there is nothing is no reason to speak of the others alone.
    nothing = ((every <= 0) & np.isfinite(every).all(axis=0)).any(axis=(0, -1))
    reason = SIGNED if is_signed(test.measure) else NOT_POSITIVE if base.ndim == 1 and nothing else ""
    before = np.where(nothing[..., np.newaxis] | (reason == SIGNED), np.nan, base)
    side, other = (elasticity(before, after) for after in raised)
    return Effect(side - other, side, other, f"elasticity to {test.against_factor}", reason)


KIND = Kind(
    "elasticity of `measure` to `factor` minus that to `against_factor`, in `arm`",
    effect,
    "{measure} {on_arm}: 1% of {factor} changes it by {value_percent} and 1% of {against_factor} changes it "
    "by {other_percent}, a difference of {effect}{worlds}.",
    needs=("factor", "against_factor"),
    raises=("factor", "against_factor"),
    is_ratio=True,
)
