"""One finished run of a sweep: a point, a replication, all arms on common luck."""

from __future__ import annotations

import gc
import hashlib
import json
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ...measures import Outcome, measure_all
from ...scenario.reading import changed_scenario, stored_table
from ...scenario.scenario import Scenario
from ...world.cast import draw_cast
from ...world.model import LiveCommerceModel
from ..manifest import MODEL_VERSION

Model = Callable[[Scenario, int], dict[str, dict[str, float]]]
"""What a task runs: (scenario at the point, replicate) -> measures by arm, by probe, and by pair of arms
(`pair_name`) where a measure belongs to both."""

AGAINST = " against "


@dataclass(frozen=True)
class Task:
    """What a worker is sent: plain values, no models.

    Attributes
    ----------
    identity : str
        Hash of the resolved scenario at the point, the replicate and the model's version.
    point : int
        Row of the design.
    replicate : int
        World.
    changes : dict
        Dotted keys and their values at the point.
    """

    identity: str
    point: int
    replicate: int
    changes: dict[str, Any]


@dataclass
class Finished:
    """What comes back: measures as from a `Model`, or the error that arose."""

    identity: str
    point: int
    replicate: int
    changes: dict[str, Any]
    seed: int
    arms: dict[str, dict[str, float]] = field(default_factory=dict)
    error: str = ""
    trace: str = ""
    seconds: float = 0.0

    def as_json(self) -> str:
        """One line of JSON; missing numbers as null."""
        content = asdict(self)
        content["arms"] = {
            arm: {name: value if value == value else None for name, value in measures.items()}
            for arm, measures in self.arms.items()
        }
        return json.dumps(content, ensure_ascii=False, allow_nan=False)


def pair_name(arm: str, against: str) -> str:
    """Name of what is measured in two arms together; arms' own names have no spaces."""
    return f"{arm}{AGAINST}{against}"


def pair_of(name: str) -> tuple[str, str]:
    """The two arms of a `pair_name`; the second is empty for an arm or probe by itself."""
    arm, _, against = name.partition(AGAINST)
    return arm, against


def identity_of(scenario: dict[str, Any], replicate: int, kept: Sequence[Any] = ()) -> str:
    """Hash of what decides a run's outcome, 20 digits.

    Parameters
    ----------
    scenario : dict
        The resolved scenario as a table.
    replicate : int
        World.
    kept : sequence
        What is kept beyond the arms' own measures, as plain values: runs with and without it differ.
    """
    content = [scenario, replicate, MODEL_VERSION, *kept]  # and the model's version
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def run_arms(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """Run every arm of `scenario` on one cast; measures by arm."""
    cast = draw_cast(scenario, replicate)
    found = {}
    for arm in scenario.arms:
        model = LiveCommerceModel(scenario, arm, cast)
        try:
            model.run()
            found[arm.name] = measure_all(Outcome.of(model))
        finally:
            model.close()
    return found


_base: tuple[str, Scenario] | None = None


def run_task(base: str, task: Task, model: Model = run_arms) -> Finished:
    """Run one task in a worker; an error becomes part of the result.

    Parameters
    ----------
    base : str
        The scenario without its sweep, as JSON; parsed once in each worker.
    task : Task
        The point and replicate.
    model : callable
        What is run there; functions with known answers take the model's place in tests.
    """
    global _base
    started = time.perf_counter()
    if _base is None or _base[0] != base:
        _base = base, stored_table(json.loads(base), "sweep")
        # Models hold on to themselves in cycles, and are few objects but large ones, so that the
        # collector would let many of them pile up. What stays for good is set aside once, which
        # makes looking through the rest after every task quick.
        gc.collect()
        gc.freeze()
    scenario = _base[1]
    result = Finished(task.identity, task.point, task.replicate, task.changes, scenario.run.seed)
    try:
        result.arms = model(changed_scenario(scenario, task.changes), task.replicate)
    except Exception as error:  # recorded, so that one bad point never stops a sweep
        result.error = f"{type(error).__name__}: {error}"
        result.trace = traceback.format_exc()
    gc.collect()
    result.seconds = time.perf_counter() - started
    return result
