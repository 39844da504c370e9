"""What worlds that knew nothing later foretell, beside figures that were published later."""

from __future__ import annotations

import datetime
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.calibration.plausible_worlds import EVIDENCE_FOLDER
from simulation.claims.reading import read_scenario
from simulation.ensembles.results import SweepResults
from simulation.errors import AnalysisError
from simulation.measures.outcome import Window
from simulation.measures.registry import FORETOLD, SALES, named
from simulation.scenario import ScenarioError, find_scenario
from simulation.scenario.sections.sweep import Foretelling
from simulation.validation.foretelling.foretold import (
    PUBLISHED,
    SHARE,
    TABLE,
    _with_what_ifs,
    beside_published,
    foretold_table,
    read_foretold,
    read_published,
)
from simulation.validation.foretelling.known_worlds import ABOUT, WORLDS, check_known, choose_known

UNTIL = datetime.date(2021, 8, 31)
PLATFORMS = ("taobao_live", "douyin", "kuaishou", "tencent_live", "wechat_channels")
ENTRY = """
[[published]]
id = "{id}"
label = "a figure"
{what}
date = {date}
source = "somewhere"
reading = "as it is"
"""
SHARE_OF_2023 = """
kind = "share"
of = ["kuaishou"]
among = ["kuaishou", "douyin"]
quarters = ["2023Q1", "2023Q2"]
low = 0.3
high = 0.38
as_before = 0.6
"""


def published(path: Path, what: str, date: str = "2023-12-31") -> Path:
    path.write_text(ENTRY.format(id="a", what=what, date=date), encoding="utf-8")
    return path


def after_2020() -> tuple[SweepResults, Foretelling]:
    """Three worlds in which Kuaishou sells 1, 2 and 3 where Douyin sells 4, and nobody else anything."""
    scenario = read_scenario(find_scenario("after_2020"))
    assert scenario.foretelling is not None
    rows = []
    for arm in scenario.arms:
        for point in range(3):
            row: dict[str, object] = {"point": point, "replicate": 0, "arm": arm.name, "against": ""}
            row["trust.half_life"] = 10.0 * (point + 1)
            for days in scenario.foretelling.quarters(scenario.world.days).values():
                window = Window(*days)
                sold = dict.fromkeys(PLATFORMS, 0.0) | {"kuaishou": point + 1.0, "douyin": 4.0}
                row |= {named(f"{SALES}_{name}", window): value for name, value in sold.items()}
                row |= {named(name, window): 0.1 * point for name in FORETOLD}
            rows.append(row)
    return SweepResults(scenario, pd.DataFrame(rows)), scenario.foretelling


def test_quarters_are_those_of_the_calendar_to_the_nearest_month_of_30_days() -> None:
    found = Foretelling(first_day="2020-01-01", facts_until="2021-08").quarters(1830)
    assert len(found) == 20 and next(iter(found)) == "2020Q1" and list(found)[-1] == "2024Q4"
    assert found["2020Q1"] == (1, 90) and found["2022Q4"] == (991, 1110) and found["2024Q4"][1] == 1830
    later = Foretelling(first_day="2020-07-20", facts_until="2021").quarters(200)
    assert later == {"2020Q4": (61, 180)}, "of the third quarter two months are missing"


@given(st.dates(datetime.date(2015, 1, 1), datetime.date(2025, 1, 1)), st.integers(30, 2000))
def test_quarters_follow_one_another_and_are_whole_months(first: datetime.date, days: int) -> None:
    found = list(Foretelling(first_day=str(first), facts_until=str(first)).quarters(days).values())
    assert all(Window(*entry).fits(days) for entry in found)
    assert all(before[1] + 1 == after[0] for before, after in pairwise(found))


def test_a_figure_that_was_known_is_refused(tmp_path: Path) -> None:
    file = published(tmp_path / PUBLISHED, SHARE_OF_2023, "2021-08-31")
    with pytest.raises(ScenarioError, match=r"(?s)published\.a\.date.*2021-08-31.*later than 2021-08-31"):
        read_published(file, UNTIL)
    assert len(read_published(published(file, SHARE_OF_2023, "2021-09-01"), UNTIL)) == 1


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("", "has a figure in words"),
        (SHARE_OF_2023.replace('of = ["kuaishou"]', ""), "of which platforms"),
        (SHARE_OF_2023.replace("low = 0.3", ""), "needs low, high and quarters"),
        (SHARE_OF_2023.replace('"share"', '"change"'), "a change has quarters since when"),
    ],
)
def test_a_figure_that_says_too_little_is_refused(what: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=told):
        read_published(published(tmp_path / PUBLISHED, what), UNTIL)


def test_the_figures_that_are_kept_are_later_and_name_quarters_and_platforms_that_there_are() -> None:
    results, calendar = after_2020()
    quarters = set(calendar.quarters(results.scenario.world.days))
    entries = read_published(EVIDENCE_FOLDER / PUBLISHED, calendar.facts_until)
    assert sum(bool(entry.kind) for entry in entries) >= 5 and any(not entry.kind for entry in entries)
    for entry in entries:
        assert {*entry.quarters, *entry.since} <= quarters and {*entry.of, *entry.among} <= {*PLATFORMS}
        assert entry.measure in ("", *FORETOLD) and entry.label_zh and entry.reading_zh


def test_shares_are_of_all_sales_of_a_quarter_with_nine_in_ten_worlds_between_the_ends() -> None:
    table = foretold_table(after_2020()[0], "x").set_index(["quarter", "measure", "arm", "platform"])
    row = table.loc[("2024Q4", SHARE, "market", "kuaishou")]
    assert row["median"] == pytest.approx(1 / 3) and row["worlds"] == 3
    assert row["low"] == pytest.approx(np.quantile([1 / 5, 1 / 3, 3 / 7], 0.05))
    assert table.loc[("2020Q1", "monthly_repurchase", "market", "all")]["median"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("low", "high", "hit", "distance"),
    [(0.3, 0.38, True, 0.0), (0.40, 0.41, True, 1 / 3 - 0.40), (0.1, 0.2, False, 1 / 3 - 0.2)],
)
def test_a_hit_is_an_interval_in_common_and_a_distance_is_of_the_median(
    low: float, high: float, hit: bool, distance: float, tmp_path: Path
) -> None:
    what = SHARE_OF_2023.replace("0.38", str(high)).replace("low = 0.3", f"low = {low}")
    entries = read_published(published(tmp_path / PUBLISHED, what), UNTIL)
    row = beside_published(after_2020()[0], entries, "x").iloc[0]
    assert bool(row["hit"]) is hit and row["distance"] == pytest.approx(distance) and row["as_before"] == 0.6


def test_a_what_if_is_kept_beside_the_market_of_the_same_model(tmp_path: Path) -> None:
    file = tmp_path / TABLE
    market, what_if = (pd.DataFrame({"arm": [arm], "model_version": ["x"]}) for arm in ("market", "feed"))
    what_if.to_csv(file, index=False)
    assert _with_what_ifs(file, market)["arm"].tolist() == ["market", "feed"]
    market.to_csv(file, index=False)
    assert _with_what_ifs(file, what_if)["arm"].tolist() == ["market", "feed"]
    assert _with_what_ifs(file, what_if.assign(model_version="y"))["arm"].tolist() == ["feed"]


def test_a_change_is_the_share_over_the_one_before(tmp_path: Path) -> None:
    what = SHARE_OF_2023.replace('"share"', '"change"') + 'since = ["2022Q1"]'
    row = beside_published(after_2020()[0], read_published(published(tmp_path / PUBLISHED, what), UNTIL), "x")
    assert row.iloc[0]["median"] == pytest.approx(1.0), "nothing changes in these worlds"


def calibrated(folder: Path, known: list[float], later: list[float]) -> Path:
    """Folder with facts of before and after the cut-off, and a wave of which these are the values."""
    text = '[[facts]]\nid = "{}"\nmeasure = "gmv"\narm = "x"\nlow = 0.0\nhigh = 1.0\ndate = {}\n'
    content = text.format("known", "2020-12-31") + text.format("later", "2021-09-01")
    (folder / "facts.toml").write_text(content, encoding="utf-8")
    wave = {"point": range(len(known)), "trust.half_life": range(len(known)), "known": known, "later": later}
    pd.DataFrame(wave).assign(weight=1.0).to_csv(folder / "wave_1.csv", index=False)
    return folder


def test_worlds_are_chosen_by_what_was_known_whatever_came_later(tmp_path: Path) -> None:
    met, missed = [0.5] * 20, [9.0] * 30
    folder = calibrated(tmp_path, met + missed, [9.0] * 20 + [0.5] * 30)
    found = choose_known(folder, tmp_path, UNTIL)
    assert found.facts == {"known": datetime.date(2020, 12, 31)} and found.missed_at_most == 0
    assert set(pd.read_csv(tmp_path / WORLDS)["trust.half_life"]) == set(range(20))


def test_worlds_of_drawn_waves_are_chosen_by_their_weights(tmp_path: Path) -> None:
    folder = calibrated(tmp_path, [0.5] * 300, [0.5] * 300)
    first = pd.read_csv(folder / "wave_1.csv")
    later = first.assign(**{"trust.half_life": range(1000, 1300)})
    later["weight"] = [10.0] * 50 + [0.001] * 250
    later.to_csv(folder / "wave_2.csv", index=False)
    later.assign(**{"trust.half_life": 9999}).to_csv(folder / "wave_larger.csv", index=False)
    assert choose_known(folder, tmp_path, UNTIL).looked_at == 300, "neither the first nor what was run again"
    chosen = pd.read_csv(tmp_path / WORLDS)["trust.half_life"]
    assert len(chosen) == 100 and set(chosen) >= set(range(1000, 1050)), "likely ones twice, as they weigh"
    first.drop(columns="weight").to_csv(folder / "wave_2.csv", index=False)
    with pytest.raises(AnalysisError, match="calibrate again"):
        choose_known(folder, tmp_path, UNTIL)


def test_worlds_that_knew_something_later_or_are_others_are_refused(tmp_path: Path) -> None:
    choose_known(calibrated(tmp_path, [0.5] * 30, [0.5] * 30), tmp_path, UNTIL)
    worlds = pd.read_csv(tmp_path / WORLDS)
    check_known(tmp_path, worlds.head(3), UNTIL)
    with pytest.raises(AnalysisError, match="none of the worlds kept"):
        check_known(tmp_path, worlds + 1.0, UNTIL)
    about = json.loads((tmp_path / ABOUT).read_text(encoding="utf-8"))
    about["facts"]["later"] = "2021-09-01"
    (tmp_path / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(AnalysisError, match="dated later: later"):
        check_known(tmp_path, worlds, UNTIL)
    (tmp_path / ABOUT).unlink()
    with pytest.raises(AnalysisError, match="no such file"):
        check_known(tmp_path, worlds, UNTIL)


def test_nothing_is_foretold_where_nothing_is_kept(tmp_path: Path) -> None:
    assert read_foretold(tmp_path) is None
