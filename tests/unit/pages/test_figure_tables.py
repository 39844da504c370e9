"""A figure's table says what the run's tables hold."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.archive.archive import StoredRun
from simulation.languages.speaking import speaking
from simulation.pages.kit.style import Exhibit
from simulation.pages.kit.tables.data_table import Cell, DataTable
from simulation.pages.run.content import Content
from simulation.pages.run.figures.arms import KEY_MEASURES, funnel_exhibit, measures_exhibit
from simulation.pages.run.figures.channels import channels_exhibit
from simulation.pages.run.figures.daily import series_exhibit
from simulation.pages.run.page import page_exhibits
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset

NAMES = ("taobao_live", "tencent_live")
LABELS = ("Taobao Live", "Tencent Live")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    run: StoredRun = stored(
        tiny(
            [{"name": name, "platform": preset(name)} for name in NAMES],
            replications=3,
            world={"days": 35, "viewers": 200, "merchants": 20},
        ),
        tmp_path_factory.mktemp("run"),
    )
    return Content(run)


def table_of(exhibit: Exhibit, view: int = 0) -> DataTable:
    data = exhibit.views[view].data
    assert data is not None
    return data


def numbers_of(table: DataTable, row: str) -> list[tuple[float, ...]]:
    return next([cell.numbers for cell in cells] for label, cells in table.rows if label == row)


def test_key_measures_are_means_of_the_runs_with_their_intervals(content: Content) -> None:
    table = table_of(measures_exhibit(content))
    assert [title for title in table.head if "interval" not in title] == ["Measure", *LABELS]
    runs = content.run.results.runs.groupby("arm")
    checked = 0
    for measure in (name for names in KEY_MEASURES.values() for name in names):
        label = content.names.measure(measure)
        if label not in dict(table.rows):
            continue
        cells = numbers_of(table, label)
        for place, arm in enumerate(NAMES):
            if cells[2 * place]:
                assert cells[2 * place][0] == pytest.approx(runs[measure].mean()[arm])
                low, high = cells[2 * place + 1] or (-np.inf, np.inf)
                assert low <= cells[2 * place][0] <= high
                checked += 1
    assert checked > 15


def test_the_funnel_s_steps_are_means_of_the_runs(content: Content) -> None:
    table = table_of(funnel_exhibit(content))
    runs = content.run.results.runs.groupby("arm")
    for label, measure in (("Rooms offered", "reach"), ("Visits", "visits"), ("Orders", "orders")):
        assert numbers_of(table, label) == [
            (pytest.approx(value),) for value in runs[measure].mean().reindex(NAMES)
        ]


def test_the_last_row_of_days_is_the_mean_of_the_last_thirty(content: Content) -> None:
    table = table_of(series_exhibit(content))
    daily = content.run.results.daily
    last = daily[daily["day"] >= 5].groupby("arm")["visits"].mean()
    cells = numbers_of(table, "Last 30 days")
    assert [cells[0][0], cells[2][0]] == pytest.approx([last[name] for name in NAMES])


def test_shares_of_ways_add_up_to_all_visits_of_an_arm(content: Content) -> None:
    table = table_of(channels_exhibit(content))
    for arm in LABELS:
        shares = [cells[0].numbers[0] for label, cells in table.rows if label.startswith(f"{arm}: ")]
        assert sum(shares) == pytest.approx(1.0) and len(shares) > 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_has_a_table_with_a_caption_and_heads(content: Content, language: str) -> None:
    with speaking(language):
        views = [view for exhibit in page_exhibits(content) for view in exhibit.views]
        for view in views:
            assert view.data is not None and view.data.rows, view.finding
            html = view.data.html()
            assert "<caption>" in html and 'scope="col"' in html and 'scope="row"' in html
            assert {len(cells) for _, cells in view.data.rows} == {len(view.data.head) - 1}
            assert len(view.data.head) == len(set(view.data.head)), view.data.head


def test_cells_keep_the_numbers_behind_their_texts() -> None:
    table = DataTable(
        "Of", ["", "A", "B"], [("row <1>", [Cell("1.2%", (0.0123,)), Cell("1 – 2", (1.0, 2.0))])]
    )
    html = table.html()
    assert 'data-v="0.0123">1.2%' in html and 'data-v="1 2">1 – 2' in html
    assert 'data-ends="B, low end|B, high end"' in html and "row &lt;1&gt;" in html
