"""Worlds that look like what was known by a day: chosen anew from a calibration's runs by the facts up to it.

The runs of a calibration's waves are set beside the facts dated up to a cut-off alone (`asked.known_until`).
Where its points lie is another matter: after the first wave they were drawn where all of its facts led, later
ones too. Their weights, prior over what they were drawn from, undo that as far as anything was drawn there.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import BaseModel

from ...calibration.asked import known_until
from ...calibration.facts import misses, read_facts
from ...calibration.plausible_worlds import resampled, rounded
from ...calibration.waves.wave import cut
from ...errors import AnalysisError, Problem, Remedy
from ...storage.files import read_json, write_csv, write_whole
from ...storage.manifest import MODEL_VERSION

WORLDS, ABOUT, FACTS = "worlds_known_2021.csv", "worlds_known_2021.json", "facts.toml"
FEWEST, MOST = 20, 100
"""Worlds that are wanted at least, or more facts may be missed, and how many are drawn."""
SEED = 1
"""Of the draw among worlds."""
MISSED = 0.3
"""Share of the facts known that a world may miss, as in the calibration."""


class Known(BaseModel):
    """How worlds were chosen, as it is kept."""

    facts_until: datetime.date
    facts: dict[str, datetime.date]
    missed_at_most: int
    looked_at: int
    worlds: int
    model_version: str


def choose_known(folder: Path, evidence: Path, until: datetime.date) -> Known:
    """Choose worlds among all that a calibration ran, and write them with how they were chosen.

    Parameters
    ----------
    folder : Path
        Of a calibration, finished or not, with a ``wave_1.csv`` at least.
    evidence : Path
        Where facts are and the worlds go.
    until : date
        Facts dated later are not looked at.
    """
    points = _drawn(folder)
    every = read_facts(evidence / FACTS)
    targets = [
        fact for fact in known_until(every, until, FACTS) if fact.use == "target" and fact.id in points
    ]
    keys = [name for name in points if "." in str(name)]
    missed = (misses(targets, points) > 0).sum(axis=1)
    most = _missed_at_most(missed, len(targets))
    chosen = _drawn_by_weight(points["weight"][missed <= most])
    write_csv(evidence / WORLDS, points.loc[chosen, keys].map(rounded))
    about = Known(
        facts_until=until,
        facts={fact.id: fact.date for fact in targets if fact.date},
        missed_at_most=most,
        looked_at=len(points),
        worlds=len(chosen),
        model_version=MODEL_VERSION,
    )
    write_whole(evidence / ABOUT, json.dumps(about.model_dump(mode="json"), indent=1))
    return about


def _drawn(folder: Path) -> pd.DataFrame:
    """Points and figures of all waves that were drawn by weights; of the first one if there is no other.

    Those looked at in a larger size are not among them: they are points of these waves, run again.
    """
    tables = [pd.read_csv(file) for file in sorted(folder.glob("wave_[0-9]*.csv"))]
    if not tables:
        allowed = "the folder of a calibration, with wave_1.csv, wave_2.csv and so on"
        raise AnalysisError(str(folder), [Problem("folder", "no wave of a calibration", allowed)])
    points = pd.concat(tables[1:] or tables, ignore_index=True)
    if "weight" not in points:
        allowed = "waves of this version: calibrate again, with --resume"
        raise AnalysisError(str(folder), [Problem("weight", "no such column in wave_1.csv", allowed)])
    return points


def _missed_at_most(missed: pd.Series, targets: int) -> int:
    """How many of `targets` facts a world may miss: `MISSED` of them.

    Where fewer than `FEWEST` worlds do, as many as the best `FEWEST` miss.
    """
    best = np.sort(missed.to_numpy())[: min(FEWEST, len(missed))]
    return max(int(MISSED * targets), int(best[-1]))


def _drawn_by_weight(weights: pd.Series) -> list[int]:
    """Labels of `MOST` worlds, drawn by their weights, in the order of the tables; likely ones recur."""
    drawn = resampled(cut(weights).to_numpy(float), MOST, np.random.default_rng(SEED))
    return [int(weights.index[place]) for place in drawn]


def read_known(evidence: Path) -> Known | None:
    """How the worlds were chosen; None if none are kept."""
    if not (evidence / ABOUT).is_file():
        return None
    return Known.model_validate(read_json(evidence / ABOUT, Known, Remedy("foretell")))


def check_known(evidence: Path, points: pd.DataFrame, until: datetime.date) -> None:
    """Refuse worlds that were not chosen by facts up to `until` alone.

    Raises
    ------
    AnalysisError
        If it is not known how they were chosen, if a later fact took part, or if `points` are others.
    """
    about = read_known(evidence)
    source, remedy = str(evidence / ABOUT), Remedy("foretell")
    if about is None:
        allowed = "worlds whose facts are known"
        raise AnalysisError(source, [Problem("facts", "no such file", allowed, remedy=remedy)])
    if later := [name for name, day in about.facts.items() if day > until]:
        found, allowed = (
            f"chosen by facts dated later: {', '.join(later)}",
            f"facts dated up to {until} alone",
        )
        raise AnalysisError(source, [Problem("facts", found, allowed, remedy=remedy)])
    kept = pd.read_csv(evidence / WORLDS)
    same = set(kept) == set(points) and len(points) <= len(kept)
    if not same or not np.allclose(points[list(kept)].to_numpy(float), kept.to_numpy(float)[: len(points)]):
        found = "points that are none of the worlds kept"
        raise AnalysisError(
            str(evidence / WORLDS), [Problem("sweep", found, "a sweep over them", remedy=remedy)]
        )
