"""What a row says of a claim over the prior and over ways of asking, counted by hand."""

from __future__ import annotations

import pandas as pd

from simulation.languages.speaking import speaking
from simulation.pages.evidence.ways import way_rows

TITLES = {"said": "Said", "meant": "Meant", "other": "Other"}
PRIOR = pd.DataFrame(
    {
        "claim": ["said", "meant"],
        "as_claimed": [0.25, 1.0],
        "too_small": [0.5, 0.0],
        "opposite": [0.25, 0.0],
        "turns": [True, False],
    }
)
SPECIFICATIONS = pd.DataFrame(
    {
        "claim": "said",
        "past": ["none", "own", "none", "own"],
        "days": [90, 90, 180, 180],
        "margin": 1.0,
        "status": ["supported", "contradicted", "supported", "undecided"],
    }
)


def test_each_reading_has_its_sides_and_what_turns_it() -> None:
    said, meant = way_rows(TITLES, PRIOR, SPECIFICATIONS)
    assert said.sides == "as claimed 25%, too small to matter 50%, the opposite 25%"
    assert (said.turns, meant.turns) == (True, False)
    assert said.ways == "supported in 2 of 4, contradicted in 1" and said.turned_by == "the past"
    assert (meant.ways, meant.turned_by) == ("", ""), "it was not asked in several ways"


def test_what_was_not_weighed_has_no_row() -> None:
    assert way_rows(TITLES, None, None) == []
    (only,) = way_rows(TITLES, None, SPECIFICATIONS)
    assert (only.sides, only.turns) == ("", None)


def test_rows_speak_chinese() -> None:
    with speaking("zh"):
        said, _ = way_rows(TITLES, PRIOR, SPECIFICATIONS)
    assert "25%" in said.sides and "claimed" not in said.sides and "supported" not in said.ways
