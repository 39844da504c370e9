"""Specification curves: what becomes of a verdict when it is asked for in all ways that could be defended.

A reading is weighed at every past and horizon of a sweep, and against margins smaller and larger than the one
that it names (Simonsohn, Simmons and Nelson 2020, Nature Human Behaviour 4:1208). A verdict that changes with
the way of asking is one about the way of asking.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..claims.verdict import overall, weigh
from ..ensembles.analysis.verdicts import ClaimOverPoints, verdicts
from ..ensembles.results import SweepResults
from ..errors import Remedy
from ..resources import EVIDENCE_FOLDER
from ..runs.comparison import Estimate
from ..scenario.sections.claim import Claim
from ..storage.files import read_csv, write_csv
from ..storage.manifest import MODEL_VERSION
from .shares import ROBUSTNESS

SPECIFICATIONS = "specifications.csv"
PAST, DAYS = "warm_up.past", "world.days"
MARGINS = (0.0, 0.5, 1.0, 2.0)
"""The smallest effect that matters, as multiples of the one that each test names."""
COLUMNS = ("claim", "past", "days", "margin", "effect", "low", "high", "status", "worlds", "model_version")


def keep_specifications(sweep_folder: Path, target: Path | None = None) -> Path:
    """Keep what a sweep over pasts and horizons says of each reading, as ``specifications.csv``.

    Parameters
    ----------
    sweep_folder : Path
        A sweep over ``warm_up.past`` and ``world.days``, with ``sweep.all_claims = true``.
    target : Path, optional
        Where to; ``scenarios/evidence/robustness`` if not given.

    Returns
    -------
    Path
        The file.
    """
    return keep_table(specification_curve(SweepResults.read(sweep_folder)), SPECIFICATIONS, target)


def keep_table(table: pd.DataFrame, name: str, target: Path | None = None) -> Path:
    """Write what a sweep says of claims, with four digits, beside what plausible worlds say."""
    folder = target or EVIDENCE_FOLDER / ROBUSTNESS
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / name, table, digits=4)
    return folder / name


def kept_table(
    name: str, columns: tuple[str, ...], texts: tuple[str, ...], folder: Path | None = None
) -> pd.DataFrame | None:
    """What `keep_table` wrote under `name`; None if nothing is there.

    Raises
    ------
    ArchiveError
        If it cannot be read or is another table.
    """
    file = (folder or EVIDENCE_FOLDER / ROBUSTNESS) / name
    return read_csv(file, columns, Remedy("keep_robustness"), texts) if file.is_file() else None


def specification_curve(results: SweepResults) -> pd.DataFrame:
    """Every reading at every past, horizon and margin, with `COLUMNS`; effects are of the first test.

    Ways in which its measure has no value, such as days that a short run does not have, are left out.
    """
    rows = [row for found in verdicts(results) for row in _of_reading(found, results.points)]
    table = (
        pd.DataFrame(rows)
        .dropna(subset=["effect", "low", "high"])
        .assign(worlds=results.sweep.replications, model_version=MODEL_VERSION)
    )
    return table[list(COLUMNS)]


def _of_reading(found: ClaimOverPoints, points: pd.DataFrame) -> list[dict[str, object]]:
    """One reading, one row for each point and margin."""
    return [
        {"claim": found.claim.id, "past": points.at[point, PAST], "days": points.at[point, DAYS]}
        | weighed(found.claim, [there[point] for there in found.estimates], margin)
        for point in found.status.index
        for margin in MARGINS
    ]


def weighed(claim: Claim, found: list[Estimate], times: float) -> dict[str, object]:
    """A reading against `times` its margins: the first effect as claimed, its interval, and the status.

    Parameters
    ----------
    claim : Claim
        With one reading.
    found : list of Estimate
        The effect of each of its tests.
    times : float
        Multiple of the margins that its tests name.
    """
    tests = [test.model_copy(update={"margin": test.margin * times}) for test in claim.tests]
    first, sign = found[0], 1.0 if tests[0].direction == "higher" else -1.0
    ends = sorted((sign * first.low, sign * first.high))
    statuses = [weigh(one, test)[0] for one, test in zip(found, tests, strict=True)]
    return {
        "margin": times,
        "effect": sign * first.mean,
        "low": ends[0],
        "high": ends[1],
        "status": overall(statuses, claim.lacks),
    }


def agreement(table: pd.DataFrame) -> pd.DataFrame:
    """How many ways of asking give each status, by reading, and which part of asking changes it.

    Returns
    -------
    DataFrame
        Index ``claim``; ``supported``, ``undecided``, ``contradicted``, counts; ``turns_with``, the parts of
        ``past``, ``days`` and ``margin`` of which changing one alone turns supported into contradicted.
    """
    rows = {}
    for claim, ways in table.groupby("claim", sort=False):
        counts = ways["status"].value_counts()
        turning = [part for part in ("past", "days", "margin") if _turns_with(ways, part)]
        rows[str(claim)] = {
            **{name: int(counts.get(name, 0)) for name in ("supported", "undecided", "contradicted")},
            "turns_with": ", ".join(turning),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("claim")


def _turns_with(ways: pd.DataFrame, part: str) -> bool:
    others = [name for name in ("past", "days", "margin") if name != part]
    found = ways.groupby(others)["status"].agg(set)
    return any({"supported", "contradicted"} <= statuses for statuses in found)


def read_specifications(folder: Path | None = None) -> pd.DataFrame | None:
    """What `keep_specifications` kept, as `kept_table`."""
    return kept_table(SPECIFICATIONS, COLUMNS, ("claim", "past", "status", "model_version"), folder)
