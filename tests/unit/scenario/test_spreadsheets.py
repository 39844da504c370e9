"""CSV files as spreadsheets and people write them say what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.calibration.facts import read_facts
from simulation.ensembles.sampling.point_files import read_points
from simulation.errors import ScenarioError
from simulation.scenario.reading.spreadsheets import plain_number, plain_sheet

HEAD = "id,measure,arm,value,tolerance,use\n"
FACT = HEAD + "conv,conversion_rate,douyin,0.032,0.1,target\n"


@pytest.mark.parametrize(
    ("cell", "separator", "number"),
    [
        ("0.032", ",", "0.032"),
        ("3.2%", ",", "3.2e-2"),
        ("10 %", ",", "10e-2"),
        ("1,234,567", ",", "1234567"),
        ("-1,234.5", ",", "-1234.5"),
        ("0,032", ";", "0.032"),
        ("1.234,5", ";", "1234.5"),
        ("3,2%", ";", "3.2e-2"),
        ("1,23", ",", "1,23"),  # neither thousands nor, beside commas, a decimal
        ("12,34,567", ",", "12,34,567"),
        ("1.2万", ",", "1.2e4"),
        ("¥3,500", ",", "3500"),
        ("2.5亿元", ",", "2.5e8"),
        ("￥１２．５", ",", "12.5"),
        ("$12", ";", "12"),
        ("万", ",", "万"),
        ("douyin", ";", "douyin"),
        ("2020-07-01", ",", "2020-07-01"),
    ],
)
def test_numbers_are_read_as_people_write_them(cell: str, separator: str, number: str) -> None:
    assert plain_number(cell, separator) == number


@pytest.mark.parametrize(
    "text",
    [
        FACT,
        FACT.replace("0.032,0.1", "3.2%,10%"),
        FACT.replace(",", ";").replace("0.", "0,"),
        FACT.replace(",", "\t"),
        FACT.replace(",", " , "),
        FACT + ",,,,,\n\n",
        "\n" + FACT,
        "," + FACT.replace("\nconv", "\n0,conv"),
    ],
)
def test_a_fact_is_the_same_however_a_spreadsheet_writes_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text, encoding="utf-8")
    (fact,) = read_facts(file)
    assert (fact.id, fact.measure, fact.arm, fact.use) == ("conv", "conversion_rate", "douyin", "target")
    assert fact.value == pytest.approx(0.032) and fact.tolerance == pytest.approx(0.1)


def test_null_may_be_a_name_and_thousands_a_value(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(HEAD + 'null,gmv,douyin,"1,234,567",0.1,target\n', encoding="utf-8")
    (fact,) = read_facts(file)
    assert (fact.id, fact.value) == ("null", 1_234_567)


def test_mistakes_are_named_by_the_line_on_which_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(FACT + ",,,,,\nmore,conversion_rate,douyin,much,0.1,target\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"facts\.more\.value \(line 4\)"):
        read_facts(file)


def test_a_table_of_something_else_is_one_problem(tmp_path: Path) -> None:
    file = tmp_path / "sessions.csv"
    file.write_text("date,host,views\n2020-07-01,a,5\n2020-07-02,b,6\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="columns 'date', 'host', 'views'") as caught:
        read_facts(file)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "gbk"])
def test_points_of_a_sweep_are_read_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes("trust.half_life\t说明\n30\t甲\n60\t乙\n".encode(encoding))
    assert [point["trust.half_life"] for point in read_points(str(file))] == [30, 60]


def test_an_index_without_a_name_is_no_key_of_a_sweep(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text(",trust.half_life\n0,30\n1,60\n", encoding="utf-8")
    assert read_points(str(file)) == [{"trust.half_life": 30}, {"trust.half_life": 60}]
    assert plain_sheet(",a\n5,30\n6,60\n").columns == ["", "a"], "no count of rows"
