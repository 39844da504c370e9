"""However a scenario is made or changed in Python, nothing unchecked is run."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from simulation import LiveCommerceModel, read_scenario
from simulation.scenario import Scenario, ScenarioError
from simulation.scenario.reading.read import as_checked
from tests.support.questions import small_table


def read() -> Scenario:
    return read_scenario(small_table())


def written_to(scenario: Scenario) -> Scenario:
    scenario.arms[0].platform.channels["telepathy"] = 1.0
    return scenario


def without_arms(scenario: Scenario) -> Scenario:
    scenario.arms.clear()
    return scenario


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda scenario: scenario.model_copy(
                update={"world": scenario.world.model_copy(update={"days": 0})}
            ),
            "a whole number from 1",
        ),
        (lambda scenario: scenario.model_copy(update={"merchant_rule": "nobody's"}), "nobody's"),
        (written_to, "telepathy"),
        (without_arms, "arms"),
        (lambda scenario: Scenario.model_construct(**dict(scenario) | {"title": 7}), "title"),
    ],
    ids=["a value out of range", "a rule that there is not", "a channel", "no arm", "a wrong type"],
)
def test_a_scenario_changed_behind_the_checks_makes_no_world(
    change: Callable[[Scenario], Scenario], words: str
) -> None:
    scenario = read()
    arm = scenario.arms[0]
    with pytest.raises(ScenarioError, match=words):
        LiveCommerceModel(change(scenario), arm)


def test_values_are_never_assigned() -> None:
    scenario = read()
    with pytest.raises(ValueError, match="frozen"):
        scenario.title = "Other"  # type: ignore[misc]


def test_what_has_been_checked_is_not_checked_again() -> None:
    scenario = read()
    assert as_checked(scenario) is scenario
    assert as_checked(sent := pickle.loads(pickle.dumps(scenario))) is sent
    made = Scenario(**{name: value for name, value in scenario.model_dump().items() if value is not None})
    assert as_checked(made) == scenario and as_checked(made) is not made
    copied = scenario.model_copy(update={"world": scenario.world.model_copy(update={"days": 9})})
    assert as_checked(copied).world.days == 9


def test_changes_by_dotted_keys_make_another_scenario_checked_as_a_file() -> None:
    scenario = read()
    other = read_scenario(scenario, {"world.days": 9, "arms.feed.platform.pool": 3.0})
    assert (other.world.days, other.arms[0].platform.pool) == (9, 3.0) and scenario == read()
    with pytest.raises(ScenarioError, match="did you mean"):
        read_scenario(scenario, {"world.day": 9})
    claim = {
        "id": "c",
        "title": "C",
        "tests": [
            {
                "measure": "gvm",
                "kind": "level",
                "arm": "feed",
                "direction": "higher",
                "margin": 1.0,
                "why": "because",
            }
        ],
    }
    with pytest.raises(ScenarioError, match="did you mean 'gmv'"):
        read_scenario(scenario, {"claims": [claim]})
