"""Nothing is drawn before it begins, and no band goes over days that have no interval."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from simulation.archive.archive import StoredRun
from simulation.pages.evidence.figures.mathematics import check_figure
from simulation.pages.evidence.figures.scale import scale_figure
from simulation.pages.kit.names import NamedArm
from simulation.pages.kit.periods import (
    Mark,
    broken,
    by_period,
    outline,
    pieces,
    seen_alone,
    smoothed,
    split_periods,
)
from simulation.pages.kit.style import Exhibit
from simulation.pages.life import figures as inspection_figures
from simulation.pages.life.figures import merchant_timeline, viewer_timeline
from simulation.pages.life.merchant_life import MerchantLife
from simulation.pages.life.recorded_world import recorded_world
from simulation.pages.life.viewer_life import ViewerLife
from simulation.pages.run.content import Band, Content
from simulation.pages.run.figures.channels import channels_exhibit
from simulation.pages.run.figures.daily import Series, lines_figure, series_exhibit
from simulation.pages.run.figures.market import shares_exhibit, stocks_exhibit
from simulation.pages.run.figures.policies import policies_exhibit
from simulation.validation.mathematics.checks import Check
from tests.support.made_runs import stored, tiny, with_daily, with_table
from tests.support.worlds import preset

DAYS, START, END = 40, 17, 31
"""A policy's days, none of which is a multiple of seven."""
POLICY = {
    "name": "help",
    "label": "Help",
    "effect": "support",
    "arms": ["helped"],
    "amount": 0.5,
    "start": START,
    "end": END,
}


def test_no_period_goes_over_a_cut() -> None:
    assert split_periods(21, 7, []) == [(0, 7), (7, 14), (14, 21)]
    assert split_periods(20, 7, []) == [(0, 7), (7, 20)], "what is left belongs to the last week"
    assert split_periods(30, 7, [17]) == [(0, 7), (7, 17), (17, 30)]
    assert split_periods(5, 7, [2]) == [(0, 2), (2, 5)]
    assert split_periods(3, 1, []) == [(0, 1), (1, 2), (2, 3)]
    for cut in range(1, DAYS):
        found = split_periods(DAYS, 7, [cut])
        assert [day for first, end in found for day in range(first, end)] == list(range(DAYS))
        assert any(first == cut for first, _ in found)
        assert all(end - first >= 7 for first, end in found if 7 <= cut <= DAYS - 7)


def test_sums_by_period() -> None:
    table = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0, math.nan]})
    assert by_period(table, [(0, 2), (2, 5)])["a"].to_dict() == {0: 3.0, 2: 7.0}


def test_means_over_weeks_begin_anew_at_a_cut() -> None:
    table = pd.DataFrame({0: [0.0] * 10 + [7.0] * 10})
    assert smoothed(table, [])[0].tolist()[10:12] == [1.0, 2.0], "without a cut the week holds days before"
    assert smoothed(table, [10])[0].tolist() == table[0].tolist()
    assert smoothed(pd.DataFrame({0: [4.0, 2.0, 0.0]}), [])[0].tolist() == [2.0, 2.0, 2.0]
    rising = smoothed(pd.DataFrame({0: np.arange(20.0)}), [10])[0].tolist()
    assert rising[:8] == [3.0] * 7 + [4.0], "the first week has one mean"
    assert rising[9:18] == [6.0] + [13.0] * 7 + [14.0], "and so has the first after a cut"


def test_means_of_shares_count_what_they_are_shares_of() -> None:
    shares = pd.DataFrame({0: [0.5, 0.1, math.nan, 0.4, 0.0, 0.0, 0.0, 1.0]})
    visits = pd.DataFrame({0: [10.0, 90.0, 0.0, 20.0, 0.0, 0.0, 0.0, 30.0]})
    found = smoothed(shares, [], visits)[0].tolist()
    assert found == pytest.approx([22 / 120] * 7 + [47 / 140])
    ended = smoothed(pd.DataFrame({0: [0.5, math.nan, math.nan]}), [], pd.DataFrame({0: [1.0, 1.0, 1.0]}))
    assert ended[0].tolist()[0] == 0.5 and ended[0].isna().tolist() == [False, True, True]


def test_lines_are_broken_at_cuts() -> None:
    assert broken([0, 1, 2], [5.0, 6.0, 7.0], [2]) == ([0, 1, None, 2], [5.0, 6.0, None, 7.0])
    assert broken([6, 13], [5.0, 6.0], [4, 9, 11]) == ([6, None, None, 13], [5.0, None, None, 6.0])
    assert seen_alone([1.0, 2.0, None, 3.0])["marker"]["size"] == [0, 0, 0, 5]
    assert seen_alone([1.0, 2.0]) == {"mode": "lines"}


def test_bands_are_outlined_piece_by_piece() -> None:
    low, high = np.array([1.0, 1.0, math.nan, 0.0, 2.0, 2.0]), np.array([3.0, 3.0, math.nan, 4.0, 4.0, 4.0])
    assert pieces(np.isfinite(low), []) == [(0, 2), (3, 6)]
    assert pieces(np.isfinite(low), [4]) == [(0, 2), (3, 4), (4, 6)]
    x, y = outline(range(6), low, high)
    assert x == [0, 1, 1, 0, None, 3, 4, 5, 5, 4, 3] and y == [3, 3, 1, 1, None, 4, 4, 4, 2, 2, 0]
    x, _ = outline(range(6), low, high, log=True)
    assert x == [0, 1, 1, 0, None, 4, 5, 5, 4], "an interval that reaches zero has no place on a log axis"


def fills(figure: go.Figure) -> list[list[float]]:
    """Every filled outline of a figure, as the x of its points."""
    found: list[list[float]] = []
    for trace in figure.data:
        if trace.fill == "toself":
            found.append([])
            for x in trace.x:
                if x is None:
                    found.append([])
                else:
                    found[-1].append(x)
    return [piece for piece in found if piece]


def test_bands_on_a_log_axis_are_not_joined_across_gaps() -> None:
    level = np.full(9, 1_000.0)
    low = np.array([900.0, 900.0, 0.0, 0.0, 900.0, 900.0, math.nan, 900.0, 900.0])
    bands = {
        NamedArm("a", "A", 0): Band(level, low, level + 100),
        NamedArm("b", "B", 1): Band(level / 100, level / 200, level),
    }
    marks = [Mark(8, None, "Help", "day 8")]
    figure = lines_figure(bands, Series("visits", "Visits", "persons", True), marks)
    assert figure.layout.yaxis.type == "log"
    assert [(min(piece), max(piece)) for piece in fills(figure)][:4] == [(0, 1), (4, 5), (7, 7), (8, 8)]


def test_the_band_of_a_law_is_not_joined_across_gaps() -> None:
    law = pd.DataFrame(
        {"x": [0.0, 1.0, 2.0, 3.0, 4.0], "expected": 0.5, "high": 0.6, "low": [0.4, 0.4, math.nan, 0.4, 0.4]}
    )
    check = Check.__new__(Check)
    for name, value in (("id", "half_life"), ("expected", law), ("observed", law.assign(observed=0.5))):
        object.__setattr__(check, name, value)
    assert fills(check_figure(check)) == [[0, 1, 1, 0], [3, 4, 4, 3]]


def test_no_line_goes_over_a_size_without_a_value() -> None:
    frame = pd.DataFrame(
        {
            "arm": "a",
            "viewers": [100, 1_000, 10_000],
            "persons": 1.0,
            "merchants": 1,
            "replicate": 0,
            "conversion_rate": [0.1, math.nan, 0.3],
        }
    )
    line = next(trace for trace in scale_figure(frame, {"a": "A"}).data if "lines" in trace.mode)
    assert list(line.x) == [100, 1_000, 10_000] and list(line.y) == [0.1, None, 0.3]


@pytest.fixture(scope="module")
def helped(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """Two arms that are the same but for a policy, with a line list."""
    arms = [{"name": name, "label": name, "platform": preset("tencent_live")} for name in ("plain", "helped")]
    question = tiny(
        arms, policies=[POLICY], world={"days": DAYS}, run={"replications": 2, "seed": 7, "record": True}
    )
    return stored(question, tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def doubled(helped: StoredRun) -> Content:
    """The same with 100 visits a day, and 200 in the helped arm while the policy acts."""
    more = [200.0 if START <= day < END else 100.0 for day in range(DAYS)]
    return with_daily(helped, "visits", {"plain": [[100.0] * DAYS] * 2, "helped": [more] * 2})


def lines_of(exhibit: Exhibit, label: str) -> dict[str, dict[float, float]]:
    """Drawn lines by arm: value by day, where there is one."""
    figure = next(view.figure for view in exhibit.views if view.label == label)
    return {
        trace.name: {x: y for x, y in zip(trace.x, trace.y, strict=True) if y is not None}
        for trace in figure.data
        if trace.fill is None
    }


@pytest.mark.parametrize("make", [series_exhibit, policies_exhibit])
def test_an_effect_is_drawn_from_its_day_on(doubled: Content, make: Any) -> None:
    exhibit = make(doubled)
    lines = lines_of(exhibit, "Visits a day")
    assert lines["plain"] == dict.fromkeys(range(DAYS), 100.0)
    assert lines["helped"] == {day: 200.0 if START <= day < END else 100.0 for day in range(DAYS)}
    figure = exhibit.views[0].figure
    trace = next(trace for trace in figure.data if trace.name == "helped")
    for cut in (START, END):
        place = list(trace.x).index(cut)
        assert trace.x[place - 1] is None and trace.y[place - 1] is None, "the line is broken"
    marked = [shape.x0 for shape in figure.layout.shapes if shape.type == "line"]
    assert marked == [START, END]
    assert f"▸ Help, day {START} to {END}" in [note.text for note in figure.layout.annotations]
    for piece in fills(figure):
        assert not min(piece) < START <= max(piece) and not min(piece) < END <= max(piece)


def bars_of(figure: go.Figure) -> Iterator[tuple[str, float, float, float]]:
    """Name, first day, first day after it, and height of each bar."""
    for trace in figure.data:
        if trace.type == "bar":
            yield from (
                (trace.name, x, x + width, y)
                for x, width, y in zip(trace.x, trace.width, trace.y, strict=True)
            )


def test_weeks_of_channels_do_not_mix_before_and_after(helped: StoredRun) -> None:
    shown = [60.0 if START <= day < END else 0.0 for day in range(DAYS)]
    others = [40.0 if START <= day < END else 100.0 for day in range(DAYS)]
    content = with_daily(helped, "visits_showcase", {"helped": [shown] * 2})
    for name in ("push", "share", "follow"):
        content = with_daily(content.run, f"visits_{name}", {"helped": [[0.0] * DAYS] * 2})
    content = with_daily(content.run, "visits_push", {"helped": [others] * 2})
    view = channels_exhibit(content).views[0]
    bars = [bar for bar in bars_of(view.figure) if bar[0].startswith("showcase")]
    assert {(first, end): height for _, first, end, height in bars} == {
        (0, 7): 0.0,
        (7, 17): 0.0,
        (17, 24): 0.6,
        (24, 31): 0.6,
        (31, 40): 0.0,
    }
    marked = [(shape.x0, shape.xref) for shape in view.figure.layout.shapes]
    assert marked == [(START, "x2"), (END, "x2")], "in the panel of the arm alone"
    assert [note.text for note in view.figure.layout.annotations].count("Help") == 1
    assert [note["text"] for note in view.narrow["annotations"]].count("Help") == 1


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """A platform that opens on day 17 and at once has 30 users, 5 stores and half of visits and sales."""
    entrant = preset("tencent_live") | {"launch_day": START}
    arm = {"name": "market", "label": "Market", "platforms": [preset("taobao_live"), entrant]}
    run = stored(tiny([arm], replications=2, world={"days": 70}), tmp_path_factory.mktemp("runs"))
    table = run.results.platforms.copy()
    there = (table["platform"] == "taobao_live") | (table["day"] >= START)
    for column, value in (("users", 30.0), ("stores", 5.0), ("visits", 100.0), ("gmv", 900.0)):
        table[column] = np.where(there, value, 0.0)
    return with_table(run, "platforms", table)


def test_weeks_of_a_market_do_not_mix_before_and_after_a_launch(market: Content) -> None:
    exhibit = shares_exhibit(market)
    assert exhibit is not None
    figure = exhibit.views[0].figure
    for name, first, end, height in bars_of(figure):
        assert end <= START or first >= START
        expected = 0.5 if first >= START else 0.0 if name == "Tencent Live" else 1.0
        assert height == expected
    assert [shape.x0 for shape in figure.layout.shapes] == [START]


def test_users_and_sales_appear_on_the_launch_day(market: Content) -> None:
    exhibit = stocks_exhibit(market)
    assert exhibit is not None
    assert [view.label for view in exhibit.views] == ["Users", "Stores open", "Sales a day"]
    for view, value in zip(exhibit.views, (30.0, 5.0, 900.0), strict=True):
        lines = [trace for trace in view.figure.data if trace.name == "Tencent Live"]
        trace = next(line for line in lines if line.x[0] is not None)
        points = {x: y for x, y in zip(trace.x, trace.y, strict=True) if x is not None}
        assert all(y == (value if x >= START else 0.0) for x, y in points.items())
        after = list(trace.x).index(min(x for x in points if x >= START))
        assert trace.x[after - 1] is None, "no line leads from before the launch to after it"
        if view.label != "Sales a day":
            assert START in points and START - 1 in points


def test_bars_of_one_merchant_do_not_mix_before_and_after(
    helped: StoredRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection_figures, "DAILY_BARS", 10)
    world = recorded_world(helped.folder, "helped", 0)
    assert world.marks == [Mark(START, END, "Help", f"day {START} to {END}")]
    assert recorded_world(helped.folder, "plain", 0).marks == []
    numbers = pd.read_parquet(Path(helped.folder) / "agents/visits.parquet")
    numbers = numbers[(numbers["arm"] == "helped") & (numbers["replicate"] == 0)]
    life = MerchantLife.read(world, int(numbers["merchant"].value_counts().index[0]))
    figure = merchant_timeline(life).views[0].figure
    visits = np.bincount(life.visits["day"].to_numpy(int), minlength=DAYS)
    heights: dict[tuple[float, float], float] = {}
    for trace in figure.data:
        if trace.type == "bar" and trace.yaxis == "y":
            for x, width, y in zip(trace.x, trace.width, trace.y, strict=True):
                half = width / 0.9 / 2
                days = round(x - half + 0.5), round(x + half + 0.5)
                heights[days] = heights.get(days, 0.0) + y
    assert list(heights) == [(0, 7), (7, 17), (17, 24), (24, 31), (31, 40)]
    for (first, end), height in heights.items():
        assert height == pytest.approx(visits[first:end].mean(), rel=1e-3)
    assert [shape.x0 for shape in figure.layout.shapes] == [START - 0.5, END - 0.5] * 3
    viewer = ViewerLife.read(world, int(numbers["viewer"].iloc[0]))
    lines = viewer_timeline(viewer).views[0].figure.layout.shapes
    assert [line.x0 for line in lines] == [START - 0.5, END - 0.5]
