"""Claims as the page shows them: at a glance, then a card each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ...words import counted
from ..kit.interval_picture import interval_picture
from ..kit.names import Names
from ..kit.words import percent
from .content import Content
from .sentences import Finding, TestNumbers, finding_sentence, measure_in

SYMBOLS = {"supported": "✓", "contradicted": "✗", "undecided": "?", "not tested": "–"}
MEANINGS = {
    "supported": "the whole 95% interval lies beyond the smallest effect that matters, "
    "in the direction claimed",
    "contradicted": "the whole 95% interval lies short of the smallest effect that matters: "
    "the effect is absent, too small to matter, or the opposite",
    "undecided": "the interval reaches across the smallest effect that matters, or there is none; "
    "more worlds may decide it",
    "not tested": "the laboratory, or this scenario, lacks what the claim is about",
}
TESTED = ("supported", "contradicted", "undecided")
DECIDING = ("contradicted", "undecided", "supported")
"""A claim is as good as its worst test, so that one speaks for it."""


@dataclass(frozen=True)
class TestRow:
    """One test of a claim on its card."""

    status: str
    label: str
    finding: Finding
    picture: Markup
    why: str
    reading: str


@dataclass(frozen=True)
class Card:
    """One claim."""

    id: str
    status: str
    title: str
    title_zh: str
    quote: str
    mechanism: str
    own: bool
    reason: str
    reading: str
    sentence: str
    robust: str
    tests: list[TestRow]


@dataclass(frozen=True)
class Group:
    """Claims of one status, for the summary."""

    status: str
    cards: list[Card]


def claim_cards(content: Content) -> list[Card]:
    """All claims, the reader's own first."""
    cards = [_card(entry, content) for entry in content.claims["claims"]]
    return sorted(cards, key=lambda card: not card.own)


def group_cards(cards: list[Card]) -> list[Group]:
    """The tested claims by status, empty ones left out."""
    groups = [Group(status, [card for card in cards if card.status == status]) for status in TESTED]
    return [group for group in groups if group.cards]


def summary(cards: list[Card], names: Names) -> str:
    """How many claims came out how, in a sentence."""
    tested = [card for card in cards if card.status in TESTED]
    untested = len(cards) - len(tested)
    if not cards:
        return "This scenario tests no claims; the figures below show what happened."
    if not tested:
        return f"None of {counted(len(cards), 'claim')} could be tested with these {names.noun}s."
    parts = [f"{len(group.cards)} {group.status}" for group in group_cards(cards)]
    ending = f" {untested} more could not be tested here."
    return f"Of {counted(len(tested), 'claim')} tested: {', '.join(parts)}." + (ending if untested else "")


def _card(entry: dict[str, Any], content: Content) -> Card:
    tests = [_row(test, content) for test in entry["tests"]]
    deciding = next((row for status in DECIDING for row in tests if row.status == status), None)
    return Card(
        entry["id"],
        entry["status"],
        entry["title"],
        entry["title_zh"],
        entry["quote"],
        entry["mechanism"],
        entry["source"] == "scenario",
        entry["reason"],
        deciding.reading if deciding else "",
        deciding.finding.sentence if deciding else "",
        robustness(shares_in(entry)),
        tests,
    )


def shares_in(entry: dict[str, Any]) -> dict[str, Any] | None:
    """What plausible worlds say of a claim of claims.json; what a run of before says of it is not trusted,
    since it was not looked at whether they are worlds like that run's."""
    return (entry.get("robustness") or {}).get("shares")


def robustness(shares: dict[str, Any] | None) -> str:
    """In what share of the plausible worlds a claim holds and fails, in a sentence; empty if unknown."""
    if not shares:
        return ""
    held, failed = shares["supported"], shares["contradicted"]
    return (
        f"Across {shares['points']} worlds that look like the facts it holds in {percent(held['share'])} "
        f"({percent(held['low'])} to {percent(held['high'])}) and fails in {percent(failed['share'])}."
    )


def _row(entry: dict[str, Any], content: Content) -> TestRow:
    numbers, text = TestNumbers(entry), finding_sentence(entry, content)
    interval = f", 95% interval {text.interval}" if text.interval else ""
    description = f"Effect {text.effect}{interval}; the claim holds {text.needs}"
    return TestRow(
        entry["status"],
        measure_in(entry, content.names),
        text,
        interval_picture(numbers, entry["status"], description),
        numbers.test["why"],
        entry["reading"],
    )
