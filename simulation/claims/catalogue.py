"""The article's claims, read from ``article.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from ..runs.probes import why_not_raised
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import TESTS, Claim, ClaimTest

FILE = Path(__file__).with_name("article.toml")


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


def why_not_tested(scenario: Scenario, claim: Claim) -> str:
    """Why `claim` cannot be tested in `scenario`: an arm or what to raise is missing; empty if it can."""
    names = {name for test in claim.tests for name in (test.arm, test.against) if name}
    absent = sorted(name for name in names if scenario.arm(name) is None)
    if absent:
        return f"no arm here has the role of {' or '.join(absent)}"
    reasons = [reason for test in claim.tests for reason in why_not_raised_by(test, scenario).values()]
    return reasons[0] if reasons else ""


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
    """Claims of `scenario` of which everything is there."""
    return [claim for claim in scenario_claims(scenario) if not why_not_tested(scenario, claim)]
