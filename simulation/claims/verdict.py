"""How a verdict is reached: effect and interval against the smallest effect that matters."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..languages.speaking import sentence, template
from ..measures import MEASURES
from ..measures.registry import ANYTHING, PAIRED_MEASURES, RELATIVE, Bounds, without_days
from ..runs.bounds import base_measure, measure_bounds
from ..runs.comparison import Estimate, within
from ..runs.results import Results
from ..scenario.plugins import plugged_in_measure
from ..scenario.reading.presets import preset_label
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import ONLY, TESTS, Claim, ClaimTest, Reading
from ..scenario.tables import NO_PAST
from ..words import plain
from .catalogue import NOT_MEASURED, scenario_claims, why_not_tested
from .effects import measured_effect
from .of_whom import is_of_another_platform
from .whole import BY_STRUCTURE, UNTESTED, Status, is_provisional, whole


@dataclass(frozen=True)
class TestVerdict:
    """One test's outcome.

    `effect`, `low` and `high` are in the unit of the measure or, if `relative`, ratios minus one, the
    interval cut to what such an effect can be (`effect_bounds`); `in_words` says what was found.
    """

    test: dict[str, Any]
    label: str
    arm_value: float
    other: str
    other_value: float
    effect: float
    low: float
    high: float
    replications: int
    status: Status
    in_words: str


@dataclass(frozen=True)
class ReadingVerdict:
    """What came of one way to read a claim: supported if all tests are, contradicted if any is.

    `id` is empty for a claim that has tests and no readings; `reason` says why it was not tested;
    `structure` holds the argument why no world can turn it; `provisional` says of one that was tested that
    its worlds do not begin with the past that it asks for.
    """

    id: str
    says: str
    says_zh: str
    population: str
    past: str
    mechanism: list[str]
    structure: str
    status: Status
    reason: str
    tests: list[TestVerdict]
    provisional: bool


@dataclass(frozen=True)
class Verdict:
    """A claim's outcome.

    `word` is for the whole of it (`claims.whole`), `decides` the reading from which it follows, `status`
    that reading's; the word is `provisional` where any reading that was tested is.
    """

    id: str
    title: str
    title_zh: str
    quote: str
    mechanism: str
    source: str
    word: str
    decides: str
    status: Status
    reason: str
    readings: list[ReadingVerdict]

    @property
    def provisional(self) -> bool:
        """Whether the word rests on a reading that was measured from another past than it asks for."""
        return any(reading.provisional for reading in self.readings)

    @property
    def tests(self) -> list[TestVerdict]:
        """Tests of the reading that decides."""
        return next(reading.tests for reading in self.readings if reading.id == self.decides)

    def as_dict(self) -> dict[str, Any]:
        """Nested plain values, as they stand in claims.json."""
        return asdict(self) | {"provisional": self.provisional}


def judge(scenario: Scenario, results: Results) -> list[Verdict]:
    """Verdicts on all claims of `scenario`, the article's first."""
    return [judge_claim(claim, scenario, results) for claim in scenario_claims(scenario)]


def judge_claim(claim: Claim, scenario: Scenario, results: Results) -> Verdict:
    """Verdict on one claim."""
    own = {entry.id for entry in scenario.claims}
    about = (
        claim.id,
        claim.title,
        claim.title_zh,
        claim.quote,
        claim.mechanism,
        "scenario" if claim.id in own else "article",
    )
    readings = [_judge_reading(entry, scenario, results) for entry in claim.each]
    word, decides = whole({reading.id: reading.status for reading in readings})
    if word == UNTESTED:  # what can be tested elsewhere says where
        nearly = [reading.id for reading in readings if is_of_another_platform(reading.reason)]
        elsewhere = [part.readings[0].id for part in claim.each if part.readings and part.tests]
        decides = next(iter([*nearly, *elsewhere]), decides)
    deciding = next(reading for reading in readings if reading.id == decides)
    return Verdict(*about, word, decides, deciding.status, deciding.reason, readings)


def _judge_reading(claim: Claim, scenario: Scenario, results: Results) -> ReadingVerdict:
    """Verdict on a claim with one reading."""
    reading = claim.readings[0] if claim.readings else None
    reason = why_not_tested(scenario, claim) or why_not_measured(claim, results)
    tests = [] if reason else [judge_test(test, scenario, results) for test in claim.tests]
    status: Status = UNTESTED if reason else overall([test.status for test in tests], claim.lacks)
    if tests and status == "undecided":
        reason = claim.lacks
    if reading and reading.structure:
        status, reason = BY_STRUCTURE, ""
    tested = status not in (UNTESTED, BY_STRUCTURE)
    asked = reading.past if reading else NO_PAST
    provisional = tested and is_provisional(asked, scenario.warm_up.past)
    return ReadingVerdict(*_about(reading), status, reason, tests, provisional)


def why_not_measured(claim: Claim, results: Results) -> str:
    """Why a kept run cannot weigh a claim that was written after it was made; empty if it can."""
    for test in claim.tests:
        days = bool(without_days(test.measure)[1])
        base = base_measure(test.measure) or test.measure
        if base in results.lacking or (days and test.measure not in results.runs):
            return sentence(NOT_MEASURED, measure=test.measure)
    return ""


def _about(reading: Reading | None) -> tuple[str, str, str, str, str, list[str], str]:
    if reading is None:
        return ONLY, "", "", "", NO_PAST, [], ""
    return (
        reading.id,
        reading.says,
        reading.says_zh,
        reading.population,
        reading.past,
        reading.mechanism,
        reading.structure,
    )


def overall(statuses: list[Status], lacks: str = "") -> Status:
    """Supported if all tests are, contradicted if any is, else undecided, as also where a further test would
    be needed that `lacks` says why there is not."""
    if any(status == "contradicted" for status in statuses):
        return "contradicted"
    if all(status == "supported" for status in statuses) and not lacks:
        return "supported"
    return "undecided"


def judge_test(test: ClaimTest, scenario: Scenario, results: Results) -> TestVerdict:
    """Outcome of one test."""
    effect = measured_effect(test, scenario, results)
    uncut = effect.estimate()
    status, in_words = weigh(uncut, test, effect.reason)
    found = within(uncut, effect_bounds(test))
    # Both sides are shown, too, where they have no ratio.
    compared = np.isfinite(effect.side if effect.reason else effect.values)
    return TestVerdict(
        test.model_dump(mode="json"),
        _label(test.measure, scenario),
        _mean(effect.side[compared]),
        effect.other_name,
        _mean(effect.other[compared]),
        found.mean,
        found.low,
        found.high,
        found.replications,
        status,
        in_words,
    )


def weigh(found: Estimate, test: ClaimTest, reason: str = "") -> tuple[Status, str]:
    """Status and why it is that, from the interval of the effect in the direction claimed.

    The interval is Student's, of a relative effect Fieller's, not cut to what the effect can be.
    With signed effect e (positive as claimed), interval (l, h) and margin m: supported if l > m;
    contradicted if h < m or h <= 0; undecided otherwise. A relative effect that is claimed to be
    lower is compared on the same scale, ratio minus one. Undecided without an effect, for which `reason`
    says why.
    """
    if found.replications == 0:
        return "undecided", reason or template("the measure has no value in these worlds")
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return "undecided", template("one world gives no interval; run more replications")
    low, high = (found.low, found.high) if test.direction == "higher" else (-found.high, -found.low)
    if low > test.margin:
        return "supported", template("as claimed, by more than the smallest effect that matters")
    if high < 0:
        return "contradicted", template("the opposite of what is claimed")
    if high < test.margin or high <= 0:
        return "contradicted", template("no difference, or too small a one to matter")
    return "undecided", template("the interval reaches across the smallest effect that matters")


def effect_bounds(test: ClaimTest) -> Bounds:
    """What the effect that `test` looks at can be: nothing falls by more than all of it, shares
    differ by at most 1, and a level lies as far from its reference as its measure's bounds."""
    bounds = measure_bounds(test.measure)
    kind = TESTS[test.kind]
    if kind.is_ratio:
        return ANYTHING
    if test.relative:
        return RELATIVE if bounds.lowest >= 0 else ANYTHING
    if kind.has_reference:
        return Bounds(bounds.lowest - test.reference, bounds.highest - test.reference)
    return bounds.for_differences


def _label(name: str, scenario: Scenario) -> str:
    """Label of a measure; of one of the scenario's own with its unit, which no registry keeps."""
    own = scenario.plugins.measures
    if name not in own:
        return measure_label(name)
    declared = plugged_in_measure(name, own[name])
    return f"{declared.label} ({declared.unit})"


def measure_label(name: str) -> str:
    """Label of a measure for readers, also of one taken by channel or archetype, or of some days."""
    name, days = without_days(name)
    if days:
        return f"{measure_label(name)}, days {days.replace('-', ' to ')}"
    if name in MEASURES:
        return MEASURES[name].label
    if name in PAIRED_MEASURES:
        return PAIRED_MEASURES[name].label
    whole = base_measure(name)
    if whole:
        part = name.removeprefix(f"{whole}_")
        called = preset_label(part) if MEASURES[whole].split == "platform" else plain(part)
        return f"{MEASURES[whole].label}: {called}"
    return name.replace("_", " ")


def _mean(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else math.nan
