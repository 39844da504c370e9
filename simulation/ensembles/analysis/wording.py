"""Factors and failure boxes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...languages.speaking import as_sentence, both, either, sentence, template
from ...words import plain

if TYPE_CHECKING:  # pages of runs name factors, and do without what simulates
    from .verdicts import FailureBox, Limit


def factor_name(key: str) -> str:
    """A factor for readers, to be told: ``trust: half life``."""
    section, _, name = key.rpartition(".")
    return as_sentence(f"{plain(section.replace('.', ' '))}: {plain(name)}" if section else plain(name))


def where_it_fails(box: FailureBox, chances: bool = True) -> str:
    """Limits of a claim's failures as a sentence to be told, with their chances; empty if there are none."""
    if not box.limits:
        return ""
    limits = both(limit_in_words(limit, chances) for limit in box.limits)
    return sentence("Fails mostly where {limits}.", limits=limits)


def limit_in_words(limit: Limit, chances: bool = True) -> str:
    """``trust: half life is above 60``, with the chance of such a limit without cause."""
    chance = (
        ""
        if limit.chance is None or not chances
        else (" (p < 0.001)" if limit.chance < 0.001 else f" (p = {limit.chance:.2g})")
    )
    said = {"name": factor_name(limit.key), "chance": chance}
    if limit.choices is not None:
        return sentence("{name} is {choices}{chance}", choices=either(map(str, limit.choices)), **said)
    if limit.low is None:
        return sentence("{name} is below {high:.3g}{chance}", high=limit.high, **said)
    if limit.high is None:
        return sentence("{name} is above {low:.3g}{chance}", low=limit.low, **said)
    text = template("{name} is between {low:.3g} and {high:.3g}{chance}")
    return sentence(text, low=limit.low, high=limit.high, **said)
