"""Tiny runs whose tables are then made up by hand, so that what a page shows of them is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from simulation.archive.archive import StoredRun, read_run, write_run
from simulation.claims.reading import check_table
from simulation.laboratory import findings, plan_experiment
from simulation.pages.run.content import Content
from simulation.runs.execution import run_plan
from simulation.runs.line_lists import AGENTS_FOLDER
from simulation.scenario.scenario import Scenario
from simulation.storage.manifest import Effort, manifest, now
from tests.support.stated_world import stated

WORLD = {"viewers": 40, "merchants": 4, "days": 10}


def tiny(arms: list[dict[str, Any]], replications: int = 3, **sections: Any) -> Scenario:
    """A stated scenario of tens of viewers; `sections` as in a file, whose `world` is added to."""
    table = {
        "name": "tiny",
        "title": "Tiny",
        "article_claims": False,
        "arms": arms,
        "run": {"replications": replications, "seed": 7},
    }
    return check_table(table | stated(**sections) | {"world": WORLD | sections.get("world", {})}, "tiny")


def stored(scenario: Scenario, folder: Path) -> StoredRun:
    """The scenario's run, read back from `folder`; no page is drawn for it, which would take seconds."""
    plan = plan_experiment(scenario)
    results = run_plan(plan, record_to=folder / AGENTS_FOLDER)
    effort = Effort({"simulation": 1.0, "findings": 0.0}, plan.runs, results.peak_memory_bytes, 1, 1)
    about = manifest(scenario, list(plan.arms), now(), effort) | {"number": 1}
    write_run(folder, scenario, results, findings(scenario, results), about)
    return read_run(folder)


def with_runs(run: StoredRun, values: dict[str, dict[str, list[float]]]) -> Content:
    """The run with other measures: values by arm, measure and world. Claims are judged anew."""
    runs = run.results.runs.set_index(["arm", "replicate"])
    for arm, measures in values.items():
        for measure, by_world in measures.items():
            for replicate, value in enumerate(by_world):
                runs.loc[(arm, replicate), measure] = value
    results = replace(run.results, runs=runs.reset_index())
    return Content(replace(run, results=results, claims=findings(run.scenario, results)))


def with_table(run: StoredRun, name: str, table: pd.DataFrame) -> Content:
    """The run with another table of that name."""
    return Content(replace(run, results=replace(run.results, **{name: table})))


def with_daily(run: StoredRun, column: str, values: dict[str, list[list[float]]]) -> Content:
    """The run with another daily column: values by arm, world and day."""
    daily = run.results.daily.copy()
    for arm, worlds in values.items():
        for replicate, by_day in enumerate(worlds):
            rows = (daily["arm"] == arm) & (daily["replicate"] == replicate)
            daily.loc[rows, column] = pd.Series(by_day, dtype=float).to_numpy()
    return with_table(run, "daily", daily)
