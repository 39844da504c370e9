"""Policy search: the Pareto front between goals over settings of levers, by an optimiser of one's choice.

Optuna proposes a whole generation of settings; every setting runs all arms of the scenario in the same
worlds, so that settings are compared on common luck; the goals' means are told; and so on.

Only finished runs are kept, nothing of the optimiser: given its seed and what it is told, it always
proposes the same settings. To resume is to go through the search again from the start, with runs read
from disk where they are there. A search that was killed and resumed therefore leaves the same bytes as
one that ran through.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pandas as pd
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.study import StudyDirection

from ...errors import ExecutionError, Problem, ScenarioError
from ...languages.speaking import sentence
from ...platforms.plugged_in import load_plugins
from ...scenario.identity import as_table, fingerprints
from ...scenario.reading.read import changed_scenario, value_in
from ...scenario.scenario import Scenario
from ...scenario.sections.policy_search import OPTIMISERS, PolicySearch
from ...scenario.sections.sweep import Factor
from ...storage.files import write_table
from ...storage.manifest import belonging
from ...storage.work_folders import held_folder
from ..bookkeeping import Bookkeeping
from ..execution.executors import KeptOpen
from ..execution.options import Execution
from ..execution.probing import check_workers
from ..folder import CANDIDATES, SweepFolder
from ..planning import typed_values, with_typed_choices
from ..resuming import EVERY_RUN_HAS, RunsAgain, counted_runs, measured_in
from ..sampling.factors import value_at as lever_value_at
from ..sampling.points import asked_once
from ..sweep import about_sweep, run_all
from ..tasks import Finished, Task, as_sent, content_hash, run_arms, run_identity
from .candidates import NOT_ALLOWED, Candidate, candidate_table, goal_values
from .levers import Levers, checked_search
from .optimiser import Optimiser

Evaluate = Callable[[int, list[Levers]], list[Candidate]]
"""(generation, settings) -> what they bring, in the same order."""


def search_policies(scenario: Scenario, folder: Path, how: Execution) -> pd.DataFrame:
    """Look for the Pareto front, and write ``candidates.parquet``.

    Parameters are those of `run_sweep`. A run that fails, or a goal without a value, makes its setting
    a failed candidate; the search goes on.

    Returns
    -------
    DataFrame
        One row per setting; see `candidate_table`.

    Raises
    ------
    ScenarioError
        If the search cannot be made, before anything is written.
    ArchiveError
        If the folder is in use, or holds what would be lost or answers another question.
    ExecutionError
        If the whole first generation fails, or a cluster is lost.
    """
    scenario = with_typed_choices(scenario)
    search, today = checked_search(scenario)
    load_plugins(scenario)
    base = as_sent(asked_once(scenario))
    with closing(KeptOpen(how.executor)) as pool:
        with pool() as opened:  # one that cannot be used is found out before anything is written
            check_workers(opened, base)
        with held_folder(folder):
            store = SweepFolder(folder)
            usable, why = store.begin(
                about_sweep(scenario, today, "policy search"), how.resume, how.other_version
            )
            runs = {run["identity"]: run for run in store.runs() if run["identity"] in usable}
            if runs and why:
                _say_what_counts_no_longer(folder, len(runs), why)
            staying = replace(how, executor=pool, model=how.model or run_arms)
            evaluate = Evaluation(scenario, search, store, staying, _with_goals(search, runs, folder))
            try:
                evolve(search, today, evaluate)
            finally:
                evaluate.close()
            table = candidate_table(search, evaluate.candidates)
            table.attrs = belonging(as_table(scenario), fingerprints(scenario))
            write_table(folder / CANDIDATES, table)
            store.close(CANDIDATES)
    return table


def _say_what_counts_no_longer(folder: Path, runs: int, why: str) -> None:
    """Warn (`RunsAgain`) of finished runs in a folder that count no longer."""
    text = sentence(
        "{folder}: {runs} there no longer count where {why}", folder=folder, runs=counted_runs(runs), why=why
    )
    warnings.warn(text, RunsAgain, stacklevel=3)


def _with_goals(
    search: PolicySearch, runs: dict[str, dict[str, Any]], folder: Path
) -> dict[str, dict[str, Any]]:
    """Runs that have every goal's measure; those made before one was measured are run again (`RunsAgain`)."""
    goals = {goal.measure for goal in search.goals} & EVERY_RUN_HAS
    whole = {name: run for name, run in runs.items() if goals <= measured_in(run)}
    if len(whole) < len(runs):
        early = counted_runs(len(runs) - len(whole))
        lacking = sorted(goals - frozenset.intersection(*map(measured_in, runs.values())))
        warnings.warn(
            sentence(
                "{folder}: {early} there will be run again: made before {lacking} was measured",
                folder=folder,
                early=early,
                lacking=", ".join(lacking),
            ),
            RunsAgain,
            stacklevel=3,
        )
    return whole


class Evaluation:
    """Runs whole generations of settings, each setting and world once.

    Parameters
    ----------
    scenario : Scenario
    search : PolicySearch
    store : SweepFolder
        Where finished runs go.
    how : Execution
        With the model that is run, and an executor that stays open.
    runs : dict of str to dict
        Runs on disk by identity; they are not run again.
    """

    def __init__(
        self,
        scenario: Scenario,
        search: PolicySearch,
        store: SweepFolder,
        how: Execution,
        runs: dict[str, dict[str, Any]],
    ):
        self._base, self._search, self._runs = asked_once(scenario), search, runs
        self._text, self._content = as_sent(self._base), content_hash(fingerprints(self._base))
        self._how = how
        total = (search.population * search.generations + 1) * search.replications  # 1: today's setting
        self._books = Bookkeeping(store, total, how.report)
        self._known: dict[str, Candidate] = {}

    @property
    def candidates(self) -> list[Candidate]:
        """All settings so far, in the order in which they came up; each once."""
        return list(self._known.values())

    def __call__(self, generation: int, settings: list[Levers]) -> list[Candidate]:
        """What the settings bring; those that came up before are not run again."""
        planned = [self._plan(levers) for levers in settings]
        wanted = {
            task.identity: task
            for _, tasks, _ in planned
            for task in tasks
            if task.identity not in self._runs
        }
        self._books.spare(len(settings) * self._search.replications - len(wanted))
        run_all(self._text, wanted, self._how, self._keep)
        return [self._candidate(generation, *plan) for plan in planned]

    def close(self) -> None:
        """Write the last status."""
        self._books.close()

    def _keep(self, finished: Finished) -> None:
        self._books.enter(finished)
        self._runs[finished.identity] = json.loads(
            json.dumps(finished.as_record())
        )  # as it is read from disk

    def _plan(self, levers: Levers) -> tuple[Levers, list[Task], str]:
        """A setting in the scenario's types, and its runs, or why the scenario does not allow it."""
        try:
            resolved = changed_scenario(self._base, levers, "the setting")
        except ScenarioError as error:
            first = error.problems[0]
            return levers, [], sentence(NOT_ALLOWED, key=first.key, found=first.found)
        table = as_table(resolved)
        typed = typed_values({key: value_in(table, key) for key in levers}, levers, "the setting")
        content = self._content(table)
        return (
            typed,
            [
                Task(run_identity(content, world), len(self._known), world, typed, resolved.run.seed)
                for world in range(self._search.replications)
            ],
            "",
        )

    def _candidate(self, generation: int, levers: Levers, tasks: list[Task], invalid: str) -> Candidate:
        key = json.dumps(levers)
        if key not in self._known:
            found = [self._runs[task.identity] for task in tasks]
            values, reason = goal_values(self._base, self._search.goals, found)
            number = len(self._known)
            self._known[key] = Candidate(number, generation, levers, values, invalid or reason)
        return self._known[key]


def evolve(search: PolicySearch, today: Levers, evaluate: Evaluate) -> None:
    """Let the optimiser propose generations of settings and tell it what they bring.

    Today's setting is evaluated first of all, and is one of the first generation if it lies in the
    levers' ranges.

    Raises
    ------
    ExecutionError
        If the whole first generation fails.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    optimiser: Optimiser = OPTIMISERS[search.optimiser]
    sampler = optimiser.sampler(search)
    better = {"higher": StudyDirection.MAXIMIZE, "lower": StudyDirection.MINIMIZE}
    directions = [better[goal.direction] for goal in search.goals]
    study = optuna.create_study(directions=directions, sampler=sampler)
    space = {lever.key: lever_distribution(lever) for lever in search.levers}
    first = [today]
    if all(_contains(space[key], value) for key, value in today.items()):
        study.enqueue_trial(today)
    for generation in range(search.generations):
        trials = [study.ask(space) for _ in range(search.population)]
        settings = [{key: trial.params[key] for key in space} for trial in trials]
        found = evaluate(generation, first + settings)[len(first) :]
        first = []
        for trial, candidate in zip(trials, found, strict=True):
            if candidate.reason:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
            else:
                study.tell(trial, candidate.means)
        succeeded = sum(not candidate.reason for candidate in found)
        if not generation and not succeeded:
            raise ExecutionError(
                "policy_search",
                [
                    Problem(
                        "the first generation",
                        sentence("every setting failed, such as: {reason}", reason=found[0].reason),
                        "levers and goals with which some settings have a value for every goal",
                    )
                ],
            )
        optimiser.after(sampler, succeeded)


def lever_distribution(lever: Factor) -> BaseDistribution:
    """A lever as Optuna knows it."""
    if lever.choices:
        return CategoricalDistribution(lever.choices)
    low, high = lever_value_at(lever, [0.0, 1.0])  # type: ignore[arg-type]
    log = lever.scale == "log"
    return IntDistribution(low, high, log=log) if lever.whole else FloatDistribution(low, high, log=log)


def _contains(distribution: BaseDistribution, value: Any) -> bool:
    try:
        return bool(distribution._contains(distribution.to_internal_repr(value)))
    except ValueError:
        return False
