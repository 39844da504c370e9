"""Reading a scenario, its claims included: whatever is read is checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import Problem, ScenarioError
from ..scenario.reading.read import Check, Source, checked_table, read_checked
from ..scenario.scenario import Scenario


def read_scenario(
    source: Source, overrides: Mapping[str, Any] | None = None, further: Iterable[Check] = ()
) -> Scenario:
    """Read, complete and check a scenario. Nothing that it names is run.

    Parameters
    ----------
    source : str, Path, mapping or Scenario
        A TOML file's path, or the name of a scenario that comes with the project (see
        `find_scenario`); or what such a file holds, as nested tables, in which files are named as seen
        from the present folder. Tables are never changed.
    overrides : mapping of str to Any, optional
        Dotted keys and their values, checked like the file; see `keys`. Paths are seen from the
        present folder or else, as in the file, from the file's.
    further : iterable of callable
        What is to be checked beyond what every command needs, in the same go.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With all problems found, if anything is wrong.
    TypeError
        If `source` is nothing of the above.
    """
    return read_checked(source, overrides, [claim_problems, *further])


def check_table(
    table: dict[str, Any], source: str, text: str = "", further: Iterable[Check] = ()
) -> Scenario:
    """Check a scenario given as nested tables; see `read_scenario`.

    Claims may speak of measures that our model does not have, as another model may take its place in a
    sweep; whatever runs ours refuses them (`check_own_claims`).
    """
    return checked_table(table, source, text, [ratio_problems, *further])


def check_own_claims(scenario: Scenario, source: str) -> None:
    """Raise `ScenarioError` if a claim of a scenario made in Python speaks of what does not exist."""
    if problems := claim_problems(scenario):
        raise ScenarioError(source, problems)


def claim_problems(scenario: Scenario) -> list[Problem]:
    """What is wrong with a scenario's own claims and measures, such as measures that there are none."""
    if not scenario.claims and not scenario.plugins.measures:
        return []
    from .checking import claim_faults  # knows all measures, which takes a while

    return claim_faults(scenario)


def ratio_problems(scenario: Scenario) -> list[Problem]:
    """Percent changes, in a scenario's own claims, of what has none."""
    if not any(test.takes_a_ratio for claim in scenario.claims for _, test in claim.keyed_tests):
        return []
    from .checking import ratio_faults  # as above

    return ratio_faults(scenario)
