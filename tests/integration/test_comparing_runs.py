"""Two runs compared: pair by pair on common luck, as independent samples else, and what was asked of each."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulation.archive.two_runs import TwoRuns
from simulation.commands.app import app
from simulation.errors import ArchiveError
from simulation.laboratory import compare
from simulation.languages.speaking import speaking
from simulation.pages.compare.answer import arm_title, first_screen
from simulation.pages.compare.page import pages_of, render_page
from simulation.pages.kit.names import Names
from simulation.runs.comparison import estimate_apart
from tests.support.english_on_pages import english_in
from tests.support.made_runs import stored, tiny, with_runs
from tests.support.worlds import preset


def run_of(folder: Path, seed: int = 7, name: str = "feed", worlds: int = 4, **sections: Any):
    arm = {"name": name, "role": "centralised", "platform": preset("taobao_live")}
    folder.mkdir()
    return stored(tiny([arm], run={"replications": worlds, "seed": seed}, **sections), folder)


def two(first: Any, second: Any, values: tuple[list[float], list[float]]) -> TwoRuns:
    """Both runs with sales as given."""
    names = [run.scenario.arms[0].name for run in (first, second)]
    made = [
        with_runs(run, {name: {"gmv": value}}).run
        for run, name, value in zip((first, second), names, values, strict=True)
    ]
    return TwoRuns(*made)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    where = tmp_path_factory.mktemp("runs")
    return {
        "plain": run_of(where / "plain"),
        "other": run_of(where / "other", trust={"half_life": 20.0}),
        "luck": run_of(where / "luck", seed=8),
        "renamed": run_of(where / "renamed", name="stream"),
        "short": run_of(where / "short", worlds=2),
    }


VALUES = ([1.0, 5.0, 9.0, 13.0], [2.0, 6.5, 9.5, 14.0])


def test_worlds_of_one_seed_are_paired(runs: dict[str, Any]) -> None:
    found = two(runs["plain"], runs["other"], VALUES)
    row = found.differences.set_index("measure").loc["gmv"]
    half = stats.t.ppf(0.975, 3) * np.std([1.0, 1.5, 0.5, 1.0], ddof=1) / 2
    assert (row["first"], row["second"], row["difference"]) == (7.0, 8.0, 1.0)
    assert (row["low"], row["high"]) == pytest.approx((1.0 - half, 1.0 + half))
    assert row["paired"] and row["worlds"] == 4 and found.common_luck
    assert [(entry.key, entry.first != entry.second) for entry in found.unlike] == [("trust.half_life", True)]
    page = render_page(found)
    assert "trust.half_life" in page and "4 pairs of worlds" in page


@pytest.mark.parametrize(
    ("values", "expected", "pairs"),
    [
        (([1.0, 2.0, 30.0, 40.0], [1.5, 2.5]), (1.5, 2.0, 0.5), 2),
        (([1.0, np.nan, 30.0, 40.0], [1.5, 2.5]), (1.0, 1.5, 0.5), 1),
    ],
)
def test_worlds_that_only_one_run_has_are_in_no_mean_and_are_told_of(
    values: tuple[list[float], list[float]], expected: tuple[float, ...], pairs: int, runs: dict[str, Any]
) -> None:
    for names, sides, sign in ((("plain", "short"), values, 1), (("short", "plain"), values[::-1], -1)):
        found = two(runs[names[0]], runs[names[1]], sides)
        row = found.differences.set_index("measure").loc["gmv"]
        assert (row["first"], row["second"]) == expected[:2][::sign]
        assert (row["difference"], row["worlds"], found.left_out) == (sign * expected[2], pairs, 2)
        assert "2 worlds of the longer run are left out" in render_page(found)
    assert two(runs["plain"], runs["luck"], VALUES).left_out == 0


def test_a_line_says_how_many_differ_of_those_with_an_interval_and_what_chance_would_do(
    runs: dict[str, Any],
) -> None:
    answer = compare(runs["plain"].folder, runs["short"].folder)
    known = int(answer.runs["low"].notna().sum())
    assert 0 < known < len(answer.runs)
    assert answer.in_words.startswith("1 key differs; on common luck, 0 of ")
    assert (
        f" of {known} measures with an interval differ clearly (about one in twenty would" in answer.in_words
    )
    assert answer.in_words.endswith("; 2 worlds of the longer run are left out")


def test_worlds_of_two_seeds_are_independent_samples(runs: dict[str, Any]) -> None:
    found = two(runs["plain"], runs["luck"], VALUES)
    row = found.differences.set_index("measure").loc["gmv"]
    error = np.sqrt(np.var(VALUES[0], ddof=1) / 4 + np.var(VALUES[1], ddof=1) / 4)
    assert row["difference"] == 1.0 and not row["paired"] and row["worlds"] == 8
    assert row["high"] - row["low"] > 2 * 1.96 * error
    assert [entry.key for entry in found.unlike] == ["run.seed"]
    assert "luck is not shared" in render_page(found)


def of_version(run: Any, version: str) -> Any:
    return replace(run, manifest=run.manifest | {"model_version": version})


def test_runs_of_one_seed_and_two_versions_have_no_common_luck(runs: dict[str, Any]) -> None:
    found = two(runs["plain"], of_version(runs["other"], "3.2"), VALUES)
    assert not found.common_luck and not found.differences["paired"].any()
    page = render_page(found)
    assert "are of two versions of the model" in page and "intervals may be too narrow" not in page


@pytest.mark.parametrize(
    ("past", "seed", "versions", "shared"),
    [
        ("own", 8, ("4.1", "4"), True),
        ("none", 8, ("4.1", "4"), False),
        ("own", 8, ("4.1", "4.2"), False),
        ("own", 11, ("4.1", "4.1"), False),
    ],
)
def test_runs_of_earlier_versions_that_may_share_a_past_say_so(
    past: str, seed: int, versions: tuple[str, str], shared: bool, tmp_path: Path
) -> None:
    made = [
        of_version(run_of(tmp_path / str(number), seed=number, warm_up={"past": past}), version)
        for number, version in zip((7, seed), versions, strict=True)
    ]
    assert ("intervals may be too narrow" in render_page(TwoRuns(*made))) == shared


def test_welch_s_interval_is_that_of_the_books_and_nothing_where_there_is_none() -> None:
    left, right = np.array([3.0, 4.0, 5.0, np.nan]), np.array([1.0, 2.0])
    # s2 1 of 3 and 0.5 of 2: standard error sqrt(1/3 + 1/4), degrees (7/12)^2 / ((1/3)^2/2 + (1/4)^2/1).
    half = stats.t.ppf(0.975, (7 / 12) ** 2 / ((1 / 3) ** 2 / 2 + (1 / 4) ** 2)) * np.sqrt(7 / 12)
    found = estimate_apart(left, right)
    assert (found.mean, found.low, found.high) == pytest.approx((2.5, 2.5 - half, 2.5 + half))
    assert np.isnan(estimate_apart(left[:1], right).low) and estimate_apart(left[:1], right).mean == 1.5
    assert np.isnan(estimate_apart(np.array([np.nan]), right).mean)
    assert np.isnan(estimate_apart(np.array([2.0, 2.0]), np.array([1.0, 1.0])).low)


def test_arms_of_other_names_are_compared_by_their_role(runs: dict[str, Any]) -> None:
    found = two(runs["plain"], runs["renamed"], VALUES)
    assert found.arms == [("feed", "stream")] and found.alone == []
    assert set(found.differences["arm"]) == {"feed / stream"}


def test_a_run_compared_with_itself_differs_in_nothing(runs: dict[str, Any]) -> None:
    answer = compare(runs["plain"].folder, runs["plain"].folder)
    assert answer.unlike.empty and (answer.runs["difference"].dropna() == 0).all()
    assert answer.page.name == f"compared_with_{answer.folder.name}.html"
    assert "both were asked the same" in answer.page.read_text(encoding="utf-8")


def test_the_command_says_what_differs_and_where_the_page_is(
    runs: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    first, second = (str(runs[name].folder) for name in ("plain", "other"))
    assert not app(["compare", first, second, "--out", str(page)], standalone_mode=False)
    said = capsys.readouterr().out
    assert "trust.half_life: " in said and "-> 20.0 (Time" in said and "Live, Sales (GMV): " in said
    assert page.is_file() and "nan" not in said and "e+0" not in said
    with pytest.raises(ArchiveError):
        compare(runs["plain"].folder, tmp_path)


def test_each_language_has_its_page_and_each_links_the_other(runs: dict[str, Any], tmp_path: Path) -> None:
    asked = tmp_path / "two # runs.html"
    with speaking("zh"):
        page = compare(runs["plain"].folder, runs["other"].folder, page=asked).page
    assert page == tmp_path / "two # runs.zh.html" and asked.is_file()
    assert '<a href="two%20%23%20runs.html" hreflang="en"' in page.read_text(encoding="utf-8")
    assert '<a href="two%20%23%20runs.zh.html" hreflang="zh"' in asked.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["page.html", "page.zh.html"])
def test_a_page_that_is_asked_for_by_either_name_is_the_same_two_files(name: str) -> None:
    found = pages_of(Path("there") / name)
    assert found == {"en": Path("there/page.html"), "zh": Path("there/page.zh.html")}


def test_a_chinese_page_and_table_have_no_english_and_pairs_go_by_both_labels(runs: dict[str, Any]) -> None:
    found = two(runs["plain"], runs["renamed"], VALUES)
    assert arm_title(found, "feed / stream") == "Taobao Live / Taobao Live"
    with speaking("zh"):
        answer = compare(runs["plain"].folder, runs["other"].folder)
        head, rows = answer._table()
        assert english_in(render_page(answer.two)) == {}
    assert head[:2] == ("方案", "指标") and rows and not re.search("[A-Za-z]{4}", " ".join(map(str, rows)))


def test_the_picture_begins_with_what_the_sentence_tells(runs: dict[str, Any]) -> None:
    apart = ([1.0, 5.0, 9.0, 13.0], [2.0, 6.1, 10.0, 14.1])
    found = two(runs["plain"], runs["other"], apart)
    screen = first_screen(found, Names(found.second.scenario))
    assert screen.sentence.startswith("“Sales (GMV)” of Taobao Live is 15% higher in the second run")
    assert screen.rows[0].label == "Sales (GMV)" and "Taobao Live" in screen.picture_title


def test_more_worlds_alone_are_no_setting_that_could_have_done_it(runs: dict[str, Any]) -> None:
    found = two(runs["plain"], runs["short"], VALUES)
    screen = first_screen(found, Names(found.second.scenario))
    assert [entry.key for entry in found.unlike] == ["run.replications"]
    assert not any("one setting at a time" in line for line in screen.advice)
    both = two(
        runs["other"],
        run_of(runs["short"].folder / "two", worlds=2, trust={"watch_gain": 0.1, "half_life": 9.0}),
        VALUES,
    )
    assert any(
        "one setting at a time" in line for line in first_screen(both, Names(both.second.scenario)).advice
    )
