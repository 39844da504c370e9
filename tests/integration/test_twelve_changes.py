"""The twelve changes of CONTRIBUTING.md in a copy of the project: each works by its file or table alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.support.twelve_changes import CHANNEL_COLOUR, PLATFORM_COLOUR, changed_copy

COMMANDS = [
    ["run", "twelve.toml", "--workers", "1"],
    ["export", "--format", "lines"],
    ["sweep", "twelve.toml", "--workers", "1"],
    ["search", "twelve.toml", "--workers", "1"],
    ["schema"],
]
FACTS = "facts.said"
PROGRAM = f"""
import sys
from contextlib import redirect_stdout
from pathlib import Path

from simulation.calibration.facts import read_facts
from simulation.commands import app
from simulation.resources import EVIDENCE_FOLDER

if __name__ == "__main__":
    for words in {COMMANDS}:
        sys.argv = ["run.py", *words]
        with Path(words[0] + ".said").open("w", encoding="utf-8") as said, redirect_stdout(said):
            status = app._run()
        if status:
            sys.exit(status)
    facts = [fact.id for fact in read_facts(EVIDENCE_FOLDER / "facts.toml")]
    Path("{FACTS}").write_text(" ".join(facts), encoding="utf-8")
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with all twelve, in which the question that uses them has been run, swept and searched.

    One program does it all, in plain Python, so that nothing is imported twice or compiled for it.
    """
    folder = tmp_path_factory.mktemp("copy")
    changed_copy(folder)
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def said(folder: Path, name: str) -> str:
    """What a command of the copy has printed."""
    return (folder / f"{name}.said").read_text(encoding="utf-8")


def run_of(copy: Path) -> Path:
    (manifest,) = copy.glob("results/twelve/*/manifest.json")
    return manifest.parent


def test_a_channel_a_platform_and_their_colours(copy: Path) -> None:
    channels = pd.read_parquet(run_of(copy) / "channels.parquet")
    assert channels.loc[channels["channel"] == "carousel", "visits"].sum() > 0
    page = (run_of(copy) / "report.html").read_text(encoding="utf-8")
    assert "Bazaar" in page and PLATFORM_COLOUR in page and CHANNEL_COLOUR in page


def test_a_measure_a_claim_a_kind_of_merchant_and_a_rule(copy: Path) -> None:
    claims = json.loads((run_of(copy) / "claims.json").read_text(encoding="utf-8"))["claims"]
    runs = pd.read_parquet(run_of(copy) / "runs.parquet").set_index("arm")
    sold = runs.loc["bazaar", "anything_sold"]
    assert (
        claims[0]["readings"][0]["tests"][0]["effect"] == sold and "profit_per_merchant_night_market" in runs
    )
    merchants = pd.read_parquet(run_of(copy) / "merchants.parquet")
    assert "night_market" in set(merchants["archetype"]) and "brand" not in set(merchants["archetype"])


def test_an_effect_of_policies_is_on_the_page_and_in_the_schema(copy: Path) -> None:
    page = (run_of(copy) / "report.html").read_text(encoding="utf-8")
    assert "taxed" in page and "goes to the state" in page
    schema = said(copy, "schema")
    for name in ("tax", "corners", "blind"):
        assert f'"{name}"' in schema


def test_a_design_and_an_optimiser(copy: Path) -> None:
    sweep = pd.read_parquet(copy / "results/twelve/sweep/sweep.parquet")
    assert sorted(sweep["trust.half_life"].unique()) == [10.0, 100.0]
    found = pd.read_parquet(copy / "results/twelve/policy_search/candidates.parquet")
    assert (found["reason"] == "").all() and found["trust.half_life"].between(10, 100).all()


def test_an_exporter_and_a_fact(copy: Path) -> None:
    assert any("runs: 2" in file.read_text(encoding="utf-8") for file in copy.rglob("*.lines.txt"))
    assert "all_sell" in (copy / FACTS).read_text(encoding="utf-8").split()
