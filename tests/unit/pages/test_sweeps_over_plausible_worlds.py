"""A sweep over plausible worlds tells shares of worlds as the evidence page does, with luck or without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from simulation.ensembles.analysis.findings import SweepFindings, collect_findings
from simulation.ensembles.results import SweepResults
from simulation.languages.speaking import speaking
from simulation.pages.evidence.page import claim_rows as evidence_rows
from simulation.pages.sweep import plausible
from simulation.pages.sweep.page import render_page
from simulation.validation.collecting import Kept
from simulation.validation.robustness import claim_shares
from tests.support.english_on_pages import english, sections
from tests.support.evidence_stand_ins import sweep
from tests.unit.pages.test_sweeps_in_chinese import first_sentence

KEPT = "simulation.calibration.over_plausible_worlds.kept_worlds"


def findings(folder: Path, points: int, monkeypatch: pytest.MonkeyPatch) -> SweepFindings:
    """What a sweep found whose points are the plausible worlds that are kept."""
    found = collect_findings(SweepResults.read(sweep(folder, points)))
    known = found.results.points.reset_index(drop=True)
    monkeypatch.setattr(plausible, "kept_worlds", lambda: known)
    monkeypatch.setattr(KEPT, lambda evidence=None: known)
    return found


def test_shares_are_those_of_the_evidence_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(tmp_path, 60, monkeypatch)
    assert plausible.over_plausible_worlds(found)
    shares = claim_shares(found.results, "x")
    kept = Kept(None, [], shares, found.results, None, None, [])
    theirs = {row["title"]: (row["says"], row["beyond"], row["decided"]) for row in evidence_rows(kept)}
    ours = {row["title"]: (row["says"], row["beyond"], row["decided"]) for row in plausible.claim_rows(found)}
    assert ours == theirs and len(ours) == 3
    assert ours["It always holds"][0] == "holds nearly everywhere" and "with luck" not in str(ours)
    assert "1 holding nearly everywhere, 1 failing nearly everywhere, 1 depending" in first_sentence(found)
    assert first_sentence(found).endswith("Luck is averaged out. “trust: half life” decides most.")


def test_of_too_few_worlds_the_share_has_luck_in_it_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = findings(tmp_path, 12, monkeypatch)
    assert all(", with luck in it" in row["beyond"] for row in plausible.claim_rows(found))
    assert "at least 20 worlds, each with 2 draws of luck or more" in first_sentence(found)
    assert "with luck in it" in plausible.most_often(found).text


def test_points_that_are_none_of_them_are_points_of_ranges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = findings(tmp_path, 30, monkeypatch)
    others = pd.DataFrame({"trust.half_life": [1.0], "sharing.base_rate": [0.5]})
    monkeypatch.setattr(KEPT, lambda evidence=None: others)
    assert not plausible.over_plausible_worlds(found)
    assert "within the ranges chosen" in first_sentence(found) and 'id="plausible"' not in render_page(found)


def test_the_section_has_no_english_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(tmp_path, 30, monkeypatch)
    half = replace(found, weighed={name: share | {"holds": None} for name, share in found.weighed.items()})
    with speaking("zh"):
        for each in (found, half):
            texts = sections(render_page(each))
            assert "与事实相符的世界中的论断" in texts["plausible"] and not english(texts["plausible"])
            assert not english(texts["question"] + texts["limits"])
        assert "含运气" in sections(render_page(half))["plausible"]
