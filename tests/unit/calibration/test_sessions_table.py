"""A table of sessions is summarised into facts with their sampling error, or refused in one sentence."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from simulation.calibration.facts import Fact, read_facts
from simulation.calibration.sessions import ratio_with_error
from simulation.scenario import ScenarioError

ENGLISH = "date,host,hours,views,orders,sales,new followers\n"
ROWS = "2021-06-01,a,2,1000,20,2000,8\n2021-06-02,a,2,1000,30,3000,12\n2021-06-03,b,4,2000,70,7000,20\n"
CHINESE = (
    "直播间,开播时间,直播时长,观看人数,成交订单数,成交金额,涨粉数\r\n"
    "甲,2021-06-01 20:00,2小时,1000,20,￥2000,8\r\n"
    "甲,2021/6/2 20:00,120分钟,0.1万,30,3000元,12\r\n"
    '乙,2021-06-03 20:00,4:00:00,"2,000",70,0.7万,20\r\n'
    "合计,,,4000,120,12000,40\r\n"
)


def by_id(facts: list[Fact]) -> dict[str, tuple[float, float]]:
    return {fact.id: (fact.lowest, fact.highest) for fact in facts}


def written(folder: Path, content: str | bytes, name: str = "mine.csv") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_the_error_of_a_ratio_is_that_of_its_clusters() -> None:
    """R = 6 / 3 = 2; rests 1 - 2, 2 - 2, 3 - 2 by cluster: sqrt(3 / 2 (1 + 0 + 1)) / 3. The last two together
    leave 1 once: sqrt(2 / 1 (1 + 1)) / 3."""
    above, below = np.array([1.0, 2.0, 3.0]), np.ones(3)
    ratio, error = ratio_with_error(above, below, np.arange(3))
    assert (ratio, error) == (2.0, pytest.approx(math.sqrt(3) / 3))
    assert ratio_with_error(above, below, np.array([0, 1, 1]))[1] == pytest.approx(2 / 3)


def test_sessions_become_facts_with_their_interval(tmp_path: Path) -> None:
    """120 orders of 4,000 views; by session 20 - 30, 30 - 30, 70 - 60: sqrt(1.5 * 200) / 4000."""
    facts = read_facts(written(tmp_path, ENGLISH + ROWS), ["douyin"])
    found = by_id(facts)
    half = 1.959964 * math.sqrt(1.5 * 200) / 4000
    assert found["own_conversion"] == (pytest.approx(0.03 - half), pytest.approx(0.03 + half))
    assert found["own_price"] == (pytest.approx(98.0), pytest.approx(102.0)), "never surer than 2%"
    assert np.mean(found["own_views_per_session"]) == pytest.approx(4000 / 3)
    assert np.mean(found["own_sales_per_hour"]) == pytest.approx(12000 / 8)
    assert np.mean(found["own_new_followers"]) == pytest.approx(0.01)
    assert all(fact.arm == "douyin" and fact.date == datetime.date(2021, 6, 3) for fact in facts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_chinese_headings_and_numbers_say_the_same_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    english = read_facts(written(tmp_path, ENGLISH + ROWS), ["douyin"])
    chinese = read_facts(written(tmp_path, CHINESE.encode(encoding), "theirs.csv"), ["douyin"])
    assert by_id(chinese) == {name: pytest.approx(values) for name, values in by_id(english).items()}


def test_a_workbook_says_the_same_as_its_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("empty", 0)
    sheet = book.worksheets[1]
    sheet.append(ENGLISH.strip().split(","))
    for row in ROWS.splitlines():
        day, host, *numbers = row.split(",")
        sheet.append([datetime.datetime.fromisoformat(day), host, *map(float, numbers)])
    book.save(tmp_path / "mine.xlsx")
    plain = read_facts(written(tmp_path, ENGLISH + ROWS), ["douyin"])
    assert read_facts(tmp_path / "mine.xlsx", ["douyin"]) == plain


def test_sessions_of_several_arms_say_of_which(tmp_path: Path) -> None:
    rows = [f"{line},{arm}" for arm in ("douyin", "kuaishou") for line in ROWS.splitlines()]
    text = "\n".join([ENGLISH.strip() + ",平台", *rows]) + "\n"
    facts = read_facts(written(tmp_path, text), ["douyin", "kuaishou"])
    assert {(fact.id, fact.arm) for fact in facts if fact.measure == "gmv"} == {
        ("own_price_douyin", "douyin"),
        ("own_price_kuaishou", "kuaishou"),
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ENGLISH + ROWS, ["column", "'arm' (平台)", "douyin, kuaishou"]),
        ((ENGLISH + ROWS).replace("1000,20", "many,20"), ["line 2", "'many' in column 'views'", "a number"]),
        ((ENGLISH + ROWS).replace(",2,1000,30", ",long,1000,30"), ["line 3", "'long'", "2h15m"]),
        ((ENGLISH + ROWS).replace("1000,20", ",20"), ["an empty cell in column 'views'"]),
        (ENGLISH + ROWS.splitlines()[0], ["1 session", "at least 2"]),
        (b"id,label\na,\xe9t\xe9 d\xe9j\xe0\n", ["line 2", "0xe9", "GBK", "UTF-8"]),
        (b"\xd0\xcf\x11\xe0" + b"x" * 20, [".xls", "saved as .xlsx or as CSV"]),
        (b"PK\x03\x04 broken", ["Excel workbook", "CSV"]),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, content: str | bytes, words: list[str]) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_facts(written(tmp_path, content), ["douyin", "kuaishou"])
    assert len(caught.value.problems) == 1
    assert all(word in str(caught.value) for word in words), str(caught.value)
