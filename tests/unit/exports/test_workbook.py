"""A run's workbook: what it answers stands first, in the reader's language, and numbers are the run's."""

from __future__ import annotations

import pandas as pd
import pytest
from openpyxl import load_workbook

from simulation.archive.archive import StoredRun
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
    table, column, meaning, _ = book["列说明"].columns
    meanings = book["列说明"].set_index([table, column])[meaning]
    for name in ("channels", "platforms", "daily"):
        columns = getattr(run.results, name).columns
        assert list(book[name].columns) == [meanings[(name, column)] for column in columns]
    assert {"方案", "世界"} <= set(book["daily"].columns)


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
