"""Intervals end where the quantity does: shares between 0 and 1, amounts at 0, differences within both."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from simulation.archive.archive import StoredRun
from simulation.claims.verdict import effect_bounds, judge_test, weigh
from simulation.ensembles.analysis.sensitivity import _ends
from simulation.ensembles.search.candidates import Candidate, candidate_table
from simulation.measures import MEASURES
from simulation.measures.registry import AMOUNT, ANYTHING, FRACTION, Bounds
from simulation.pages.run.comparison_table import comparison_tables
from simulation.pages.run.content import Content, mean_band
from simulation.pages.run.figures.arms import measures_exhibit
from simulation.pages.run.figures.entry import entry_exhibit
from simulation.pages.run.figures.many import all_arms_exhibit
from simulation.pages.run.figures.platforms import map_exhibit
from simulation.runs.bounds import measure_bounds
from simulation.runs.comparison import Estimate, compare, estimate, within
from simulation.scenario.sections.claim import ClaimTest
from simulation.scenario.sections.policy_search import Goal, PolicySearch
from tests.support.made_runs import stored, tiny, with_runs
from tests.support.worlds import preset

ARMS = [
    {"name": name, "platform": preset(name)}
    for name in ("taobao_live", "tencent_live", "douyin", "jd_live", "kuaishou")
]
NEAR_NONE, NEAR_ALL = [0.0, 0.0, 0.06], [1.0, 1.0, 0.94]
"""Shares in three worlds whose t-intervals, -0.066 to 0.106 and 0.894 to 1.066, leave 0 to 1."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return stored(tiny(ARMS), tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def content(run: StoredRun) -> Content:
    shares = {name: entry for name, entry in MEASURES.items() if entry.bounds == FRACTION}
    values = {
        arm["name"]: {measure: near for measure in shares} | {"gmv": [0.0, 0.0, 900.0]}
        for arm, near in zip(ARMS, (NEAR_NONE, NEAR_ALL) * 2 + (NEAR_NONE,), strict=True)
    }
    return with_runs(run, values)


def test_an_interval_is_cut_to_what_can_be() -> None:
    uncut = estimate(np.array(NEAR_NONE))
    assert uncut.low == pytest.approx(-0.0661, abs=1e-4)
    cut = within(uncut, FRACTION)
    assert (cut.mean, cut.low, cut.high, cut.replications) == (uncut.mean, 0.0, uncut.high, 3)
    assert within(estimate(np.array(NEAR_ALL)), FRACTION).high == 1.0
    assert within(uncut, ANYTHING) == uncut
    none = within(Estimate(0.5, math.nan, math.nan, 1), FRACTION)
    assert math.isnan(none.low) and math.isnan(none.high)


def test_what_is_cut_off_never_held_the_truth() -> None:
    """Of 4,000 sets of three worlds with a true share of 2%, as many cut intervals hold it as whole ones."""
    worlds = np.random.default_rng(4).binomial(50, 0.02, (4_000, 3)) / 50
    whole = [estimate(values) for values in worlds]
    cut = [within(found, FRACTION) for found in whole]
    assert [found.low <= 0.02 <= found.high for found in cut] == [
        found.low <= 0.02 <= found.high for found in whole
    ]
    assert sum(found.low < 0 for found in whole) > 1_000 and all(found.low >= 0 for found in cut)


def test_bounds_follow_from_the_unit_unless_declared() -> None:
    assert {name for name, entry in MEASURES.items() if entry.signed} == {
        "profit_per_merchant",
        "profit_per_store",
        "named_profit",
        "fan_dependence",
        "lead",
        "platform_payoff",
        "owner_payoff",
        "private_share_rise",
        "stranger_share_rise",
        "counter_newcomer_profit_90d",
        "counter_newcomer_profit_1y",
        "lead_besides",
        "session_visits_on_hours",
        "session_conversion_on_hours",
        "session_conversion_on_visits",
        "session_visits_lag_one",
    }
    assert MEASURES["conversion_rate"].bounds == MEASURES["audience_gini"].bounds == FRACTION
    assert MEASURES["gmv"].bounds == MEASURES["orders_per_direct_link"].bounds == AMOUNT
    assert MEASURES["lead"].bounds == Bounds(-1.0, 1.0)
    assert measure_bounds("profit_per_merchant_newcomer") == ANYTHING
    assert (
        measure_bounds("conversion_rate_push")
        == measure_bounds("private_traffic_share_first_30_days")
        == FRACTION
    )
    assert (measure_bounds("fans"), measure_bounds("better_off_share")) == (AMOUNT, FRACTION)
    assert measure_bounds("private_domain_slope") == measure_bounds("an outcome of one's own") == ANYTHING
    assert FRACTION.for_differences == Bounds(-1.0, 1.0)
    assert AMOUNT.for_differences == ANYTHING.for_differences == ANYTHING


def test_measures_of_a_run_lie_within_their_bounds(run: StoredRun) -> None:
    runs = run.results.runs
    for name in runs.columns.difference(["arm", "replicate"]):
        values, bounds = runs[name].dropna(), measure_bounds(name)
        assert values.between(bounds.lowest, bounds.highest).all(), name


def reaches(figure: go.Figure, side: str) -> list[tuple[float, float]]:
    """Ends of all error bars along ``"x"`` or ``"y"``."""
    found = []
    for trace in figure.data:
        bar = trace[f"error_{side}"]
        for middle, up, down in zip(trace[side] or (), bar.array or (), bar.arrayminus or (), strict=True):
            found.append((middle - down, middle + up))
    return found


def test_error_bars_of_shares_stay_between_0_and_1(content: Content) -> None:
    many = all_arms_exhibit(content, "", {"": ("conversion_rate", "audience_gini")})
    shown = reaches(many.views[0].figure, "x")
    places = map_exhibit(content)
    assert places is not None
    shown += [
        end
        for view in places.views
        if "first week" not in view.label and "Profit" not in view.label
        for end in reaches(view.figure, "y")
    ]
    assert len(shown) >= 30
    assert min(low for low, _ in shown) >= -1e-9 and max(high for _, high in shown) <= 1 + 1e-9
    few = Content(content.run)
    few.names.arms[:] = few.names.arms[:3]
    assert min(low for low, _ in reaches(measures_exhibit(few).views[0].figure, "x")) >= -1e-9


def test_the_numbers_at_the_edge_of_a_row_are_its_values_and_no_ends_of_intervals(content: Content) -> None:
    few = Content(content.run)
    few.names.arms[:] = few.names.arms[:3]
    exhibit = measures_exhibit(few)
    view = exhibit.views[0]
    assert "the values stand at the right, in the order of the legend" in exhibit.caption
    # Of 2%, 98% and 2%; the intervals reach to 100%, and those of sales to 1,590 CNY.
    rows = list(view.figure.layout.yaxis.ticktext)
    row = -rows.index("Orders per visit\N{NO-BREAK SPACE}▲")
    notes = sorted((note.xshift, note.text) for note in view.figure.layout.annotations if note.y == row)
    assert [text for _, text in notes] == ["2.00%", "98.0%", "2.00%"]
    phone = " ".join(note["text"] for note in view.narrow["annotations"])
    assert "2.00% · 98.0% · 2.00%" in phone and "100%" not in phone and "300 CNY" in phone


def test_hover_words_and_tables_say_no_less_than_nothing(content: Content) -> None:
    words = [
        text
        for view in all_arms_exhibit(content, "", {"": ("conversion_rate", "gmv")}).views
        for trace in view.figure.data
        for text in trace.text
    ]
    assert any("95% interval 0% to 10.6%" in text for text in words)
    assert any("95% interval 89.4% to 100%" in text for text in words)
    assert not any("−" in text or "107" in text for text in words)
    rows = comparison_tables(content)[0].rows
    row = next(row for row in rows if row.measure == "Orders per visit")
    assert row.interval == "+79 to +100"  # from 96.0 - 17.2 to 96.0 + 17.2 points


def test_an_entry_curve_stays_between_0_and_1(tmp_path: Path) -> None:
    def opens(day: int) -> dict:
        return {
            "name": f"on_{day}",
            "platforms": [preset("taobao_live"), preset("tencent_live") | {"launch_day": day}],
        }

    made = stored(tiny([opens(0), opens(5)]), tmp_path)
    shares = {"visit_share_tencent_live": NEAR_ALL}, {"visit_share_tencent_live": NEAR_NONE}
    exhibit = entry_exhibit(with_runs(made, dict(zip(("on_0", "on_5"), shares, strict=True))))
    assert exhibit is not None
    view = next(view for view in exhibit.views if view.label.startswith("Share of visits in the last"))
    ends = reaches(view.figure, "y")
    assert [low for low, _ in ends][1] == pytest.approx(0.0) and ends[0][1] == pytest.approx(1.0)


def test_bands_are_cut_day_by_day() -> None:
    days = pd.DataFrame([NEAR_NONE, NEAR_ALL, [0.5, 0.5, 0.5]])
    band = mean_band(days, FRACTION)
    assert band.low.tolist() == pytest.approx([0.0, 0.894, 0.5], abs=1e-3)
    assert band.high.tolist() == pytest.approx([0.106, 1.0, 0.5], abs=1e-3)


def test_differences_of_shares_end_at_1() -> None:
    runs = pd.DataFrame(
        {
            "arm": ["a"] * 3 + ["b"] * 3,
            "replicate": [0, 1, 2] * 2,
            "conversion_rate": NEAR_ALL + NEAR_NONE,
            "profit_per_merchant": [-9.0, 2.0, 3.0, 0.0, 0.0, 0.0],
        }
    )
    found = compare(runs, "a", "b", "conversion_rate").difference
    assert (found.mean, found.high) == (pytest.approx(0.96), 1.0)
    assert compare(runs, "a", "b", "profit_per_merchant").difference == estimate(np.array([-9.0, 2.0, 3.0]))


def level(**more: object) -> ClaimTest:
    return ClaimTest.model_validate(
        {
            "kind": "level",
            "measure": "conversion_rate",
            "arm": "taobao_live",
            "direction": "higher",
            "margin": 0.0,
            "why": "anything at all",
        }
        | more
    )


@pytest.mark.parametrize(
    ("test", "bounds"),
    [
        (level(), FRACTION),
        (level(reference=0.25), Bounds(-0.25, 0.75)),
        (level(kind="difference", against="tencent_live"), Bounds(-1.0, 1.0)),
        (level(kind="difference", against="tencent_live", relative=True), Bounds(-1.0, math.inf)),
        (level(kind="trend", measure="fans"), ANYTHING),
        (level(kind="difference", against="tencent_live", measure="profit_per_merchant"), ANYTHING),
        (level(kind="elasticity", factor="trust.tie_strength", against_factor="platform.pool"), ANYTHING),
        (
            level(kind="merchants", measure="better_off_share", against="tencent_live", reference=0.5),
            Bounds(-0.5, 0.5),
        ),
    ],
)
def test_bounds_of_effects(test: ClaimTest, bounds: Bounds) -> None:
    assert effect_bounds(test) == bounds


def test_verdicts_are_reached_on_whole_intervals(content: Content) -> None:
    test = level(reference=0.01)
    found = judge_test(test, content.run.scenario, content.run.results)
    assert found.low == -0.01, "the interval that is kept ends at a share of zero"
    uncut = estimate(np.array(NEAR_NONE) - 0.01)
    assert (found.status, found.in_words) == weigh(uncut, test) and found.effect == uncut.mean


def test_goals_of_a_search_stay_within_their_bounds() -> None:
    goals = [
        Goal.model_validate({"measure": "conversion_rate", "arm": "a", **more})
        for more in ({}, {"against": "b"})
    ]
    search = PolicySearch.model_construct(goals=goals, replications=3)
    today = Candidate(0, 0, {}, np.array([NEAR_ALL, NEAR_NONE]))
    other = Candidate(1, 0, {}, np.array([NEAR_NONE, [1.0, -1.0, 1.0]]))
    table = candidate_table(search, [today, other]).set_index("candidate")
    share, apart = (goal.name for goal in goals)
    assert table[f"{share}.low"].tolist()[1] == 0.0 and table[f"{share}.high"].tolist()[0] == 1.0
    assert table.loc[1, f"{share}.change_low"] == -1.0
    assert table.loc[1, f"{apart}.low"] == -1.0 and table.loc[1, f"{apart}.high"] == 1.0


def test_indices_of_factors_stay_between_0_and_1() -> None:
    low, high = _ends(np.array([0.02, 0.97, -0.01]), np.array([0.1, 0.1, 0.1]))
    assert low.tolist() == pytest.approx([0.0, 0.87, -0.01])
    assert high.tolist() == pytest.approx([0.12, 1.0, 0.09])
