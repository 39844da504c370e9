"""Waves of an earlier calibration, from their tables, so that it is gone on with without its runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ...errors import AnalysisError, Problem, Remedy
from ...languages.speaking import sentence
from ...scenario.scenario import Scenario
from ...storage.files import read_csv
from ...storage.manifest import MODEL_VERSION
from ..asked import calibration_sweep
from ..facts import Fact, misses
from .wave import CalibrationWave, positions_in

WAVES = "waves"
"""Folder of the tables, beside what was found."""
ANY_SLIP = 1e-3
"""How far a position may lie outside 0 to 1, since tables hold few digits."""


@dataclass(frozen=True)
class KeptTables:
    """Tables of waves in a folder, and what was found of them.

    Attributes
    ----------
    folder : Path
        Holds the folder `WAVES` with ``wave_1.csv`` and so on, ``wave_larger.csv``.
    found : dict
        Of ``calibration.json`` beside them.
    """

    folder: Path
    found: dict[str, Any]

    def has(self, name: str) -> bool:
        """Whether there is a table of the wave of that name, a number or ``larger``."""
        return self._file(name).is_file()

    def wave(self, scenario: Scenario, facts: list[Fact], number: int, name: str) -> CalibrationWave | None:
        """The wave of a name, figures as they were, misses by `facts` as they are; None if not kept."""
        if not self.has(name):
            return None
        keys = [factor.key for factor in calibration_sweep(scenario).factors]
        names = [fact.id for fact in facts]
        table = read_csv(self._file(name), ("point", *keys, "weight"), Remedy("elsewhere")).set_index("point")
        points, values = table[keys], table.reindex(columns=names).astype(float)
        self._check_in_ranges(scenario, points, name)
        targets = [fact for fact in facts if fact.use == "target"]
        missed = misses(targets, values)
        return CalibrationWave(number, points, values, missed, self._left(number), table["weight"])

    def check(self, facts: list[Fact]) -> None:
        """Refuse tables of another model, or in which a fact's figure is of something else.

        Raises
        ------
        AnalysisError
        """
        if self.found["model_version"] != MODEL_VERSION:
            found = sentence("waves of model version {version}", version=self.found["model_version"])
            allowed = sentence("waves of version {version}: calibrate anew", version=MODEL_VERSION)
            raise AnalysisError(str(self.folder), [Problem("model_version", found, allowed)])
        there = {entry["id"]: _of_what(entry) for entry in self.found["facts"]}
        changed = [
            Problem(
                f"facts.{fact.id}",
                "a figure that the waves' tables hold of something else, or not at all",
                "the facts to which they were made, with other values or tolerances if you like",
            )
            for fact in facts
            if there.get(fact.id) != _of_what(fact.model_dump(mode="json"))
        ]
        if changed:
            raise AnalysisError(str(self.folder), changed)

    def _left(self, number: int) -> float:
        return next((float(wave["left"]) for wave in self.found["waves"] if wave["wave"] == number), 1.0)

    def _check_in_ranges(self, scenario: Scenario, points: pd.DataFrame, name: str) -> None:
        places = positions_in(scenario, points)
        outside = (places < -ANY_SLIP) | (places > 1 + ANY_SLIP)
        if outside.any(axis=None):
            key = str(outside.any().idxmax())
            found = sentence("points outside the range of {key}", key=key)
            problem = Problem(f"sweep.factors.{key}", found, "the ranges in which the waves were drawn")
            raise AnalysisError(str(self._file(name)), [problem])

    def _file(self, name: str) -> Path:
        return self.folder / WAVES / f"wave_{name}.csv"


def _of_what(fact: dict[str, Any]) -> tuple[str, str, str]:
    """What a fact's figure in the model is of."""
    return fact["measure"], fact.get("over") or "", fact["arm"]
