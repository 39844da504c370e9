"""Claims as the page shows them: at a glance, then a card each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ...claims.catalogue import reason_told
from ...claims.of_whom import is_of_another_platform
from ...claims.whole import AS_MEANT, BY_STRUCTURE, FAILS, HOLDS, IN_ALL, LITERALLY, OPEN, UNTESTED, WORDS
from ...languages.speaking import (
    ENGLISH,
    counterpart,
    listing,
    own_entry,
    phrase,
    phrase_of,
    sentences,
    spoken,
    template,
)
from ...scenario.sections.claim import READINGS
from ...scenario.sections.mechanisms import MECHANISM_LABELS
from ...scenario.tables import NO_PAST, OWN, SWITCH
from ..kit.interval_picture import interval_picture
from ..kit.names import Names
from .content import OWN_CLAIM, Content
from .sentences import Finding, TestNumbers, finding_sentence, measure_in, robustness, shares_in

SYMBOLS = {
    "supported": "✓",
    "contradicted": "✗",
    "undecided": "?",
    "decided by structure": "=",
    "not tested": "–",
    "literally": "≈",
}
MEANINGS = {
    "supported": template(
        "the whole 95% interval lies beyond the smallest effect that matters, in the direction claimed"
    ),
    "contradicted": template(
        "the whole 95% interval lies short of the smallest effect that matters: the effect is absent, too "
        "small to matter, or the opposite"
    ),
    "undecided": template(
        "the interval reaches across the smallest effect that matters, or there is none; more worlds may "
        "decide it"
    ),
    "decided by structure": template(
        "no world can turn it, for the reason given, so that it says nothing about the world and counts for "
        "nothing"
    ),
    "not tested": template("the laboratory, or this scenario, lacks what the claim is about"),
}
"""What the status of a test or reading means."""
WORD_MEANINGS = {
    IN_ALL: template("every reading of it is supported, from the wording to what would convince a sceptic"),
    AS_MEANT: template("supported in the sense that its author would accept, though not in every reading"),
    HOLDS: template("supported; it has a single reading"),
    LITERALLY: template("its wording is supported, but not what its author would accept as its sense"),
    OPEN: template("a reading that could change the word is undecided or was not tested"),
    FAILS: template("contradicted as its author meant it, and supported in no reading"),
}
"""What the word for a whole claim means."""
KINDS = {IN_ALL: "supported", AS_MEANT: "supported", HOLDS: "supported", LITERALLY: "literally"} | {
    OPEN: "undecided",
    FAILS: "contradicted",
    BY_STRUCTURE: "decided by structure",
    UNTESTED: "not tested",
}
"""By which symbol and colour a word for a whole claim is known."""
DECIDING = ("contradicted", "undecided", "supported")
"""A reading is as good as its worst test, so that one speaks for it."""
ASKED_PASTS = {
    SWITCH: template("All arms are to begin with the same past on one platform"),
    OWN: template("Each arm is to begin with a past of its own"),
}
"""The past that a reading asks for, if it asks for any."""
PASTS = {
    NO_PAST: template("these begin with none"),
    SWITCH: template("these begin with the same past on one platform"),
    OWN: template("each of these begins with a past of its own"),
}
"""What the worlds of a run begin with."""


PROVISIONAL = {
    NO_PAST: ("measured from a start without a past", "在没有历史的起点上测得"),
    SWITCH: (
        "measured from the past of one platform, not from its own",
        "在同一平台的历史上测得，而非各自的历史",
    ),
    OWN: (
        "measured from a past of each arm's own, not from one that all share",
        "在各自的历史上测得，而非共同的历史",
    ),
}
"""Why a status is provisional, by the past of the worlds, in English and in Chinese."""


@dataclass(frozen=True)
class TestRow:
    """One test of a claim on its card."""

    __test__ = False

    status: str
    label: str
    finding: Finding
    picture: Markup
    why: str
    in_words: str


@dataclass(frozen=True)
class ReadingRow:
    """One way to read a claim; `name` is empty if there is no other."""

    name: str
    status: str
    says: str
    says_zh: str
    about: list[str]
    structure: str
    reason: str
    in_words: str
    sentence: str
    robust: str
    tests: list[TestRow]
    provisional: tuple[str, str] | None


@dataclass(frozen=True)
class Card:
    """One claim; `kind` is how its word is shown, `decides` the reading from which the word follows.

    `provisional` says in two languages why its word can be no more than that, if so.
    """

    id: str
    word: str
    kind: str
    title: str
    title_zh: str
    quote: str
    mechanism: str
    own: bool
    reason: str
    decides: ReadingRow
    others: list[ReadingRow]
    provisional: tuple[str, str] | None

    @property
    def tests(self) -> list[TestRow]:
        """Tests of the reading that decides."""
        return self.decides.tests

    @property
    def headed(self) -> str:
        """How the reading that decides is announced; an open claim is not decided by it."""
        return (
            counterpart(self.decides.name).capitalize()
            if self.word == OPEN
            else phrase("Decided {reading}", reading=counterpart(self.decides.name))
        )

    @property
    def why(self) -> str:
        """What the word rests on; of an open claim, the status of the reading that speaks for it."""
        if self.word != OPEN or not self.decides.name:
            return counterpart(self.decides.in_words)
        said = phrase(
            "{reading} {status}",
            reading=counterpart(self.decides.name),
            status=counterpart(self.decides.status),
        )
        because = counterpart(self.decides.in_words)
        return phrase("{label}: {value}", label=said, value=because) if because else said

    @property
    def others_in_words(self) -> str:
        """``strictly: contradicted; as written: not tested``."""
        return "; ".join(f"{row.name}: {row.status}" for row in self.others)


@dataclass(frozen=True)
class Group:
    """Claims of one word, for the summary."""

    word: str
    kind: str
    cards: list[Card]


def claim_cards(content: Content) -> list[Card]:
    """All claims, the reader's own first."""
    cards = [_card(entry, content) for entry in concerned(content.claims["claims"])]
    return sorted(cards, key=lambda card: not card.own)


def concerned(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Claims that a page or a list speaks of: the article's only where at least one of them was tested.

    Where none was, those about a platform that is not there are named all the same, as somebody who gives
    arms the roles of these claims means to ask them.

    Parameters
    ----------
    claims : list of dict
        Of claims.json.
    """
    articles = [entry for entry in claims if entry["source"] != OWN_CLAIM]
    if any(entry["word"] != UNTESTED for entry in articles):
        return claims
    return [entry for entry in claims if entry["source"] == OWN_CLAIM or _is_nearly_asked(entry)]


def _is_nearly_asked(entry: dict[str, Any]) -> bool:
    """Whether a claim's arms are there, and only the platform that it is about is not."""
    return any(is_of_another_platform(reading["reason"]) for reading in entry["readings"])


def group_cards(cards: list[Card]) -> list[Group]:
    """The tested claims by their word, empty ones left out."""
    groups = [
        Group(word, KINDS[word], [card for card in cards if card.word == word])
        for word in WORDS
        if word != UNTESTED
    ]
    return [group for group in groups if group.cards]


def summary(cards: list[Card], names: Names) -> str:
    """How many claims came out how, in a sentence."""
    groups = group_cards(cards)
    tested = sum(len(group.cards) for group in groups)
    untested = len(cards) - tested
    if not cards:
        return phrase("This scenario tests no claims; the figures below show what happened.")
    if not tested:
        return phrase_of(
            "The {count} claim could not be tested here.",
            "None of {count} claims could be tested here.",
            len(cards),
        )
    parts = [
        phrase("{count} {word}", count=len(group.cards), word=in_number(group.word, len(group.cards)))
        for group in groups
    ]
    said = [
        phrase_of(
            "Of {count} claim tested: {parts}.",
            "Of {count} claims tested: {parts}.",
            tested,
            parts=counterpart(", ").join(parts),
        )
    ]
    if untested:
        said.append(phrase("{count} more could not be tested here.", count=untested))
    return sentences([*said, _provisional_words(cards, tested)])


def _provisional_words(cards: list[Card], tested: int) -> str:
    """How many of the words for `tested` claims are provisional, and why; a sentence, or nothing."""
    reasons = [card.provisional[spoken() != ENGLISH] for card in cards if card.provisional]
    if not reasons:
        return ""
    if len(reasons) == tested > 1:
        return phrase("All are provisional: {why}.", why=reasons[0])
    return phrase_of(
        "{count} is provisional: {why}.", "{count} are provisional: {why}.", len(reasons), why=reasons[0]
    )


def in_number(word: str, many: int) -> str:
    """The word for a claim, said of so many: ``3 hold literally only``, ``1 is open``."""
    if spoken() != ENGLISH:
        return counterpart(word)
    if word in (OPEN, BY_STRUCTURE):
        return f"{'is' if many == 1 else 'are'} {word}"
    return word if many == 1 else word.replace("holds", "hold").replace("fails", "fail")


def _card(entry: dict[str, Any], content: Content) -> Card:
    rows = {reading["id"]: _reading(reading, content) for reading in entry["readings"]}
    return Card(
        entry["id"],
        entry["word"],
        KINDS[entry["word"]],
        own_entry(entry, "title"),
        entry["title_zh"] if spoken() == ENGLISH else "",
        entry["quote"],
        entry["mechanism"],
        entry["source"] == OWN_CLAIM,
        reason_told(entry["reason"]),
        rows[entry["decides"]],
        [row for name, row in rows.items() if name != entry["decides"]],
        next((row.provisional for row in rows.values() if row.provisional), None),
    )


def _reading(entry: dict[str, Any], content: Content) -> ReadingRow:
    tests = [_row(test, content) for test in entry["tests"]]
    deciding = next((row for status in DECIDING for row in tests if row.status == status), None)
    return ReadingRow(
        READINGS.get(entry["id"], ""),
        entry["status"],
        own_entry(entry, "says"),
        entry["says_zh"] if spoken() == ENGLISH else "",
        _about(entry, content.run.scenario.warm_up.past),
        entry["structure"],
        reason_told(entry["reason"]),
        deciding.in_words if deciding else "",
        deciding.finding.sentence if deciding else "",
        robustness(shares_in(entry)),
        tests,
        PROVISIONAL[content.run.scenario.warm_up.past] if entry.get("provisional") else None,
    )


def asked_past(asked: str, there: str) -> str:
    """The past that a reading asks for, and that of the worlds if another; empty if it asks for none."""
    if asked not in ASKED_PASTS:
        return ""
    wanted = counterpart(ASKED_PASTS[asked])
    if asked == there:
        return phrase("{past}, as these do.", past=wanted)
    return phrase("{past}; {these}.", past=wanted, these=counterpart(PASTS[there]))


def _about(entry: dict[str, Any], past: str) -> list[str]:
    """Of whom a reading speaks, from which past, and without what it should no longer hold."""
    found = (
        [phrase("Of {population}.", population=counterpart(entry["population"]))]
        if entry["population"]
        else []
    )
    if wanted := asked_past(entry["past"], past):
        found.append(wanted)
    if entry["mechanism"]:
        causes = listing([counterpart(MECHANISM_LABELS[name]) for name in entry["mechanism"]])
        found.append(phrase("If the stated cause is the true one, it goes without {causes}.", causes=causes))
    return found


def deciding_reading(entry: dict[str, Any]) -> dict[str, Any]:
    """Of a claim of claims.json, the reading from which its word follows."""
    found: dict[str, Any] = next(row for row in entry["readings"] if row["id"] == entry["decides"])
    return found


def _row(entry: dict[str, Any], content: Content) -> TestRow:
    numbers, text = TestNumbers(entry), finding_sentence(entry, content)
    shown = {"effect": text.effect, "interval": text.interval, "needs": text.needs}
    description = (
        phrase("Effect {effect}, 95% interval {interval}; the claim holds {needs}", **shown)
        if text.interval
        else phrase("Effect {effect}; the claim holds {needs}", effect=text.effect, needs=text.needs)
    )
    return TestRow(
        entry["status"],
        measure_in(entry, content.names),
        text,
        interval_picture(numbers, entry["status"], description),
        numbers.test["why"],
        entry["in_words"],
    )
