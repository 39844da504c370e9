"""Claims about a platform, a kind of merchants or a merchant that a world does not have are not tested."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from simulation.claims.catalogue import answerable_claims, article_claims, reason_told, why_not_tested
from simulation.claims.of_whom import is_of_another_platform
from simulation.claims.reading import read_scenario
from simulation.claims.verdict import judge_claim, measure_label
from simulation.claims.whole import UNTESTED
from simulation.languages.speaking import speaking
from simulation.pages.kit.names import measure_name
from simulation.runs.results import Results
from simulation.scenario.scenario import Scenario
from simulation.scenario.sections.claim import Claim
from tests.support.english_on_pages import english

EARLY = {"name": "at_once", "role": "early_entry", "platforms": ["taobao_live", "douyin", "jd_live"]}
LATE = {
    "name": "late",
    "role": "late_entry",
    "platforms": ["taobao_live", {"preset": "jd_live", "launch_day": 3}, "douyin"],
}


def market_of(*arms: dict[str, Any], **sections: Any) -> Scenario:
    table = {"name": "market", "title": "Market", "arms": list(arms or (EARLY, LATE))}
    sizes = {"world": {"viewers": 40, "merchants": 4, "days": 1200}, "run": {"replications": 2}}
    return read_scenario(table | sizes | sections)


def reasons_of(scenario: Scenario, claim: str) -> dict[str, str]:
    """Why readings of the article's `claim` are not tested, by reading."""
    (found,) = (entry for entry in article_claims() if entry.id == claim)
    return {part.readings[0].id: str(why_not_tested(scenario, part)) for part in found.each}


def test_the_article_s_claims_about_tencent_live_are_not_tested_in_a_market_without_it() -> None:
    asked = market_of()
    assert reasons_of(asked, "late_entry")["accept"] == (
        "arm 'late' has no platform 'tencent_live'; in a claim of your own ask it of one that it has, with "
        "measure = 'market_share_jd_live'; or run late_entry"
    )
    spoken_of = {part.id.partition(".")[0] for part in answerable_claims(asked)}
    assert not spoken_of & {"late_entry", "overtaking_on_the_bend", "defensive_entry"}


def test_in_a_market_with_tencent_live_they_are_tested() -> None:
    arms = [arm | {"platforms": [*arm["platforms"], "tencent_live"]} for arm in (EARLY, LATE)]
    assert not any(reasons_of(market_of(*arms), "late_entry").values())
    tests = reasons_of(market_of(arms[0], LATE), "late_entry")
    assert tests["accept"].startswith("arm 'late' has no platform"), "one arm of two is not enough"


def test_days_of_a_measure_stay_in_what_is_to_be_written_instead() -> None:
    assert "'platform_payoff_jd_live@301-480'" in reasons_of(market_of(), "defensive_entry")["literal"]


def test_where_an_arm_has_a_single_platform_it_says_how_to_make_a_market() -> None:
    alone = {"name": "late", "role": "late_entry", "platform": "tencent_live"}
    said = reasons_of(market_of(EARLY, alone), "overtaking_on_the_bend")["strict"]
    assert said == (
        "arm 'late' has a single platform, and 'lead_tencent_live' is of one among several; give it "
        "platforms = [...] with 'tencent_live' among them; or run late_entry"
    )


def test_a_claim_that_could_not_be_tested_gives_the_reason_that_is_nearest() -> None:
    """Another reading of the claim asks for an arm besides, which is not what is missing first."""
    (claim,) = (entry for entry in article_claims() if entry.id == "overtaking_on_the_bend")
    asked = market_of()
    nothing = pd.DataFrame()
    found = judge_claim(claim, asked, Results(*[nothing] * 6, peak_memory_bytes=0))
    assert found.word == UNTESTED and found.decides == "strict"
    assert is_of_another_platform(found.reason)
    assert not is_of_another_platform("no arm here has the role of hybrid; run late_entry")


def test_kinds_of_merchants_that_were_left_out_are_nobody() -> None:
    test = {"measure": "profit_per_merchant_brand", "arm": "late", "direction": "higher", "margin": 0.0}
    claim = {"id": "brands", "title": "Brands earn", "tests": [test | {"kind": "level", "why": "any gain"}]}
    asked = Claim.model_validate(claim)
    assert why_not_tested(market_of(), asked) == ""
    shares = {"community_vendor": {"share": 0.5}, "ordinary_shop": {"share": 0.5}}
    without = {"without": ["brand", "influencer"], "archetypes": shares}
    assert "nobody here has the measure" in why_not_tested(market_of(merchants=without), asked)


@pytest.mark.parametrize("claim", ["late_entry", "overtaking_on_the_bend", "defensive_entry"])
def test_the_reason_is_told_in_chinese(claim: str) -> None:
    reasons = [reason for reason in reasons_of(market_of(), claim).values() if is_of_another_platform(reason)]
    assert reasons
    with speaking("zh"):
        for reason in reasons:
            said = reason_told(reason)
            assert said.startswith("方案“late”中没有平台“tencent_live”；") and not english(said)


def test_a_measure_of_a_platform_is_told_by_its_label() -> None:
    name = "market_share_tencent_live@31-180"
    assert measure_label(name) == "Market share by sales, last 30 days: Tencent Live, days 31 to 180"
    assert measure_name(name) == "Market share by sales, last 30 days (Tencent Live), days 31 to 180"
    with speaking("zh"):
        assert "（腾讯直播）" in measure_name(name)
        assert "（my app）" in measure_name("market_share_my_app"), "one of somebody's own"
        assert "品牌" in measure_name("profit_per_merchant_brand")
