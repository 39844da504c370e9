"""Experiments: from a question to a folder with verdicts and a page."""

from __future__ import annotations

import time
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from ..archive.archive import new_folder, next_number, write_run
from ..claims.catalogue import answerable_claims, reading_name, windows_wanted
from ..claims.decomposition import contribution_probes, contributions, decompose, decomposition_probes
from ..claims.reading import check_own_claims
from ..claims.verdict import judge
from ..languages.speaking import phrase
from ..platforms.plugged_in import load_plugins
from ..resources import RESULTS_FOLDER
from ..runs.comparison import compare_all
from ..runs.execution import Report, run_plan
from ..runs.line_lists import AGENTS_FOLDER
from ..runs.probes import Plan, planned_arms, probes_needed
from ..runs.results import Results
from ..scenario.identity import check_files, fingerprints
from ..scenario.reading.read import Source
from ..scenario.scenario import Scenario
from ..storage.files import check_name
from ..storage.manifest import Effort, manifest, now, run_id
from ..validation.shares import shares_for
from .asking import Changes, asked
from .run_answer import RunAnswer
from .work import Show, divided, shown


def plan_experiment(scenario: Scenario) -> Plan:
    """All arms that `scenario` and the tests of its claims need.

    Raises
    ------
    ScenarioError
        If a claim of a scenario that was made in Python speaks of what does not exist.
    """
    check_own_claims(scenario, scenario.name)
    claims = answerable_claims(scenario)
    probes = probes_needed(scenario, claims)
    if scenario.article_claims:
        probes += decomposition_probes(scenario) + contribution_probes(scenario)
    return planned_arms(scenario, probes, windows_wanted(claims))


def findings(
    scenario: Scenario, results: Results, shares: dict[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Verdicts, comparisons and mechanisms, as they stand in claims.json.

    Parameters
    ----------
    scenario, results
        What was asked, and what came out.
    shares : dict, optional
        What plausible worlds say of its claims; read from the evidence if not given.
    """
    arms, titles = [arm.name for arm in scenario.arms], scenario.titles
    shares = shares_for(scenario) if shares is None else shares
    measures = [str(name) for name in results.runs if name not in ("arm", "replicate")]
    split = decompose(scenario, results.runs) if scenario.article_claims else None
    mechanisms = contributions(scenario, results.runs) if scenario.article_claims else []
    return {
        "scenario": scenario.name,
        "arms": [{"name": arm.name, "label": titles[arm.name], "role": arm.role} for arm in scenario.arms],
        "claims": [_with_shares(verdict.as_dict(), shares) for verdict in judge(scenario, results)],
        "decomposition": split.as_dict() if split else None,
        "mechanisms": [asdict(entry) for entry in mechanisms],
        "comparisons": [asdict(entry) for entry in compare_all(results.runs, arms, measures)],
    }


def _with_shares(claim: dict[str, Any], shares: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A verdict, each reading with what plausible worlds say of it."""
    for reading in claim["readings"]:
        reading["robustness"] = shares.get(reading_name(claim["id"], reading["id"]))
    return claim


def store_run(
    scenario: Scenario,
    results_folder: str | Path = RESULTS_FOLDER,
    workers: int = 1,
    threads: int = 1,
    report: Report | None = None,
) -> Path:
    """Run `scenario`, judge its claims and store everything with its page.

    Parameters
    ----------
    scenario : Scenario
        The question.
    results_folder : str or Path
        The run goes to ``results_folder/<scenario>/<run id>``.
    workers, threads : int
        Processes, and threads of each world; results do not depend on them.
    report : callable, optional
        Told the share of the simulation done.

    Returns
    -------
    Path
        The run's folder, complete; its name ends in ``-2``, ``-3``, ... if that of the run was taken.

    Raises
    ------
    ScenarioError
        Before anything is written, if a plugin cannot be used; or if one fails, or its file is edited, as
        worlds run, in which case nothing is left behind.
    """
    results_folder = Path(results_folder).absolute()  # workers may look from another folder
    check_name(results_folder)
    load_plugins(scenario)
    files = fingerprints(scenario)
    _load_the_page_meanwhile(workers)
    started, clock, number = now(), time.perf_counter(), next_number(results_folder)
    plan = plan_experiment(scenario)
    shares = shares_for(scenario)  # evidence that cannot be read is found out before anything is run
    with new_folder(results_folder / scenario.name / run_id(scenario, started)) as new:
        results = run_plan(plan, workers, threads, report, new.draft / AGENTS_FOLDER)
        simulated = time.perf_counter()
        check_files(scenario, files)
        found = findings(scenario, results, shares)
        seconds = {"simulation": simulated - clock, "findings": time.perf_counter() - simulated}
        effort = Effort(seconds, plan.runs, results.peak_memory_bytes, workers, threads)
        about = manifest(scenario, list(plan.arms), started, effort) | {"number": number}
        write_run(new.draft, scenario, results, found, about)
        _write_page(new.draft)
    return new.target


def _load_the_page_meanwhile(workers: int) -> None:
    """Start the imports of the page, which take some seconds, if the worlds run in other processes."""
    if workers > 1:
        Thread(target=import_module, args=("..pages.run.page", __package__), daemon=True).start()


def _write_page(folder: Path) -> None:
    """Write the page of a run, whose imports wait until there is one."""
    from ..pages.run.page import write_report

    write_report(folder)


def run_experiment(
    question: Source,
    changes: Changes = None,
    *,
    results: str | Path = RESULTS_FOLDER,
    workers: int | None = None,
    threads: int | None = None,
    progress: Show = None,
) -> RunAnswer:
    """Run an experiment: every arm in every world, verdicts on its claims, and a page.

    Parameters
    ----------
    question : Scenario, str, Path or mapping
        What is asked, or anything of which `read_scenario` makes a scenario.
    changes : mapping of str to Any, optional
        Dotted keys and their values, as for `read_scenario`.
    results : str or Path
        The run goes to ``results/<scenario>/<run id>``, seen from the working folder.
    workers, threads : int, optional
        Processes, and threads of each world; all processors if not given. Results do not depend on them.
        A script that runs more than one process does so under ``if __name__ == "__main__":``.
    progress : bool or callable, optional
        Whether it is shown; in terminals and notebooks if not given. Or who is told the share done.

    Returns
    -------
    RunAnswer
        Verdicts, tables, page and figures.

    Raises
    ------
    ScenarioError
        If the question cannot be asked, before anything is run; see also `store_run`.
    """
    scenario = asked(question, changes)
    processes, strands = divided(scenario, workers, threads)
    with shown(progress, phrase("Simulating")) as tell:
        return RunAnswer(store_run(scenario, results, processes, strands, tell))
