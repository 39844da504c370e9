"""Where results come from: versions, seed, code and timing, for anyone who must reproduce them."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ..resources import IN_CHECKOUT, PROJECT_FOLDER
from ..scenario.identity import Table, as_table, fingerprints, hash_values, what_decides
from ..scenario.scenario import Scenario

MODEL_VERSION = "4.2"
"""Raised whenever the same scenario and seed give different results."""
CAME_WITH = "came_with"
"""In the manifest of a run that came with the laboratory, how it differs from its scenario's file."""
CHANGES = (("3", "3.1", "cap"), ("3.1", "3.2", "arcs"))
"""Versions that follow one another, and what must be at work in a world for results to differ: a cap on
a feed's exposure, or more than one arc of tastes. Elsewhere they are the same to the bit, which was compared
before it was written down here."""

PACKAGES = ("mesa", "numpy", "pandas", "plotly", "numba", "scipy", "pydantic", "pyarrow")


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of what decides the results of a run: rules, people, files from outside, and how many worlds.

    Titles, labels and paths are not among it; see `what_decides`.
    """
    return str(belonging(as_table(scenario), fingerprints(scenario))["scenario_hash"])


def belonging(table: Table, files: Mapping[str, str]) -> dict[Hashable | None, Any]:
    """What tables of results say of the scenario whose they are, as `attrs` of what pandas reads.

    Parameters
    ----------
    table : dict
        The scenario; see `as_table`.
    files : mapping of str to str
        Hashes of its files from outside; see `fingerprints`.
    """
    worlds = [table["run"]["replications"], table["run"]["probe_replications"]]
    return {
        "scenario": table["name"],
        "scenario_hash": hash_values([what_decides(table, files), worlds], digits=64),
        "model_version": MODEL_VERSION,
    }


def same_results(there: str, here: str, at_work: Collection[str]) -> bool:
    """Whether two versions of the model give the same results where only `at_work` of `CHANGES` acts."""
    return _leads_to(there, here, at_work) or _leads_to(here, there, at_work)


def _leads_to(older: str, newer: str, at_work: Collection[str]) -> bool:
    """Whether changes that do not act lead from one version to another."""
    while older != newer:
        step = next((step for step in CHANGES if step[0] == older), None)
        if step is None or step[2] in at_work:
            return False
        older = step[1]
    return True


def run_id(scenario: Scenario, started: datetime) -> str:
    """Name of a run's folder: when it was started (UTC), and the scenario's hash."""
    return f"{started:%Y%m%d-%H%M%S}-{scenario_hash(scenario)[:8]}"


@dataclass(frozen=True)
class Effort:
    """What a run took.

    Attributes
    ----------
    seconds : dict of str to float
        Time spent by stage; ``"simulation"`` gives the speed.
    worlds : int
        Worlds run in all.
    peak_memory_bytes : int
    workers, threads : int
        Processes, and threads of each world.
    """

    seconds: dict[str, float]
    worlds: int
    peak_memory_bytes: int
    workers: int
    threads: int


def manifest(scenario: Scenario, arms: list[str], started: datetime, effort: Effort) -> dict[str, Any]:
    """Everything about a run that its tables do not say.

    Parameters
    ----------
    arms : list of str
        All arms run, probes included.
    started : datetime
        In UTC.
    effort : Effort
    """
    world, seconds = scenario.world, effort.seconds
    viewer_days = world.viewers * world.days * effort.worlds
    return {
        "scenario": scenario.name,
        "scenario_hash": scenario_hash(scenario),
        "model_version": MODEL_VERSION,
        "seed": scenario.run.seed,
        "replications": scenario.run.replications,
        "warm_up": scenario.warm_up.model_dump(),
        "days_left_out": scenario.run.warm_up_days,
        "arms": [arm.name for arm in scenario.arms],
        "probes": [name for name in arms if name not in {arm.name for arm in scenario.arms}],
        "started": started.isoformat(timespec="microseconds"),
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "viewer_days": viewer_days,
        "viewer_days_per_second": round(viewer_days / max(seconds["simulation"], 1e-9)),
        "peak_memory_bytes": effort.peak_memory_bytes,
        "workers": effort.workers,
        "threads": effort.threads,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": {name: _version_of(name) for name in PACKAGES},
        "git_revision": git_revision(),
    }


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def git_revision() -> str | None:
    """Commit of the code, with ``+changes`` if files differ from it; None outside a checkout."""

    def git(*words: str) -> str:
        command = ["git", "-C", str(PROJECT_FOLDER), *words]
        done = subprocess.run(command, capture_output=True, check=True, timeout=10)
        return done.stdout.decode(errors="replace").strip()  # names of files may be in any encoding

    if not IN_CHECKOUT:  # an environment may lie in a repository of something else
        return None
    try:
        changes = git("status", "--porcelain", "--untracked-files=no")
        return git("rev-parse", "HEAD") + ("+changes" if changes else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _version_of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
