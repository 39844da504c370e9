"""Titles that span arms say where luck cannot tell the highest from the lowest, and then find no link."""

from __future__ import annotations

import pytest

from simulation.archive.archive import StoredRun
from simulation.pages.run.content import Content
from simulation.pages.run.figures.platforms import map_exhibit
from simulation.pages.run.telling import measured, spread, within_luck
from tests.support.made_runs import stored, tiny, with_runs
from tests.support.worlds import preset

NAMES = ("taobao_live", "tencent_live", "douyin", "jd_live", "kuaishou", "pinduoduo")
LUCK = "luck cannot tell the highest from the lowest"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arms = [{"name": name, "platform": preset(name)} for name in NAMES]
    return stored(tiny(arms, replications=4), tmp_path_factory.mktemp("run"))


def title_of(run: StoredRun, shares: dict[str, list[float]]) -> str:
    private = {name: [0.1 * place] * 4 for place, name in enumerate(NAMES)}
    content = with_runs(
        run,
        {
            name: {"profitable_merchant_share": shares[name], "private_traffic_share": private[name]}
            for name in NAMES
        },
    )
    exhibit = map_exhibit(content)
    assert exhibit is not None
    return next(view.finding for view in exhibit.views if view.finding.startswith("Merchants who make"))


def test_from_92_5_to_92_9_per_cent_is_no_finding_where_worlds_differ_more(run: StoredRun) -> None:
    noise = [[0.95, 0.90, 0.93, 0.92], [0.90, 0.96, 0.91, 0.946]]
    shares = {
        name: [value + 0.0001 * place for value in noise[place % 2]] for place, name in enumerate(NAMES)
    }
    title = title_of(run, shares)
    assert "from 92.5%" in title and "to 92.9%" in title and title.endswith(f"; {LUCK}")
    assert "private traffic" not in title


def test_a_difference_that_pairs_of_worlds_show_is_told_with_its_link(run: StoredRun) -> None:
    worlds = [0.3, 0.5, 0.7, 0.9]
    shares = {name: [value + 0.01 * place for value in worlds] for place, name in enumerate(NAMES)}
    title = title_of(run, shares)
    assert LUCK not in title and title.endswith("higher where more traffic is private")


def test_one_arm_is_told_from_nothing(run: StoredRun) -> None:
    content = Content(run)
    alone = {content.arms[0]: measured(content, "gmv")[content.arms[0]]}
    assert not within_luck(content, alone) and LUCK not in spread(content, "Sales", alone, str)
