"""What a run's first screen answers: nothing within luck is told as found, and sales are always told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulation.archive.archive import StoredRun
from simulation.pages.run.answer.answer import Answer, answer
from simulation.pages.run.content import Content
from simulation.pages.run.page import render_page
from tests.support.made_runs import stored, tiny, with_runs
from tests.support.worlds import preset

LUCK = [0.9, 1.1, 1.0, 1.2]
"""What four worlds make of a level, alike in every arm."""
CONVERSION, NEWCOMERS = "conversion_rate", "newcomer_first_week_visits"


def run_of(names: list[str], folder: Path, replications: int = 4, **sections: object) -> StoredRun:
    arms = [{"name": name, "platform": preset(name)} for name in names]
    run = {"replications": replications, "seed": 7}
    return stored(tiny(arms, world={"days": 20}, run=run, **sections), folder)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return run_of(["taobao_live", "tencent_live"], tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="module")
def lineup(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    names = ["taobao_live", "tencent_live", "douyin", "jd_live"]
    return run_of(names, tmp_path_factory.mktemp("lineup"))


def levels(level: float, ratio: float = 1.0, noise: tuple[float, ...] = (0.0,) * 4) -> list[float]:
    return [level * luck * (ratio + extra) for luck, extra in zip(LUCK, noise, strict=True)]


def answered(run: StoredRun, **of_tencent: list[float]) -> Answer:
    base = {"gmv": levels(1000.0), CONVERSION: levels(0.02), NEWCOMERS: levels(30.0)}
    base |= {"fan_half_life_days": levels(40.0), "profitable_merchant_share": levels(0.5)}
    return answer(with_runs(run, {"taobao_live": base, "tencent_live": base | of_tencent}))


def test_a_loss_of_sales_and_a_gain_beyond_luck_are_told_with_their_sizes(pair: StoredRun) -> None:
    found = answered(
        pair,
        gmv=levels(1000.0, 0.5, (-0.02, 0.02, 0.02, -0.02)),
        conversion_rate=levels(0.02, 1.25, (0.01, -0.01, -0.01, 0.01)),
        newcomer_first_week_visits=levels(30.0, 1.0, (-0.3, 0.3, 0.3, -0.3)),
    )
    assert found.sentence.startswith(
        "Compared with Taobao Live, Tencent Live sells 50% less, turns visits into orders 25% more often and "
        "shows no difference beyond luck in "
    )
    assert "first-week visits of newcomers" in found.sentence.partition("beyond luck in")[2]
    assert found.sentence.endswith("(20 days, 4 worlds that begin without regulars; each platform alone).")
    won, cost, sure = found.numbers
    assert (won.kind, won.value) == ("gain", "+25%") and won.text.startswith("Orders per visit")
    assert (cost.kind, cost.value) == ("loss", "−50%") and "525 CNY against 1,050 CNY" in cost.text
    assert (sure.kind, sure.value) == ("sure", "4 of 4 worlds")
    assert found.advice[0].startswith("Do not choose Tencent Live for sales; choose it only for")


def test_what_luck_can_make_is_no_finding_and_worlds_are_asked_for(pair: StoredRun) -> None:
    found = answered(pair, gmv=levels(1000.0, 1.0, (-0.3, 0.25, 0.3, -0.2)))
    assert "sells" not in found.sentence and "no difference beyond luck in sales (GMV)" in found.sentence
    won, cost, sure = found.numbers
    assert won.value == "Nothing" and cost.value == "No clear loss" and cost.text.startswith("Sales (GMV): ")
    assert sure.kind == "unsure" and "which may be luck" in sure.text
    assert found.advice[0].startswith("Do not decide on this run")
    # Half an interval of t(3) * s / 2, s = 0.303, is 0.482; 4 * (0.482 / 0.05) ** 2 = 372.
    asked = re.search(r"Run it in (\d+) worlds", found.advice[-1])
    assert asked and 350 < int(asked[1]) < 400


def test_what_all_but_vanishes_has_not_vanished(pair: StoredRun) -> None:
    found = answered(pair, gmv=levels(1000.0, 0.0003, (1e-5, -1e-5, -1e-5, 1e-5)))
    assert "sells more than 99% less" in found.sentence
    assert found.numbers[1].value == "below −99%" and "100%" not in found.numbers[1].value


def test_one_world_tells_nothing_from_luck(tmp_path: Path) -> None:
    run = run_of(["taobao_live", "tencent_live"], tmp_path, replications=1)
    found = answer(with_runs(run, {"taobao_live": {"gmv": [100.0]}, "tencent_live": {"gmv": [50.0]}}))
    assert "cannot tell that from luck" in found.sentence and found.numbers[2].value == "1 world"
    assert found.numbers[0].value == "Nothing"
    assert found.advice[-1].startswith("Run it in several worlds")


def lineup_content(run: StoredRun) -> Content:
    shares = {"taobao_live": 1.0, "douyin": 0.99, "jd_live": 0.7, "tencent_live": 0.4}
    noise = {"douyin": (-0.1, 0.1, 0.1, -0.1)}
    return with_runs(
        run,
        {
            name: {
                "gmv": levels(1000.0, share, noise.get(name, (0.001, -0.001, -0.001, 0.001))),
                CONVERSION: levels(0.05 if name == "tencent_live" else 0.02),
            }
            for name, share in shares.items()
        },
    )


def test_of_many_platforms_the_first_are_not_told_apart_by_luck(lineup: StoredRun) -> None:
    found = answer(lineup_content(lineup))
    assert found.sentence.startswith(
        "Of 4 platforms Taobao Live sells most, but luck cannot tell Douyin from it. Best beyond luck "
        "elsewhere: Tencent Live in orders per visit (20 days, 4 worlds that begin without regulars; each "
    )
    assert found.advice[0].startswith("Do not choose between Taobao Live and Douyin by sales")
    assert found.advice[1] == "Leave Tencent Live if sales count: it sells 60% less than Taobao Live."


def test_the_picture_says_what_its_table_says(lineup: StoredRun) -> None:
    found = answer(lineup_content(lineup))
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", found.table)
    tabled = [re.findall("<td>(.*?)</td>", cells)[2] for _, cells in rows]
    sheets = found.picture.split("</svg>")[:-1]
    assert len(sheets) == 2 and tabled[-1] == "−60%"
    for sheet in sheets:  # of a desk and of a phone
        assert re.findall(r'class="value"[^>]*>(?:[▲▼] | )([^<]+)<', sheet) == tabled
        assert re.findall(r'class="label"[^>]*>([^<]+)<', sheet) == [name for name, _ in rows]


def test_what_is_better_or_worse_has_a_sign_and_not_colour_alone(lineup: StoredRun) -> None:
    picture = answer(lineup_content(lineup)).picture
    kinds = re.findall(r'<g class="(\w+)">.*?class="value"[^>]*>(▲|▼|) ', picture)
    assert kinds == 2 * [("open", ""), ("loss", "▼"), ("loss", "▼")]


def test_a_single_arm_is_compared_with_nothing(tmp_path: Path) -> None:
    found = answer(Content(run_of(["taobao_live"], tmp_path)))
    assert "compared with nothing" in found.sentence and "second arm" in found.advice[0]
    assert next(number.title for number in found.numbers) == "Sales (GMV)"


def test_the_page_begins_with_question_answer_numbers_and_what_to_do(pair: StoredRun) -> None:
    content = Content(pair)
    page, found = render_page(content), answer(content)
    places = [page.index(text) for text in ('id="question"', 'class="answer"', "What is won", "What to do")]
    assert places == sorted(places) and places[-1] < page.index('id="figures"')
    assert found.numbers[0].value in page
