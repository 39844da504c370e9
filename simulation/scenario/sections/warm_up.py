"""Parameters of warm-up: what past a world has on its first day."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..fields import Section, quantity

NO_PAST, SWITCH, OWN = "none", "switch", "own"


class WarmUp(Section):
    """Whether worlds begin from nothing or from the state that a long past has left."""

    past: Literal["none", "switch", "own"] = Field(
        "none",
        description="'none': merchants open and viewers meet them on day 0; 'switch': all arms begin with the "
        "past of one platform and part on day 0; 'own': each arm begins with a past of its own.",
    )
    days: int = quantity(
        1095, "Days of the past of a template, from which worlds are cut.", unit="days", low=1, high=3650
    )
    template_arcs: int = quantity(
        12,
        "Arcs of a template: worlds of more arcs repeat it; worlds of fewer are parts of it, which share "
        "people if replications need more arcs together.",
        unit="arcs",
        low=1,
        high=1000,
    )
    burn_in: int = quantity(
        30, "Days that a world lives by itself before day 0, once it is cut.", unit="days", low=1, high=365
    )
    platform: str = Field(
        "", description="Platform of the past where all arms share one; the first arm's first if empty."
    )
