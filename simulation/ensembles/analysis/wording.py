"""Factors and failure boxes in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...languages.speaking import as_sentence, both, either, made_of, sentence, template
from ...words import plain

if TYPE_CHECKING:  # pages of runs name factors, and do without what simulates
    from .verdicts import FailureBox, Limit


OWNERS = (("arms",), ("merchants", "archetypes"), ("merchants", "named"), ("policies",))
"""Tables of a scenario whose keys are names of the scenario's own: ``arms.tencent_live.platform.pool``."""
WITHIN_ARMS = ("platforms", "changes")
"""Tables of an arm below which a further name, or a key of the whole scenario, follows."""


def factor_name(key: str) -> str:
    """A factor for readers, to be told: ``trust: half life``.

    In other languages than English names of the scenario's own stand before what is declared for all of
    them, which catalogues hold (`declared_name`).
    """
    parts = key.split(".")
    english = str(declared_name(parts))
    owner = next((owner for owner in OWNERS if tuple(parts[: len(owner)]) == owner), None)
    if owner is None or len(parts) < len(owner) + 2:
        return as_sentence(english)
    whose, *rest = parts[len(owner) :]
    return _owned(english, whose, _of_arm(rest) if owner == ("arms",) else declared_name([*owner, *rest]))


def declared_name(parts: Sequence[str]) -> str:
    """What stands at a key, part by part, by its name: ``trust: half life``."""
    *section, name = parts
    return as_sentence(f"{plain(' '.join(section))}: {plain(name)}" if section else plain(name))


def _of_arm(rest: Sequence[str]) -> str:
    """What stands at a key below an arm's name."""
    first, *more = rest
    if first == WITHIN_ARMS[0] and len(more) > 1:
        return _owned(str(declared_name(rest)), more[0], declared_name(["platform", *more[1:]]))
    if first == WITHIN_ARMS[1] and more:
        return factor_name(".".join(more))
    return declared_name(rest)


def _owned(english: str, whose: str, name: str) -> str:
    return made_of(english, template("{whose}: {name}"), {"whose": as_sentence(plain(whose)), "name": name})


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
