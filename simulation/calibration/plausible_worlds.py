"""The plausible worlds as they are kept: a small table of keys, and what was found on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, model_validator
from scipy.spatial import distance

from ..ensembles.execution.options import Execution
from ..ensembles.sweep import run_sweep
from ..errors import AnalysisError, Problem, Remedy
from ..languages.speaking import sentence
from ..resources import EVIDENCE_FOLDER as EVIDENCE_FOLDER
from ..runs.comparison import estimate
from ..scenario.reading.read import value_at
from ..scenario.sections.sweep import Factor
from ..storage.files import read_json, write_csv, write_whole
from ..storage.manifest import MODEL_VERSION
from ..storage.plain_values import plain_values
from .asked import calibration_sweep
from .facts import Fact, measured, misses
from .judging.families import left_out, shares_met
from .recovery import recover
from .waves.kept_tables import WAVES
from .waves.wave import Calibrated, positions_in

WORLDS, FINDINGS = "plausible_worlds.csv", "calibration.json"
PRIOR_POINTS = "prior_points.csv"
DEFAULT_WORLDS = 12
"""Replications in which the world chosen for defaults is compared with the facts."""
DIGITS = 4


class StoredWave(BaseModel):
    """A wave of the calibration, as it is kept."""

    wave: int
    points: int
    left: float
    plausible: int
    larger: bool = False


class Recovered(BaseModel):
    """How well the facts tell a parameter, as it is kept; see `recovery.recover`."""

    key: str
    width: float
    coverage: float
    identified: bool


class AtDefault(BaseModel):
    """A fact in the world chosen for defaults, as it is kept."""

    fact: str
    mean: float | None
    low: float | None
    high: float | None
    met: bool


class CalibrationFindings(BaseModel):
    """What ``calibration.json`` must hold for whoever reads it; see `findings`."""

    model_version: str
    waves: list[StoredWave]
    worlds: int
    misses_allowed: int
    factors: list[Factor]
    spread: dict[str, tuple[float, float, float]]
    recovery: list[Recovered]
    facts: list[Fact]
    met_over_worlds: dict[str, float]
    at_default: list[AtDefault]

    @model_validator(mode="after")
    def _of_all_factors(self) -> CalibrationFindings:
        known = self.spread.keys() & {entry.key for entry in self.recovery}
        unknown = [factor.key for factor in self.factors if factor.key not in known]
        if unknown:
            raise ValueError(f"no plausible values were found for {', '.join(unknown)}")
        return self


def rounded(value: float, digits: int = DIGITS) -> float:
    """A number rounded to significant digits."""
    return float(f"{value:.{digits}g}")


def plausible_worlds(calibrated: Calibrated) -> pd.DataFrame:
    """As many plausible worlds as were asked for, drawn by their weights; a row per world, a column per key.

    A likely one is drawn more than once: a sweep runs it once and counts each of its rows. `worth` tells how
    many equally likely worlds they are worth.
    """
    worlds = calibrated.worlds()
    if worlds.empty:
        raise AnalysisError(
            calibrated.scenario.name,
            [
                Problem(
                    "calibration",
                    sentence("no plausible world after {count} waves", count=len(calibrated.waves)),
                    "more misses, wider tolerances, more points or wider ranges of the factors",
                )
            ],
        )
    luck = np.random.default_rng(calibrated.settings.seed)
    drawn = resampled(worlds["weight"].to_numpy(float), calibrated.settings.worlds, luck)
    return worlds[calibrated.keys].iloc[drawn].reset_index(drop=True).map(rounded)


def resampled(weights: np.ndarray, many: int, luck: np.random.Generator) -> np.ndarray:
    """So many numbers from 0, each as often as its weight says to within one, in their order.

    Systematic resampling: those in whose stretch of the cumulated weights ``(u + i) / many`` lie, for one
    uniform u (Kitagawa 1996, JCGS 5:1).
    """
    ends = np.cumsum(weights) / weights.sum()
    places = (luck.random() + np.arange(many)) / many
    return np.minimum(np.searchsorted(ends, places, side="right"), len(weights) - 1)


def worth(weights: pd.Series) -> float:
    """How many equally likely worlds those of unequal weights are worth: ``(sum w)^2 / sum w^2`` (Kish)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def medoid_world(calibrated: Calibrated, worlds: pd.DataFrame) -> dict[str, float]:
    """The plausible world that is nearest to all others together, in what some fact feels.

    Distances are Euclidean in positions, 0 to 1, of the keys felt: the others would only add noise to who is
    near whom. For the same reason those keep what the scenario has: among plausible worlds they lie anywhere,
    and no fact prefers one draw of them to what was assumed with a reason. It is then run
    (`world_against_facts`), which a list of medians never was.
    """
    felt = felt_keys(calibrated) or calibrated.keys
    places = positions_in(calibrated.scenario, worlds)[felt].to_numpy(float)
    nearest = worlds.iloc[int(distance.cdist(places, places).sum(axis=1).argmin())]
    return {
        key: float(nearest[key] if key in felt else value_at(calibrated.scenario, key))
        for key in calibrated.keys
    }


def felt_keys(calibrated: Calibrated) -> list[str]:
    """Keys that some fact feels, in the order of the factors."""
    felt = {column for emulator in calibrated.emulators for column in emulator.felt.tolist()}
    return [calibrated.keys[column] for column in sorted(felt)]


def world_against_facts(
    calibrated: Calibrated, facts: list[Fact], world: dict[str, float], folder: Path, how: Execution
) -> pd.DataFrame:
    """Run one world many times over and set it beside all facts, targets and checks.

    Returns
    -------
    DataFrame
        One row per fact (index ``fact``): ``mean``, ``low``, ``high`` (95%, over replications), ``met``,
        and ``missed``, how far the mean lies outside, in half-widths of the range.
    """
    sweep = calibration_sweep(calibrated.scenario).model_copy(
        update={"design": "list", "rows": [world], "csv": "", "replications": DEFAULT_WORLDS}
    )
    asked = calibrated.scenario.model_copy(update={"sweep": sweep, "calibration": None})
    data = run_sweep(asked, folder, replace(how, resume=how.resume and folder.exists()))
    by_world = data.assign(point=data["replicate"])
    values = measured(facts, by_world, calibrated.scenario)
    rows = {}
    for fact in facts:
        found = estimate(values[fact.id].to_numpy())
        outside = float(misses([fact], pd.DataFrame({fact.id: [found.mean]}))[fact.id].iloc[0])
        rows[fact.id] = {
            "mean": found.mean,
            "low": found.low,
            "high": found.high,
            "met": outside == 0.0,
            "missed": outside,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("fact")


def findings(
    calibrated: Calibrated,
    facts: list[Fact],
    worlds: pd.DataFrame,
    chosen: dict[str, float],
    at_default: pd.DataFrame,
) -> dict[str, Any]:
    """What is kept beside the worlds: the waves, the facts, recovery and the world chosen for defaults."""
    every = calibrated.worlds()
    quantiles = positions_in(calibrated.scenario, worlds).quantile([0.05, 0.5, 0.95])
    return plain_values(
        {
            "model_version": MODEL_VERSION,
            "scenario": calibrated.scenario.name,
            "waves": _waves(calibrated),
            "worlds": len(worlds),
            "distinct": len(worlds.drop_duplicates()),
            "plausible": len(every),
            "worth": worth(every["weight"]),
            "misses_allowed": calibrated.settings.misses,
            "facts_until": str(calibrated.settings.facts_until or ""),
            "factors": [
                factor.model_dump(mode="json", exclude_none=True)
                for factor in calibration_sweep(calibrated.scenario).factors
            ],
            "spread": {key: quantiles[key].tolist() for key in calibrated.keys},
            "recovery": recover(calibrated).reset_index().to_dict("records"),
            "emulators": {emulator.fact.id: emulator.explained for emulator in calibrated.emulators},
            "emulators_cover": {emulator.fact.id: emulator.coverage for emulator in calibrated.emulators},
            "felt": {
                emulator.fact.id: [calibrated.keys[column] for column in emulator.felt]
                for emulator in calibrated.emulators
            },
            "prior": shares_met(facts, calibrated.waves[0].values),
            "left_out": left_out(facts, calibrated.waves[0].values, calibrated.settings.misses),
            "facts": [fact.model_dump(mode="json", exclude_none=True) for fact in facts],
            "met_over_worlds": {
                fact.id: float(np.average(misses([fact], every)[fact.id] == 0, weights=every["weight"]))
                for fact in calibrated.facts
            },
            "default_is": "medoid",
            "default_keeps": [key for key in calibrated.keys if key not in felt_keys(calibrated)],
            "default_world": chosen,
            "at_default": at_default.reset_index().to_dict("records"),
        }
    )


def _waves(calibrated: Calibrated) -> list[dict[str, Any]]:
    """How many points each wave had, and how many of them are plausible; the larger size last."""
    return [
        {
            "wave": wave.number,
            "points": len(wave.points),
            "left": wave.left,
            "plausible": int(wave.plausible(calibrated.settings.misses).sum()),
            "larger": number >= len(calibrated.waves),
        }
        for number, wave in enumerate([*calibrated.waves, *calibrated.larger])
    ]


def keep(folder: Path, worlds: pd.DataFrame, found: dict[str, Any]) -> None:
    """Write both files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / WORLDS, worlds)
    write_whole(folder / FINDINGS, json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False))


def ship_waves(folder: Path, evidence: Path) -> None:
    """Copy each wave's table of points and facts into the folder ``waves`` of `evidence`, and the first one's
    points, which lie evenly over the prior, into ``prior_points.csv``."""
    there = evidence / WAVES
    there.mkdir(parents=True, exist_ok=True)
    for table in sorted(folder.glob("wave_*.csv")):
        write_whole(there / table.name, table.read_text(encoding="utf-8").rstrip("\n"))
    first = pd.read_csv(there / "wave_1.csv")
    write_csv(evidence / PRIOR_POINTS, first[[name for name in first.columns if "." in str(name)]])


def read_findings(folder: Path) -> dict[str, Any] | None:
    """What `keep` wrote of how the worlds were found; None if nothing is kept.

    Raises
    ------
    ArchiveError
        If it is torn or holds something else.
    """
    file = folder / FINDINGS
    if not file.is_file():
        return None
    found: dict[str, Any] = read_json(file, CalibrationFindings, Remedy("keep_plausible_worlds"))
    return found
