"""Factors and failure boxes in words."""

from __future__ import annotations

from ...words import listed, plain
from .verdicts import FailureBox, Limit


def factor_name(key: str) -> str:
    """A factor for readers: ``trust: half life``."""
    section, _, name = key.rpartition(".")
    return f"{plain(section.replace('.', ' '))}: {plain(name)}" if section else plain(name)


def where_it_fails(box: FailureBox) -> str:
    """Limits of a claim's failures as a sentence; empty if there are none."""
    if not box.limits:
        return ""
    return "Fails mostly where " + listed([limit_in_words(limit) for limit in box.limits]) + "."


def limit_in_words(limit: Limit) -> str:
    """``trust: half life is above 60``, with the chance of such a limit without cause."""
    chance = (
        ""
        if limit.chance is None
        else (" (p < 0.001)" if limit.chance < 0.001 else f" (p = {limit.chance:.2g})")
    )
    name = factor_name(limit.key)
    if limit.choices is not None:
        return f"{name} is {' or '.join(str(choice) for choice in limit.choices)}{chance}"
    if limit.low is None:
        return f"{name} is below {limit.high:.3g}{chance}"
    if limit.high is None:
        return f"{name} is above {limit.low:.3g}{chance}"
    return f"{name} is between {limit.low:.3g} and {limit.high:.3g}{chance}"
