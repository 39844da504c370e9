"""Checks of a scenario's own claims that need to know measures and parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from ..errors import Problem, nearest
from ..languages.speaking import sentence
from ..measures import MEASURES
from ..measures.daily import DAILY_MEASURES
from ..measures.registry import NAMED, PAIRED_MEASURES, WINDOW_MARK, window_in, without_days
from ..runs.bounds import base_measure, is_signed, measure_bounds
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import TESTS, ClaimTest
from ..scenario.sections.platform import known_channels
from .catalogue import why_not_raised_by
from .kind import Reads


def claim_faults(scenario: Scenario) -> list[Problem]:
    """Where claims of the scenario speak of what our model does not have, or of ratios that do not exist."""
    return [*_own_measures(scenario), *_found(scenario, (_unknown, _ratios, _beyond_reach))]


def ratio_faults(scenario: Scenario) -> list[Problem]:
    """Where claims of the scenario speak of ratios that do not exist."""
    return _found(scenario, (_ratios,))


RESERVED = ("arm", "against", "replicate", "point", "day")
"""Columns of tables that hold no measure."""

Check = Callable[[Scenario, ClaimTest, str], Iterator[Problem]]
"""(scenario, test, its key) -> what is wrong with it."""


def _found(scenario: Scenario, checks: Sequence[Check]) -> list[Problem]:
    return [
        problem
        for claim in scenario.claims
        for key, test in claim.keyed_tests
        for check in checks
        for problem in check(scenario, test, key)
    ]


def measure_names(scenario: Scenario, kind: str = "difference") -> list[str]:
    """Names that a test of `kind` can take as its measure."""
    reads = TESTS[kind].reads
    if reads is not Reads.RUNS:
        return {Reads.DAYS: list(DAILY_MEASURES), Reads.PAIRS: list(PAIRED_MEASURES)}[reads]
    parts = {
        "channel": channel_names(scenario),
        "archetype": list(scenario.merchants.kinds),
        "platform": [entry.name for arm in scenario.arms for entry in arm.platforms],
        NAMED: [entry.name for entry in scenario.merchants.named_merchants],
    }
    names = list(scenario.plugins.measures)
    for measure in MEASURES.values():
        names += [measure.name] if measure.of_all else []
        names += [f"{measure.name}_{part}" for part in parts.get(measure.split, [])]
    return names


def _own_measures(scenario: Scenario) -> Iterator[Problem]:
    """Measures of a scenario's own must not have the names of ours, nor of what these are split into."""
    for name in scenario.plugins.measures:
        base = base_measure(name) or (name if name in (*DAILY_MEASURES, *RESERVED) else "")
        if base:
            found = (
                sentence("'{name}' is the name of a measure of the laboratory", name=name)
                if name == base
                else sentence("'{name}' reads as part of '{base}'", name=name, base=base)
            )
            yield Problem(f"plugins.measures.{name}", found, "another name")


def channel_names(scenario: Scenario) -> list[str]:
    """Names by which measures are split by channel: in a market ``platform_channel``."""
    served = [entry.name for arm in scenario.arms for entry in arm.platforms]
    channels = [*known_channels(), *scenario.plugins.channels]
    return channels + [f"{name}_{channel}" for name in served for channel in channels]


def _unknown(scenario: Scenario, test: ClaimTest, key: str) -> Iterator[Problem]:
    names, (measure, days) = measure_names(scenario, test.kind), without_days(test.measure)
    left_out = scenario.run.warm_up_days
    late = left_out + (31 if scenario.world.days > left_out + 31 else 1)
    if days and not _has_days(scenario, test):
        yield Problem(
            f"{key}.measure",
            sentence(
                "'{measure}', which cannot be taken of days {first} to {last}",
                measure=test.measure,
                first=days.partition("-")[0],
                last=days.partition("-")[2],
            ),
            sentence(
                "a measure that is counted by day, and days that begin a month of 30 days{after} and "
                "end one, or the run's last: {by_days_like}{window_mark}{late}-{days}",
                after=_after(left_out),
                by_days_like=_by_days_like(measure),
                window_mark=WINDOW_MARK,
                late=late,
                days=scenario.world.days,
            ),
        )
    if measure not in names:
        own = scenario.plugins.measures
        whole = [name for name in names if name in MEASURES or name in own] or names
        yield Problem(
            f"{key}.measure",
            sentence("'{measure}'{near}", measure=measure, near=nearest(measure, names)),
            sentence("for a test of kind '{kind}' one of {whole}", kind=test.kind, whole=", ".join(whole))
            + (", or one by channel or archetype (gmv_push)" if whole != names else ""),
        )


def _has_days(scenario: Scenario, test: ClaimTest) -> bool:
    """Whether the measure of `test` can be taken of the days that its name says."""
    entry, window = MEASURES.get(base_measure(test.measure)), window_in(test.measure)
    fits = window and window.fits(scenario.world.days, scenario.run.warm_up_days)
    return bool(entry and entry.by_days and fits)


def _after(left_out: int) -> str:
    """Where months are counted from."""
    return (
        sentence(
            ", counted from day {left_out} as the first {left_out_2} are left out,",
            left_out=left_out + 1,
            left_out_2=left_out,
        )
        if left_out
        else ""
    )


def _by_days_like(measure: str) -> str:
    """`measure` if it can be taken of some days, else one that can."""
    entry = MEASURES.get(base_measure(measure))
    return measure if entry and entry.by_days else "conversion_rate"


def _ratios(scenario: Scenario, test: ClaimTest, key: str) -> Iterator[Problem]:
    if test.takes_a_ratio and is_signed(test.measure):
        yield _no_ratio(test, key)
    for name, reason in why_not_raised_by(test, scenario).items():
        yield Problem(
            f"{key}.{name}",
            reason,
            "the dotted key of a number above 0 that may be a quarter larger, in choice, purchase, goods, "
            "trust, following, sharing, shopkeeping or platform: trust.tie_strength",
        )


def _beyond_reach(scenario: Scenario, test: ClaimTest, key: str) -> Iterator[Problem]:
    """Margins that no effect can exceed, and references that the measure cannot have, such as percents."""
    bounds = measure_bounds(test.measure)
    reach = (
        1.0
        if test.relative and test.direction == "lower"
        else (bounds.highest - bounds.lowest if not test.takes_a_ratio else math.inf)
    )
    if test.margin >= reach:
        yield Problem(
            f"{key}.margin",
            sentence(
                "{margin:g}, which no effect on '{measure}' can exceed",
                margin=test.margin,
                measure=test.measure,
            ),
            sentence(
                "a number below {reach:g}: {margin:g} for {margin_2:g}%",
                reach=reach,
                margin=test.margin / 100,
                margin_2=test.margin,
            ),
        )
    if TESTS[test.kind].has_reference and not bounds.lowest <= test.reference <= bounds.highest:
        percent = f": {test.reference / 100:g} for {test.reference:g}%" if bounds.highest == 1 else ""
        yield Problem(
            f"{key}.reference",
            sentence(
                "{reference:g}, which '{measure}' cannot be", reference=test.reference, measure=test.measure
            ),
            sentence(
                "a number from {lowest:g} to {highest:g}{percent}",
                lowest=bounds.lowest,
                highest=bounds.highest,
                percent=percent,
            ),
        )


def _no_ratio(test: ClaimTest, key: str) -> Problem:
    """A percent change of what can be negative: a loss of 7,910 against a gain of 2,540 has none."""
    found = sentence(
        "of '{measure}', which can be negative, so that a percent change has no meaning", measure=test.measure
    )
    if TESTS[test.kind].is_ratio:
        return Problem(
            f"{key}.kind",
            sentence("'{kind}' {of_what}", kind=test.kind, of_what=found),
            "a measure that cannot be negative (gmv, orders), or a test of kind 'difference'",
        )
    paired = PAIRED_MEASURES.get(test.measure)
    unit = paired.unit if paired else MEASURES[base_measure(test.measure)].unit
    return Problem(
        f"{key}.relative",
        sentence("true for a test {of_what}", of_what=found),
        sentence("leave out relative and give the margin in the measure's unit ({unit})", unit=unit),
    )
