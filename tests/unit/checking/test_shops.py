"""What is said of a shop's goods and of its size, before a run and on its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.archive.archive import StoredRun
from simulation.checking.problems import check_scenario
from simulation.languages.speaking import speaking
from simulation.pages.run.about import limits
from simulation.pages.run.content import Content
from simulation.scenario.generated.parameters import meaning_of
from simulation.world.cast.cast import draw_cast
from tests.support.made_runs import stored, tiny, with_table
from tests.support.question_files import SWEEP, written
from tests.support.worlds import preset

TOWN = "[friendships]\nneighbourhood_size = 20\n"
SHOP = '[[merchants.named]]\nname = "shop"\nkind = "community_vendor"\nmembers = 0\nstreams_per_week = 1.0\n'
CATEGORY = "category = 3\n"
ARMS = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
NAMED = {"name": "shop", "label": "Wang's stall", "kind": "community_vendor", "members": 6}


def remarks(folder: Path, text: str, **overrides: Any) -> list[str]:
    changed = {key.replace("__", "."): value for key, value in overrides.items()}
    found = check_scenario(written(folder, TOWN + text), changed).remarks
    return [f"{remark.key}: {remark.found}; {remark.allowed}" for remark in found]


def test_a_number_that_is_a_mere_label_is_pointed_out_in_few_worlds(tmp_path: Path) -> None:
    (said,) = remarks(tmp_path, SHOP + CATEGORY, run__replications=9)
    assert said.startswith("merchants.named.shop.category: 3 is no more than a label")
    assert "all 8 kinds of goods are alike" in said and "in 9 worlds" in said and "= 10 or more" in said
    assert remarks(tmp_path, SHOP + CATEGORY, run__replications=10) == []
    assert remarks(tmp_path, SHOP, run__replications=2) == []


def test_where_needs_come_back_or_the_number_varies_it_is_no_mere_label(tmp_path: Path) -> None:
    few = {"run__replications": 2}
    assert len(remarks(tmp_path, SHOP + CATEGORY, **few)) == 1
    assert remarks(tmp_path, SHOP + CATEGORY, **few, purchase__cycle=14.0) == []
    vary = '[[sweep.factors]]\nkey = "merchants.named.shop.category"\nchoices = [0, 1, 2]\n'
    for text in (SHOP + CATEGORY, SHOP):
        assert remarks(tmp_path, text + SWEEP + vary, **few) == []


def test_what_a_category_is_stands_with_the_parameters_in_both_languages() -> None:
    said = meaning_of("merchants.named.shop.category")
    assert "each world draws one if not given" in said and "purchase.cycle" in said


@pytest.mark.parametrize(("streams", "pointed_out"), [(3.0, True), (2.3, False)])
def test_a_shop_that_streams_far_more_than_others_is_pointed_out(
    tmp_path: Path, streams: float, pointed_out: bool
) -> None:
    usual = 0.25 * 1.0 + 0.55 * 0.7 + 0.15 * 1.5 + 0.05 * 3.0
    said = remarks(tmp_path, SHOP.replace("streams_per_week = 1.0", f"streams_per_week = {streams}"))
    assert bool(said) == pointed_out == (streams >= 2.5 * usual)
    if said:
        assert f"{streams / usual:.1f} times as many as the mean merchant" in said[0]
        assert "among 5 merchants" in said[0] and "no forecast" in said[0]


def test_without_a_category_each_world_draws_one_for_all_arms() -> None:
    scenario = tiny(ARMS, merchants={"named": [NAMED]})
    drawn = [int(draw_cast(scenario, world).roster.category[-1]) for world in range(40)]
    assert drawn == [int(draw_cast(scenario, world).roster.category[-1]) for world in range(40)]
    assert set(drawn) == set(range(scenario.people.categories))
    given = tiny(ARMS, merchants={"named": [NAMED | {"category": 2}]})
    assert {int(draw_cast(given, world).roster.category[-1]) for world in range(3)} == {2}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    scenario = tiny(ARMS, merchants={"named": [NAMED]}, world={"people_per_viewer": 1.0}, replications=3)
    return stored(scenario, tmp_path_factory.mktemp("shop"))


def with_visits(run: StoredRun, ranks: list[int]) -> Content:
    """The run in which the shop has that place by visits, world by world of one arm after another."""
    tables, places = [], iter(ranks)
    for _, world in run.results.merchants.groupby(["arm", "replicate"], sort=False):
        own, visits = world["name"].eq("shop").fillna(False).astype(bool), np.zeros(len(world))
        place = next(places)
        others = np.flatnonzero(~own.to_numpy())
        visits[others] = 10.0
        visits[others[: place - 1]] = 30.0
        visits[own.to_numpy()] = 20.0
        tables.append(world.assign(visits=visits, in_business=True))
    return with_table(run, "merchants", pd.concat(tables))


def standing(content: Content) -> list[str]:
    return [line for line in limits(content) if "Wang" in line]


def test_the_page_counts_where_a_shop_stood_if_it_was_among_the_largest(run: StoredRun) -> None:
    (said,) = standing(with_visits(run, [1, 1, 2, 3, 4, 4]))
    assert "in 4 of 6 worlds of all arms, and has the most in 2: " in said and "no forecast" in said
    assert standing(with_visits(run, [1, 1, 4, 4, 4, 4])) == []
    with speaking("zh"):
        (said,) = standing(with_visits(run, [1, 1, 2, 3, 4, 4]))
        assert "共6个世界中，有4个访问排进前三，有2个居首" in said
