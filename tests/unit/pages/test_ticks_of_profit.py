"""Ticks of the profit figure have room for their numbers, on a phone too."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from simulation.languages.speaking import speaking
from simulation.pages.run.profit import AROUND, PHONE, TICK, _profit_axis, ticks_apart


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("height", [PHONE, 380, 260])
@pytest.mark.parametrize("ends", [(-60_000.0, 3e6), (-500.0, 2_000.0), (-90_000.0, -100.0), (0.0, 0.0)])
def test_numbers_of_profits_do_not_touch(language: str, height: int, ends: tuple[float, float]) -> None:
    with speaking(language):
        found = _profit_axis([pd.DataFrame({"profit": ends})], height)
    low, high = found["range"]
    places = [(tick - low) / (high - low) * (height - AROUND) for tick in found["tickvals"]]
    assert all(above - below >= TICK for below, above in pairwise(places)), places
    assert "0" in found["ticktext"] and len(found["ticktext"]) == len(found["tickvals"])


def test_the_farthest_profits_keep_their_numbers_and_near_ones_do_where_there_is_room() -> None:
    wanted = [-10_000, -1_000, 0, 1_000, 10_000]
    assert ticks_apart(wanted, 0.5) == [-10_000, 0, 10_000]
    assert ticks_apart(wanted, 0.2) == wanted
