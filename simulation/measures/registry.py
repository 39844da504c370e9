"""How a measure is declared and found: every function marked `measure` in this folder is one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import Any

from ..errors import ExecutionError, Problem, ScenarioError
from ..languages.speaking import sentence
from ..scenario.plugins import plugged_in_measure
from ..scenario.scenario import Scenario
from .outcome import Outcome, Window

MISSING = math.nan
"""Value of a measure that has none (no orders at all, say); never zero."""

SECTION_NAMES = ("conversion", "stickiness", "friendliness", "concentration", "flows", "market")

HIGHER, LOWER = "higher", "lower"
"""Which way a measure is better, where anybody would say so."""

WINDOW_MARK = "@"
"""Between a measure and the days of which it is taken: ``conversion_rate@31-180``."""

PER_PERSON, PER_MERCHANT, LARGEST = "persons", "merchants", "largest"
"""How a measure grows with the world: as a sum over persons or merchants, or as what is largest of them."""
IN_AGENTS = "agents"
"""How a measure depends on grain: it is counted in agents, of which fewer stand for the same persons."""

NAMED = "named"
"""Split of a measure that speaks of one merchant with a name."""

SALES = "platform_gmv"
FORETOLD = ("private_gmv_share", "monthly_repurchase", "new_merchants_sales_share", "fan_half_life_days")
"""Measures of which quarters are kept where they are foretold, besides `SALES` of each platform."""

FRACTIONS = ("share", "Gini")
"""Units of measures that are at most 1, unless they say otherwise."""


@dataclass(frozen=True)
class Bounds:
    """Least and greatest value that a quantity can take; infinite where nothing bounds it."""

    lowest: float
    highest: float

    @property
    def for_differences(self) -> Bounds:
        """Bounds of a difference between two such quantities."""
        reach = self.highest - self.lowest
        return Bounds(-reach, reach)


FRACTION, AMOUNT, ANYTHING = Bounds(0.0, 1.0), Bounds(0.0, math.inf), Bounds(-math.inf, math.inf)
RELATIVE = Bounds(-1.0, math.inf)
"""What a change relative to an amount can be: nothing falls by more than all of it."""


@dataclass(frozen=True)
class Measure:
    """One number read off a run.

    Attributes
    ----------
    name : str
        As in runs.parquet.
    label : str
        For readers.
    unit : str
        ``"share"``, ``"CNY"``, ``"days"``, ``"persons"``, ...
    section : str
        File in which it is defined.
    split : str
        ``""``, or ``"channel"``, ``"archetype"`` or ``"platform"`` if it is also taken by each of
        these, under ``name_channel``; by platform only where there are several. With `NAMED` it is taken
        of each merchant with a name, under ``name`` and the merchant's, and of nothing else.
    bounds : Bounds
        What it can be.
    compute : callable
        ``compute(outcome)`` or, if split, ``compute(outcome, part)`` with part None for the whole.
    better : str
        `HIGHER`, `LOWER`, or empty where it depends on who is asked.
    scales : str
        `PER_PERSON`, `PER_MERCHANT`, `LARGEST`, `IN_AGENTS`, or empty if it does not depend on the size of
        the world.
    by_days : bool
        Whether it is read off counts by day or month alone, so that it can be taken of a window of days
        (``name@31-180``); others read the state at the end of the run.
    leaves_out : bool
        Whether first days that a scenario leaves out (``run.warm_up_days``) are left out of it, although it
        cannot be taken of any window of days; of those `by_days` they always are.
    """

    name: str
    label: str
    unit: str
    section: str
    split: str
    bounds: Bounds
    compute: Callable[..., Any]
    better: str = ""
    scales: str = ""
    by_days: bool = False
    leaves_out: bool = False

    @property
    def meaning(self) -> str:
        """Its definition in short: the first sentence of its docstring, to be told."""
        text = " ".join((getdoc(self.compute) or "").split())
        return re.split(r"(?<=\.) (?=[A-Z0-9(`])", text)[0].replace("``", "")

    @property
    def of_all(self) -> bool:
        """Whether it is taken of the whole world, and not of single merchants only."""
        return self.split != NAMED

    @property
    def signed(self) -> bool:
        """Whether it can be negative, so that a ratio of two values says nothing."""
        return self.bounds.lowest < 0


MEASURES: dict[str, Measure] = {}
"""All measures by name, in the order of `SECTION_NAMES`."""

PAIRED_MEASURES: dict[str, Measure] = {}
"""By name, measures of merchants paired between two arms; see `paired_measure`."""


def measure(
    label: str,
    unit: str = "share",
    split: str = "",
    bounds: Bounds | None = None,
    better: str = "",
    scales: str = "",
) -> Callable:
    """Declare the decorated function a measure; its name and docstring are the definition.

    Parameters
    ----------
    label, unit, split, better, scales : str
        See `Measure`.
    bounds : Bounds, optional
        What it can be: 0 to 1 in the units `FRACTIONS`, else 0 or more, if not given.
    """

    def declare(function: Callable[..., float]) -> Callable[..., float]:
        section = function.__module__.rsplit(".", 1)[-1]
        MEASURES[function.__name__] = Measure(
            function.__name__,
            label,
            unit,
            section,
            split,
            bounds or (FRACTION if unit in FRACTIONS else AMOUNT),
            function,
            better,
            scales,
        )
        return function

    return declare


def by_days(function: Callable[..., float]) -> Callable[..., float]:
    """Say of a measure, above its `measure`, that it can be taken of a window of days (`Measure.by_days`)."""
    MEASURES[function.__name__] = replace(MEASURES[function.__name__], by_days=True)
    return function


def leaves_out(function: Callable[..., float]) -> Callable[..., float]:
    """Say of a measure, above its `measure`, that first days are left out of it (`Measure.leaves_out`)."""
    MEASURES[function.__name__] = replace(MEASURES[function.__name__], leaves_out=True)
    return function


def paired_measure(label: str, unit: str, bounds: Bounds, better: str = "") -> Callable:
    """Declare the decorated function a measure of merchants paired between two arms.

    It is given the merchants of one replication in both arms (`paired_merchants.Pairs`).

    Parameters
    ----------
    label, unit, better : str
        See `Measure`.
    bounds : Bounds
        What it can be.
    """

    def declare(function: Callable[..., float]) -> Callable[..., float]:
        PAIRED_MEASURES[function.__name__] = Measure(
            function.__name__, label, unit, "paired", "", bounds, function, better
        )
        return function

    return declare


def own_measure(
    label: str, unit: str = "share", bounds: Bounds | None = None
) -> Callable[[Callable[[Outcome], float]], Measure]:
    """Make the decorated function the ``MEASURE`` of a file that a scenario names under [plugins.measures].

    Parameters
    ----------
    label, unit : str
        See `Measure`.
    bounds : Bounds, optional
        As for `measure`.
    """
    limits = bounds or (FRACTION if unit in FRACTIONS else AMOUNT)
    return lambda function: Measure(function.__name__, label, unit, "own", "", limits, function)


def declared_elsewhere() -> dict[str, str]:
    """Measures that were declared outside this package, as in a notebook, and where.

    Processes that do not run that notebook do not have them.
    """
    package = __name__.partition(".")[0]
    return {
        name: entry.compute.__module__
        for name, entry in MEASURES.items()
        if entry.compute.__module__.partition(".")[0] != package
    }


def check_processes(source: str) -> None:
    """Refuse measures that other processes do not have, where worlds are about to be run in these.

    Raises
    ------
    ExecutionError
        With each of them.
    """
    if elsewhere := declared_elsewhere():
        raise ExecutionError(
            source,
            [
                Problem(
                    "workers",
                    sentence(
                        "measure '{name}' is declared in {module}, which other processes do not run",
                        name=name,
                        module=module,
                    ),
                    sentence(
                        "one process (workers = 1), or a file of its own: "
                        '[plugins.measures] {name} = "{name}.py"',
                        name=name,
                    ),
                )
                for name, module in elsewhere.items()
            ],
        )


def named(name: str, window: Window | None) -> str:
    """Name of a measure taken of the days of `window`; its own if that is None."""
    return f"{name}{WINDOW_MARK}{window}" if window else name


def without_days(name: str) -> tuple[str, str]:
    """A measure's name and the days of which it is taken (``"31-180"``), empty if it is of all."""
    whole, _, days = name.partition(WINDOW_MARK)
    return whole, days


def window_in(name: str) -> Window | None:
    """Days of which the measure `name` is taken, None if of all or if they cannot be read."""
    first, _, last = without_days(name)[1].partition("-")
    return Window(int(first), int(last)) if first.isdecimal() and last.isdecimal() else None


def measure_all(outcome: Outcome, windows: Iterable[str] = ()) -> dict[str, float]:
    """Every measure of a finished run by name, missing ones as NaN; then those of windows of days that
    the scenario's claims speak of, and those of the scenario's own.

    Of days that the scenario leaves out nothing is counted, but by its own measures, which see the whole run
    and `Outcome.counted` in it.

    Parameters
    ----------
    outcome : Outcome
        The run.
    windows : iterable of str
        Names of further measures of windows of days, such as other claims ask for.

    Raises
    ------
    ScenarioError
        If one of the scenario's own fails, or gives no number.
    """
    return (
        dict(_values(outcome, MEASURES))
        | _values_of_windows(outcome, [*windows_asked_for(outcome.scenario), *windows])
        | {
            name: _own_value(plugged_in_measure(name, path), outcome, path)
            for name, path in outcome.scenario.plugins.measures.items()
        }
    )


def windows_asked_for(scenario: Scenario) -> list[str]:
    """Names of measures of windows of days that claims of the scenario speak of, each once, and of quarters
    of the calendar where it foretells them."""
    names = [test.measure for claim in scenario.claims for _, test in claim.keyed_tests]
    spoken_of = [name for name in names if WINDOW_MARK in name]
    if scenario.foretelling is None:
        return list(dict.fromkeys(spoken_of))
    by_platform = {p.name: None for arm in scenario.arms for p in arm.all_platforms}
    measures = [*FORETOLD, *(f"{SALES}_{name}" for name in by_platform)]
    quarters = scenario.foretelling.quarters(scenario.world.days).values()
    return list(
        dict.fromkeys([*spoken_of, *(named(name, Window(*days)) for days in quarters for name in measures)])
    )


def measures_within(outcome: Outcome, window: Window) -> dict[str, float]:
    """Every measure that can be taken of the days of `window`, by its plain name."""
    chosen = {name: entry for name, entry in MEASURES.items() if entry.by_days}
    return dict(_values(outcome.within(window), chosen))


def _values_of_windows(outcome: Outcome, names: list[str]) -> dict[str, float]:
    windows = {window for name in names if (window := window_in(name))}
    found = {
        named(name, window): value
        for window in windows
        if window.fits(outcome.days, outcome.left_out)
        for name, value in measures_within(outcome, window).items()
    }
    return {name: found.get(name, MISSING) for name in names}


def _own_value(own: Measure, outcome: Outcome, path: str) -> float:
    value = own.compute(outcome)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ScenarioError(
            path,
            [
                Problem(
                    f"plugins.measures.{own.name}",
                    sentence("its MEASURE gave a {name}", name=type(value).__name__),
                    "a number; math.nan where there is no value",
                )
            ],
        ) from None


def _values(outcome: Outcome, measures: Mapping[str, Measure]) -> Iterator[tuple[str, float]]:
    for entry in measures.values():
        seen = outcome.counted if entry.by_days or entry.leaves_out else outcome
        if not entry.split:
            yield entry.name, float(entry.compute(seen))
            continue
        if entry.of_all:
            yield entry.name, float(entry.compute(seen, None))
        for position, part in enumerate(split_names(outcome, entry.split)):
            yield f"{entry.name}_{part}", float(entry.compute(seen, position))


def split_names(outcome: Outcome, split: str) -> list[str]:
    """Names of the channels, archetypes, platforms or merchants by which a measure is split."""
    if split == "platform":
        several = len(outcome.platforms) > 1
        return [platform.name for platform in outcome.platforms] if several else []
    if split == NAMED:
        return list(outcome.named)
    return outcome.channels if split == "channel" else outcome.archetypes


def ratio(part: Any, whole: Any) -> float:
    """``part / whole``, missing where the whole is nothing."""
    return float(part) / float(whole) if whole else MISSING


def _find_measures() -> None:
    folder = Path(__file__).parent
    files = {
        ".".join(file.relative_to(folder).with_suffix("").parts)
        for file in folder.rglob("*.py")
        if file.stem != "__init__"
    }
    found = [*SECTION_NAMES, *sorted(files - set(SECTION_NAMES) - {"registry", "outcome", "tables"})]
    for name in found:
        import_module(f"{__package__}.{name}")


_find_measures()
