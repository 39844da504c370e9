"""Grain and scale: ratios between sizes with known answers, and the command that prints them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from typer.testing import CliRunner

from simulation.commands.app import app
from simulation.errors import AnalysisError, LaboratoryError
from simulation.scenario import Scenario
from simulation.validation.sizes import (
    BEYOND,
    BY_EXTENT,
    BY_GRAIN,
    CANNOT_TELL,
    GRAIN,
    SCALE,
    SEEDS_APART,
    WITHIN,
    Size,
    compared,
    grain_sizes,
    judged,
    log_ratio,
    measure_sizes,
    of_grain,
    of_scale,
    scale_sizes,
)
from tests.support.here import here
from tests.support.worlds import platform, scenario


def question() -> Scenario:
    """Two arms in a world of 600 persons and 24 merchants."""
    return scenario(
        {"one": platform({"recommend": 1.0}), "two": platform({"push": 1.0})},
        viewers=60,
        shops=24,
        world={"people_per_viewer": 10},
    )


def test_grain_keeps_persons_and_scale_keeps_merchants_a_person() -> None:
    fine, large = of_grain(question(), 5).world, of_scale(question(), 3).world
    assert (fine.viewers, fine.merchants, fine.people_per_viewer) == (120, 24, 5)
    assert (large.viewers, large.merchants, large.people_per_viewer) == (180, 72, 10)


def test_a_log_ratio_is_that_of_means_with_the_interval_of_welch() -> None:
    left, right = np.array([1.9, 2.0, 2.1]), np.array([0.8, 1.0, 1.2, np.nan])
    ratio, half = log_ratio(left, right)
    assert ratio == pytest.approx(math.log(2))
    parts = 0.01 / 3 / 4, 0.04 / 3
    freedom = sum(parts) ** 2 / sum(part**2 / 2 for part in parts)
    assert half == pytest.approx(stats.t.ppf(0.975, freedom) * math.sqrt(sum(parts)))
    assert math.isnan(log_ratio(left, np.array([-1.0, 1.0]))[0]), "no ratio to nothing"
    assert math.isnan(log_ratio(left[:1], right)[0]), "one world has no spread"


@pytest.mark.parametrize(
    ("ratio", "half", "found"),
    [(0.0, 0.04, WITHIN), (0.02, 0.04, CANNOT_TELL), (-0.2, 0.04, BEYOND), (0.1, 0.08, CANNOT_TELL)],
)
def test_an_interval_lies_within_five_per_cent_beyond_or_tells_neither(
    ratio: float, half: float, found: str
) -> None:
    assert judged(ratio, half) == found and judged(-ratio, half) == found


def test_totals_are_compared_by_head_and_the_largest_by_an_exponent() -> None:
    """In a world of twice the persons visits double; the largest share falls with their square root."""
    rows = [
        {
            "table": SCALE,
            "persons": persons,
            "merchants": persons / 10,
            "people_per_viewer": 1.0,
            "pair": persons + number,
            "arm": "one",
        }
        | {"visits": persons * 3.0, "conversion_rate": 0.02, "top1_audience_share": persons**-0.5}
        for persons in (100.0, 200.0, 400.0)
        for number in range(2)
    ]
    measures = ["visits", "conversion_rate", "top1_audience_share"]
    found = compared(pd.DataFrame(rows), SCALE, measures).set_index(["measure", "persons"])
    assert (found["against"] == 400).all()
    assert found.loc["visits", "ratio"].tolist() == pytest.approx([1, 1])
    assert found.loc["conversion_rate", "found"].tolist() == [WITHIN, WITHIN]
    assert found.loc["top1_audience_share", "exponent"].tolist() == pytest.approx([-0.5, -0.5])
    assert (found.loc["top1_audience_share", "found"] == BY_EXTENT).all()


def asked_of(sizes: list[Size]) -> tuple[list[tuple[int, int, int]], pd.DataFrame]:
    """Viewers, seed and replicate of each world that is run, and the rows that come of it."""
    asked: list[tuple[int, int, int]] = []

    def model(some: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        asked.append((some.world.viewers, some.run.seed, replicate))
        return {arm.name: {"conversion_rate": 0.02} for arm in some.arms}

    shares: list[float] = []
    with here() as executor:
        frame = measure_sizes(sizes, executor, model, shares.append)
    assert shares[-1] == pytest.approx(1.0)
    return sorted(asked), frame


def test_worlds_of_another_grain_are_of_the_same_replications() -> None:
    asked, frame = asked_of(grain_sizes(question(), [5.0, 10.0], 2))
    assert asked == [(60, 7, 0), (60, 7, 1), (120, 7, 0), (120, 7, 1)]
    assert frame.groupby("pair").size().to_dict() == {0: 4, 1: 4}


def test_pairs_of_another_grain_are_cut_from_a_template_each() -> None:
    asked, frame = asked_of(grain_sizes(with_pasts(4), [5.0, 10.0], 2))
    assert {(seed, cut) for _, seed, cut in asked} == {(7, 0), (7 + SEEDS_APART, 0)}
    assert frame.groupby("pair").size().to_dict() == {0: 2, 1: 2}


def test_worlds_of_another_extent_share_nothing_without_a_past() -> None:
    asked, frame = asked_of(scale_sizes(question(), [1.0, 2.0], 2))
    assert asked == [(60, 7, 0), (60, 7, 1), (120, 7, 2), (120, 7, 3)]
    assert frame["pair"].nunique() == 4


def with_pasts(template_arcs: int) -> Scenario:
    """24 merchants in two arcs, and templates of some."""
    return scenario(
        {"one": platform({"recommend": 1.0})},
        viewers=60,
        shops=24,
        people={"categories": 3},
        world={"merchants_per_niche": 4},
        warm_up={"past": "own", "template_arcs": template_arcs},
    )


def test_a_template_is_cut_once_into_worlds_of_each_extent() -> None:
    asked, frame = asked_of(scale_sizes(with_pasts(4), [1.0, 2.0], 2))
    first, second = [(60, 0), (60, 1), (120, 0)], [(60, 0), (60, 1), (120, 0)]
    seeds = [7, 7 + SEEDS_APART]
    assert asked == sorted(
        (viewers, seed, cut)
        for seed, worlds in zip(seeds, (first, second), strict=True)
        for viewers, cut in worlds
    )
    assert frame.groupby("pair").size().to_dict() == {0: 3, 1: 3}


def test_a_template_that_cannot_be_cut_into_whole_worlds_is_refused() -> None:
    with pytest.raises(AnalysisError, match="template_arcs"):
        scale_sizes(with_pasts(6), [1.0, 2.0], 2)


def test_pairs_tell_a_ratio_where_worlds_that_differ_by_far_more_do_not() -> None:
    rows = [
        {
            "table": GRAIN,
            "persons": 100.0,
            "merchants": 9,
            "people_per_viewer": grain,
            "pair": pair,
            "arm": "one",
        }
        | {"conversion_rate": 0.01 * 2**pair * (1.0 if grain == 1 else 1.02), "empty_room_share": grain}
        for grain in (1.0, 5.0)
        for pair in range(4)
    ]
    found = compared(pd.DataFrame(rows), GRAIN, ["conversion_rate", "empty_room_share"]).set_index("measure")
    assert found.loc["conversion_rate", ["ratio", "low", "high"]].tolist() == pytest.approx([1.02] * 3)
    assert found["found"].tolist() == [WITHIN, BY_GRAIN]
    alone = pd.DataFrame(rows).assign(pair=range(8))
    assert compared(alone, GRAIN, ["conversion_rate"])["found"].item() == CANNOT_TELL


def test_the_command_prints_both_tables_and_keeps_the_worlds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simulation.ensembles import tasks
    from simulation.laboratory import work
    from simulation.measures import MEASURES

    def model(some: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        return {arm.name: dict.fromkeys(MEASURES, 1.0 + 0.001 * replicate) for arm in some.arms}

    def in_this_process(workers: int | None, cluster: str | None) -> Any:
        return here, 1

    monkeypatch.setattr(tasks, "run_arms", model)
    monkeypatch.setattr(work, "executor_for", in_this_process)
    asked = ["sizes", "tencent_live_2020", "--worlds", "2", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "Grain: ratios" in done.output and "Scale: ratios" in done.output
    assert len(pd.read_csv(tmp_path / "sizes.csv")) == 3 * 2 * 5


@pytest.mark.parametrize(
    "given",
    [
        ["--grains", "5"],
        ["--grains", "", "--scales", ""],
        ["--grains", "5,nan,20"],
        ["--grains", "1e-310,5"],
        ["--scales", "1,1.00001"],
    ],
)
def test_sizes_that_say_nothing_are_refused_in_words(given: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    refused = CliRunner().invoke(app, ["sizes", "tencent_live_2020", *given, "--out", str(folder)])
    assert isinstance(refused.exception, LaboratoryError) and not folder.exists()


def test_isolated_viewers_keep_their_share() -> None:
    some = scenario({"one": platform({"recommend": 1.0})}, viewers=60, world={"isolated_viewers": 12})
    assert of_scale(some, 2).world.isolated_viewers == 24
    coarse = scenario(
        {"one": platform({"recommend": 1.0})},
        viewers=60,
        world={"isolated_viewers": 12, "people_per_viewer": 10},
    )
    assert of_grain(coarse, 5).world.isolated_viewers == 24
