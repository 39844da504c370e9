"""A sweep's folder: every finished run at once and whole, a status, and the tidy data set."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ...scenario.problems import Problem, ScenarioError
from ..manifest import MODEL_VERSION
from .tasks import Finished, pair_of

RUNS, SWEEP, STATUS, DATA, FAILURES = (
    "runs", "sweep.json", "status.json", "sweep.parquet", "failures.parquet",
)


class SweepFolder:
    """Reads and writes ``results/<scenario>/sweep/``.

    Parameters
    ----------
    path : Path
        The folder.
    """

    def __init__(self, path: Path):
        self.path = path

    def begin(self, about: dict[str, Any], resume: bool, other_version: bool = False) -> set[str]:
        """Make the folder, or go on in it; identities of runs that are there without an error.

        Runs of another model version are never taken for those of this one: with `other_version`
        they stay on disk but are run again.

        Raises
        ------
        ScenarioError
            If there are runs and `resume` is not asked for, or if they are of another model version.
        """
        known = self._about()
        if known is not None and not resume:
            raise ScenarioError(str(self.path), [Problem(
                "sweep", f"{self.count()} runs of an earlier sweep", "--resume to go on, or another --out"
            )])
        if known is not None and known["model_version"] != MODEL_VERSION and not other_version:
            raise ScenarioError(str(self.path), [Problem(
                "sweep", f"runs of model version {known['model_version']}; this is {MODEL_VERSION}",
                "another --out, or --other-version to run everything again beside them",
            )])
        (self.path / RUNS).mkdir(parents=True, exist_ok=True)
        write_whole(self.path / SWEEP, json.dumps(about, indent=1, ensure_ascii=False))
        return {run["identity"] for run in self.runs() if not run["error"]}

    def _about(self) -> dict[str, Any] | None:
        file = self.path / SWEEP
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None

    def about(self) -> dict[str, Any]:
        """What the sweep is: scenario, factors, model version.

        Raises
        ------
        ScenarioError
            If `path` holds no sweep.
        """
        known = self._about()
        if known is None:
            raise ScenarioError(str(self.path), [Problem("SWEEP", "no sweep", "the folder of a sweep")])
        return known

    def count(self) -> int:
        """Number of runs on disk."""
        return sum(1 for _ in (self.path / RUNS).glob("*.json"))

    def keep(self, finished: Finished) -> None:
        """Put one finished run on disk."""
        write_whole(self.path / RUNS / f"{finished.identity}.json", finished.as_json())

    def runs(self) -> Iterator[dict[str, Any]]:
        """Runs on disk, by identity; half-written files cannot occur."""
        for file in sorted((self.path / RUNS).glob("*.json")):
            yield json.loads(file.read_text(encoding="utf-8"))

    def tell(self, status: dict[str, Any]) -> None:
        """Write the status for others to read."""
        write_whole(self.path / STATUS, json.dumps(status, indent=1))

    def gather(self, wanted: set[str] | None = None) -> pd.DataFrame:
        """Write the tidy data set and the table of failures; return the first.

        Columns: point, replicate, arm, against, the factors' keys, then measures. A row with `against`
        empty has an arm's (or probe's) own measures. A row with two arms has those of `arm` minus those
        of `against` on the same luck, that is at the same point and replicate, missing where either
        is, and measures that belong to both together, such as ``better_off_share``. There is one for
        every arm against the first, and for every other pair with such a measure.

        Rows are ordered by point, replicate and arm, pairs last, whatever the order in which runs
        finished.
        """
        arms = self.about()["arms"]
        rows, failures = [], []
        for run in self.runs():
            if wanted is not None and run["identity"] not in wanted:
                continue
            key = {"point": run["point"], "replicate": run["replicate"]}
            if run["error"]:
                about = {name: run[name] for name in ("identity", "seed", "error", "trace")}
                failures.append(key | run["changes"] | about)
            for place, ((arm, against), measures) in enumerate(rows_of(run["arms"], arms)):
                pair = {"arm": arm, "against": against, "_place": place}
                rows.append(key | pair | run["changes"] | measures)
        data = pd.DataFrame(rows)
        if len(data):
            order = ["point", "replicate", "_place"]
            data = data.sort_values(order, ignore_index=True).drop(columns="_place")
        self._write(DATA, data)
        failed = pd.DataFrame(failures)
        if len(failed):
            self._write(FAILURES, failed.sort_values(["point", "replicate"], ignore_index=True))
        else:
            (self.path / FAILURES).unlink(missing_ok=True)
        return data

    def _write(self, name: str, table: pd.DataFrame) -> None:
        draft = self.path / f".{name}.partial"
        table.to_parquet(draft, index=False)
        draft.replace(self.path / name)


def rows_of(
    found: dict[str, dict[str, float | None]], arms: list[str]
) -> list[tuple[tuple[str, str], dict[str, float]]]:
    """Rows of one run: what each arm and probe measured, then paired differences.

    Parameters
    ----------
    found : dict of str to dict
        Measures by arm, probe and `pair_name`, as a run on disk has them; None where missing.
    arms : list of str
        The scenario's arms, of which every one is compared with the first.

    Returns
    -------
    list of tuple
        (arm, against) and measures; `against` is empty for an arm's own.
    """
    known = {
        pair_of(name): {key: math.nan if value is None else value for key, value in measures.items()}
        for name, measures in found.items()
    }
    own = {arm: measures for (arm, against), measures in known.items() if not against}
    pairs: dict[tuple[str, str], dict[str, float]] = {(arm, arms[0]): {} for arm in arms[1:]}
    pairs |= {pair: known[pair] for pair in known if pair[1]}
    rows = [((arm, ""), measures) for arm, measures in own.items()]
    for (arm, against), together in pairs.items():
        if arm in own and against in own:
            left, right = own[arm], own[against]
            apart = {name: left.get(name, math.nan) - right.get(name, math.nan) for name in left | right}
            rows.append(((arm, against), apart | together))
    return rows


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all, whenever the process is killed."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)
