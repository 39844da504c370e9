"""MusicLab run again: statistics with known answers, and what each cue must and must not do."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from simulation.measures.concentration import gini
from simulation.pages.evidence.figures.musiclab import musiclab_exhibit, musiclab_figure
from simulation.scenario import Scenario
from simulation.validation.musiclab.experiment import (
    ALONE,
    CONDITIONS,
    COUNTS_IN_GRID,
    INDEPENDENT,
    INDEPENDENT_IN_COLUMN,
    RANKED_BY_COUNTS,
    Experiment,
    run_musiclab,
)
from simulation.validation.musiclab.published import PUBLISHED, published
from simulation.validation.musiclab.repetitions import (
    orderings,
    quality_and_success,
    repeat_musiclab,
    summary,
)
from simulation.validation.musiclab.statistics import (
    beyond_the_median,
    extremes,
    market_shares,
    rank_correlation,
    split_shares,
    top_retained,
    unpredictability,
)
from simulation.validation.musiclab.visits import scratch_for, sort_by_count
from tests.support.worlds import platform, scenario

REPETITIONS, SEED = 5, 11
MODERATE = {"crowd_weight": 0.25, "rank_weight": 0.4}


def settings(purchase: dict[str, float] | None = None, **choice: float) -> Scenario:
    return scenario({"feed": platform({"recommend": 1.0})}, choice=choice, purchase=purchase or {})


@cache
def repeated(**choice: float) -> pd.DataFrame:
    return repeat_musiclab(settings(None, **choice), REPETITIONS, SEED)


def mean(frame: pd.DataFrame, condition: str, statistic: str) -> float:
    return summary(frame, statistic)[condition].mean


def test_statistics_of_small_tables_are_known() -> None:
    shares = market_shares(np.array([[4, 0, 0, 0], [1, 1, 1, 1], [2, 2, 0, 0]]))
    assert [gini(world) for world in shares] == pytest.approx([0.75, 0.0, 0.5])
    # Differences summed over songs: 1.5 (worlds 0, 1), 1.0 (0, 2), 1.0 (1, 2); over 3 pairs and 4 songs.
    assert unpredictability(shares) == pytest.approx(3.5 / 12)
    assert unpredictability(shares[[1, 1]]) == 0.0
    with pytest.raises(ValueError, match="two"):
        unpredictability(shares[:1])
    assert np.isnan(market_shares(np.zeros((1, 3)))).all()


def test_halves_divide_people_and_lose_no_download() -> None:
    downloads = np.array([[1, 0], [1, 0], [0, 1], [1, 1]])
    halves = split_shares(downloads, np.array([[0.1, 0.2, 0.3, 0.4], [0.9, 0.1, 0.2, 0.8]]))
    assert halves == pytest.approx(np.array([[[1.0, 0.0], [1 / 3, 2 / 3]], [[0.5, 0.5], [2 / 3, 1 / 3]]]))


def test_success_against_quality_of_small_tables_is_known() -> None:
    quality = np.array([0.4, 0.3, 0.2, 0.1])
    shares = np.array([[0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4]])
    assert rank_correlation(shares, quality) == pytest.approx(0.0)
    assert extremes(quality, 0.1, best=True).tolist() == [0]
    assert extremes(quality, 0.5, best=False).tolist() == [3, 2]
    assert beyond_the_median(shares, np.array([0]), below=True) == 0.5
    assert beyond_the_median(shares[:1], np.array([3]), below=False) == 0.0
    assert top_retained(shares, quality, many=1) == 0.5


def test_a_ranked_column_has_the_most_downloaded_first_and_keeps_ties_in_order() -> None:
    order = np.array([3, 0, 2, 1])
    sort_by_count(order, np.array([5, 9, 5, 0]))
    assert order.tolist() == [1, 0, 2, 3]
    assert len(scratch_for(4).attraction) == 6


def test_without_cues_all_conditions_agree() -> None:
    """Nothing but the display differs, and with both weights at zero nobody minds the display."""
    frame = repeated(crowd_weight=0.0, rank_weight=0.0)
    for entry in orderings(frame):
        assert not entry.holds
        assert abs(entry.difference.mean) < (0.02 if entry.statistic == "gini" else 6e-4)


def test_without_cues_grid_and_column_are_the_same_people_doing_the_same() -> None:
    bare = settings({"crowd_weight": 0.0}, crowd_weight=0.0, rank_weight=0.0)
    found = run_musiclab(bare, SEED).conditions
    for left, right in ((COUNTS_IN_GRID, RANKED_BY_COUNTS), (INDEPENDENT, INDEPENDENT_IN_COLUMN)):
        np.testing.assert_array_equal(found[left].shares, found[right].shares)


def test_independent_shares_follow_appeal() -> None:
    """With like-minded people, downloads are in proportion to the chance that quality gives."""
    plain = settings(
        {"fit_weight": 0.0, "impulse_weight": 0.0, "skill_weight": 2.0, "crowd_weight": 0.0}, fit_weight=0.0
    )
    many = 20_000
    lab = run_musiclab(plain, SEED, Experiment(independent_people=many, people=10, splits=1))
    alone = lab.conditions[INDEPENDENT]
    chance = 1.0 / (1.0 + np.exp(-(lab.experiment.download_intercept + 2.0 * (lab.songs.quality - 0.5))))
    downloads = np.round(alone.shares[0] * alone.downloads_per_person * many)
    chance = chance.astype(float)
    expected = chance / chance.sum() * downloads.sum()
    assert stats.chisquare(downloads, expected).pvalue > 1e-3
    # Of eight slates a share is looked at; six songs of the same utility are chosen from, or none.
    looked, entered = 8 * lab.experiment.attention, 6 * np.exp(plain.choice.enter_bias)
    listens = looked * entered / (1 + entered)
    assert alone.listens_per_person == pytest.approx(listens, abs=4 * np.sqrt(2 / many))


def test_a_stronger_crowd_cue_raises_both_statistics() -> None:
    frames = [repeated(**MODERATE | {"crowd_weight": weight}) for weight in (0.0, 0.25, 1.0)]
    for condition in ALONE:
        for statistic in ("gini", "unpredictability"):
            levels = [mean(frame, condition, statistic) for frame in frames]
            assert levels[0] < levels[1] < levels[2]
    for condition in (INDEPENDENT, INDEPENDENT_IN_COLUMN):
        assert len({mean(frame, condition, "gini") for frame in frames}) == 1


def test_the_paper_s_orderings_come_out_at_moderate_weights() -> None:
    assert all(entry.holds for entry in orderings(repeated(**MODERATE)))


def test_a_list_read_from_the_top_weakens_what_ranking_does() -> None:
    """Slates of neighbours in the list: the crowd cue then evens a ranked column out."""
    down = Experiment(reads_down=True)
    worlds = [settings(rank_weight=0.4, crowd_weight=weight) for weight in (0.0, 1.0)]
    levels = [mean(repeat_musiclab(world, 3, SEED, down), RANKED_BY_COUNTS, "gini") for world in worlds]
    assert levels[1] < levels[0] < mean(repeated(**MODERATE), RANKED_BY_COUNTS, "gini")


def test_runs_repeat_exactly_and_repetitions_differ() -> None:
    small = Experiment(people=100, independent_people=200, splits=5)
    first, again = (repeat_musiclab(settings(), 2, 3, small) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    three, four = (run_musiclab(settings(), seed, small).conditions[COUNTS_IN_GRID] for seed in (3, 4))
    assert not np.array_equal(three.shares, four.shares)
    assert first.groupby("condition")["gini"].nunique().eq(2).all()


def test_tables_of_a_run_have_a_row_a_song_and_shares_that_sum_to_one() -> None:
    lab = run_musiclab(settings(), SEED, Experiment(splits=5))
    assert tuple(lab.conditions) == CONDITIONS
    for name, condition in lab.conditions.items():
        assert condition.shares.shape == (8 if name in ALONE else 1, 48)
        np.testing.assert_allclose(condition.shares.sum(axis=1), 1.0)
        assert np.isfinite(condition.inequality.low) == (name in ALONE)
    table = lab.success
    assert table.groupby("condition").size().eq(48).all()
    assert (table["lowest"] <= table["mean"]).all() and (table["mean"] <= table["highest"]).all()
    assert (table["best_rank"] <= table["worst_rank"]).all()
    for entry in quality_and_success(lab):
        assert entry.best_below_median < 0.5 and entry.worst_above_median < 0.5
        assert "ended below the median" in entry.sentence


@pytest.mark.parametrize(
    "wrong", [{"worlds": 1}, {"people": 0}, {"attention": 1.5}, {"quality_spread": -1.0}]
)
def test_impossible_experiments_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Experiment(**wrong)


def test_the_figure_shows_every_condition_and_the_known_values() -> None:
    frame = repeated(**MODERATE)
    figure = musiclab_figure(frame)
    dots = [trace for trace in figure.data if trace.name == "One repetition"]
    assert len(dots) == 2 * len(CONDITIONS) and all(len(trace.x) == REPETITIONS for trace in dots)
    known = [trace.x[0] for trace in figure.data if trace.name == "Real experiment"]
    assert known == [0.34, 0.50]
    assert "8 of 8 orderings" in musiclab_exhibit(frame).views[0].finding
    assert published("unpredictability", RANKED_BY_COUNTS) is None
    assert all(entry.source for entry in PUBLISHED)
