"""What a kind of test is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Reads(Enum):
    """Which measures a test takes: of whole runs, by day, or of merchants paired between two arms."""

    RUNS = "runs"
    DAYS = "days"
    PAIRS = "pairs"


@dataclass(frozen=True)
class Kind:
    """What a test compares with what. The file that declares one is light to load.

    Attributes
    ----------
    about : str
        For whoever writes a scenario, in one line.
    effect : callable
        ``effect(test, arm, against, outcomes)``: the `claims.effects.Effect`, given the names of the arms
        (`against` is empty where the test names none) and `claims.effects.Outcomes`.
    sentence : str
        What was found, for readers, with the fields of `pages.run.sentences.sentence_fields` in braces.
    needs : tuple of str
        Settings of a test without which there is nothing to compare.
    takes : tuple of str
        Settings of a test that it takes besides.
    reads : Reads
        Which measures it takes.
    has_reference : bool
        Whether a value is compared with the number `reference`; pages then show the value itself.
    is_ratio : bool
        Whether the effect is percent per percent, so that it has no unit and cannot be `relative`.
    raises : tuple of str
        Settings of a test that name a parameter which is raised in a world of its own.
    against : str
        What the effect is measured against, with the same fields; empty where that is plain.
    sentence_apart : str
        The sentence where what is compared with was run in some of the worlds only; `sentence` if empty.
    """

    about: str
    effect: Callable[[Any, str, str, Any], Any]
    sentence: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    reads: Reads = Reads.RUNS
    has_reference: bool = False
    is_ratio: bool = False
    raises: tuple[str, ...] = ()
    against: str = ""
    sentence_apart: str = ""

    @property
    def settings(self) -> tuple[str, ...]:
        """Settings of a test that mean something to it, beyond those that every kind has."""
        return (*self.needs, *self.takes, *(("reference",) if self.has_reference else ()))
