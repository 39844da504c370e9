"""PRIM against counts by hand and against what ema_workbench 2.5.3 found in the same cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.ensembles.analysis.prim import Prim, quantile


def spread_cases() -> tuple[pd.DataFrame, np.ndarray]:
    """200 cases on a lattice; of interest are those in a corner, and a few of one kind elsewhere."""
    number = np.arange(200)
    cases = pd.DataFrame(
        {
            "x": (number * 0.6180339887498949) % 1,
            "y": (number * 0.7548776662466927) % 1,
            "kind": np.array(["u", "v", "w"], object)[number % 3],
        }
    )
    corner = (cases["x"] > 0.6) & (cases["y"] < 0.5)
    return cases, (corner | ((cases["kind"] == "w") & (number % 5 == 0))).to_numpy()


def test_the_trajectory_is_that_of_ema_workbench() -> None:
    boxes = Prim(*spread_cases()).trajectory()
    assert len(boxes) == 30
    found = [(round(box.coverage, 4), round(box.density, 4)) for box in boxes[::5]]
    assert found == [
        (1.0, 0.25),
        (1.0, 0.3268),
        (0.94, 0.4052),
        (0.86, 0.4886),
        (0.82, 0.6212),
        (0.78, 0.7959),
    ]
    last = boxes[-1]
    assert (last.coverage, last.density) == (0.76, 1.0)
    assert last.extents["x"] == (pytest.approx(0.603326, abs=1e-6), pytest.approx(0.986251, abs=1e-6))
    assert last.extents["y"] == (0.0, pytest.approx(0.472514, abs=1e-6))
    assert last.extents["kind"] == {"u", "v", "w"}


def test_chances_are_those_of_ema_workbench() -> None:
    prim = Prim(*spread_cases())
    last = prim.trajectory()[-1]
    assert prim.restricted(last) == ["x", "y"]
    assert prim.chance(last, "x") == pytest.approx(1.0), "its upper limit marks nothing off"
    assert prim.chance(last, "y") == pytest.approx(6.529351495650309e-11)
    assert prim.chance(last, "kind") == 1.0


def test_chance_counted_by_hand() -> None:
    """Half of ten cases are of interest; a box of five that holds all of them has chance 1/32."""
    prim = Prim(pd.DataFrame({"x": np.arange(10.0)}), np.arange(10) >= 5)
    box = prim._box({"x": (4.5, 9.0)})
    assert (box.coverage, box.density) == (1.0, 1.0)
    assert prim.chance(box, "x") == pytest.approx(0.5**5)
    assert prim.without_limit(box, "x").density == 0.5


def test_a_choice_is_peeled_and_the_order_of_cases_does_not_matter() -> None:
    cases = pd.DataFrame({"kind": np.array(["a", "b", "c", "d"], object)[np.arange(80) % 4]})
    fails = (cases["kind"] == "b").to_numpy()
    last = Prim(cases, fails).trajectory()[-1]
    assert last.extents["kind"] == {"b"} and last.density == 1.0
    turned = Prim(cases[::-1].reset_index(drop=True), fails[::-1]).trajectory()[-1]
    assert turned.extents == last.extents


def test_a_box_keeps_a_twentieth_of_the_cases() -> None:
    cases = pd.DataFrame({"x": np.arange(400.0)})
    last = Prim(cases, np.arange(400) >= 396).trajectory()[-1]
    assert last.inside.sum() >= 20


def test_quantiles_step_over_ties() -> None:
    assert quantile(np.array([1.0, 2.0, 3.0, 4.0]), 0.05) == 1.5
    assert quantile(np.array([1.0, 1.0, 1.0, 4.0]), 0.05) == 2.5
    assert quantile(np.array([1.0, 4.0, 4.0, 4.0]), 0.95) == 2.5
    assert quantile(np.array([2.0, 2.0]), 0.95) == 2.0
