"""What a sweep keeps so that every claim can be weighed: probes, ends of trends, paired merchants."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..claims.catalogue import answerable_claims, windows_wanted
from ..claims.effects import TREND_DAYS, RunOutcomes
from ..claims.kind import Reads
from ..runs.execution import gathered, run_replicate
from ..runs.probes import Probe, acting, planned_arms, probes_asked, probes_needed
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import TESTS, ClaimTest
from .results import SweepResults
from .tasks import RunFunction, pair_name, run_arms


def point_model(scenario: Scenario) -> RunFunction:
    """What a sweep of `scenario` runs at each point."""
    return run_arms_and_probes if scenario.sweep and scenario.sweep.all_claims else run_arms


def claim_needs(scenario: Scenario, replicate: int) -> list[list[str]]:
    """What a run that keeps all that claims need has beyond the arms' own measures, for its identity.

    Names of probes, of means over some of the days, of measures of which both ends are kept, and of those
    of paired merchants; not what claims expect of them, which decides no result.

    Parameters
    ----------
    scenario : Scenario
        At a point of the sweep.
    replicate : int
        World; probes are in the first `run.probe_replications` only.
    """
    probes = probes_asked(scenario, answerable_claims(scenario))
    kept = {("all_claims",), *(("probe", probe.name) for probe in probes)}
    kept |= {("window", name) for name in windows_wanted(answerable_claims(scenario))}
    if probes and replicate < scenario.run.probe_replications:
        kept.add(("probes run",))
    for test in _tests(scenario):
        names = [arm.name for name in (test.arm, test.against) if name and (arm := scenario.arm(name))]
        if TESTS[test.kind].reads is not Reads.RUNS:
            kept.add((test.kind, test.measure, *names))
    return [list(entry) for entry in sorted(kept)]


def worlds_per_run(scenario: Scenario) -> int:
    """Worlds that one run of a sweep simulates: arms, and probes if there are any."""
    claims = answerable_claims(scenario) if scenario.sweep and scenario.sweep.all_claims else []
    return len(scenario.arms) + len(probes_needed(scenario, claims))


def run_arms_and_probes(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """Run every arm, and all that the tests of claims need besides, on one cast.

    Parameters
    ----------
    scenario : Scenario
        At a point of the sweep. Probes are run in its first ``run.probe_replications`` replications.
    replicate : int
        World.

    Returns
    -------
    dict of str to dict
        Measures by arm, with both ends of daily measures that claims test for a trend (`end_names`);
        by probe, named after all that a test switches off, also where part of it cannot act; and by
        pair of arms (`pair_name`), those of merchants paired between the two.
    """
    claims = answerable_claims(scenario)
    plan = planned_arms(scenario, probes_needed(scenario, claims), windows_wanted(claims))
    results = gathered(list(plan.arms), [run_replicate(plan, replicate, 1, lambda: None)])
    outcomes = RunOutcomes(scenario, results)
    measures = _by_world(results.runs)
    found = {arm.name: measures[arm.name] for arm in scenario.arms}
    # What can act depends on the point; a sweep's rows have the same names at all of them.
    for probe in probes_asked(scenario, claims):
        world = acting(scenario, probe).name
        if world in measures:
            found[probe.name] = dict(measures[world])
    for test in _tests(scenario):
        _keep_more(test, scenario, outcomes, found)
    return found


def end_names(measure: str) -> tuple[str, str]:
    """Names under which a sweep keeps the first and the last days of a daily measure."""
    return f"{measure}_first_{TREND_DAYS}_days", f"{measure}_last_{TREND_DAYS}_days"


def needed_columns(test: ClaimTest) -> tuple[str, ...]:
    """Columns of a sweep's data set that a test looks at."""
    return end_names(test.measure) if TESTS[test.kind].reads is Reads.DAYS else (test.measure,)


class SweepOutcomes:
    """Outcomes of a sweep as claims look at them, arrays of shape (points, replications).

    See `claims.effects.Outcomes`; points are those of ``results.points``, in that order.

    Parameters
    ----------
    results : SweepResults
        A sweep.
    """

    def __init__(self, results: SweepResults):
        self._results = results

    def world(self, wanted: Probe) -> str:
        """Name under which a probe is kept, the same at all points."""
        return wanted.name

    def values(self, world: str, measure: str) -> np.ndarray:
        """A measure of whole runs, in an arm or probe."""
        return self._results.table(measure, world).to_numpy(float)

    def ends(self, arm: str, measure: str) -> tuple[np.ndarray, np.ndarray]:
        """Mean of a daily measure over its first and its last days."""
        early, late = end_names(measure)
        return self.values(arm, early), self.values(arm, late)

    def paired(self, arm: str, against: str, measure: str) -> np.ndarray:
        """A measure of merchants paired between two arms."""
        return self._results.table(measure, arm, against).to_numpy(float)


def _by_world(runs: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Measures of the only run of each arm and probe."""
    rows = runs.set_index("arm").drop(columns="replicate")
    return {
        str(arm): {str(name): float(value) for name, value in row.items()} for arm, row in rows.iterrows()
    }


def _tests(scenario: Scenario) -> list[ClaimTest]:
    return [test for claim in answerable_claims(scenario) for test in claim.tests]


def _keep_more(
    test: ClaimTest, scenario: Scenario, outcomes: RunOutcomes, found: dict[str, dict[str, float]]
) -> None:
    """Add to `found` what one test needs besides the measures of whole runs."""
    arm = scenario.arm(test.arm)
    assert arm is not None
    reads = TESTS[test.kind].reads
    if reads is Reads.DAYS:
        ends = outcomes.ends(arm.name, test.measure)
        found[arm.name] |= {
            name: float(end[0]) for name, end in zip(end_names(test.measure), ends, strict=True)
        }
    if reads is Reads.PAIRS:
        against = scenario.arm(str(test.against))
        assert against is not None
        value = outcomes.paired(arm.name, against.name, test.measure)
        # Empty if no merchant was there long enough in both.
        kept = {test.measure: float(value[0])} if len(value) else {}
        found.setdefault(pair_name(arm.name, against.name), {}).update(kept)
