"""Whether a folder of results is as it was written: every file by its checksum, and each line of runs."""

from __future__ import annotations

from pathlib import Path

from ..errors import ArchiveError, Problem, Remedy
from ..languages.speaking import sentence
from ..storage.checksums import SUMS, faults_in, known_sums
from ..storage.files import check_name
from ..storage.folders import RUNS, remedy_for, what_lies_in
from ..storage.record_log import RecordLog


def check_folder(folder: str | Path) -> int:
    """Compare every file of a run, sweep, policy search or calibration with its checksum.

    Parameters
    ----------
    folder : str or Path
        Whatever lies in folders within it is looked at, too.

    Returns
    -------
    int
        How many files are as they were written.

    Raises
    ------
    ArchiveError
        With everything that is missing, torn or altered by name, lines of runs included; or if the folder
        has no checksums, as those of earlier versions.
    """
    folder = Path(folder)
    check_name(folder)
    if not any(folder.rglob(SUMS)):
        there, _ = what_lies_in(folder)
        found = sentence(
            "{there}, without checksums ({sums})", there=there or sentence("nothing of ours"), sums=SUMS
        )
        raise ArchiveError(
            str(folder),
            [
                Problem(
                    "the folder", found, "the folder of a run, sweep, search or calibration of this version"
                )
            ],
        )
    problems = faults_in(folder)
    for log in sorted(folder.rglob(RUNS)):
        damaged = RecordLog(log).index()[1]
        problems += [
            Problem(
                log.relative_to(folder).as_posix(),
                sentence("{line}: torn or altered", line=line),
                "the line as it was written",
            )
            for line in damaged
        ]
    if problems:
        remedy = Remedy("end") if (folder / RUNS).is_file() else remedy_for(folder)
        problems[-1] = Problem(problems[-1].key, problems[-1].found, problems[-1].allowed, remedy=remedy)
        raise ArchiveError(str(folder), problems)
    return sum(len(known_sums(sums.parent)) for sums in folder.rglob(SUMS))
