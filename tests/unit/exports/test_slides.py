"""Slides say what the page says: their charts hold the run's numbers, and their text fits its boxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.dml import MSO_LINE
from pptx.util import Inches

from simulation.archive.archive import StoredRun
from simulation.claims.whole import UNTESTED
from simulation.errors import ArchiveError
from simulation.exports.exporting import export
from simulation.exports.slides.charts import Form
from simulation.exports.slides.contents import write_slides
from simulation.exports.slides.fitting import lines_of, pages_of, size_that_fits, text_height, text_width
from simulation.languages.speaking import speaking
from simulation.pages.run.about import limits
from simulation.pages.run.answer.answer import answer
from simulation.pages.run.content import Content
from simulation.pages.run.verdict_cards import claim_cards
from tests.support.made_runs import stored, tiny, with_daily, with_runs
from tests.support.worlds import preset

LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    return stored(
        tiny(arms, replications=3, question="Which sells more?", world={"days": 15}),
        tmp_path_factory.mktemp("run"),
    )


@pytest.fixture(scope="module")
def content(run: StoredRun) -> Content:
    """Tencent Live sells half as much and converts better; of its profitable merchants luck decides."""
    base = {"gmv": [1000.0, 1200.0, 1100.0], "conversion_rate": [0.02, 0.022, 0.021]}
    base |= {"fan_half_life_days": [40.0, 42.0, 39.0], "profitable_merchant_share": [0.4, 0.5, 0.6]}
    other = {"gmv": [500.0, 620.0, 540.0], "conversion_rate": [0.03, 0.034, 0.031]}
    other |= {"fan_half_life_days": [30.0, 31.0, 29.0], "profitable_merchant_share": [0.5, 0.5, 0.5]}
    return with_runs(run, {"taobao_live": base, "tencent_live": other})


def slides_of(content: Content, folder: Path) -> list[Any]:
    write_slides(content, folder / "slides.pptx")
    return list(Presentation(str(folder / "slides.pptx")).slides)


def charts_of(slides: list[Any]) -> Iterator[Any]:
    return (shape.chart for slide in slides for shape in slide.shapes if shape.has_chart)


def texts_of(slides: list[Any]) -> str:
    return "\n".join(
        shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_say_the_question_the_answer_and_its_three_numbers(
    content: Content, tmp_path: Path, language: str
) -> None:
    with speaking(language):
        found, slides = answer(content), slides_of(content, tmp_path)
    said = texts_of(slides)
    assert found.question in said and found.sentence in said and len(found.numbers) == 3
    for number in found.numbers:
        assert {number.title, number.value, number.text} <= set(said.split("\n"))
    assert all(slide.shapes.title.text for slide in slides)


def test_the_chart_of_differences_holds_them_and_their_intervals(content: Content, tmp_path: Path) -> None:
    rows = [effect for effect in answer(content).effects if effect.relative]
    chart = next(charts_of(slides_of(content, tmp_path)))
    assert len(rows) > 3 and list(chart.plots[0].series[0].values) == [effect.apart.mean for effect in rows]
    assert next(iter(chart.plots[0].categories)).split("\n")[0] == rows[0].label
    ends = {tag: chart.element.xpath(f".//c:errBars/c:{tag}//c:v") for tag in ("plus", "minus")}
    for effect, up, down in zip(rows, ends["plus"], ends["minus"], strict=True):
        if effect.has_interval:
            mean = effect.apart.mean
            assert (mean + float(up.text), mean - float(down.text)) == pytest.approx(
                (effect.apart.high, effect.apart.low)
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_fits_its_box_and_every_box_its_slide(content: Content, tmp_path: Path, language: str) -> None:
    with speaking(language):
        slides = slides_of(content, tmp_path)
    checked = 0
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= Inches(13.34), shape.name
            assert shape.top >= 0 and shape.top + shape.height <= Inches(7.5), shape.name
            paragraphs = (
                [part for part in shape.text_frame.paragraphs if part.text] if shape.has_text_frame else []
            )
            if paragraphs:
                size = paragraphs[0].runs[0].font.size.pt
                high = text_height([part.text for part in paragraphs], size, shape.width.inches)
                assert high <= shape.height.inches + 0.01, paragraphs[0].text
                checked += 1
    assert checked > 5


def test_files_are_named_by_their_language(run: StoredRun) -> None:
    assert export(run.folder, "slides").name == "slides.pptx"
    with speaking("zh"):
        assert export(run.folder, "slides").name == "slides.zh.pptx"


def test_slides_of_what_is_no_run_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError):
        export(tmp_path, "slides")
    assert not list(tmp_path.iterdir())


def test_lines_and_heights_are_counted_by_hand() -> None:
    assert lines_of("直播" * 10, 36, 5.0) == 2  # ten letters of half an inch a line
    assert lines_of("直播" * 10, 36, 10.0) == 1
    assert lines_of("one two", 72, 2.2) == 2 and lines_of("one two", 72, 9.0) == 1
    assert text_height(["直"] * 2, 72, 9.0) == pytest.approx(2.5 * 1.22)
    assert size_that_fits(["直播" * 10], 5.0, 1.3, 40, 10) == 36
    assert pages_of(["直", "播", "直"], 72, 9.0, 3.2) == [["直", "播"], ["直"]]


def test_sales_of_every_arm_stand_in_its_colour(content: Content, tmp_path: Path) -> None:
    _, chart, weeks = charts_of(slides_of(content, tmp_path))
    series = chart.plots[0].series[0]
    assert list(series.values) == pytest.approx([1100.0, 1660 / 3])
    colours = [str(series.points[place].format.fill.fore_color.rgb) for place in range(2)]
    assert colours == [arm.colour.lstrip("#") for arm in content.arms]
    daily = content.daily(content.arms[1], "gmv").mean(axis=1)
    assert list(weeks.plots[0].series[0].values) == pytest.approx([daily[:7].mean(), daily[7:14].mean()])
    assert "Taobao Live has most, beyond luck" in texts_of(slides_of(content, tmp_path))


def test_a_market_s_platforms_stand_in_their_colours(tmp_path: Path) -> None:
    platforms = ["taobao_live", "tencent_live"]
    arms = [
        {"name": "rivals", "platforms": [*map(preset, platforms)]},
        {"name": "alone", "platforms": [preset("taobao_live")]},
    ]
    content = Content(stored(tiny(arms, replications=2, world={"days": 20}), tmp_path))
    found = [chart for chart in charts_of(slides_of(content, tmp_path)) if len(chart.plots[0].series) == 2]
    stack = found[0].plots[0]
    expected = [content.level("rivals", f"platform_gmv_{name}") for name in platforms]
    assert [line.values[0] for line in stack.series] == pytest.approx(expected) and sum(expected) > 0
    colours = [str(line.format.fill.fore_color.rgb) for line in stack.series]
    assert colours == [content.names.platform_colours[name].lstrip("#") for name in platforms]


def test_limits_and_provisional_words_are_on_slides(tmp_path: Path) -> None:
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    arms[0]["role"], arms[1]["role"] = "centralised", "decentralised"
    content = Content(stored(tiny(arms, article_claims=True, world={"days": 20}), tmp_path))
    slides = slides_of(content, tmp_path)
    said = texts_of(slides)
    assert all(text in said for text in limits(content)) and "刘旷" in said
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    rows = [[cell.text for cell in row.cells] for table in tables for row in list(table.rows)[1:]]
    cards = [card for card in claim_cards(content) if card.word != UNTESTED]
    assert [row[1] for row in rows] == [card.title for card in cards] and len(cards) > 3
    assert sum(row[0].endswith("(provisional)") for row in rows) == sum(
        bool(card.provisional) for card in cards
    )
    assert slides[-1].notes_slide.notes_text_frame.text.startswith("Taobao Live: ")


def test_numbers_on_axes_have_as_many_decimals_as_their_steps_and_no_point_without() -> None:
    large = Form('#,##0{decimals},,"M";;0', 1e6)
    assert large.with_steps(10e6) == '#,##0,,"M";;0' and large.with_steps(0.5e6) == '#,##0.0,,"M";;0'
    assert Form("+0{decimals}%", 0.01).with_steps(0.2) == "+0%"
    assert Form("+0{decimals}%", 0.01).with_steps(0.005) == "+0.0%"
    assert Form("#,##0{decimals}").with_steps(0.02) == "#,##0.00"


def test_room_between_chinese_and_other_letters_is_counted() -> None:
    """Programs leave a quarter of a letter there, so that “6个世界中的6个” is longer than its letters."""
    assert text_width("世界6", 72) == pytest.approx(2 + 0.25 + 0.64)
    assert text_width("世界 6", 72) == pytest.approx(2 + 0.34 + 0.64), "a space is room already"
    assert lines_of("6个世界中的6个", 36, 3.6) == 2 and lines_of("6个世界中的6个", 36, 4.1) == 1


def test_digits_and_signs_are_as_wide_as_in_the_widest_font_that_stands_in_for_another() -> None:
    """DejaVu Sans, which takes the place of fonts that a system lacks, sets these in 7.83 of its size."""
    assert text_width("7.76% \N{RIGHTWARDS ARROW} 7.95%", 72) >= 7.83


@pytest.mark.parametrize(("factor", "dashed"), [(1.0, True), (1.001, True), (1.2, False)])
def test_of_lines_on_each_other_one_is_dashed_and_a_line_says_so(
    run: StoredRun, tmp_path: Path, factor: float, dashed: bool
) -> None:
    worlds = [[100.0 + day for day in range(15)]] * 3
    more = [[value * factor for value in world] for world in worlds]
    content = with_daily(run, "gmv", {"taobao_live": worlds, "tencent_live": more})
    slides = slides_of(content, tmp_path)
    series = list(charts_of(slides))[-1].plots[0].series
    assert [line.format.line.dash_style == MSO_LINE.DASH for line in series] == [False, dashed]
    assert ("A dashed line lies on another, from which it" in texts_of(slides)) == dashed
