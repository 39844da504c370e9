"""What plausible worlds say of a claim together, by the share in which it holds and how sure that is."""

from typing import Any

import pytest

from simulation.pages.kit.tables.over_worlds import CLOSE, DEPENDS, FAILS, HOLDS, verdict_on


def weighed(share: float, low: float, high: float) -> dict[str, Any]:
    """A claim that four draws leave undecided nearly everywhere, and that all worlds together tell."""
    by_world = {"supported": {"share": 0.03}, "contradicted": {"share": 0.02}, "undecided": {"share": 0.95}}
    return by_world | {"holds": {"share": share, "low": low, "high": high}}


@pytest.mark.parametrize(
    ("share", "low", "high", "word"),
    [
        (0.97, 0.86, 1.0, HOLDS),
        (0.03, 0.0, 0.18, FAILS),
        (0.39, 0.25, 0.54, DEPENDS),
        (0.86, 0.42, 1.0, CLOSE),  # too wide
        (0.01, 0.0, 0.68, CLOSE),
        (0.92, 0.48, 0.95, CLOSE),  # reaches past one half
    ],
)
def test_luck_averaged_out_decides_where_each_world_does_not(
    share: float, low: float, high: float, word: str
) -> None:
    assert verdict_on(weighed(share, low, high)) == word


def test_what_is_not_told_beyond_luck_goes_by_what_each_world_decides() -> None:
    assert verdict_on(weighed(0.0, 0.0, 0.0) | {"holds": None}) == CLOSE


@pytest.mark.parametrize(
    ("supported", "contradicted", "word"),
    [(0.9, 0.0, HOLDS), (0.05, 0.95, FAILS), (0.4, 0.2, DEPENDS), (0.12, 0.0, CLOSE)],
)
def test_what_most_worlds_leave_undecided_is_too_close_to_call(
    supported: float, contradicted: float, word: str
) -> None:
    shares = {
        "supported": {"share": supported},
        "contradicted": {"share": contradicted},
        "undecided": {"share": 1 - supported - contradicted},
    }
    assert verdict_on(shares | {"holds": None}) == word
