"""The measures of a small headline world as they should come out, kept beside the tests.

``uv run tests/integration/baseline.py`` writes them anew. Do so only after a change that is meant to
give other results, together with a higher ``MODEL_VERSION`` and a line in CHANGELOG.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from simulation.claims.reading import read_scenario
from simulation.ensembles.tasks import run_arms
from simulation.scenario import find_scenario
from simulation.storage.manifest import MODEL_VERSION

FILE = Path(__file__).with_suffix(".csv")
WORLDS = 4
LEAST_TOLERANCE = 0.01
SHARE_OF_SPREAD = 0.25
"""Tolerance in standard deviations between worlds: what another processor's last digits may stir up by
chance in one world of four, but no change of a rule that matters."""
SIZE = {"world.viewers": 2_000, "world.merchants": 40, "world.days": 100}


def measured() -> pd.DataFrame:
    """Mean of every measure over a few worlds by arm, and the spread between them."""
    scenario = read_scenario(find_scenario("tencent_live_2020"), SIZE)
    rows = []
    for replicate in range(WORLDS):
        for arm, measures in run_arms(scenario, replicate).items():
            rows += [(arm, name, value) for name, value in measures.items()]
    table = pd.DataFrame(rows, columns=["arm", "measure", "value"])
    grouped = table.groupby(["arm", "measure"], sort=True)["value"]
    return pd.DataFrame({"mean": grouped.mean(), "spread": grouped.std().fillna(0.0)}).reset_index()


def write() -> None:
    """Write the baseline."""
    table = measured()
    table["tolerance"] = np.maximum(SHARE_OF_SPREAD * table["spread"], LEAST_TOLERANCE * abs(table["mean"]))
    table = table.drop(columns="spread").assign(model_version=MODEL_VERSION)
    table.to_csv(FILE, index=False, float_format="%.6g")


if __name__ == "__main__":
    write()
