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

import pandas as pd

from ..scenario.reading import resolved_toml, stored_table
from ..scenario.scenario import Scenario
from .execution import Results

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
    FileNotFoundError
        If `folder` holds no whole run.
    """
    import tomllib

    names = ["manifest.json", "scenario.toml", "claims.json", *(f"{name}.parquet" for name in TABLES)]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise FileNotFoundError(f"{folder} holds no whole run: {', '.join(missing)} missing")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    scenario = stored_table(tomllib.loads(text), str(folder / "scenario.toml"), text)
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    results = Results(**tables, peak_memory_bytes=manifest["peak_memory_bytes"])
    claims = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
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
