"""What is said of all claims together, above their cards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulation.claims.whole import OPEN, UNTESTED
from simulation.pages.kit.names import Names
from simulation.pages.run.verdict_cards import PROVISIONAL, Card, ReadingRow, summary
from simulation.scenario.tables import NO_PAST
from simulation.world.agents.arguments import given_scenario
from tests.support.questions import small_table

READING = ReadingRow("as written", "undecided", "", "", [], "", "", "", "", "", [], None)
CARD = Card("one", OPEN, "open", "One", "一", "", "", False, "", READING, [], None)
"""A claim that is open."""


@pytest.mark.parametrize(
    ("provisional", "ending"),
    [
        (0, ""),
        (1, " 1 is provisional: measured from a start without a past."),
        (2, " 2 are provisional: measured from a start without a past."),
        (3, " All are provisional: measured from a start without a past."),
    ],
)
def test_words_are_provisional_for_a_reason(provisional: int, ending: str) -> None:
    so = replace(CARD, provisional=PROVISIONAL[NO_PAST])
    cards = [*[so] * provisional, *[CARD] * (3 - provisional), replace(CARD, word=UNTESTED)]
    expected = f"Of 3 claims tested: 3 are open. 1 more could not be tested here.{ending}"
    assert summary(cards, Names(given_scenario(small_table()))) == expected
