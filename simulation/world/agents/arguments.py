"""What a model may be made of, as people write it and as Mesa's tools hand it over."""

from __future__ import annotations

import operator
from typing import Any

from ...errors import Problem, nearest
from ...languages.speaking import sentence
from ...scenario.reading.read import Source, as_checked, read_checked, refusal
from ...scenario.scenario import Scenario
from ...scenario.tables import NO_PAST, Arm
from ...state.luck import replicate_key
from ..cast.cast import Cast, draw_cast
from ..cast.past import Past

IN_A_LIST = "mesa.batch_run takes them in a list: {'scenario': [scenario], 'arm': scenario.arms}"


def given_scenario(scenario: Source) -> Scenario:
    """The scenario itself, or what is read from its name, path or tables.

    Raises
    ------
    ScenarioError
        If anything is wrong with it, or if it has claims of its own: these are checked by
        `simulation.claims.reading.read_scenario`, which knows of what they can speak, and by nothing else.
    """
    if isinstance(scenario, tuple):  # batch_run goes through whatever can be gone through
        raise TypeError(f"a part of a scenario where a whole one is meant; {IN_A_LIST}")
    if isinstance(scenario, Scenario):
        return as_checked(scenario)
    return read_checked(scenario, None, [_unread_claims])


def _unread_claims(scenario: Scenario) -> list[Problem]:
    """Claims that a world by itself cannot check."""
    if not scenario.claims:
        return []
    return [
        Problem(
            "claims",
            "claims of the scenario's own, which one world by itself cannot check",
            "a scenario that has been read: LiveCommerceModel(simulation.read_scenario(...), arm)",
        )
    ]


def given_arm(scenario: Scenario, arm: Arm | str) -> Arm:
    """The arm itself, or the one of that name or role.

    Raises
    ------
    ScenarioError
        If the scenario has none of that name.
    """
    if isinstance(arm, Arm):
        return arm
    if not isinstance(arm, str):
        raise TypeError(f"an arm of the scenario or its name, not a {type(arm).__name__}; {IN_A_LIST}")
    if found := scenario.arm(arm):
        return found
    names = [each.name for each in scenario.arms]
    raise refusal(
        scenario,
        [
            Problem(
                "arm",
                sentence("'{arm}'{near}", arm=arm, near=nearest(arm, names)),
                sentence("one of {names}", names=", ".join(names)),
            )
        ],
    )


def given_cast(scenario: Scenario, cast: Cast | None, replicate: int | None, rng: int | None) -> Cast:
    """The cast itself, or the one of a replication; see `LiveCommerceModel`."""
    numbers = {
        _number(name, given) for name, given in (("replicate", replicate), ("rng", rng)) if given is not None
    }
    if len(numbers) > 1:
        raise ValueError(f"replicate {replicate} and rng {rng} are different replications; give one of them")
    number = numbers.pop() if numbers else None
    if cast is None:
        return draw_cast(scenario, number or 0)
    if number is not None and cast.key != replicate_key(scenario.run.seed, number):
        raise ValueError(f"the cast is not that of replication {number}; give one of them")
    return cast


def _number(name: str, given: Any) -> int:
    """`given` as the number of a replication."""
    try:
        number = operator.index(given)
    except TypeError:
        number = -1
    if number < 0:
        raise ValueError(f"{name} is the number of a replication, a whole number from 0 on, not {given!r}")
    return number


def given_past(scenario: Scenario, arm: Arm, cast: Cast) -> Past | None:
    """What has gone before in `arm`.

    Raises
    ------
    ScenarioError
        If the scenario wants a past and the cast has none.
    """
    past, wanted = cast.past_of(arm), scenario.warm_up.past
    if past is None and wanted != NO_PAST:
        found = sentence("'{wanted}', but the cast of this world has no past", wanted=wanted)
        raise refusal(scenario, [Problem("warm_up.past", found, "cast=simulation.warm_cast(scenario)")])
    return past
