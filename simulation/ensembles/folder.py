"""A sweep's folder: every finished run at once and whole, a status, and the tidy data set."""

from __future__ import annotations

import json
import math
import shutil
import warnings
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ArchiveError, Problem, Remedy
from ..languages.speaking import sentence
from ..storage.checksums import SUMS, begin_sums, list_sums
from ..storage.files import check_name, read_json, write_table, write_whole
from ..storage.folders import CANDIDATES, DATA, RUNS, SWEEP, no_sweep
from ..storage.manifest import belonging
from ..storage.record_log import Line, RecordLog
from .resuming import AddedMeasures, RunsAgain, check_resumable, counted_runs, folder_kind, why_again
from .sweep_files import EARLIER, About, earlier_runs, remedy_for
from .tasks import Finished, Task, split_pair_name

STATUS, FAILURES = "status.json", "failures.parquet"
AT_ONCE = 500
"""Runs of which rows are held as they are in Python, before they become columns, which take a tenth."""
MOST_NAMED = 5
FAILURE = ("identity", "seed", "error", "said", "trace")
"""What the table of failures has of a run besides its place; `said` since runs keep it."""


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
        self._log = RecordLog(path / RUNS)

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
        index, damaged = self._log.index()
        earlier = list(earlier_runs(self.path))
        finished = {run["identity"] for run in earlier if not run["error"]}
        finished -= index.keys()
        finished |= {line.identity for line in index.values() if not line.failed}
        known = self._about(checked=False)
        if finished or any((self.path / name).is_file() for name in (DATA, CANDIDATES)):
            if not resume:
                raise self._taken(len(finished), folder_kind(known))
            intact = self._about() is not None
            check_resumable(str(self.path), known, about, other_version, intact)
        known = self._about()
        self._take_over(earlier, index, damaged)
        (self.path / SUMS).unlink(missing_ok=True)
        write_whole(self.path / SWEEP, json.dumps(about, indent=1, ensure_ascii=False))
        begin_sums(self.path, [SWEEP])
        return finished, why_again(known, about)

    def _taken(self, finished: int, kind: str) -> ArchiveError:
        """The error that says what lies in the folder, which would be lost."""
        there = counted_runs(finished) if finished else sentence("the data")
        found = sentence("{found} of an earlier {folder_kind}", found=there, folder_kind=sentence(kind))
        return ArchiveError(str(self.path), [Problem(kind, found, "", remedy=Remedy("resume_or_elsewhere"))])

    def _take_over(self, earlier: list[dict[str, Any]], index: dict[str, Line], damaged: list[Line]) -> None:
        """Let the log have what an earlier version kept in files, and nothing that is torn or altered."""
        self.path.mkdir(parents=True, exist_ok=True)
        if damaged:
            named = ", ".join(map(str, damaged[:MOST_NAMED])) + (", ..." if damaged[MOST_NAMED:] else "")
            warnings.warn(
                sentence(
                    "{file}: torn or altered, and made again where it is asked for: {named}",
                    file=self.path / RUNS,
                    named=named,
                ),
                RunsAgain,
                stacklevel=4,
            )
            self._log.keep_only(sorted(index.values(), key=lambda line: line.start))
        for run in earlier:
            if run["identity"] not in index:
                self._log.append(run)
        self._log.sync()
        shutil.rmtree(self.path / EARLIER, ignore_errors=True)

    def _about(self, checked: bool = True) -> dict[str, Any] | None:
        """What the sweep is; none if there is nothing that can be read, as after a power cut."""
        try:
            return self.about(checked)
        except ArchiveError:
            return None

    def about(self, checked: bool = True) -> dict[str, Any]:
        """What the sweep is: scenario, arms, files from outside, model version.

        Parameters
        ----------
        checked : bool
            Whether it must be as it was written, too.

        Raises
        ------
        ArchiveError
            If `path` holds no sweep, or the file that says so is torn.
        """
        if not (self.path / SWEEP).is_file():
            raise no_sweep(self.path, "it holds no sweep")
        known: dict[str, Any] = read_json(self.path / SWEEP, About, remedy_for(self.path), checked)
        return known

    def identities(self) -> set[str]:
        """Identities of runs on disk, failed ones too."""
        return set(self._log.index()[0])

    def count(self) -> int:
        """Number of runs on disk."""
        return len(self._log.index()[0])

    def keep(self, finished: Finished) -> None:
        """Put one finished run on disk."""
        self._log.append(finished.as_record())

    def runs(self) -> Iterator[dict[str, Any]]:
        """Runs on disk, in the order in which they ended, failed ones too; none that is torn or altered."""
        return self._log.records(sorted(self._log.index()[0].values(), key=lambda line: line.start))

    def found(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, dict[str, Any]]]:
        """The run of each of `tasks` that is on disk, in the order of these."""
        known = self._log.index()[0]
        there = [task for task in tasks if task.identity in known]
        yield from zip(there, self._log.records([known[task.identity] for task in there]), strict=True)

    def failed(self) -> list[str]:
        """Identities of runs on disk that ended in an error."""
        return [line.identity for line in self._log.index()[0].values() if line.failed]

    def tell(self, status: dict[str, Any]) -> None:
        """Write the status for others to read."""
        write_whole(self.path / STATUS, json.dumps(status, indent=1), lasting=False)

    def close(self, *tables: str) -> None:
        """Put checksums of all that has been written into the list."""
        self._log.sync()
        list_sums(self.path, [STATUS, RUNS, *tables])

    def gather(self, tasks: Sequence[Task]) -> pd.DataFrame:
        """Write the tidy data set and the table of failures of all `tasks`; return the first.

        Columns: point, replicate, arm, against, the factors' keys, then measures. A row with `against`
        empty has an arm's (or probe's) own measures. A row with two arms has those of `arm` minus those
        of `against` on the same luck, that is at the same point and replicate, missing where either
        is, and measures that belong to both together, such as ``better_off_share``. There is one for
        every arm against the first, and for every other pair with such a measure.

        Rows are ordered by point, replicate and arm, pairs last, whatever the order in which runs
        finished. A run that serves several points has rows at each of them. A table without rows is not
        written, and one of an earlier time is removed. Measures that were added after some of the runs were
        made are left out, which `MeasuresLeftOut` says: points would be unlike in more than what varies.
        """
        about = self.about()
        parts, failures, added = [], [], AddedMeasures()
        found = self.found(sorted(tasks, key=lambda task: (task.point, task.replicate)))
        while some := list(islice(found, AT_ONCE)):
            rows = []
            for task, run in some:
                key = {"point": task.point, "replicate": task.replicate}
                if run["error"]:
                    failure = {name: run.get(name, "") for name in FAILURE}
                    failures.append(key | task.changes | failure)
                added.look_at(run)
                for (arm, against), measures in run_rows(run["arms"], about["arms"]):
                    rows.append(key | {"arm": arm, "against": against} | task.changes | measures)
            if rows:
                parts.append(pd.DataFrame(rows))
        data = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
        data = added.left_out(data, self.path)
        belongs = belonging(about["scenario"], about.get("files", {}))
        for name, table in ((DATA, data), (FAILURES, pd.DataFrame(failures))):
            table.attrs = belongs
            self._write(name, table)
        self.close()
        return data

    def first_failure(self, tasks: Sequence[Task]) -> dict[str, Any] | None:
        """The run that failed at the lowest point, as it is on disk, with its ``point``; None if none did."""
        known = self._log.index()[0]
        for task in tasks:
            if task.identity in known and known[task.identity].failed:
                (run,) = self._log.records([known[task.identity]])
                return run | {"point": task.point, "replicate": task.replicate}
        return None

    def _write(self, name: str, table: pd.DataFrame) -> None:
        if table.empty:
            (self.path / name).unlink(missing_ok=True)
            list_sums(self.path, [])
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
