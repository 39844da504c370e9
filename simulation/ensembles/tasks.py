"""One finished run of a sweep: a point, a replication, all arms on common luck."""

from __future__ import annotations

import gc
import json
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from ..languages.python_errors import own_words
from ..languages.speaking import ENGLISH, speaking
from ..measures import Outcome, measure_all
from ..scenario.identity import (
    Table,
    TablesHashed,
    as_table,
    check_files,
    fingerprints,
    hash_values,
    what_decides,
)
from ..scenario.reading.read import changed_scenario, stored_table
from ..scenario.scenario import Scenario
from ..storage.manifest import MODEL_VERSION
from ..warm_up.beginning import warm_cast
from ..warm_up.compiling import compile_the_longest_first
from ..world.model import LiveCommerceModel
from .execution.failures import kept_words
from .outcomes import plain_outcomes

RunFunction = Callable[[Scenario, int], dict[str, dict[str, float]]]
"""What a task runs: (scenario at the point, replicate) -> measures by arm, by probe, and by pair of arms
(`pair_name`) where a measure belongs to both."""

AGAINST = " against "
LONGEST_ERROR, LONGEST_TRACE = 1_000, 20_000


@dataclass(frozen=True)
class Task:
    """What a worker is sent: plain values, no models.

    Attributes
    ----------
    identity : str
        Hash of all that decides the run's result (`run_identity`); tasks of points that come to the same
        have the same.
    point : int
        Row of the design.
    replicate : int
        World.
    changes : dict
        Dotted keys and their values at the point.
    seed : int
        Seed of all luck at the point.
    """

    identity: str
    point: int
    replicate: int
    changes: dict[str, Any]
    seed: int


@dataclass
class Finished:
    """What comes back: measures as from a `RunFunction`, or the error that arose.

    `error` and `trace` are Python's, in English; `said` is what it means (`execution.failures`).
    """

    identity: str
    point: int
    replicate: int
    changes: dict[str, Any]
    seed: int
    arms: dict[str, dict[str, float]] = field(default_factory=dict)
    error: str = ""
    said: str = ""
    trace: str = ""
    seconds: float = 0.0

    @classmethod
    def from_task(cls, task: Task, error: BaseException | None = None) -> Finished:
        """What is known of a task so far, with an error if that ended it."""
        found = cls(task.identity, task.point, task.replicate, task.changes, task.seed)
        if error:
            with speaking(ENGLISH):  # as it is stored and compared
                trace = "".join(traceback.format_exception(error))
                found.error = _storable(f"{type(error).__name__}: {own_words(error)}"[:LONGEST_ERROR])
            found.said = _storable(kept_words(error))
            found.trace = _storable(trace[-LONGEST_TRACE:])
        return found

    def as_record(self) -> dict[str, Any]:
        """Plain values as JSON has them; missing numbers as None."""
        content = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        content["arms"] = {
            arm: {name: value if value == value else None for name, value in measures.items()}
            for arm, measures in self.arms.items()
        }
        if not self.said:
            del content["said"]
        return content


def pair_name(arm: str, against: str) -> str:
    """Name of what is measured in two arms together; arms' own names have no spaces."""
    return f"{arm}{AGAINST}{against}"


def split_pair_name(name: str) -> tuple[str, str]:
    """The two arms of a `pair_name`; the second is empty for an arm or probe by itself."""
    arm, _, against = name.partition(AGAINST)
    return arm, against


def _storable(text: str) -> str:
    """Text as files of any encoding hold it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def content_hash(files: Mapping[str, str]) -> Callable[[Table], str]:
    """What gives a hash of all that decides the results of a scenario, 20 digits, from its `as_table`.

    Parameters
    ----------
    files : mapping of str to str
        Hashes of files from outside; see `fingerprints`.
    """
    hashed = TablesHashed(MODEL_VERSION)
    return lambda table: hashed.hash(what_decides(table, files))


def run_identity(content: str, replicate: int, kept: Sequence[Any] = ()) -> str:
    """Hash of what decides a run's outcome, 20 digits.

    Parameters
    ----------
    content : str
        See `content_hash`.
    replicate : int
        World.
    kept : sequence
        What is kept beyond the arms' own measures, as plain values: runs with and without it differ.
    """
    return hash_values([content, replicate, *kept])


def as_sent(scenario: Scenario) -> str:
    """A scenario as workers are sent it: JSON, with hashes of the files that it needs from outside."""
    content = {"scenario": as_table(scenario), "files": fingerprints(scenario)}
    return json.dumps(content, ensure_ascii=False)


def opened(base: str) -> tuple[Scenario, dict[str, str]]:
    """The scenario that was sent, and hashes of the files that it needs from outside."""
    content = json.loads(base)
    return stored_table(content["scenario"], "sweep"), content["files"]


def run_arms(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """Run every arm of `scenario` on one cast; measures by arm."""
    compile_the_longest_first()
    cast = warm_cast(scenario, replicate)
    found = {}
    for arm in scenario.arms:
        model = LiveCommerceModel(scenario, arm, cast)
        try:
            model.run()
            found[arm.name] = measure_all(Outcome.from_model(model))
        finally:
            model.close()
    return found


_base: tuple[str, Scenario, dict[str, str]] | None = None
_frozen: str | None = None
"""The scenario that was sent at whose first run all that was there then was set aside."""


def run_task(base: str, task: Task, model: RunFunction = run_arms) -> Finished:
    """Run one task in a worker; an error becomes part of the result.

    Parameters
    ----------
    base : str
        The scenario without its sweep, see `as_sent`; parsed once in each worker.
    task : Task
        The point and replicate.
    model : callable
        What is run there; functions with known answers take the model's place in tests.
    """
    started = time.perf_counter()
    try:
        result = _run(base, task, model)
    except (Exception, SystemExit) as error:  # recorded, so that one bad point never stops a sweep
        result = Finished.from_task(task, error)
    _collect()
    result.seconds = time.perf_counter() - started
    return result


def _run(base: str, task: Task, model: RunFunction) -> Finished:
    asked, files = _kept_open(base)
    check_files(asked, files)
    scenario = changed_scenario(asked, task.changes)
    found = model(scenario, task.replicate)
    check_files(asked, files)
    result = Finished.from_task(task)
    result.arms = plain_outcomes(found, [arm.name for arm in scenario.arms], task.changes)
    return result


def _kept_open(base: str) -> tuple[Scenario, dict[str, str]]:
    """What `opened` gives, parsed only when `base` is another than last time."""
    global _base
    kept = _base
    if kept is None or kept[0] != base:
        kept = _base = base, *opened(base)
    return kept[1:]


def _collect() -> None:
    """Collect what a run has left, which the collector would put off.

    Models hold on to themselves in cycles, and are few objects but large ones, so that many of them could
    pile up. What stays for good, as compiled rules do, is there after the first run; it is set aside then,
    which makes looking through the rest after every run quick.
    """
    global _frozen
    gc.collect()
    if _base is not None and _frozen is not _base[0]:
        gc.freeze()
        _frozen = _base[0]
