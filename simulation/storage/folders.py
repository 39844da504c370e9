"""Folders of results that a command is given: what lies there, and which command it is for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ..errors import ArchiveError, Problem, Remedy
from ..languages.speaking import sentence
from .files import check_name
from .manifest import MODEL_VERSION

MANIFEST, SWEEP, DATA, RUNS = "manifest.json", "sweep.json", "sweep.parquet", "runs.jsonl"
CANDIDATES, CALIBRATED, WAVE = "candidates.parquet", "calibration.json", "wave_1"


def remedy_for(folder: Path) -> Remedy:
    """What makes a run's files again."""
    return Remedy("run", str(folder))


def what_lies_in(folder: Path) -> tuple[str, Remedy | None]:
    """What `folder` holds, in a few words, and what is for it; empty if it is not one of ours."""
    if (folder / MANIFEST).is_file():
        return "a run", Remedy("report", str(folder))
    if (folder / CANDIDATES).is_file() or _is_search(folder / SWEEP):
        return sentence("a policy search"), Remedy("search", str(folder))
    if (folder / SWEEP).is_file():
        return sentence("a sweep"), Remedy("analyse", str(folder))
    if (folder / CALIBRATED).is_file() or (folder / WAVE / SWEEP).is_file():
        return sentence("a calibration"), Remedy("calibrate", str(folder))
    for pattern in (f"*/{MANIFEST}", f"*/*/{MANIFEST}"):
        if runs := sorted((file.parent for file in folder.glob(pattern)), key=lambda run: run.name):
            return sentence("a folder of runs, such as {runs}", runs=runs[-1]), None
    return "", None


def check_whole(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder that lacks one of the files of a run.

    Raises
    ------
    ArchiveError
        With a word on what is there instead.
    """
    check_name(folder)
    names = list(names)
    missing = [name for name in names if not (folder / name).is_file()]
    if not missing:
        return
    there, remedy = what_lies_in(folder)
    if len(missing) < len(names):
        why, remedy = sentence("{missing} missing", missing=", ".join(missing)), remedy_for(folder)
    elif there:
        why = sentence("it is {there}", there=there)
    else:
        why = (
            sentence("it has none of a run's files")
            if folder.is_dir()
            else sentence("there is no such folder")
        )
    raise ArchiveError(
        str(folder),
        [
            Problem(
                "the run",
                sentence("it holds no whole run: {why}", why=why),
                "the folder of a run",
                remedy=remedy,
            )
        ],
    )


def check_sweep(folder: Path) -> None:
    """Refuse a folder that holds no sweep of which the data has been gathered.

    Raises
    ------
    ArchiveError
        With a word on what is there instead.
    """
    check_name(folder)
    if not (folder / SWEEP).is_file() or not (folder / DATA).is_file():
        raise no_sweep(folder, sentence("it holds no gathered sweep"))


def no_sweep(folder: Path, found: str) -> ArchiveError:
    """What is said of a folder in which no sweep lies, or none that has ended."""
    there, remedy = what_lies_in(folder)
    if there and there != "a sweep":
        found = sentence("{found}: it is {there}", found=found, there=there)
    elif not folder.is_dir():
        found = sentence("{found}: there is no such folder", found=found)
    return ArchiveError(
        str(folder),
        [
            Problem(
                "the sweep",
                found,
                "the folder of a sweep that has ended",
                remedy=remedy if there and there != "a sweep" else Remedy("end"),
            )
        ],
    )


def _is_search(file: Path) -> bool:
    """Whether a file says that its folder holds a policy search."""
    try:
        return file.is_file() and json.loads(file.read_bytes())["what"] == "policy search"
    except (OSError, ValueError, KeyError, TypeError):
        return False


def blame_version(error: ArchiveError, folder: Path, version: str) -> ArchiveError:
    """A fault in a run's files, with the reason if another version of the model wrote them."""
    if version == MODEL_VERSION:
        return error
    first = error.problems[0]
    return ArchiveError(
        str(folder),
        [
            Problem(
                "the run",
                sentence(
                    "a run of model version {version}, which this one ({model_version}) cannot read: "
                    "{name}: {key}: {found}",
                    version=version,
                    model_version=MODEL_VERSION,
                    name=Path(error.source).name,
                    key=first.key,
                    found=first.found,
                ),
                "the version that wrote it",
                remedy=remedy_for(folder),
            )
        ],
    )
