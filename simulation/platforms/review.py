"""What a merchants' rule of one's own may see on the day of a review."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..scenario.sections.platform import Platform


@dataclass(frozen=True)
class ReviewDay:
    """The day, its luck, and the platforms as they are today.

    Attributes
    ----------
    day : int
        Day of the run, from 0.
    key : uint64
        Of the replication's luck; the rule draws from it with `simulation.state.luck.uniform_array` under
        the name of a decision of its own, so that other luck stays what it is.
    platforms : list of Platform
        Rules in force today, policies included, in the order of the numbers in ``merchants.platform``.
    archetypes : list of str
        In the order of the numbers in ``merchants.archetype``.
    owners : int
        Merchants; each has a row on every platform, ``owners`` rows apart.
    people_per_viewer : float
        Persons that a fan stands for.
    """

    day: int
    key: np.uint64
    platforms: list[Platform]
    archetypes: list[str]
    owners: int
    people_per_viewer: float
