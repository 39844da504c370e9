"""Calibration finds again what made the data, keeps wide what no fact tells, and can be resumed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.calibration.calibrate import calibrate_to_facts
from simulation.calibration.emulators.emulator import Emulator, chance_plausible
from simulation.calibration.facts import Fact
from simulation.calibration.plausible_worlds import (
    felt_keys,
    keep,
    medoid_world,
    plausible_worlds,
    resampled,
    ship_waves,
    worth,
)
from simulation.calibration.recovery import conformal_slip, recover
from simulation.calibration.waves.drawing import drawn_in_proportion, prior_over_drawn
from simulation.calibration.waves.history_matching import calibrate
from simulation.calibration.waves.wave import cut
from simulation.claims.reading import check_table
from simulation.ensembles.execution.options import Execution
from simulation.errors import AnalysisError
from simulation.scenario import Scenario, ScenarioError
from tests.support.calibration_models import curved, curved_by_size
from tests.support.here import here
from tests.support.stated_world import stated
from tests.support.tearing import without_runs
from tests.support.worlds import preset

TRUE = {"choice.fit_weight": 1.2, "purchase.fit_weight": 2.0}
FACTS = [
    Fact(id="conversion", measure="gmv", arm="only", value=float(np.exp(1.2) * 2.0), tolerance=0.1),
    Fact(id="returns", measure="visits", arm="only", value=2.0, tolerance=0.1),
]


def question(**calibration: Any) -> Scenario:
    settings = {"facts": "facts.toml", "waves": 3, "wave_points": 150, "misses": 0, "worlds": 60}
    return check_table(
        {
            "name": "calibrated",
            "title": "Calibrated",
            "article_claims": False,
            "world": {"viewers": 60, "merchants": 5, "days": 4},
            "arms": [{"name": "only", "platform": preset("taobao_live")}],
            "calibration": settings | calibration,
            **stated(),
            "sweep": {
                "points": 200,
                "replications": 1,
                "factors": [
                    {"key": "choice.fit_weight", "low": 0.0, "high": 3.0},
                    {"key": "purchase.fit_weight", "low": 0.5, "high": 5.0, "scale": "log"},
                    {"key": "trust.half_life", "low": 10.0, "high": 100.0},
                ],
            },
        },
        "test",
    )


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("calibration")
    return calibrate(question(), FACTS, folder, Execution(here, 1, model=curved))


def test_plausible_worlds_surround_the_truth_and_meet_every_fact(calibrated) -> None:
    worlds = calibrated.worlds()
    assert len(worlds) >= 60 and (worlds["missed"] == 0).all()
    for key, truth in TRUE.items():
        low, high = worlds[key].quantile([0.05, 0.95])
        assert low < truth < high, key
    assert worlds["conversion"].between(FACTS[0].lowest, FACTS[0].highest).all()
    assert np.ptp(worlds["choice.fit_weight"]) < 1.0, "a third of what was allowed"
    free = np.sort(worlds["trust.half_life"].to_numpy())
    assert free[0] < 15 and free[-1] > 95, "of what no fact tells, the whole range stays"


def test_later_waves_waste_few_runs(calibrated) -> None:
    first, learning, last = (wave.plausible(0).mean() for wave in calibrated.waves[:3])
    assert learning > 3 * first and last > 3 * first
    assert calibrated.waves[0].left == 1.0 and calibrated.waves[2].left < 0.5


def test_what_is_plausible_in_a_small_world_counts_only_if_it_is_in_the_larger(tmp_path: Path) -> None:
    # In the larger world `visits` is 15% larger, so that others have the figure.
    larger = {"world.viewers": 90}
    asked = question(larger=larger, larger_points=120, larger_slack=2)
    done = calibrate(asked, FACTS, tmp_path, Execution(here, 1, model=curved_by_size))
    small = pd.concat([wave.points[wave.plausible(0)] for wave in done.drawn_waves])
    worlds = done.worlds()
    first, *drawn = done.larger
    assert done.scenario.world.viewers == 90 and len(first.points) <= 120
    assert len(worlds) and small["purchase.fit_weight"].mean() == pytest.approx(2.0, rel=0.05)
    assert worlds["purchase.fit_weight"].mean() < 0.95 * small["purchase.fit_weight"].mean()
    assert worlds["returns"].between(FACTS[1].lowest, FACTS[1].highest).all()
    assert len(pd.read_csv(tmp_path / "wave_larger.csv")) == len(first.points)
    # Few of the small size's worlds are plausible in the larger, so that others are drawn for it.
    second = drawn[0]
    assert second.plausible(0).mean() > 2 * first.plausible(0).mean() > 0
    assert len(pd.read_csv(tmp_path / "wave_larger_2.csv")) == len(second.points) == 240


@pytest.mark.worlds
def test_a_calibration_is_gone_on_with_from_its_tables(tmp_path: Path) -> None:
    asked = question(larger={"world.viewers": 90}, larger_points=60, larger_waves=0)
    before, after = tmp_path / "before", tmp_path / "after"
    facts = tmp_path / "facts.toml"
    facts.write_text(
        "".join(
            f'[[facts]]\nid = "{f.id}"\nmeasure = "{f.measure}"\narm = "only"\nvalue = {f.value}\n'
            f'tolerance = {f.tolerance}\nuse = "target"\n'
            for f in FACTS
        )
    )
    how = Execution(here, 1, model=curved_by_size)
    found = calibrate_to_facts(asked, facts, before, how)
    keep(before, found.worlds, found.findings)
    ship_waves(before, before)
    more = question(larger={"world.viewers": 90}, larger_points=60, larger_waves=1, worlds=1000)
    went_on = calibrate_to_facts(more, facts, after, how, before)
    assert not (after / "wave_1").exists() and not (after / "larger").exists(), "nothing is run again"
    assert (after / "larger_2").is_dir()
    for table in ("wave_1.csv", "wave_2.csv", "wave_larger.csv"):
        first, then = (pd.read_csv(folder / table).drop(columns="missed") for folder in (before, after))
        assert then.equals(first), table
    assert went_on.findings["plausible"] > found.findings["plausible"] > 0
    facts.write_text(facts.read_text().replace('measure = "visits"', 'measure = "orders"'))
    with pytest.raises(AnalysisError, match=r"facts\.returns"):
        calibrate_to_facts(more, facts, tmp_path / "refused", how, before)


def test_weights_undo_that_likely_regions_are_drawn_more_often() -> None:
    # Worlds are plausible with a chance that rises from 0 to 1 along the range: those that are lie at 2/3 on
    # average. Drawn in proportion to the chance and accepted by it, they would lie at 3/4.
    luck = np.random.default_rng(2)
    chance = luck.uniform(size=200_000)
    chosen = drawn_in_proportion(chance, luck)[:4_000]
    accepted = luck.uniform(size=len(chosen)) < chance[chosen]
    weights = prior_over_drawn(chance, chosen, len(chance))[accepted]
    place = chance[chosen][accepted]
    assert place.mean() == pytest.approx(3 / 4, abs=0.015)
    assert np.average(place, weights=weights) == pytest.approx(2 / 3, abs=0.02)
    assert worth(pd.Series([1.0, 1.0, 0.0])) == pytest.approx(2.0)
    drawn = resampled(np.array([1.0, 0.0, 2.0, 1.0]), 8, luck)
    assert drawn.tolist() == [0, 0, 2, 2, 2, 2, 3, 3], "each as often as its weight says"
    assert cut(pd.Series([1.0, 1.0, 1.0, 97.0])).max() == pytest.approx(50.0)


def test_a_larger_size_that_cannot_be_is_refused_before_anything_runs(tmp_path: Path) -> None:
    asked = question(larger={"world.viewerz": 90})
    with pytest.raises(ScenarioError, match=r"calibration\.larger\.world\.viewerz"):
        calibrate_to_facts(asked, None, tmp_path, Execution(here, 1, model=curved))
    assert not list(tmp_path.iterdir())


def test_recovery_names_what_is_identified_and_what_is_not(calibrated) -> None:
    found = recover(calibrated)
    assert found["identified"].to_dict() == {
        "choice.fit_weight": True,
        "purchase.fit_weight": True,
        "trust.half_life": False,
    }
    assert found["recovered"].all()
    assert found.at["trust.half_life", "width"] > 0.85


def test_intervals_that_are_too_sure_are_widened_to_the_nominal_rate() -> None:
    luck = np.random.default_rng(5).normal(size=(2, 4000))
    slip = conformal_slip(np.full(4000, -1.0), np.full(4000, 1.0), luck[0])
    assert slip == pytest.approx(1.645 - 1.0, abs=0.05)
    assert (abs(luck[1]) <= 1.0 + slip).mean() == pytest.approx(0.9, abs=0.02)


def test_an_emulator_follows_what_it_can_and_admits_what_it_cannot() -> None:
    luck = np.random.default_rng(3)
    places = pd.DataFrame(luck.random((300, 2)), columns=["x", "y"])
    exact = 1.0 + places["x"] ** 2
    noisy = exact * np.exp(luck.normal(0, 0.5, 300))
    fact = Fact(id="f", measure="m", arm="only", low=1.9, high=2.1)
    sharp, blunt = (Emulator.fit(fact, places, values) for values in (exact, noisy))
    assert sharp and blunt and sharp.explained > 0.99 and sharp.spread < 0.02
    assert 0.4 < blunt.spread < 0.6
    corner = np.array([[0.0, 0.5], [1.0, 0.5]])
    assert chance_plausible([sharp], corner, 0) == pytest.approx([0.0, 1.0], abs=1e-2)
    assert chance_plausible([sharp], corner, 1) == pytest.approx([1.0, 1.0]), "one miss is forgiven"
    assert (chance_plausible([blunt], corner, 0) < 0.3).all(), "too blunt to promise anything"


def test_the_chance_of_few_misses_is_that_of_independent_events() -> None:
    class Coin:
        """Met with a chance that depends on nothing."""

        def __init__(self, chance: float):
            self._chance = chance

        def chance_met(self, positions: np.ndarray) -> np.ndarray:
            return np.full(len(positions), self._chance)

    coins: Any = [Coin(0.5), Coin(0.8), Coin(0.9)]
    none = 0.5 * 0.8 * 0.9
    one = 0.5 * 0.8 * 0.9 + 0.5 * 0.2 * 0.9 + 0.5 * 0.8 * 0.1
    found = [float(chance_plausible(coins, np.zeros((1, 1)), misses)[0]) for misses in range(4)]
    assert found[:2] == pytest.approx([none, none + one]) and found[3] == pytest.approx(1.0)


@pytest.mark.worlds
def test_the_whole_path_is_resumed_to_the_same_bytes_and_takes_a_spreadsheet(tmp_path: Path) -> None:
    csv = tmp_path / "facts.csv"
    csv.write_text(
        "id,measure,arm,value,tolerance,use\n"
        + "".join(f"{f.id},{f.measure},{f.arm},{f.value},{f.tolerance},target\n" for f in FACTS),
        encoding="utf-8",
    )
    asked = question(worlds=20)
    folders = tmp_path / "whole", tmp_path / "broken"
    for folder in folders:
        calibrate_to_facts(asked, csv, folder, Execution(here, 1, model=curved))
    assert without_runs(folders[1] / "wave_2", slice(None, None, 2))
    (folders[1] / "plausible_worlds.csv").unlink()
    found = calibrate_to_facts(asked, csv, folders[1], Execution(here, 1, resume=True, model=curved))
    for name in ("plausible_worlds.csv", "calibration.json"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    assert len(found.worlds) == 20
    assert all(entry["met"] for entry in found.findings["at_default"])
    off, prior = found.findings["without"], found.findings["prior"]
    assert {"endorsement", "heat"} <= {entry["mechanism"] for entry in off}
    assert all(entry["target"] == 1.0 for entry in off) and prior["target"] < 0.5, "no mechanism is in it"
    assert [entry["foretold"] for entry in found.findings["left_out"]] == pytest.approx([0.0, 0.0], abs=0.35)
    ship_waves(folders[1], tmp_path)
    assert {file.name for file in (tmp_path / "waves").iterdir()} >= {"wave_1.csv", "wave_2.csv"}
    prior = pd.read_csv(tmp_path / "prior_points.csv")
    assert len(prior) == 200 and list(prior) == [factor["key"] for factor in found.findings["factors"]]


def test_facts_that_no_world_meets_are_said_to_be_so(tmp_path: Path) -> None:
    impossible = [*FACTS, Fact(id="no", measure="visits", arm="only", low=90.0, high=91.0)]
    with pytest.raises(AnalysisError, match="no world that misses at most 0 facts"):
        calibrate(question(), impossible, tmp_path, Execution(here, 1, model=curved))
    assert (
        len(
            calibrate(
                question(misses=1, worlds=10), impossible, tmp_path / "b", Execution(here, 1, model=curved)
            ).worlds()
        )
        >= 10
    )


def test_a_scenario_without_calibration_is_refused(tmp_path: Path) -> None:
    plain = question().model_copy(update={"calibration": None})
    with pytest.raises(ScenarioError, match=r"a \[calibration\] with facts"):
        calibrate_to_facts(plain, None, tmp_path / "c", Execution(here, 1))
    assert not (tmp_path / "c").exists()


def test_what_no_fact_feels_keeps_what_was_assumed(calibrated) -> None:
    known = [replace(emulator, felt=np.array([0, 1])) for emulator in calibrated.emulators]
    calibrated = replace(calibrated, emulators=known)
    assert felt_keys(calibrated) == list(TRUE)
    worlds = plausible_worlds(calibrated)
    chosen = medoid_world(calibrated, worlds)
    assert chosen["trust.half_life"] == question().trust.half_life
    assert [chosen[key] for key in TRUE] in worlds[list(TRUE)].to_numpy().tolist()


def test_the_world_chosen_for_defaults_lies_among_the_others_in_what_facts_feel(calibrated) -> None:
    worlds = plausible_worlds(calibrated)
    chosen = medoid_world(calibrated, worlds)
    assert [chosen[key] for key in TRUE] in worlds[list(TRUE)].to_numpy().tolist()
    for key in TRUE:
        low, high = worlds[key].quantile([0.2, 0.8])
        assert low <= chosen[key] <= high, key


def test_each_wave_leaves_a_table_of_its_points_and_facts(calibrated) -> None:
    table = calibrated.waves[0].table
    assert list(table) == ["point", *calibrated.keys, "conversion", "returns", "missed", "weight"]
    assert len(table) == 200 and table["missed"].between(0, 2).all()
