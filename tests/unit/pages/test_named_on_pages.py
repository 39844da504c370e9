"""A merchant with a name is followed by it: on the run's page, in its tables, and by `inspect`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from simulation.archive.archive import StoredRun
from simulation.errors import LaboratoryError
from simulation.measures import MEASURES
from simulation.pages.life.inspect import Subject, inspect_run
from simulation.pages.run.about import limits
from simulation.pages.run.comparison_table import comparison_tables
from simulation.pages.run.content import Content
from simulation.pages.run.figures.many import named_exhibit
from tests.support.made_runs import stored, tiny, with_runs
from tests.support.worlds import preset

ARMS = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
STALL = {"name": "stall", "label": "Wang's stall", "kind": "community_vendor", "category": 0, "members": 30}
PROFIT = {"taobao_live": [100.0, 200.0, 300.0], "tencent_live": [-40.0, -50.0, -60.0]}


def question(**sections: Any) -> Any:
    return tiny(ARMS, merchants={"named": [STALL]}, run={"record": True, "replications": 3}, **sections)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return stored(question(world={"people_per_viewer": 1.0}), tmp_path_factory.mktemp("named"))


def test_a_figure_gives_each_its_measures_by_arm_with_intervals(run: StoredRun) -> None:
    values = {arm: {"named_profit_stall": worlds} for arm, worlds in PROFIT.items()}
    exhibit = named_exhibit(with_runs(run, values))
    assert exhibit is not None
    (view,) = exhibit.views
    assert view.label == "Wang's stall"
    assert view.finding == (
        "Its profit a month (Wang's stall): 200 CNY per 30 days on Taobao Live and "
        "−50.0 CNY per 30 days on Tencent Live; luck cannot tell the highest from the lowest"
    )
    first = view.figure.data[0]
    assert list(first.x) == [200.0] and "95% interval −48.4 CNY per 30 days to 448" in first.text[0]
    panels = {trace.xaxis for trace in view.figure.data}
    measures = [entry for entry in MEASURES.values() if not entry.of_all]
    assert len(panels) == len(measures) > 3 and len(view.figure.data) == 2 * len(measures)


def test_its_measures_stand_in_the_table_of_comparisons_by_its_label(run: StoredRun) -> None:
    (table,) = comparison_tables(Content(run))
    named = [row.measure for row in table.rows if "Wang's stall" in row.measure]
    assert "Its profit a month (Wang's stall), CNY per 30 days" in named


def test_a_run_without_any_has_no_such_figure(tmp_path: Path) -> None:
    assert named_exhibit(Content(stored(tiny(ARMS), tmp_path))) is None


def test_a_world_too_coarse_for_it_is_said_among_the_limits(run: StoredRun, tmp_path: Path) -> None:
    coarse = stored(question(world={"people_per_viewer": 5.0}), tmp_path)
    said = "merchants.named.stall.members: with 30 members it has 6 agents at 5 persons an agent"
    assert any(line.startswith(said) for line in limits(Content(coarse)))
    assert not any(line.startswith("merchants.named.stall.members") for line in limits(Content(run)))


def told(run: StoredRun, merchant: int | str) -> str:
    out = Console(record=True, width=160, quiet=False, file=None)
    page = inspect_run(run.folder, out, Subject(merchant), "tencent_live")
    assert page.read_text(encoding="utf-8").count("Wang") > 0
    return out.export_text()


def test_inspect_follows_it_by_name_as_by_number(run: StoredRun) -> None:
    number = int(run.results.merchants.set_index("name").loc["stall", "merchant"].iloc[0])
    by_name = told(run, "stall")
    assert by_name == told(run, number)
    assert f"Wang's stall (merchant {number}, community vendor), on Tencent Live" in by_name


def test_inspect_says_which_names_there_are(run: StoredRun) -> None:
    with pytest.raises(LaboratoryError, match=r"no merchant 'stal' \(did you mean 'stall'\?\)") as caught:
        inspect_run(run.folder, Console(quiet=True), Subject("stal"))
    assert "or one by its name: stall" in str(caught.value)
