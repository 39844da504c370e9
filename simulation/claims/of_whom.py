"""Whether a world has the platform, kind of merchants or merchant of which a claim's measure is taken."""

from __future__ import annotations

from ..languages.retelling import begins_as
from ..languages.speaking import sentence, template
from ..measures import MEASURES
from ..measures.registry import NAMED, WINDOW_MARK, without_days
from ..runs.bounds import base_measure
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import Claim, ClaimTest
from ..scenario.tables import Arm

NO_MEASURE = template("nobody here has the measure {unknown}")
NO_PLATFORM = template(
    "arm '{arm}' has no platform '{platform}'; in a claim of your own ask it of one that it has, with "
    "measure = '{instead}'"
)
NO_MARKET = template(
    "arm '{arm}' has a single platform, and '{measure}' is of one among several; give it platforms = [...] "
    "with '{platform}' among them"
)
OF_ANOTHER = (NO_PLATFORM, NO_MARKET)
"""Said of claims about a platform that is not there."""


def why_of_nobody(scenario: Scenario, claim: Claim) -> str:
    """Why measures of a claim with one reading, whose arms are all there, are of nobody; empty if they are
    of somebody."""
    reasons = (_of_nobody(scenario, test) or _of_no_platform(scenario, test) for test in claim.tests)
    return next((reason for reason in reasons if reason), "")


def is_of_another_platform(reason: str) -> bool:
    """Whether a claim of claims.json was not tested since a platform that it names is not there."""
    return begins_as(reason, OF_ANOTHER)


def _part(test: ClaimTest, split: str) -> str:
    """Of which part `split` by kind, platform or name the measure of `test` is; empty if of none."""
    base = base_measure(test.measure)
    if base not in MEASURES or MEASURES[base].split != split:
        return ""
    return without_days(test.measure)[0].removeprefix(base).removeprefix("_")


def _of_nobody(scenario: Scenario, test: ClaimTest) -> str:
    """Of a kind of merchants that there is not, or of a merchant with a name that none has."""
    named = {entry.name for entry in scenario.merchants.named_merchants}
    for split, known in ((NAMED, named), ("archetype", set(scenario.merchants.kinds))):
        if (part := _part(test, split)) and part not in known:
            return sentence(NO_MEASURE, unknown=test.measure)
    return ""


def _of_no_platform(scenario: Scenario, test: ClaimTest) -> str:
    """Of a platform that an arm of `test` does not have: the measure has no value there, whatever happens."""
    platform = _part(test, "platform")
    arms = [scenario.arm(name) for name in (test.arm, test.against) if name]
    lacking = [arm for arm in arms if arm and platform not in [entry.name for entry in arm.platforms]]
    if not platform or not lacking:
        return ""
    arm = lacking[0]
    if len(arm.platforms) < 2:
        return sentence(NO_MARKET, arm=arm.name, measure=test.measure, platform=platform)
    return sentence(NO_PLATFORM, arm=arm.name, platform=platform, instead=_instead(test.measure, arm))


def _instead(measure: str, arm: Arm) -> str:
    """The same measure of the platform that joins a market last."""
    whole, days = without_days(measure)
    last = max(arm.platforms, key=lambda entry: (not entry.stays_out, entry.launch_day))
    asked = f"{base_measure(whole)}_{last.name}"
    return f"{asked}{WINDOW_MARK}{days}" if days else asked
