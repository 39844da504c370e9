"""A sweep's folder: every finished run at once and whole, a status, and the tidy data set."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ArchiveError, Problem, Remedy
from ..storage.files import check_name, read_json, write_table, write_whole
from ..storage.folders import CANDIDATES, DATA, SWEEP, no_sweep
from .resuming import check_resumable, counted_runs, folder_kind, why_again
from .sweep_files import About, RunFile, remedy_for
from .tasks import Finished, Task, split_pair_name

RUNS, STATUS, FAILURES = "runs", "status.json", "failures.parquet"


class SweepFolder:
    """Reads and writes ``results/<scenario>/sweep/``.

    Runs are kept by identity, which says all that decided their result. One run may serve several points
    of a design, and runs that no point asks for any longer stay on disk unused.

    Parameters
    ----------
    path : Path
        The folder.
    """

    def __init__(self, path: Path):
        self.path = path

    def begin(self, about: dict[str, Any], resume: bool, other_version: bool = False) -> tuple[set[str], str]:
        """Make the folder, or go on in it.

        Runs of another model version are never taken for those of this one: with `other_version`
        they stay on disk but are run again.

        Returns
        -------
        finished : set of str
            Identities of runs that are there without an error.
        why : str
            Why some of them may not be what is asked for now, in words.

        Raises
        ------
        ArchiveError
            If there is anything to lose, and `resume` is not asked for, or what is there is of another
            model version or answers another question.
        """
        check_name(self.path)
        finished = {run["identity"] for run in self.runs() if not run["error"]}
        known = self._about()
        if finished or any((self.path / name).is_file() for name in (DATA, CANDIDATES)):
            if not resume:
                found = counted_runs(len(finished)) if finished else "the data"
                raise ArchiveError(
                    str(self.path),
                    [
                        Problem(
                            folder_kind(known),
                            f"{found} of an earlier {folder_kind(known)}",
                            "",
                            remedy=Remedy("resume_or_elsewhere"),
                        )
                    ],
                )
            check_resumable(str(self.path), known, about, other_version)
        (self.path / RUNS).mkdir(parents=True, exist_ok=True)
        write_whole(self.path / SWEEP, json.dumps(about, indent=1, ensure_ascii=False))
        return finished, why_again(known, about)

    def _about(self) -> dict[str, Any] | None:
        """What the sweep is; none if there is nothing that can be read, as after a power cut."""
        try:
            return self.about()
        except ArchiveError:
            return None

    def about(self) -> dict[str, Any]:
        """What the sweep is: scenario, arms, files from outside, model version.

        Raises
        ------
        ArchiveError
            If `path` holds no sweep, or the file that says so is torn.
        """
        if not (self.path / SWEEP).is_file():
            raise no_sweep(self.path, "it holds no sweep")
        known: dict[str, Any] = read_json(self.path / SWEEP, About, remedy_for(self.path))
        return known

    def count(self) -> int:
        """Number of runs on disk."""
        return sum(1 for _ in (self.path / RUNS).glob("*.json"))

    def keep(self, finished: Finished) -> None:
        """Put one finished run on disk."""
        write_whole(self.path / RUNS / f"{finished.identity}.json", finished.as_json())

    def runs(self) -> Iterator[dict[str, Any]]:
        """Runs on disk, by identity. A file that cannot be read does not count: its run is made again."""
        for file in sorted((self.path / RUNS).glob("*.json")):
            try:
                run: dict[str, Any] = read_json(file, RunFile, remedy_for(self.path))
            except ArchiveError:
                continue
            if run["identity"] == file.stem:
                yield run

    def tell(self, status: dict[str, Any]) -> None:
        """Write the status for others to read."""
        write_whole(self.path / STATUS, json.dumps(status, indent=1))

    def gather(self, tasks: Sequence[Task]) -> pd.DataFrame:
        """Write the tidy data set and the table of failures of all `tasks`; return the first.

        Columns: point, replicate, arm, against, the factors' keys, then measures. A row with `against`
        empty has an arm's (or probe's) own measures. A row with two arms has those of `arm` minus those
        of `against` on the same luck, that is at the same point and replicate, missing where either
        is, and measures that belong to both together, such as ``better_off_share``. There is one for
        every arm against the first, and for every other pair with such a measure.

        Rows are ordered by point, replicate and arm, pairs last, whatever the order in which runs
        finished. A run that serves several points has rows at each of them. A table without rows is not
        written, and one of an earlier time is removed.
        """
        arms = self.about()["arms"]
        asked: dict[str, list[Task]] = {}
        for task in tasks:
            asked.setdefault(task.identity, []).append(task)
        rows, failures = [], []
        for run in self.runs():
            if run["identity"] not in asked:
                continue
            measured = run_rows(run["arms"], arms)
            for task in asked[run["identity"]]:
                key = {"point": task.point, "replicate": task.replicate}
                if run["error"]:
                    about = {name: run[name] for name in ("identity", "seed", "error", "trace")}
                    failures.append(key | task.changes | about)
                for place, ((arm, against), measures) in enumerate(measured):
                    pair = {"arm": arm, "against": against, "_place": place}
                    rows.append(key | pair | task.changes | measures)
        order = ["point", "replicate", "_place"]
        rows.sort(key=lambda row: [row[name] for name in order])
        failures.sort(key=lambda row: [row[name] for name in order[:2]])
        data = pd.DataFrame(rows).drop(columns="_place", errors="ignore")
        self._write(DATA, data)
        self._write(FAILURES, pd.DataFrame(failures))
        return data

    def first_failure(self, tasks: Sequence[Task]) -> dict[str, Any] | None:
        """The run that failed at the lowest point, as it is on disk, with its ``point``; None if none did."""
        failed = {run["identity"]: run for run in self.runs() if run["error"]}
        for task in tasks:
            if task.identity in failed:
                return failed[task.identity] | {"point": task.point, "replicate": task.replicate}
        return None

    def _write(self, name: str, table: pd.DataFrame) -> None:
        if table.empty:
            (self.path / name).unlink(missing_ok=True)
            return
        write_table(self.path / name, table)


def run_rows(
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
        split_pair_name(name): {key: math.nan if value is None else value for key, value in measures.items()}
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
