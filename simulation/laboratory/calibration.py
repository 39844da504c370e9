"""Calibrations: the worlds that look like the facts."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pandas as pd

from ..calibration.calibrate import PlausibleWorlds, calibrate_to_facts
from ..ensembles.execution.options import Execution
from ..languages.speaking import counterpart, phrase, template
from ..scenario.reading.read import Source
from ..scenario.scenario import Scenario
from .answers import Answer, Row
from .asking import Changes, asked
from .work import Show, executor_for, shown, target_folder


class CalibrationAnswer(Answer):
    """A finished calibration.

    Attributes
    ----------
    worlds : DataFrame
        Plausible worlds, one row each, one column per key that was free.
    findings : dict
        How they were found, as in ``calibration.json``.
    """

    kind = template("Calibration")

    def __init__(self, scenario: Scenario, found: PlausibleWorlds, folder: Path):
        self.scenario, self.folder = scenario, folder
        self.worlds, self.findings = found.worlds, found.findings

    @property
    def runs(self) -> pd.DataFrame:
        """Plausible worlds; the same as `worlds`."""
        return self.worlds

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Each fact beside the world chosen for defaults."""
        return pd.DataFrame(self.findings["at_default"])

    @property
    def in_words(self) -> str:
        """Worlds found, facts met and parameters told, in a line."""
        met = sum(entry["met"] for entry in self.findings["at_default"])
        told = sum(entry["identified"] for entry in self.findings["recovery"])
        return phrase(
            "{worlds:,} plausible worlds; the default one meets {met} of {facts} facts; {told} of {all} "
            "parameters identified",
            worlds=len(self.worlds),
            met=met,
            facts=len(self.findings["at_default"]),
            told=told,
            all=len(self.findings["recovery"]),
        )

    def _table(self) -> tuple[Row, list[Row]]:
        from ..pages.kit.names import factor_label

        quantiles = self.findings["spread"]
        heads = template("factor"), template("key"), "5%", template("median"), template("95%")
        return tuple(map(counterpart, heads)), [
            (factor_label(key), key, *(f"{value:.0%}" for value in values))
            for key, values in quantiles.items()
        ]

    def _link(self) -> Path | None:
        return None


def calibrate(
    question: Source = "calibration",
    changes: Changes = None,
    *,
    facts: str | Path | None = None,
    begin_with: str | Path | None = None,
    folder: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Show = None,
    resume: bool = False,
    other_version: bool = False,
) -> CalibrationAnswer:
    """Find the worlds that look like the facts.

    Parameters
    ----------
    question, changes, folder, workers, cluster, progress, resume, other_version
        As for `run_sweep`; with a ``[calibration]``. The folder is ``results/<scenario>/calibration`` if
        not given.
    facts : str or Path, optional
        A file of facts, ``.toml`` or ``.csv``, instead of those that the scenario names.
    begin_with : str or Path, optional
        Folder of an earlier calibration with its waves' tables, which are not run again.

    Returns
    -------
    CalibrationAnswer
        Worlds, and how they were found.

    Raises
    ------
    LaboratoryError
        As `simulation.calibration.calibrate.calibrate_to_facts`.
    """
    scenario = asked(question, changes)
    target = target_folder(folder, scenario, "calibration")
    of_ones_own, before = (Path(given) if given else None for given in (facts, begin_with))
    with shown(progress, phrase("Calibrating")) as tell:
        how = Execution(
            *executor_for(workers, cluster),
            resume,
            other_version,
            lambda stage, state: tell(state.share, f", {stage}{state.failures}"),
        )
        found = calibrate_to_facts(scenario, of_ones_own, target, how, before)
    return CalibrationAnswer(scenario, found, target)
