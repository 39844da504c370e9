"""A finished sweep as it is analysed: points, paired values by replication, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import AnalysisError, ArchiveError, Problem, Remedy, nearest
from ..languages.speaking import sentence
from ..scenario.scenario import Scenario
from ..scenario.sections.sweep import DESIGNS, Factor, Sweep
from ..storage.files import read_json, read_table, scenario_in
from ..storage.folders import check_sweep
from .folder import DATA, FAILURES, SWEEP
from .sampling.design import Design, Indices
from .sampling.factors import unit_position
from .sweep_files import About, remedy_for

INDEX = ("point", "replicate", "arm", "against")


class SweepResults:
    """Everything a sweep found.

    Parameters
    ----------
    scenario : Scenario
        With its sweep.
    data : DataFrame
        Rows of arms, probes and pairs of arms: see `SweepFolder.gather`.
    failures : DataFrame, optional
        One row per run that ended in an error: point, replicate, the factors, error.
    source : str
        Where it comes from, for messages.
    """

    def __init__(
        self,
        scenario: Scenario,
        data: pd.DataFrame,
        failures: pd.DataFrame | None = None,
        source: str = "sweep",
    ) -> None:
        if scenario.sweep is None or data.empty:
            raise AnalysisError(
                source,
                [
                    Problem(
                        "sweep", "no finished run", "a sweep in which some runs have ended without an error"
                    )
                ],
            )
        self.scenario, self.source = scenario, source
        self.sweep: Sweep = scenario.sweep
        self.data = data
        self.failures = pd.DataFrame() if failures is None else failures

    @classmethod
    def read(cls, folder: Path, remedy: Remedy | None = None) -> SweepResults:
        """Read a sweep's folder.

        Parameters
        ----------
        folder : Path
        remedy : Remedy, optional
            What makes its files again, if not to go on with the sweep.

        Raises
        ------
        ArchiveError
            If it holds no sweep, one whose runs have not been gathered yet, or a file that is torn.
        """
        folder = Path(folder)
        if (folder / FAILURES).is_file() and not (folder / DATA).is_file():
            raise ArchiveError(
                str(folder),
                [
                    Problem(
                        DATA,
                        "a sweep in which every run failed",
                        sentence(
                            "one that ended without errors; {failures} says what went wrong",
                            failures=FAILURES,
                        ),
                    )
                ],
            )
        check_sweep(folder)
        remedy = remedy or remedy_for(folder)
        about = read_json(folder / SWEEP, About, remedy)
        scenario = scenario_in(folder / SWEEP, about["scenario"], remedy)
        sweep = scenario.sweep
        keys = [factor.key for factor in sweep.factors] if sweep and DESIGNS[sweep.design].samples else []
        data = read_table(folder / DATA, [*INDEX, *keys], remedy)
        failed, needed = folder / FAILURES, ["point", "replicate", *keys, "error"]
        failures = read_table(failed, needed, remedy) if failed.is_file() else None
        return cls(scenario, data, failures, str(folder))

    @property
    def design(self) -> Design:
        """How its points were chosen."""
        design: Design = DESIGNS[self.sweep.design]
        return design

    @cached_property
    def keys(self) -> list[str]:
        """Keys that vary by design, whether or not their range is known."""
        if self.design.samples:
            return [factor.key for factor in self.sweep.factors]
        known = {key for row in self.sweep.rows for key in row} | {f.key for f in self.sweep.factors}
        dotted = not self.sweep.rows  # of a file of points: keys have dots, measures have none
        return [str(name) for name in self.data if name in known or (dotted and "." in str(name))]

    @cached_property
    def points(self) -> pd.DataFrame:
        """Factor values by point, failed points included."""
        columns = ["point", *self.keys]
        frames = [table.reindex(columns=columns) for table in (self.data, self.failures) if len(table)]
        rows = pd.concat(frames, ignore_index=True).drop_duplicates("point")
        return rows.set_index("point").sort_index()

    @cached_property
    def factors(self) -> list[Factor]:
        """What varies; of a list of points, from the lowest value that occurs to the highest."""
        if self.design.samples:
            return list(self.sweep.factors)
        declared = {factor.key: factor for factor in self.sweep.factors}
        made = (declared.get(key) or _factor_of(key, self.points[key].dropna()) for key in self.keys)
        return [factor for factor in made if factor is not None]

    def factor(self, key: str) -> Factor:
        """The factor of that key."""
        for factor in self.factors:
            if factor.key == key:
                return factor
        names = [factor.key for factor in self.factors]
        raise AnalysisError(
            self.source,
            [
                Problem(
                    key,
                    sentence("no such factor{near}", near=nearest(key, names)),
                    sentence("one of {names}", names=", ".join(names)),
                )
            ],
        )

    def positions(self, points: Sequence[int] | pd.Index) -> pd.DataFrame:
        """Where points lie in each factor's range, 0 to 1; one column per factor."""
        rows = self.points.loc[list(points)]
        columns = {factor.key: unit_position(factor, rows[factor.key]) for factor in self.factors}
        return pd.DataFrame(columns, index=rows.index)

    def values(self, measure: str, arm: str, against: str | None = None) -> pd.DataFrame:
        """A measure, or its difference between arms on the same luck, by point and replicate.

        Parameters
        ----------
        measure : str
            A column of the data.
        arm : str
            Name or role.
        against : str, optional
            Name or role of the arm that is subtracted.

        Returns
        -------
        DataFrame
            Points (rows) by replicates; missing where a run failed or the measure has no value.
        """
        if measure not in self.measures:
            raise AnalysisError(
                self.source,
                [
                    Problem(
                        measure,
                        sentence("no such measure{near}", near=nearest(measure, self.measures)),
                        "a column of the data set",
                    )
                ],
            )
        left = self.arm_name(arm)
        if against is None:
            return self.table(measure, left)
        right = self.arm_name(against)
        if self._has(left, right):
            return self.table(measure, left, right)
        return self.table(measure, left) - self.table(measure, right)

    def outcomes(self, measure: str, arm: str, against: str | None = None) -> pd.Series:
        """`values` averaged over replicates, at the points that have any."""
        return self.values(measure, arm, against).mean(axis=1).dropna()

    @cached_property
    def measures(self) -> list[str]:
        """Columns that are neither keys nor factors."""
        return [str(name) for name in self.data if name not in INDEX and name not in self.keys]

    def arm_name(self, arm: str) -> str:
        """Name of the arm with that name or role."""
        found = self.scenario.arm(arm)
        if found is None:
            names = [entry.name for entry in self.scenario.arms]
            raise AnalysisError(
                self.source,
                [
                    Problem(
                        arm,
                        sentence("no such arm{near}", near=nearest(arm, names)),
                        sentence("one of {names}, or a role", names=", ".join(names)),
                    )
                ],
            )
        return found.name

    def table(self, measure: str, arm: str, against: str = "") -> pd.DataFrame:
        """A measure as it stands in the rows of an arm, a probe or a pair of arms.

        Parameters
        ----------
        measure : str
            A column of the data.
        arm : str
            Name of an arm or probe.
        against : str
            Name of the arm that is subtracted; empty for an arm's own values.

        Returns
        -------
        DataFrame
            Points (rows) by replicates; missing where there is no row or no value.
        """
        rows = self.data[(self.data["arm"] == arm) & (self.data["against"] == against)]
        table = rows.pivot(index="point", columns="replicate", values=measure)
        return table.reindex(index=self.points.index, columns=range(self.sweep.most_replications)).astype(
            float
        )

    def _has(self, arm: str, against: str) -> bool:
        return bool(((self.data["arm"] == arm) & (self.data["against"] == against)).any())

    @cached_property
    def incomplete(self) -> list[int]:
        """Points of which a run failed or is not there."""
        runs = self.data.groupby("point")["replicate"].nunique()
        wanted = range(self.base_size * self.sweep.points) if self.is_sobol else self.points.index
        return [int(point) for point in wanted if runs.get(point, 0) < self.sweep.replications]

    @property
    def is_sobol(self) -> bool:
        """Whether points stand in Saltelli's groups."""
        return self.design.indices is Indices.SALTELLI

    @property
    def base_size(self) -> int:
        """Points, one after another, that share coordinates by design."""
        return self.design.group(len(self.sweep.factors))

    def groups(self, points: pd.Index) -> np.ndarray:
        """A number for each point, the same for points that share coordinates by design."""
        numbers = points.to_numpy(int)
        return numbers // self.base_size


def _factor_of(key: str, values: pd.Series) -> Factor | None:
    """A factor that spans the values of a list; none if they are all the same."""
    different = values.unique().tolist()
    if len(different) < 2:
        return None
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in different):
        return Factor.model_validate({"key": key, "low": min(different), "high": max(different)})
    return Factor.model_validate({"key": key, "choices": sorted(different, key=str)})
