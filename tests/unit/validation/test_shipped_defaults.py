"""The default world of the evidence page is the one that is shipped, even where it is not the medoid."""

import pandas as pd

from simulation.validation.collecting import with_shipped_defaults

MEDOID = {
    "at_default": [{"fact": "f", "mean": 1.0, "low": 0.9, "high": 1.1, "met": False}],
    "without": [{"mechanism": "heat", "target": 0.1, "check": 0.2}],
    "worlds": 7,
}


def test_facts_are_those_of_the_shipped_defaults_in_the_headlines_size() -> None:
    sizes = pd.DataFrame(
        {
            "viewers": [20_000, 5_000],
            "fact": ["f", "f"],
            "mean": [2.0, 3.0],
            "low": [1.5, 2.5],
            "high": [2.5, float("nan")],
            "met": [True, False],
        }
    )
    off = pd.DataFrame({"mechanism": ["heat"], "target": [0.5], "check": [0.25], "viewers": [20_000]})
    found = with_shipped_defaults(MEDOID, sizes, off)
    assert found is not None and found["worlds"] == 7 and found["viewers"] == 20_000
    assert found["at_default"] == [{"fact": "f", "mean": 2.0, "low": 1.5, "high": 2.5, "met": True}]
    assert found["without"] == [{"mechanism": "heat", "target": 0.5, "check": 0.25}]
    assert "without" not in (with_shipped_defaults(MEDOID, sizes, None) or {}), "that is the medoid's"


def test_a_calibration_of_ones_own_keeps_its_medoid() -> None:
    assert with_shipped_defaults(MEDOID, None, None) is MEDOID
    assert with_shipped_defaults(None, None, None) is None
