"""Where results are stored: a folder per run that appears whole or not at all."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..claims.kept import Claims
from ..scenario.problems import ScenarioError
from ..scenario.reading import resolved_toml
from ..scenario.scenario import Scenario
from .execution import Results
from .files import read_json, read_table, read_toml, scenario_in, unusable
from .folders import check_whole, of_version, remedy_of
from .run_files import COLUMNS, Manifest, missing_worlds

TABLES = ("runs", "daily", "merchants", "channels", "platforms", "moves")


@dataclass(frozen=True)
class StoredRun:
    """A run read back from its folder."""

    folder: Path
    manifest: dict[str, Any]
    scenario: Scenario
    results: Results
    claims: dict[str, Any]


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to write into, renamed to `target` when all went well, else removed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        yield draft
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def write_run(
    folder: Path, scenario: Scenario, results: Results, claims: dict[str, Any],
    manifest: dict[str, Any],
) -> None:
    """Write all files of a run but the report into `folder`."""
    (folder / "scenario.toml").write_text(resolved_toml(scenario), encoding="utf-8")
    for name in TABLES:
        getattr(results, name).to_parquet(folder / f"{name}.parquet", index=False)
    write_json(folder / "claims.json", claims)
    write_json(folder / "manifest.json", manifest)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write JSON; missing numbers become null."""
    text = json.dumps(_without_nan(content), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_run(folder: Path) -> StoredRun:
    """Read a run back.

    Raises
    ------
    ScenarioError
        If `folder` holds no whole run, or one of which a file is torn, altered, or of another version.
    """
    check_whole(folder, ["manifest.json", "scenario.toml", "claims.json",
                         *(f"{name}.parquet" for name in TABLES)])
    manifest: dict[str, Any] = read_json(folder / "manifest.json", Manifest, remedy_of(folder))
    try:
        return _read_run(folder, manifest)
    except ScenarioError as error:
        raise of_version(error, folder, manifest["model_version"]) from None


def stored_scenario(folder: Path) -> Scenario:
    """The scenario of a run.

    Raises
    ------
    ScenarioError
        If its file is torn, or is no scenario of this version.
    """
    path, remedy = folder / "scenario.toml", "run the scenario again"
    text, table = read_toml(path, remedy)
    return scenario_in(path, table, remedy, text)


def _read_run(folder: Path, manifest: dict[str, Any]) -> StoredRun:
    remedy = remedy_of(folder)
    scenario = stored_scenario(folder)
    claims = read_json(folder / "claims.json", Claims, remedy)
    tables = {name: read_table(folder / f"{name}.parquet", COLUMNS[name], remedy) for name in TABLES}
    arms = [arm.name for arm in scenario.arms]
    if [arm["name"] for arm in claims["arms"]] != arms:
        raise unusable(folder / "claims.json", "claims about other arms than the scenario's", remedy)
    for arm, world in missing_worlds(tables["runs"], arms, scenario.run.replications):
        raise unusable(folder / "runs.parquet", f"no row of arm '{arm}' in replication {world}", remedy)
    results = Results(**tables, peak_memory_bytes=manifest["peak_memory_bytes"])
    return StoredRun(folder, manifest, scenario, results, claims)


def runs_in(results_folder: Path) -> list[Path]:
    """Folders of whole runs under `results_folder`, oldest first."""
    found = [path.parent for path in results_folder.glob("*/*/manifest.json")]
    return sorted((path for path in found if not path.name.startswith(".")), key=lambda p: p.name)


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
