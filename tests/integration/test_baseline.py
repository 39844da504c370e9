"""The model gives what it gave, or says that it does not: a drift needs a version and a changelog line."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from simulation.resources import PROJECT_FOLDER
from simulation.storage.manifest import MODEL_VERSION
from tests.integration.baseline import FILE, measured

WHAT_TO_DO = (
    "If other results are meant, raise MODEL_VERSION, say so in CHANGELOG.md and write the baseline "
    "anew: uv run tests/integration/baseline.py"
)


def drifted(now: pd.DataFrame, baseline: pd.DataFrame) -> list[str]:
    """Arms and measures that differ from the baseline by more than their tolerance."""
    both = baseline.merge(now, on=["arm", "measure"], how="outer", suffixes=("_then", "_now"))
    close = abs(both["mean_now"] - both["mean_then"]) <= both["tolerance"]
    missing = both["mean_now"].isna() & both["mean_then"].isna() & both["model_version"].notna()
    return [
        f"{row.arm} {row.measure}: {row.mean_then:g} then, {row.mean_now:g} now"
        for row in both[~(close | missing)].itertuples()
    ]


def test_measures_are_those_of_the_baseline() -> None:
    baseline = pd.read_csv(FILE, dtype={"model_version": str})
    found = drifted(measured(), baseline)
    assert not found, "\n".join([WHAT_TO_DO, *found[:20]])
    assert baseline["model_version"].unique().tolist() == [MODEL_VERSION], WHAT_TO_DO


def test_every_model_version_has_a_line_in_the_changelog() -> None:
    changelog = (PROJECT_FOLDER / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = [str(whole) for whole in range(1, int(float(MODEL_VERSION)) + 1)]
    for version in dict.fromkeys([*versions, MODEL_VERSION]):
        assert re.search(rf"model version {re.escape(version)}(?![\d.]*\d)", changelog), WHAT_TO_DO


def test_a_drift_is_noticed_and_so_is_a_measure_that_goes_or_comes() -> None:
    baseline = pd.DataFrame(
        {
            "arm": "a",
            "measure": ["x", "y", "z"],
            "mean": [1.0, np.nan, 2.0],
            "tolerance": [0.1, np.nan, 0.1],
            "model_version": "1",
        }
    )
    same = baseline[["arm", "measure", "mean"]]
    assert drifted(same, baseline) == []
    assert len(drifted(same.assign(mean=[1.2, np.nan, 2.0]), baseline)) == 1
    assert len(drifted(same.assign(mean=[1.0, 3.0, 2.0]), baseline)) == 1
    assert len(drifted(same.iloc[:2], baseline)) == 1
    assert len(drifted(same.assign(measure=["x", "y", "new"]), baseline)) == 2
