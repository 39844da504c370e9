"""How a scenario's uncertain keys are calibrated: to which facts, and what counts as plausible."""

from __future__ import annotations

from pydantic import Field

from ..fields import Section, quantity


class Calibration(Section):
    """History matching of the keys that vary in the scenario's sweep (Vernon, Goldstein, Bower 2010).

    The sweep's ranges are the prior: every value in them is as likely as any other at first. Its
    points are one wave.
    """

    facts: str = Field(description="File of facts (.toml or .csv), as seen from the scenario file.")
    waves: int = quantity(
        3,
        "Waves of points: the first over the whole ranges; then, to learn, where plausible worlds are "
        "likely; the last, to be kept, evenly where they are possible.",
        low=2,
        high=20,
    )
    wave_points: int = quantity(600, "Points of each wave but the first.", low=30, high=1_000_000)
    misses: int = quantity(
        2,
        "Facts that a plausible world may miss. No model meets every fact: history matching looks "
        "at the second or third worst, so that one wrong fact does not rule out every world.",
        low=0,
        high=1000,
        source="Vernon, Goldstein, Bower 2010",
    )
    worlds: int = quantity(
        200, "Plausible worlds wanted; waves are added until there are.", low=1, high=100_000
    )
    most_waves: int = quantity(6, "Waves after which it ends anyway.", low=1, high=50)
    seed: int = quantity(1, "Seed of the waves' points.", low=0, high=2**31 - 1)
