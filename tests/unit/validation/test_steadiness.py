"""Whether the last days are like the first: known answers, and the command that prints it."""

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
from simulation.errors import AnalysisError
from simulation.scenario import Scenario
from simulation.scenario.reading.read import changed_scenario
from simulation.validation import steadiness
from simulation.validation.paired import paired_log_ratio
from simulation.validation.sizes import BEYOND, CANNOT_TELL, WITHIN, independent_worlds
from simulation.validation.steadiness import ends, measure_steadiness, run_ends
from simulation.warm_up.beginning import to_prepare
from simulation.warm_up.cache import place_of
from tests.support.here import here
from tests.support.worlds import platform, scenario

MEASURES = ["conversion_rate", "visits"]


def question(days: int = 120) -> Scenario:
    """A world of one arm."""
    return scenario({"one": platform({"recommend": 1.0})}, viewers=200, shops=10, days=days)


def test_the_ends_are_two_months_each_and_do_not_overlap() -> None:
    assert [str(window) for window in ends(180)] == ["1-60", "121-180"]
    assert [str(window) for window in ends(199)] == ["1-60", "121-180"]
    assert [str(window) for window in ends(190, left_out=20)] == ["21-80", "111-170"]
    with pytest.raises(AnalysisError, match="at least 120 days"):
        ends(119)
    with pytest.raises(AnalysisError, match="at least 150 days"):
        ends(149, left_out=30)


def test_ratios_are_taken_world_by_world() -> None:
    """Worlds that differ a hundredfold, each of which grows by a tenth: no doubt about the tenth."""
    first = np.array([1.0, 10.0, 100.0])
    ratio, half = paired_log_ratio(1.1 * first, first)
    assert ratio == pytest.approx(math.log(1.1)) and half == pytest.approx(0.0, abs=1e-9)
    ratio, half = paired_log_ratio(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    spread = math.log(2) / math.sqrt(2) / math.sqrt(2)
    assert ratio == pytest.approx(math.log(2) / 2) and half == pytest.approx(stats.t.ppf(0.975, 1) * spread)
    assert math.isnan(paired_log_ratio(np.array([0.0, 1.0]), np.array([1.0, 1.0]))[0])


def test_what_trends_is_told_from_what_is_steady(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(measures: list[str], some: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        sway = 1.0 + 0.002 * replicate
        values = {
            "conversion_rate": (1.0, 1.01 * sway),
            "visits": (1.0, 1.5 * sway),
            "orders": (1.0, 1.2**replicate),
        }
        return {
            "one": {
                f"{name}@{window}": value
                for name in measures
                for window, value in zip(ends(120), values[name], strict=True)
            }
        }

    monkeypatch.setattr(steadiness, "run_ends", made)
    shares: list[float] = []
    with here() as executor:
        rows = measure_steadiness(question(), [*MEASURES, "orders"], 4, executor, shares.append)
    found = rows.set_index("measure")["found"]
    assert found.to_dict() == {"conversion_rate": WITHIN, "visits": BEYOND, "orders": CANNOT_TELL}
    assert shares == [0.25, 0.5, 0.75, 1.0]


def test_worlds_with_a_past_are_cut_from_a_template_each() -> None:
    assert independent_worlds(question(), 2) == [(question(), 0), (question(), 1)]
    own = changed_scenario(question(), {"warm_up.past": "own"})
    found = independent_worlds(own, 2)
    assert [replicate for _, replicate in found] == [0, 0]
    templates = {place_of(to_prepare(some)[0]) for some, _ in found}
    assert len(templates) == 2


def test_a_run_gives_the_measures_of_its_first_and_last_days() -> None:
    found = run_ends(MEASURES, question(), 0)["one"]
    assert sorted(found) == sorted(f"{name}@{days}" for name in MEASURES for days in ("1-60", "61-120"))
    assert found["visits@1-60"] > 0


def test_the_command_prints_a_table_and_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from simulation.laboratory import work

    def made(measures: list[str], some: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        windows = ends(some.world.days)
        values = {f"{name}@{window}": 1.0 + 0.01 * replicate for name in measures for window in windows}
        return {arm.name: values for arm in some.arms}

    def in_this_process(workers: int | None, cluster: str | None) -> Any:
        return here, 1

    monkeypatch.setattr(steadiness, "run_ends", made)
    monkeypatch.setattr(work, "executor_for", in_this_process)
    done = CliRunner().invoke(
        app, ["steadiness", "tencent_live_2020", "--worlds", "2", "--out", str(tmp_path)]
    )
    assert done.exit_code == 0, done.output
    assert "Days 121-180 against days 1-60" in done.output
    assert (pd.read_csv(tmp_path / "steadiness.csv")["found"] == WITHIN).all()
