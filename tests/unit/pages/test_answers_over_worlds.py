"""A sweep over chosen worlds answers its question: in the middle, and in how many of them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from simulation.claims.reading import check_table
from simulation.ensembles.analysis.findings import SweepFindings
from simulation.ensembles.results import SweepResults
from simulation.pages.kit.first_screen import FirstScreen
from simulation.pages.kit.tables.over_worlds import FAILS, HOLDS
from simulation.pages.sweep import over_worlds
from simulation.pages.sweep.answer import first_screen
from simulation.pages.sweep.page import arm_names
from tests.support.worlds import preset

KEY = "sharing.base_rate"
WORLDS = 20


class Made(SweepResults):
    """Results whose values are given by measure and arm, a world each."""

    def __init__(
        self, arms: list[dict[str, object]], values: dict[tuple[str, str], np.ndarray], design: str
    ) -> None:
        rows = [{KEY: 0.01 + 0.001 * world} for world in range(WORLDS)]
        factor = {"key": KEY, "low": 0.01, "high": 0.2}
        listed = (
            {"design": "list", "rows": rows} if design == "list" else {"points": WORLDS, "factors": [factor]}
        )
        table = {
            "name": "made",
            "title": "Made",
            "article_claims": False,
            "world": {"viewers": 20, "merchants": 2, "days": 180},
            "arms": arms,
        }
        self.scenario = check_table(table | {"sweep": listed | {"replications": 1}}, "made")
        assert self.scenario.sweep is not None
        self.sweep, self.made = self.scenario.sweep, values
        self.__dict__["points"] = pd.DataFrame(rows)
        self.__dict__["measures"] = sorted({measure for measure, _ in values})
        self.__dict__["incomplete"] = []
        self.__dict__["factors"] = []

    def outcomes(self, measure: str, arm: str, against: str | None = None) -> pd.Series:
        return pd.Series(self.made[measure, arm])


@pytest.fixture(autouse=True)
def lists_are_plausible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        over_worlds, "over_plausible_worlds", lambda findings: findings.results.sweep.design == "list"
    )


def answered(results: SweepResults) -> FirstScreen:
    findings = SweepFindings(results, [], [], [], [], [], {})
    return first_screen(findings, arm_names(findings))


def pair(sales: np.ndarray, design: str = "list") -> FirstScreen:
    return answered(results_of(sales, design))


def results_of(sales: np.ndarray, design: str = "list") -> SweepResults:
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    ones = np.ones(WORLDS)
    return Made(
        arms,
        {
            ("gmv", "taobao_live"): 100 * ones,
            ("gmv", "tencent_live"): 100 * sales,
            ("conversion_rate", "taobao_live"): 0.02 * ones,
            ("conversion_rate", "tencent_live"): 0.03 * ones,
        },
        design,
    )


def test_what_nearly_all_worlds_agree_on_is_told_with_its_size() -> None:
    found = pair(np.linspace(0.3, 0.5, WORLDS))
    assert found.sentence == (
        "Compared with Taobao Live, Tencent Live sells 60% less and turns visits into orders 50% more often, "
        "in the median of 20 worlds, nearly all of which agree (180 days)."
    )
    won, cost, sure = found.numbers
    assert (won.kind, won.value) == ("gain", "+50%") and (cost.kind, cost.value) == ("loss", "−60%")
    assert cost.text == "Sales (GMV): in nine worlds of ten −69% to −51%"
    assert (sure.kind, sure.value) == ("sure", "20 of 20 worlds")
    assert [row.kind for row in found.rows] == ["loss", "gain"]


def test_what_is_nearly_lost_is_not_told_as_lost() -> None:
    found = pair(np.linspace(0.001, 0.004, WORLDS))
    assert found.numbers[1].value == "below −99%" and "−100%" not in found.numbers[1].text
    assert "sells more than 99% less" in found.sentence and "100%" not in found.sentence
    assert found.numbers[1].text == "Sales (GMV): in nine worlds of ten below −99%", "not: to below −99%"


def test_the_one_claim_that_a_scenario_is_about_is_answered_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 8 in 10 (60% to 93%) with luck averaged out; of several claims none stands out."""
    monkeypatch.setattr(over_worlds, "claim_title", lambda claim: "It levels")
    monkeypatch.setattr(over_worlds, "counted_verdicts", lambda shares: {HOLDS: 1, FAILS: 0})
    shares = {"share": 0.8, "low": 0.6, "high": 0.93}
    claims = [SimpleNamespace(claim=SimpleNamespace(id="levels"))]
    sweep = results_of(np.linspace(0.3, 0.5, WORLDS))
    weighed = {"levels": {"holds": shares}}
    one = SweepFindings(sweep, [], claims, [], [], [], {}, weighed)  # type: ignore[arg-type]
    two = replace(one, weighed=one.weighed | {"other": {"holds": shares}})
    said = first_screen(one, arm_names(one)).sentence
    assert said.startswith("“It levels” holds in 80% of the worlds (60% to 93%), luck averaged out. ")
    assert "It levels" not in first_screen(two, arm_names(two)).sentence


def test_what_worlds_disagree_on_is_no_finding() -> None:
    found = pair(np.linspace(0.5, 1.6, WORLDS))
    assert "sells" not in found.sentence and found.sentence.endswith(" They disagree on sales (GMV).")
    assert found.numbers[1].value == "Nothing" and found.numbers[2].kind == "unsure"
    assert found.advice[0].startswith("Do not decide by sales (GMV)")


def test_shares_of_a_market_are_told_of_one_arm() -> None:
    platforms = [preset("taobao_live"), preset("douyin")]
    taobao = np.linspace(0.3, 0.9, WORLDS)
    values = {("market_share_taobao_live", "market"): taobao, ("market_share_douyin", "market"): 1 - taobao}
    found = answered(Made([{"name": "market", "platforms": platforms}], values, "list"))
    assert found.sentence == (
        "After 180 days Taobao Live sells 60% of the market and Douyin 40%, in the median of 20 worlds; it "
        f"leads in {int((taobao > 0.5).sum())} of them."
    )
    assert [row.label for row in found.rows] == ["Taobao Live", "Douyin"]
    assert found.rows[0].low == pytest.approx(0.33) and found.rows[0].high == pytest.approx(0.87)


def test_points_spread_over_ranges_are_no_worlds() -> None:
    found = pair(np.linspace(0.3, 0.5, WORLDS), "latin_hypercube")
    assert found.sentence.startswith("Within the ranges chosen no factor stands out")
