"""A run's workbook: what it answers stands first, in the reader's language, and numbers are the run's."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from openpyxl import load_workbook

from simulation.archive.archive import StoredRun
from simulation.exports.book.forms import number_form, round_form
from simulation.exports.exporting import export
from simulation.languages.speaking import speaking
from simulation.pages.run.answer.answer import answer
from simulation.pages.run.content import Content
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    arms[0]["role"], arms[1]["role"] = "centralised", "decentralised"
    scenario = tiny(arms, article_claims=True, world={"viewers": 200, "merchants": 8, "days": 20})
    return stored(scenario, tmp_path_factory.mktemp("run"))


def sheets(run: StoredRun, language: str) -> dict[str, pd.DataFrame]:
    with speaking(language):
        return pd.read_excel(export(run.folder, "xlsx"), sheet_name=None)


def test_the_answer_stands_first_and_tables_are_as_they_were(run: StoredRun) -> None:
    book = sheets(run, "en")
    assert list(book)[:4] == ["Answer", "Verdicts", "Summary", "Columns"] and "runs" in book
    assert answer(Content(run)).sentence in set(book["Answer"]["In words"])
    assert list(book["runs"].columns) == list(run.results.runs.columns)


def test_a_summary_has_means_and_intervals_of_every_arm_with_units(run: StoredRun) -> None:
    summary, content = sheets(run, "en")["Summary"].set_index("Column"), Content(run)
    for arm in content.arms:
        found = content.estimate(arm, "visits")
        row = summary.loc["visits"]
        ends = [row[arm.label], row[f"{arm.label}: lower end"], row[f"{arm.label}: upper end"]]
        assert ends == pytest.approx([found.mean, found.low, found.high]) and found.mean > 0
    assert summary.loc["conversion_rate", "Unit"] == "share" and summary.loc["gmv", "Unit"] == "CNY"


def test_verdicts_have_a_row_for_each_test_with_its_numbers(run: StoredRun) -> None:
    verdicts = sheets(run, "en")["Verdicts"]
    tests = [
        test
        for claim in run.claims["claims"]
        for reading in claim["readings"]
        for test in reading["tests"] or [{"effect": None}]
    ]
    wanted = pd.Series([test["effect"] for test in tests], dtype=float)
    assert verdicts["Effect"].tolist() == pytest.approx(wanted.tolist(), nan_ok=True)
    assert wanted.notna().sum() > 3 and verdicts["Provisional"].eq("provisional").any()


def test_a_chinese_workbook_is_headed_in_chinese_and_says_which_column_is_which(run: StoredRun) -> None:
    book = sheets(run, "zh")
    assert list(book)[:4] == ["答案", "结论", "概要", "列说明"]
    table, column, meaning, *_ = book["列说明"].columns
    meanings = book["列说明"].set_index([table, column])[meaning]
    for name, called in (("channels", "各渠道"), ("platforms", "各平台每日"), ("daily", "每日")):
        columns = getattr(run.results, name).columns
        assert list(book[called].columns) == [meanings[(called, column)] for column in columns]
    assert {"方案", "世界"} <= set(book["每日"].columns)
    assert [name for name in book if name.isascii()] == []


def test_a_chinese_workbook_has_labels_for_keys_and_the_same_numbers(run: StoredRun) -> None:
    book, runs = sheets(run, "zh"), run.results.runs
    told = dict(zip(runs["arm"], book["各世界"]["方案"], strict=True))
    assert (told["taobao_live"], told["tencent_live"]) == ("淘宝直播", "腾讯直播")
    assert told["tencent_live trust.tie_strength x1.25"] == "腾讯直播 trust.tie_strength x1.25"
    assert [arm for arm, label in told.items() if label.isascii()] == []
    assert book["各世界"]["访问"].tolist() == pytest.approx(runs["visits"].tolist())
    assert {"推荐流", "关注页"} <= set(book["各渠道"]["渠道"])
    assert [kind for kind in book["各商家"]["商家类型"] if str(kind).isascii()] == []


def test_numbers_that_a_person_reads_have_three_digits_and_cells_have_all(run: StoredRun) -> None:
    book, content = load_workbook(export(run.folder, "xlsx")), Content(run)
    rows = {row[2].value: row for row in book["Summary"].iter_rows(min_row=2)}
    shown = {
        name: (rows[name][3].number_format, rows[name][3].value) for name in ("conversion_rate", "visits")
    }
    arm = content.arms[0]
    assert shown["visits"] == ("#,##0", pytest.approx(content.estimate(arm, "visits").mean))
    assert shown["conversion_rate"][0].endswith("0%") and shown["conversion_rate"][1] < 1
    effects = [row for row in book["Verdicts"].iter_rows(min_row=2) if row[6].value]
    assert effects and all(row[6].number_format.startswith("+") for row in effects)
    assert all(cell.number_format == "General" for row in book["runs"].iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("values", "percent", "form"),
    [
        ([0.0150428, 0.0140], True, "0.00%"),
        ([13411.0475, 9340.0], False, "#,##0"),
        ([0.0, -0.5], False, "#,##0.000"),
        ([math.nan, math.nan], False, ""),
        ([1e-12], False, "#,##0.000000"),
    ],
)
def test_a_form_has_three_digits(values: list[float], percent: bool, form: str) -> None:
    assert number_form(values, percent) == form


def test_a_margin_has_the_digits_that_it_was_given() -> None:
    assert (round_form(0.02), round_form(0.05, percent=True), round_form(0.0)) == ("#,##0.00", "0%", "#,##0")
    assert round_form(0.005, percent=True) == "0.0%" and round_form(math.nan) == ""


def test_visits_and_orders_are_not_counted_in_persons(run: StoredRun) -> None:
    units = sheets(run, "zh")["概要"].set_index("列名")["单位"]
    assert (units["visits"], units["orders"], units["fans_gained"]) == ("人次", "单", "人")


def test_a_column_has_room_for_its_longest_key(run: StoredRun) -> None:
    book = load_workbook(export(run.folder, "xlsx"))
    longest = max(len(str(cell.value)) for cell in book["Columns"]["B"])
    assert book["Columns"].column_dimensions["B"].width > longest > len("private_traffic_share")


def test_every_column_has_a_chinese_meaning(run: StoredRun) -> None:
    columns = sheets(run, "zh")["列说明"]
    assert [str(meaning) for meaning in columns["含义"] if str(meaning).isascii()] == []


def test_long_texts_go_on_below_and_few_columns_are_printed_in_a_page_s_width(run: StoredRun) -> None:
    book = load_workbook(export(run.folder, "xlsx"))
    front, wide = book["Answer"], book["runs"]
    texts = {cell.value: cell for row in front for cell in row if cell.value}
    assert texts[answer(Content(run)).sentence].alignment.wrap_text
    assert front["A1"].font.bold and not front["A2"].font.bold and not front["A2"].alignment.wrap_text
    long = texts[answer(Content(run)).sentence]
    assert front.row_dimensions[long.row].height >= 15 * len(long.value) / 60, "all of its lines are seen"
    assert front.page_setup.fitToWidth == 1 and front.page_setup.fitToHeight == 0
    assert front.sheet_properties.pageSetUpPr.fitToPage and not wide.sheet_properties.pageSetUpPr.fitToPage
    assert {sheet.page_setup.orientation for sheet in (front, wide)} == {"landscape"}
