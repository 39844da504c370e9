"""Sides of the prior on which claims come out: counted by hand, and with signs turned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.ensembles.analysis.verdicts import ClaimOverPoints
from simulation.scenario.sections.claim import Claim, ClaimTest
from simulation.validation import prior_mass as module
from simulation.validation.prior_mass import prior_mass, read_prior, sides


def of_tests(*effects: tuple[list[list[float]], dict[str, Any]]) -> ClaimOverPoints:
    """A claim with tests of a margin of 0.1, whose effects stand by point and world."""
    tests = [
        ClaimTest.model_validate(
            {
                "kind": "difference",
                "measure": "gmv",
                "arm": "a",
                "against": "b",
                "margin": 0.1,
                "why": "by hand",
            }
            | more
        )
        for _, more in effects
    ]
    claim = Claim(id="said", title="Said", tests=tests)
    frames = [pd.DataFrame(values, index=pd.RangeIndex(len(values), name="point")) for values, _ in effects]
    return ClaimOverPoints(claim, pd.Series(dtype=object), {}, frames)


def test_a_point_is_on_the_side_of_the_mean_over_its_worlds() -> None:
    found = of_tests(([[0.0, 0.4], [0.0, 0.1], [-0.3, 0.1], [np.nan, np.nan]], {"direction": "higher"}))
    assert sides(found).to_dict() == {0: "as_claimed", 1: "too_small", 2: "opposite"}
    turned = of_tests(([[0.0, 0.4], [0.0, 0.1], [-0.3, 0.1]], {"direction": "lower"}))
    assert sides(turned).to_dict() == {0: "opposite", 1: "opposite", 2: "too_small"}


def test_all_tests_must_be_as_claimed_and_one_alone_may_be_opposed() -> None:
    higher = {"direction": "higher"}
    found = of_tests(([[0.4], [0.4], [0.4]], higher), ([[0.4], [0.05], [-0.4]], higher))
    assert sides(found).to_dict() == {0: "as_claimed", 1: "too_small", 2: "opposite"}


def test_what_no_point_turns_is_told_from_what_some_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always = of_tests(([[0.4]] * 4, {"direction": "higher"}))
    turning = of_tests(([[0.4], [0.4], [0.0], [-0.4]], {"direction": "higher"}))
    monkeypatch.setattr(module, "verdicts", lambda results: [always, turning])

    class Results:
        class sweep:
            most_replications = 1

    table = prior_mass(Results)  # type: ignore[arg-type]
    assert table["turns"].tolist() == [False, True]
    assert table.loc[1, ["as_claimed", "too_small", "opposite"]].tolist() == [0.5, 0.25, 0.25]
    table.to_csv(tmp_path / "prior.csv", index=False)
    kept = read_prior(tmp_path)
    assert kept is not None and kept["points"].tolist() == [4, 4] and read_prior(tmp_path / "no") is None
