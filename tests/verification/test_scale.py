"""Scale: known slopes and exponents come back, what is flat is stable, and worlds of several sizes run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulation.errors import AnalysisError, ArchiveError
from simulation.measures import MEASURES
from simulation.pages.evidence.figures.scale import scale_exhibit
from simulation.validation.scale import (
    CANNOT_TELL,
    DRIFTS,
    LARGEST,
    STABLE,
    TOTALS,
    classified,
    drift,
    foreseen,
    measure_scale,
    read_scale,
    write_scale,
)
from simulation.validation.trends import fit_trend, weights_by_size
from tests.support.worlds import preset, scenario

WORLDS = ((5_000, 8), (20_000, 4), (100_000, 2), (1_000_000, 1))
PEOPLE, PER_MERCHANT = 20, 50


def made_up(seed: int = 1, noise: float = 0.004, **measures: object) -> pd.DataFrame:
    """Worlds of the usual sizes whose measures are functions of persons, with luck that shrinks with size."""
    luck = np.random.default_rng(seed)
    viewers = np.repeat([size for size, _ in WORLDS], [many for _, many in WORLDS])
    persons = viewers * float(PEOPLE)
    frame = pd.DataFrame(
        {
            "viewers": viewers,
            "persons": persons,
            "merchants": viewers // PER_MERCHANT,
            "replicate": range(len(viewers)),
            "arm": "made_up",
        }
    )
    for name, value in measures.items():
        spread = noise * np.sqrt(5_000 / viewers) * luck.standard_normal(len(viewers))
        frame[name] = value(persons) * (1.0 + spread)  # type: ignore[operator]
    return frame


def row(frame: pd.DataFrame, measure: str) -> pd.Series:
    return drift(frame, "made_up").set_index("measure").loc[measure]


def test_a_known_slope_comes_back_and_drifts() -> None:
    found = row(made_up(conversion_rate=lambda n: 0.02 + 0.003 * np.log10(n / 1e6)), "conversion_rate")
    assert found["slope"] == pytest.approx(0.003, rel=0.02)
    assert found["slope_low"] < 0.003 < found["slope_high"] < 0.0031
    assert found["relative"] == pytest.approx(0.003 / 0.0197, rel=0.05)
    assert found["verdict"] == DRIFTS and not found["bent"] and found["worlds"] == 15
    assert found["at_1000000"] == pytest.approx(0.02 + 0.003 * np.log10(20), rel=0.01)


def test_a_known_exponent_comes_back() -> None:
    frame = made_up(top1_audience_share=lambda n: 30 * n**-0.5, **{LARGEST: lambda n: 0.1 * n**0.8})
    for measure, exponent in (("top1_audience_share", -0.5), (LARGEST, 0.8)):
        found = row(frame, measure)
        assert found["exponent"] == pytest.approx(exponent, abs=0.003)
        assert found["exponent_low"] < exponent < found["exponent_high"]
        assert found["relative"] == pytest.approx(10**exponent - 1, abs=0.05)
        assert found["law"] == "power" and found["verdict"] == DRIFTS and np.isnan(found["slope"])


def test_what_is_flat_is_stable_with_luck_and_without() -> None:
    for noise in (0.0, 0.004):
        found = row(made_up(noise=noise, revisit_rate_30d=lambda n: 0 * n + 0.4), "revisit_rate_30d")
        assert found["verdict"] == STABLE and abs(found["slope"]) < 0.002
    nothing = row(made_up(empty_room_share=lambda n: 0 * n), "empty_room_share")
    assert nothing["verdict"] == STABLE and nothing["relative"] == 0.0


def test_much_luck_leaves_it_open() -> None:
    frame = made_up(noise=1.0, return_rate=lambda n: 0 * n + 0.4)
    assert row(frame, "return_rate")["verdict"] == CANNOT_TELL
    assert foreseen(drift(frame, "made_up"))["low"].notna().all()


def test_totals_are_compared_by_the_head() -> None:
    frame = made_up(gmv=lambda n: 70 * n, visits_share=lambda n: 3 * n, merchants_served=lambda n: n / 2_000)
    for measure, per, value in (
        ("gmv", "persons", 70),
        ("visits_share", "persons", 3),
        ("merchants_served", "merchants", 0.5),
    ):
        found = row(frame, measure)
        assert found["per"] == per and found["verdict"] == STABLE
        assert found["at_5000"] == pytest.approx(value, rel=0.01)
    assert set(TOTALS) <= set(MEASURES)


def test_a_line_that_flattens_is_bent_and_judged_by_its_steps() -> None:
    frame = made_up(audience_gini=lambda n: 0.9 - 0.2 * (1e5 / n), dau_mau=lambda n: 0.4 + 0.1 * (n == 4e5))
    gini, hill = row(frame, "audience_gini"), row(frame, "dau_mau")
    assert gini["bent"] and gini["verdict"] == DRIFTS
    assert abs(gini["last_step"]) < 0.02  # it hardly changes any more
    assert hill["bent"] and hill["verdict"] == DRIFTS  # as high at both ends
    ahead = foreseen(drift(frame, "made_up")).set_index("measure").loc["audience_gini"]
    assert ahead["low"] < 0.899 < ahead["high"] and ahead["high"] - ahead["low"] < 0.03


def test_a_trend_that_grows_steeper_is_not_followed() -> None:
    ahead = foreseen(drift(made_up(audience_gini=lambda n: 0.1 + 0.4 * (n / 2e7) ** 2), "made_up"))
    assert ahead["why"].item() == "the trend grows steeper" and np.isnan(ahead["value"].item())


def test_a_larger_world_is_foreseen_with_a_wider_interval() -> None:
    frame = made_up(
        conversion_rate=lambda n: 0.02 + 0.003 * np.log10(n / 1e6), top1_audience_share=lambda n: 30 * n**-0.5
    )
    table = drift(frame, "made_up")
    ahead = foreseen(table, 1e8).set_index("measure")
    assert ahead.loc["conversion_rate", "value"] == pytest.approx(0.026, rel=0.01)
    assert ahead.loc["top1_audience_share", "value"] == pytest.approx(0.003, rel=0.03)
    assert (ahead["low"] < ahead["value"]).all() and (ahead["value"] < ahead["high"]).all()
    near = foreseen(table, 2e7).set_index("measure")
    assert (near["high"] / near["low"] < ahead["high"] / ahead["low"]).all()
    assert foreseen(table, 1e9)["why"].str.startswith("more than 10 times").all()


def test_a_share_is_not_foreseen_beyond_one_nor_a_trend_of_two_sizes() -> None:
    frame = made_up(dau_mau=lambda n: 0.98 + 0.04 * np.log10(n / 1e7))
    assert foreseen(drift(frame, "made_up"))["why"].item() == "the trend leads beyond 0 to 1"
    two = frame[frame["viewers"] <= 20_000]
    assert foreseen(drift(two, "made_up"), 1e6)["why"].item() == "values at fewer than 3 sizes"


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = []
    for seed in range(300):
        found = row(made_up(seed, 0.05, return_rate=lambda n: 0.4 + 0.02 * np.log10(n / 1e6)), "return_rate")
        held.append(found["slope_low"] < 0.02 < found["slope_high"])
    assert 0.91 < np.mean(held) < 0.99


def test_weights_follow_how_much_worlds_of_one_size_differ() -> None:
    sizes = np.array([5.0, 6.0, 7.0])
    place = np.repeat(np.arange(3), (60, 60, 1))
    luck = np.random.default_rng(3).standard_normal(121)
    falling = weights_by_size(sizes, place, luck * np.sqrt(10.0 ** -(sizes[place] - 5)))
    assert falling[1] / falling[0] == pytest.approx(10, rel=0.6) and falling[2] > falling[1]
    same = weights_by_size(sizes, place, luck)
    assert same[1] / same[0] < 2
    assert (weights_by_size(sizes, np.array([0, 0, 1, 2]), luck[:4]) == 1).all()


def test_single_worlds_make_a_line_without_steps() -> None:
    trend = fit_trend(np.array([5.0, 6.0, 7.0]), np.array([1.0, 2.0, 3.0]))
    assert trend.slope == pytest.approx(1) and trend.slope_half == pytest.approx(0, abs=1e-9)
    assert not trend.bent and np.isnan(trend.step_halves).all()
    assert np.isnan(fit_trend(np.array([5.0, 6.0]), np.array([1.0, 2.0])).slope_half)
    assert classified(np.nan, np.nan) == CANNOT_TELL


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    settings = scenario(
        {name: preset(name) for name in ("taobao_live", "tencent_live")},
        viewers=400,
        shops=40,
        days=8,
        world={"isolated_viewers": 20},
    )
    told: list[float] = []
    frame = measure_scale(settings, ((500, 2), (1_000, 2), (2_000, 1)), report=told.append)
    assert told == sorted(told) and told[-1] == pytest.approx(1)
    return frame


def test_worlds_of_several_sizes_run(small: pd.DataFrame) -> None:
    assert small["viewers"].tolist() == [500] * 4 + [1_000] * 4 + [2_000] * 2
    assert (small["merchants"] * 10 == small["viewers"]).all()
    assert (small["persons"] == 20 * small["viewers"]).all()
    assert small["replicate"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    of_everybody = {name for name in MEASURES if not name.startswith("named_")}
    assert of_everybody - {*small} == set() and (small[LARGEST] > 0).all()
    assert (small[LARGEST] <= small["visits"]).all()
    central = small[small["arm"] == "taobao_live"]
    per_head = (central["visits"] / central["persons"]).groupby(central["viewers"]).mean()
    assert per_head.max() / per_head.min() < 1.5
    assert len(drift(small, "taobao_live")) > 50


def test_a_table_is_written_and_read_again(small: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "evidence" / "scale.csv"
    write_scale(small, path)
    again = read_scale(path)
    assert list(again) == list(small) and again["arm"].tolist() == small["arm"].tolist()
    numbers = list(small.select_dtypes("number"))
    np.testing.assert_allclose(again[numbers].astype(float), small[numbers].astype(float), rtol=1e-5)
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    for wrong in (path, tmp_path / "none.csv"):
        with pytest.raises(ArchiveError):
            read_scale(wrong)
    with pytest.raises(AnalysisError, match="taobao_live"):
        drift(small, "taobao")


def test_the_figure_shows_each_measure_and_arm(small: pd.DataFrame) -> None:
    exhibit = scale_exhibit(small, {"taobao_live": "Taobao Live"})
    view = exhibit.views[0]
    lines = [trace for trace in view.figure.data if trace.mode == "lines+markers"]
    assert {trace.name for trace in lines} == {"Taobao Live", "tencent live"}
    assert "Orders per visit" in view.table and view.table.count("<tbody>") == len(lines) / 2
    assert view.narrow["height"] > view.figure.layout.height
    central = small[small["arm"] == "taobao_live"].groupby("viewers")["conversion_rate"].mean()
    assert list(lines[0].y) == pytest.approx(central.tolist(), rel=1e-4)
    assert list(lines[0].x) == [500, 1_000, 2_000]
