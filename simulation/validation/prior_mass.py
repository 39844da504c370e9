"""On which side a claim comes out over all that anybody might set the parameters to, before any fact is used.

A claim that comes out on one side at every point of the prior was decided by the rules and not by the numbers
put into them: nothing that was varied turns it, and plausible worlds can add nothing to that.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ..calibration.plausible_worlds import PRIOR_POINTS
from ..ensembles.analysis.verdicts import ClaimOverPoints, verdicts
from ..ensembles.results import SweepResults
from ..ensembles.stopped import gather_what_is_there
from ..scenario.sections.claim import ClaimTest
from ..storage.manifest import MODEL_VERSION
from .robustness import check_plausible, folder_of, keep_robustness
from .specifications import DAYS, PAST, keep_specifications, keep_table, kept_table

PRIOR = "prior.csv"
COLUMNS = ("claim", "as_claimed", "too_small", "opposite", "points", "worlds", "turns", "model_version")
FEWEST = 0.01
"""Share of the prior on the rarer side from which on a claim counts as one that turns; less may be luck."""
AS_CLAIMED, TOO_SMALL, OPPOSITE = "as_claimed", "too_small", "opposite"


def keep_verdicts(sweep_folder: Path, target: Path | None = None) -> Path:
    """Keep what a sweep says of claims: over the prior with `keep_prior`, over ways of asking with
    `specifications.keep_specifications`, over plausible worlds with `robustness.keep_robustness`.

    Of a sweep that was stopped, what has ended is kept: points of a sequence are even wherever it stops.

    Raises
    ------
    ArchiveError, AnalysisError
        If there is no sweep, or none of its runs has ended.
    """
    gather_what_is_there(sweep_folder)
    results = SweepResults.read(sweep_folder)
    if {PAST, DAYS} <= set(results.keys):
        return keep_specifications(sweep_folder, target)
    if Path(results.sweep.csv).name == PRIOR_POINTS:
        return keep_prior(sweep_folder, target)
    check_plausible(results.points, sweep_folder)
    return keep_robustness(sweep_folder, target or folder_of(results.scenario.name))


def keep_prior(sweep_folder: Path, target: Path | None = None) -> Path:
    """Keep what a sweep over the prior says of each reading, as ``prior.csv``.

    Parameters
    ----------
    sweep_folder : Path
        A sweep of points spread evenly over the prior, with ``sweep.all_claims = true``.
    target : Path, optional
        Where to; ``scenarios/evidence/robustness`` if not given.

    Returns
    -------
    Path
        The file.
    """
    return keep_table(prior_mass(SweepResults.read(sweep_folder)), PRIOR, target)


def prior_mass(results: SweepResults) -> pd.DataFrame:
    """Of each reading, the share of points at which its effects lie on each side, with `COLUMNS`.

    Sides are those of means over a point's worlds, so that the luck of few worlds blurs them.
    """
    rows = [
        {
            "claim": found.claim.id,
            **_shares(sides(found)),
            "points": len(sides(found)),
            "worlds": results.sweep.most_replications,
            "model_version": MODEL_VERSION,
        }
        for found in verdicts(results)
        if len(sides(found))
    ]
    table = pd.DataFrame(rows)
    return table.assign(turns=table[AS_CLAIMED].between(FEWEST, 1 - FEWEST))[list(COLUMNS)]


def _shares(side: pd.Series) -> dict[str, float]:
    return {name: float((side == name).mean()) for name in (AS_CLAIMED, TOO_SMALL, OPPOSITE)}


def sides(found: ClaimOverPoints) -> pd.Series:
    """By point: as claimed if every test's effect exceeds its margin, the opposite if any lies below zero,
    and too small to matter otherwise; without points at which an effect has no value."""
    signed = pd.DataFrame(
        {
            number: in_direction(effect.mean(axis=1), test)
            for number, (effect, test) in enumerate(zip(found.effects, found.claim.tests, strict=True))
        }
    ).dropna()
    margins = np.array([test.margin for test in found.claim.tests])
    side = np.where((signed > margins).all(axis=1), AS_CLAIMED, TOO_SMALL)
    return pd.Series(np.where((signed < 0).any(axis=1), OPPOSITE, side), index=signed.index)


def in_direction(effect: pd.Series, test: ClaimTest) -> pd.Series:
    """An effect, positive if it is as claimed."""
    return effect if test.direction == "higher" else -effect


def read_prior(folder: Path | None = None) -> pd.DataFrame | None:
    """What `keep_prior` kept, as `specifications.kept_table`."""
    return kept_table(PRIOR, COLUMNS, ("claim", "model_version"), folder)
