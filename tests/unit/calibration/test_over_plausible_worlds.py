"""Any scenario over the plausible worlds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from simulation.calibration import over_plausible_worlds as module
from simulation.calibration.over_plausible_worlds import is_default, over_plausible_worlds
from simulation.claims.reading import read_scenario
from simulation.errors import AnalysisError, ArchiveError
from simulation.scenario.reading.read import default_at
from simulation.validation.robustness import HEADLINE_WORLDS, check_plausible, folder_of

ROWS = pd.DataFrame({"purchase.cycle": [float(row) for row in range(9)], "trust.half_life": 20.0})


@pytest.fixture(autouse=True)
def nine_worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    ROWS.to_csv(tmp_path / "plausible_worlds.csv", index=False)
    monkeypatch.setattr(module, "EVIDENCE_FOLDER", tmp_path)
    return tmp_path


def test_worlds_are_spread_evenly_over_all_that_are_kept() -> None:
    asked = over_plausible_worlds(read_scenario("fruit_vendor"), 3, {"sweep.replications": 2})
    assert asked.sweep is not None and asked.sweep.replications == 2 and asked.sweep.all_claims
    assert [row["purchase.cycle"] for row in asked.sweep.rows] == [0.0, 4.0, 8.0]
    every = over_plausible_worlds(read_scenario("fruit_vendor"), 500)
    assert every.sweep is not None and len(every.sweep.rows) == 9


def test_a_sweep_of_its_own_gives_way() -> None:
    asked = over_plausible_worlds(read_scenario("what_drives_it"), 2)
    assert asked.sweep is not None and not asked.sweep.factors and len(asked.sweep.rows) == 2


def test_what_a_scenario_sets_itself_stays() -> None:
    own = read_scenario("fruit_vendor", {"purchase.cycle": 50.0})
    asked = over_plausible_worlds(own, 2)
    assert asked.sweep is not None and [*asked.sweep.rows[0]] == ["trust.half_life"]
    with pytest.raises(AnalysisError, match="leaves some at default"):
        over_plausible_worlds(read_scenario(own, {"trust.half_life": 50.0}), 2)


def test_without_worlds_it_says_what_makes_them(nine_worlds: Path) -> None:
    (nine_worlds / "plausible_worlds.csv").unlink()
    with pytest.raises(ArchiveError):
        over_plausible_worlds(read_scenario("fruit_vendor"), 2)


def test_only_plausible_worlds_are_kept_as_such(tmp_path: Path) -> None:
    check_plausible(ROWS.head(2), tmp_path)
    check_plausible(ROWS[["purchase.cycle"]], tmp_path)
    with pytest.raises(AnalysisError, match="none of the plausible worlds"):
        check_plausible(ROWS.head(2) + 1.0, tmp_path)
    with pytest.raises(AnalysisError, match="none of the plausible worlds"):
        check_plausible(pd.DataFrame({"people.homophily": [0.4]}), tmp_path)


def test_other_scenarios_have_folders_of_their_own() -> None:
    assert folder_of("late_entry").parent == folder_of(HEADLINE_WORLDS)


def test_defaults_are_a_world_or_not() -> None:
    there = {key: default_at(key) for key in ROWS}
    assert is_default(there) and not is_default(there | {"purchase.cycle": -1.0})
