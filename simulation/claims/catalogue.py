"""The article's claims, read from ``article.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from ..scenario.claim import Claim
from ..scenario.scenario import Scenario

FILE = Path(__file__).with_name("article.toml")


@cache
def _article() -> tuple[Claim, ...]:
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Claim.model_validate(entry) for entry in table["claims"])


def article_claims() -> list[Claim]:
    """The article's claims, in its order of argument."""
    return list(_article())


def claims_of(scenario: Scenario) -> list[Claim]:
    """The article's claims, if the scenario asks for them, then its own.

    A claim of the scenario replaces the article's of the same id.
    """
    own = {claim.id for claim in scenario.claims}
    shared = [claim for claim in article_claims() if claim.id not in own]
    return [*(shared if scenario.article_claims else []), *scenario.claims]


def missing_arms(scenario: Scenario, claim: Claim) -> list[str]:
    """Arms or roles that `claim` speaks of and the scenario does not have."""
    names = {name for test in claim.tests for name in (test.arm, test.against) if name}
    return sorted(name for name in names if scenario.arm(name) is None)


def answerable_claims(scenario: Scenario) -> list[Claim]:
    """Claims of `scenario` of which every arm is there."""
    return [claim for claim in claims_of(scenario) if not missing_arms(scenario, claim)]
