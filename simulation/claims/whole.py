"""From the readings of a claim to one word for the whole, and the reading that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ..scenario.sections.claim import ONLY, READINGS
from ..scenario.tables import NO_PAST

Status = Literal["supported", "contradicted", "undecided", "decided by structure", "not tested"]

IN_ALL, AS_MEANT, LITERALLY, FAILS, OPEN = (
    "holds in all readings",
    "holds as he meant it",
    "holds literally only",
    "fails",
    "open",
)
HOLDS: Literal["holds"] = "holds"
"""The word for a claim with a single reading."""

BY_STRUCTURE: Literal["decided by structure"] = "decided by structure"
UNTESTED: Literal["not tested"] = "not tested"
"""Words for claims of which no reading can turn, or none could be tested; readings have them too."""

WORDS = (IN_ALL, AS_MEANT, HOLDS, LITERALLY, OPEN, FAILS, BY_STRUCTURE, UNTESTED)
FIRST_ASKED = ("accept", "literal", "strict", ONLY)
"""Which reading speaks for an open claim: what its author meant before his wording."""


def is_provisional(asked: str, there: str) -> bool:
    """Whether a reading that asks for a past is measured from a start without it, or from another one.

    Parameters
    ----------
    asked, there : str
        The past that the reading asks for (`NO_PAST` if any will do), and that of the run.
    """
    return asked not in (NO_PAST, there)


def whole(statuses: Mapping[str, Status]) -> tuple[str, str]:
    """One word for a claim, and the reading that decides it.

    A reading that is decided by structure says nothing about the world, so that it does not count. A claim
    fails if it does so as its author meant it and neither its wording nor its strictest reading holds; it is
    open wherever one more reading could change the word.

    Parameters
    ----------
    statuses : mapping of str to str
        Status by reading, at least one.
    """
    counted = {name: status for name, status in statuses.items() if status != BY_STRUCTURE}
    tested = {name: status for name, status in counted.items() if status != UNTESTED}
    if not tested:
        return (UNTESTED if counted else BY_STRUCTURE), _first(counted or statuses)
    if set(counted) == {ONLY}:
        return {"supported": HOLDS, "contradicted": FAILS}.get(counted[ONLY], OPEN), ONLY
    if set(counted.values()) == {"supported"}:
        return IN_ALL, next(name for name in reversed(READINGS) if name in counted)
    return _of_several(counted, tested)


def _of_several(counted: Mapping[str, Status], tested: Mapping[str, Status]) -> tuple[str, str]:
    """The word where readings differ, or none of them holds."""
    meant = next(name for name in ("accept", "strict", "literal") if name in counted)
    if counted[meant] == "supported" and meant == "accept":
        return AS_MEANT, meant
    if counted[meant] == "contradicted":
        literal = counted.get("literal")
        if literal == "supported":
            return LITERALLY, meant
        if literal != "undecided" and "supported" not in tested.values():
            return FAILS, meant
    undecided = {name: status for name, status in tested.items() if status == "undecided"}
    return OPEN, _first(undecided or tested)


def _first(names: Mapping[str, Status]) -> str:
    return next(name for name in FIRST_ASKED if name in names)
