"""Effects by month, counted by hand, and what becomes of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.runs.monthly import (
    COMES,
    FADES,
    GROWS,
    LASTS,
    TURNS,
    UNSEEN,
    course_of,
    effect_by_month,
    monthly_table,
    monthly_values,
)


def daily(arms: dict[str, list[list[float]]], column: str = "visits", **more: float) -> pd.DataFrame:
    """A daily table of arms by world and month, each day of a month alike."""
    return pd.DataFrame(
        [
            {"arm": arm, "replicate": world, "day": day, column: months[day // 30], **more}
            for arm, worlds in arms.items()
            for world, months in enumerate(worlds)
            for day in range(30 * len(months))
        ]
    )


def test_months_are_of_thirty_days_and_what_is_left_over_is_left_out() -> None:
    table = pd.DataFrame({"arm": "a", "replicate": 0, "day": range(75), "visits": np.arange(75.0)})
    assert monthly_values(table, "a", "visits")[0].tolist() == [14.5, 44.5]


def test_a_share_is_that_of_the_month_and_not_the_mean_of_days() -> None:
    table = pd.DataFrame(
        {"arm": "a", "replicate": 0, "day": range(30), "conversion_rate": 0.5, "visits": 1.0}
    )
    table.loc[0, ["conversion_rate", "visits"]] = 0.0, 29.0
    table.loc[1, ["conversion_rate", "visits"]] = np.nan, 0.0
    assert monthly_values(table, "a", "conversion_rate")[0].tolist() == [pytest.approx(14 / 57)]


def test_effects_are_paired_by_world() -> None:
    table = daily({"a": [[1.0, 2.0], [11.0, 12.0]], "b": [[4.0, 3.0], [14.0, 15.0]]})
    found = effect_by_month(table, "b", "a", "visits")
    assert found.months == [1, 2] and found.arm_means == [9.0, 9.0] and found.against_means == [6.0, 7.0]
    assert [effect.mean for effect in found.effects] == [3.0, 2.0]
    assert found.effects[0].low == found.effects[0].high == 3.0
    half = 12.706204736 * np.std([1.0, 3.0], ddof=1) / np.sqrt(2)
    assert found.effects[1].high == pytest.approx(2.0 + half)


def test_months_without_a_value_are_not_looked_at() -> None:
    table = daily({"a": [[1.0, 1.0, np.nan]] * 2, "b": [[2.0, 2.0, np.nan], [3.0, 3.0, np.nan]]})
    assert effect_by_month(table, "b", "a", "visits").months == [1, 2]


SPREAD = np.array([-0.1, 0.0, 0.1])


@pytest.mark.parametrize(
    ("months", "course"),
    [
        ([5.0, 4.0, 3.0], LASTS),
        ([5.0, 4.0, 2.0], FADES),
        ([-5.0, -4.0, -2.0], FADES),
        ([5.0, 4.0, 0.01], FADES),
        ([5.0, 9.0, 11.0], GROWS),
        ([5.0, 0.0, -1.0], TURNS),
        ([0.0, 1.0, 2.0], COMES),
        ([0.0, 5.0, 0.1], UNSEEN),
        ([5.0], UNSEEN),
    ],
)
def test_what_becomes_of_an_effect(months: list[float], course: str) -> None:
    assert course_of(np.array(months)[:, None] + SPREAD) == course


def test_an_effect_that_varies_too_much_to_be_told_from_half_of_it_lasts() -> None:
    first, last = [9.0, 1.2, 9.0, 0.5, 5.0, 1.0], [2.0, 1.8, 2.2, 2.0, 2.1, 1.9]
    assert course_of(np.array([first, last])) == LASTS
    assert course_of(np.array([[4.3, 4.2, 4.4, 4.3, 4.2, 4.3], last])) == FADES


def test_one_world_tells_nothing() -> None:
    assert course_of(np.array([[5.0], [1.0]])) == UNSEEN


def test_the_table_has_a_row_for_each_arm_and_month() -> None:
    table = daily({"a": [[1.0, 1.0]] * 2, "b": [[2.0, 3.0]] * 2, "c": [[1.0, 0.0]] * 2})
    found = monthly_table(table, ["a", "b", "c"], ["visits"])
    assert found[["arm", "month", "effect"]].to_numpy().tolist() == [
        ["b", 1, 1.0],
        ["b", 2, 2.0],
        ["c", 1, 0.0],
        ["c", 2, -1.0],
    ]
    assert set(found["against"]) == {"a"} and found["course"].tolist() == [LASTS, LASTS, COMES, COMES]
