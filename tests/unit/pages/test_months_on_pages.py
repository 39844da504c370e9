"""The figure of months says what stands in the daily table, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulation.archive.archive import StoredRun
from simulation.pages.run.about import past_line, run_line
from simulation.pages.run.content import Content
from simulation.pages.run.months import months_exhibit
from simulation.pages.run.verdict_cards import asked_past
from tests.support.made_runs import stored, tiny, with_daily
from tests.support.worlds import preset

ARMS = [
    {"name": name, "platform": preset(preset_name)}
    for name, preset_name in (("feed", "taobao_live"), ("groups", "tencent_live"))
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return stored(tiny(ARMS, world={"days": 90}), tmp_path_factory.mktemp("run"))


def by_month(*months: float) -> list[float]:
    return np.repeat(months, 30).tolist()


def test_the_finding_says_how_an_effect_ends(run: StoredRun) -> None:
    groups = [by_month(9.0 + world, 6.0, 2.0 + world / 10) for world in range(3)]
    content = with_daily(run, "visits", {"feed": [by_month(1.0, 1.0, 1.0)] * 3, "groups": groups})
    exhibit = months_exhibit(content)
    assert exhibit is not None
    view = next(view for view in exhibit.views if view.label == "Visits a day")
    assert view.finding.endswith("Tencent Live +9.0 in month 1, +1.10 in month 3: it fades")
    (line,) = view.figure.data
    np.testing.assert_allclose(line.y, [9.0, 5.0, 1.1])
    np.testing.assert_allclose(line.error_y.array, [2.484, 0.0, 0.2484], atol=1e-3)
    assert list(line.x) == [1, 2, 3]


@pytest.mark.parametrize(("arms", "days"), [(ARMS, 89), (ARMS[:1], 90)])
def test_short_runs_and_single_arms_have_no_months(
    arms: list[dict[str, object]], days: int, tmp_path: Path
) -> None:
    assert months_exhibit(Content(stored(tiny(arms, world={"days": days}), tmp_path))) is None


@pytest.mark.parametrize(
    ("asked", "there", "said"),
    [
        ("none", "own", ""),
        ("own", "own", "Each arm is to begin with a past of its own, as these do."),
        ("own", "none", "Each arm is to begin with a past of its own; these begin with none."),
        (
            "switch",
            "own",
            "All arms are to begin with the same past on one platform; "
            "each of these begins with a past of its own.",
        ),
    ],
)
def test_cards_say_where_worlds_have_another_past_than_a_reading_asks_for(
    asked: str, there: str, said: str
) -> None:
    assert asked_past(asked, there) == said


@pytest.mark.parametrize(
    ("warm_up", "said"),
    [
        ({}, "Nothing has gone before"),
        ({"past": "own", "days": 9, "burn_in": 1}, "Each platform begins with a past of its own of 10 days"),
        ({"past": "switch", "days": 9, "burn_in": 1}, "the same past of 10 days under Taobao Live"),
    ],
)
def test_the_page_says_which_past_worlds_have(
    warm_up: dict[str, object],
    said: str,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
    run = stored(tiny(ARMS, warm_up=warm_up), tmp_path)
    assert run.manifest["warm_up"]["past"] == warm_up.get("past", "none")
    content = Content(run)
    assert said in past_line(content) and past_line(content) in run_line(content)
