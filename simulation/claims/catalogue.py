"""The article's claims, read from ``article.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from ..languages.retelling import retold
from ..languages.speaking import either, sentence, template
from ..measures.registry import WINDOW_MARK, window_in, without_days
from ..runs.probes import NOT_RAISED, why_not_raised
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import TESTS, Claim, ClaimTest
from .of_whom import NO_MEASURE, OF_ANOTHER, is_of_another_platform, why_of_nobody

FILE = Path(__file__).with_name("article.toml")
RUN_INSTEAD, OF_DAYS = template("{reason}; run {scenario}"), template("days {first} to {last}")
OR_RUN = template("{reason}; or run {scenario}")
NO_ARM = template("no arm here has the role of {absent}")
NO_MONTHS = template(
    "{days} are no months of this run, which leaves out the first {left_out} (run.warm_up_days)"
)
TOO_SHORT = template("this run has {days} days; set world.days = {needed}")
NOT_MEASURED = template("not measured: this run was made before {measure} was; run it again")
REASONS = (
    OR_RUN,
    RUN_INSTEAD,
    NO_ARM,
    NO_MEASURE,
    *OF_ANOTHER,
    NO_MONTHS,
    TOO_SHORT,
    NOT_MEASURED,
    *NOT_RAISED,
)
"""Why a claim cannot be tested, as it stands in claims.json once its values are filled in."""


@cache
def _article() -> tuple[Claim, ...]:
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Claim.model_validate(entry) for entry in table["claims"])


def article_claims() -> list[Claim]:
    """The article's claims, in its order of argument."""
    return list(_article())


def scenario_claims(scenario: Scenario) -> list[Claim]:
    """The article's claims, if the scenario asks for them, then its own.

    A claim of the scenario replaces the article's of the same id.
    """
    own = {claim.id for claim in scenario.claims}
    shared = [claim for claim in article_claims() if claim.id not in own]
    return [*(shared if scenario.article_claims else []), *scenario.claims]


def scenario_readings(scenario: Scenario) -> list[Claim]:
    """`scenario_claims` by their readings, as claims that have one (`Claim.each`)."""
    return [reading for claim in scenario_claims(scenario) for reading in claim.each]


def windows_wanted(claims: Iterable[Claim]) -> list[str]:
    """Measures of windows of days at which the tests of `claims` look, each once."""
    names = [test.measure for claim in claims for _, test in claim.keyed_tests]
    return list(dict.fromkeys(name for name in names if WINDOW_MARK in name))


def as_claimed(scenario: Scenario, measure: str, known: Collection[str]) -> str:
    """A measure of the days of which claims of `scenario` take it, if that is `known`; else of all.

    So that one quantity is one number wherever it is told of: in verdicts, and in what is said of causes.
    """
    wanted = windows_wanted(answerable_claims(scenario))
    return next((name for name in wanted if name in known and without_days(name)[0] == measure), measure)


def reading_name(claim: str, reading: str) -> str:
    """Id of a claim with one of its readings alone, as `Claim.each` gives it."""
    return f"{claim}.{reading}" if reading else claim


def why_not_tested(scenario: Scenario, claim: Claim) -> str:
    """Why a claim with one reading cannot be tested in `scenario`, and what to run; empty if it can."""
    if not claim.tests:
        return claim.lacks
    names = {name for test in claim.tests for name in (test.arm, test.against) if name}
    absent = sorted(name for name in names if scenario.arm(name) is None)
    if absent:
        return _run_instead(sentence(NO_ARM, absent=either(absent)), claim)
    if reason := why_of_nobody(scenario, claim):
        return _run_instead(reason, claim)
    windows = [window for name in windows_wanted([claim]) if (window := window_in(name))]
    left_out = scenario.run.warm_up_days
    unfit = [window for window in windows if not window.fits(scenario.world.days, left_out)]
    if left_out and unfit:
        days = sentence(OF_DAYS, first=unfit[0].first, last=unfit[0].last)
        return sentence(NO_MONTHS, days=days, left_out=left_out)
    if unfit or claim.horizon > scenario.world.days:
        needed = max([claim.horizon, *(window.last for window in unfit)])
        return sentence(TOO_SHORT, days=scenario.world.days, needed=needed)
    reasons = [reason for test in claim.tests for reason in why_not_raised_by(test, scenario).values()]
    return reasons[0] if reasons else ""


def _run_instead(reason: str, claim: Claim) -> str:
    if not claim.run:
        return reason
    said = OR_RUN if is_of_another_platform(reason) else RUN_INSTEAD
    return sentence(said, reason=reason, scenario=claim.run)


def reason_told(reason: str) -> str:
    """Why a claim was not tested, of claims.json, in the language that is spoken."""
    return retold(reason, REASONS, (OF_DAYS, "{first} or {last}"))


def why_not_raised_by(test: ClaimTest, scenario: Scenario) -> dict[str, str]:
    """By key of `test`, why what it names cannot be raised in its arm; empty if there is nothing to say."""
    arm = scenario.arm(test.arm)
    if arm is None:
        return {}
    reasons = {
        name: why_not_raised(scenario, arm, str(getattr(test, name))) for name in TESTS[test.kind].raises
    }
    return {name: reason for name, reason in reasons.items() if reason}


def answerable_claims(scenario: Scenario) -> list[Claim]:
    """Readings of claims of `scenario` of which everything is there, as claims that have one."""
    return [claim for claim in scenario_readings(scenario) if not why_not_tested(scenario, claim)]
