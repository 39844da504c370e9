"""Where results are stored: a folder per run that appears whole or not at all."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

from ..claims.stored import Claims
from ..errors import ArchiveError, Remedy
from ..languages.speaking import sentence
from ..runs.results import Results
from ..scenario.identity import as_table, fingerprints
from ..scenario.reading.read import resolved_toml
from ..scenario.scenario import Scenario
from ..storage.checksums import begin_sums
from ..storage.drafts import draft_in, flush, remove_abandoned
from ..storage.files import read_json, read_toml, scenario_in, unusable
from ..storage.folders import blame_version, check_whole, remedy_for
from ..storage.manifest import belonging
from ..terminal.stopping import undisturbed
from .added_since import added_since, read_whole_table
from .run_files import Manifest, missing_worlds

TABLES = ("runs", "daily", "merchants", "channels", "platforms", "moves")


@dataclass(frozen=True)
class StoredRun:
    """A run read back from its folder."""

    folder: Path
    manifest: dict[str, Any]
    scenario: Scenario
    results: Results
    claims: dict[str, Any]


@dataclass
class NewFolder:
    """A folder that is being written.

    Attributes
    ----------
    draft : Path
        Where to write.
    target : Path
        Where it is in the end: what was asked for, or with ``-2``, ``-3``, ... if that name was taken.
    """

    draft: Path
    target: Path


@contextmanager
def new_folder(target: Path) -> Iterator[NewFolder]:
    """A folder to write into, put in its place when all went well, else removed.

    Nothing that is there is touched, whoever put it there meanwhile; only what killed programs left of this
    and other questions is removed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(*(place for place in target.parent.parent.iterdir() if place.is_dir()))
    with draft_in(target.parent, target.name) as draft:
        new = NewFolder(draft / target.name, target)
        new.draft.mkdir()
        yield new
        for written in (*new.draft.rglob("*"), new.draft):  # before its name says that it is there
            flush(written)
        with undisturbed():
            new.target = _put(new.draft, target)
        flush(target.parent)


def _put(draft: Path, target: Path) -> Path:
    """Rename `draft` to `target`, or to the first name after it that is not taken."""
    for place in chain([target], (target.with_name(f"{target.name}-{number}") for number in count(2))):
        if not place.exists():
            try:
                return draft.rename(place)
            except OSError:  # taken since, perhaps
                if not place.exists():
                    raise
    raise AssertionError("there is always another number")


def write_run(
    folder: Path, scenario: Scenario, results: Results, claims: dict[str, Any], manifest: dict[str, Any]
) -> None:
    """Write all files of a run but the report into `folder`, and the checksums of all that lies there."""
    (folder / "scenario.toml").write_text(resolved_toml(scenario), encoding="utf-8")
    belongs = belonging(as_table(scenario), fingerprints(scenario))
    for name in TABLES:
        table = getattr(results, name)
        table.attrs = belongs
        table.to_parquet(folder / f"{name}.parquet", index=False)
    write_json(folder / "claims.json", claims)
    write_json(folder / "manifest.json", manifest)
    names = [file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*")) if file.is_file()]
    begin_sums(folder, [name for name in names if not name.startswith(".")])


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write JSON; missing numbers become null."""
    text = json.dumps(_without_nan(content), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_run(folder: Path) -> StoredRun:
    """Read a run back.

    Raises
    ------
    ArchiveError
        If `folder` holds no whole run, or one of which a file is torn, altered, or of another version.
    """
    check_whole(
        folder, ["manifest.json", "scenario.toml", "claims.json", *(f"{name}.parquet" for name in TABLES)]
    )
    manifest: dict[str, Any] = read_json(folder / "manifest.json", Manifest, remedy_for(folder))
    try:
        return _read_run(folder, manifest)
    except ArchiveError as error:
        raise blame_version(error, folder, manifest["model_version"]) from None


def stored_scenario(folder: Path) -> Scenario:
    """The scenario of a run.

    Raises
    ------
    ArchiveError
        If its file is torn, or is no scenario of this version.
    """
    path, remedy = folder / "scenario.toml", Remedy("run_again")
    text, table = read_toml(path, remedy)
    return scenario_in(path, table, remedy, text)


def _read_run(folder: Path, manifest: dict[str, Any]) -> StoredRun:
    remedy = remedy_for(folder)
    scenario = stored_scenario(folder)
    claims = read_json(folder / "claims.json", Claims, remedy)
    tables = {name: read_whole_table(folder, name, scenario, remedy) for name in TABLES}
    arms = [arm.name for arm in scenario.arms]
    if [arm["name"] for arm in claims["arms"]] != arms:
        raise unusable(folder / "claims.json", "claims about other arms than the scenario's", remedy)
    for name, table in tables.items():
        if table.attrs and table.attrs["scenario_hash"] != manifest["scenario_hash"]:
            found = sentence("a table of another run, of '{scenario}'", scenario=table.attrs["scenario"])
            raise unusable(folder / sentence("{name}.parquet", name=name), found, remedy)
    for arm, world in missing_worlds(tables["runs"], arms, scenario.run.replications):
        raise unusable(
            folder / "runs.parquet",
            sentence("no row of arm '{arm}' in replication {world}", arm=arm, world=world),
            remedy,
        )
    results = Results(**tables, peak_memory_bytes=manifest["peak_memory_bytes"], lacking=added_since(folder))
    return StoredRun(folder, manifest, scenario, results, claims)


def runs_in(results_folder: Path) -> list[Path]:
    """Folders of whole runs under `results_folder`, in the order in which they were started.

    Clocks may be set back, and seconds have room for several runs: what counts is the number that a run
    found among those before it, then the moment.
    """
    order = {file.parent: _order_of(file) for file in _manifests_in(results_folder)}
    return sorted(order, key=lambda folder: (order[folder], folder.name))


def next_number(results_folder: Path) -> int:
    """Number of a run that is about to start: one more than the highest of those before it."""
    return 1 + max((_order_of(file)[0] for file in _manifests_in(results_folder)), default=0)


def _manifests_in(results_folder: Path) -> Iterator[Path]:
    for file in results_folder.glob("*/*/manifest.json"):
        if not file.parent.name.startswith("."):
            yield file


def _order_of(manifest: Path) -> tuple[int, str]:
    """A run's number and when it was started; nothing where its manifest cannot be read."""
    try:
        about = json.loads(manifest.read_text(encoding="utf-8"))
        return int(about.get("number", 0)), str(about.get("started", ""))
    except (OSError, ValueError, TypeError, AttributeError):
        return 0, ""


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
