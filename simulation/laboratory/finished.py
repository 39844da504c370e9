"""Finished runs that come with the laboratory, so that questions are answered without computing anything.

Each is the folder of a run without its pages, which are written anew when it is opened: by the present code,
in each language.
"""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

from ..archive.archive import new_folder, next_number, runs_in, write_json
from ..errors import ArchiveError, Problem, nearest
from ..languages.speaking import sentence
from ..resources import FINISHED_FOLDER, RESULTS_FOLDER
from ..runs.execution import Report
from ..storage.checksums import SUMS, begin_sums
from ..storage.manifest import CAME_WITH
from .asking import asked
from .experiment import store_run
from .work import divided

SIZES = "sizes.toml"
MANIFEST = "manifest.json"
BY_DAY = ("daily", "platforms")
"""Tables of many numbers that are only drawn, of which seven digits are kept."""
MOMENT = (2020, 1, 1, 0, 0, 0)
"""Of every file in an archive, so that the same results are the same bytes."""


def finished_runs(folder: Path = FINISHED_FOLDER) -> dict[str, dict[str, Any]]:
    """Manifests of the finished runs that are there, by scenario."""
    found = {}
    for file in sorted(folder.glob("*.zip")):
        with ZipFile(file) as archive:
            found[file.stem] = json.loads(archive.read(MANIFEST))
    return found


def open_finished(
    name: str, results: str | Path = RESULTS_FOLDER, folder: Path = FINISHED_FOLDER
) -> tuple[Path, bool]:
    """Unpack the finished run of a scenario and write its pages.

    Parameters
    ----------
    name : str
        Of the scenario.
    results : str or Path
        The run goes to ``results/<scenario>/<run id>``; it is left as it is where it has been opened before.
    folder : Path
        Where finished runs are.

    Returns
    -------
    Path
        The run's folder.
    bool
        Whether it was unpacked now.

    Raises
    ------
    ArchiveError
        If no finished run comes with that scenario.
    """
    from ..pages.run.page import write_report

    known = finished_runs(folder)
    if name not in known:
        raise _unknown(name, known)
    results = Path(results).absolute()
    about = known[name]
    identity = f"{about['scenario_hash']} {about['started']}"
    for run in runs_in(results):
        there = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
        if CAME_WITH in there and f"{there['scenario_hash']} {there['started']}" == identity:
            write_report(run)
            return run, False
    about |= {"number": next_number(results)}
    with new_folder(results / name / about[CAME_WITH]["run"]) as new:
        with ZipFile(folder / f"{name}.zip") as archive:
            archive.extractall(new.draft)
        write_json(new.draft / MANIFEST, about)
        begin_sums(new.draft, sorted(file.name for file in new.draft.iterdir() if file.name != SUMS))
        write_report(new.draft)
    return new.target, True


def wanted(folder: Path = FINISHED_FOLDER) -> dict[str, dict[str, Any]]:
    """Scenarios that are to have a finished run, and what is changed in each for it."""
    table: dict[str, dict[str, Any]] = tomllib.loads((folder / SIZES).read_text(encoding="utf-8"))
    return table


def compute_finished(name: str, report: Report | None = None, folder: Path = FINISHED_FOLDER) -> int:
    """Compute the finished run of a scenario anew.

    Parameters
    ----------
    name : str
        One of those that are `wanted`.
    report : callable, optional
        Told the share that is done.
    folder : Path
        Where finished runs and their table of sizes are.

    Returns
    -------
    int
        Bytes of its file.
    """
    sizes = wanted(folder)
    if name not in sizes:
        raise _unknown(name, sizes)
    question = asked(name, sizes[name])
    workers, threads = divided(question, None, None)
    with TemporaryDirectory() as place:
        run = store_run(question, place, workers, threads, report)
        return pack(run, folder / f"{name}.zip", sizes[name])


def _unknown(name: str, known: Iterable[str]) -> ArchiveError:
    """No finished run comes with that scenario."""
    found = sentence("'{name}'{nearest}, without a finished run", name=name, nearest=nearest(name, known))
    return ArchiveError(
        name, [Problem("SCENARIO", found, sentence("one of {names}", names=", ".join(known)))]
    )


def pack(run: Path, file: Path, changes: dict[str, Any]) -> int:
    """Write a run's folder without its pages into one small file; its size in bytes."""
    about = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
    about[CAME_WITH] = {"run": run.name, "changes": changes}
    parts = {MANIFEST: (json.dumps(about, indent=1) + "\n").encode()}
    for part in sorted(run.iterdir()):
        if part.suffix == ".parquet":
            parts[part.name] = _denser(part)
        elif part.suffix in (".toml", ".json") and part.name != MANIFEST:
            parts[part.name] = part.read_bytes()
    with ZipFile(file, "w") as archive:
        for name in sorted(parts):
            archive.writestr(_entry(name), parts[name], ZIP_DEFLATED, 9)
    return file.stat().st_size


def _entry(name: str) -> ZipInfo:
    """What an archive says of a file: its name and nothing of when or where it was made."""
    entry = ZipInfo(name, MOMENT)
    entry.external_attr = 0o644 << 16
    return entry


def _denser(file: Path) -> bytes:
    """A table in the same format, packed as small as it goes."""
    dense, table = io.BytesIO(), pd.read_parquet(file)
    if file.stem in BY_DAY:
        table = table.astype({name: "float32" for name in table.select_dtypes("float64")})
    numbers = list(table.select_dtypes(["float64", "float32"]))
    table.to_parquet(
        dense,
        index=False,
        compression="zstd",
        compression_level=19,
        use_dictionary=[name for name in table if name not in numbers],
        use_byte_stream_split=numbers,
    )
    return dense.getvalue()
