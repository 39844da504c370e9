"""What was decided before any fact was used, and what the way of asking decides: a row for each reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...languages.speaking import counterpart, phrase, template
from ...validation.prior_mass import AS_CLAIMED, OPPOSITE, TOO_SMALL
from ...validation.specifications import agreement

PARTS = {"past": template("the past"), "days": template("the horizon"), "margin": template("the margin")}
"""Parts of asking, as they are named."""


@dataclass(frozen=True)
class WayRow:
    """One reading: over all that parameters might be, and over all ways of asking.

    Attributes
    ----------
    title : str
        Claim and reading.
    sides : str
        Shares of the prior on each side, in words; empty if it was not weighed there.
    turns : bool or None
        Whether anything that was varied turns it; None if it was not weighed there.
    ways : str
        How many ways of asking support and contradict it; empty if it was not asked.
    turned_by : str
        Which part of asking alone turns it.
    """

    title: str
    sides: str
    turns: bool | None
    ways: str
    turned_by: str


def way_rows(
    titles: dict[str, str], prior: pd.DataFrame | None, specifications: pd.DataFrame | None
) -> list[WayRow]:
    """A row for every reading of which either table speaks, in the order of `titles`.

    Parameters
    ----------
    titles : dict of str to str
        By the id of a reading.
    prior, specifications : DataFrame, optional
        Of `prior_mass.prior_mass` and `specifications.specification_curve`.
    """
    sides = {} if prior is None else prior.set_index("claim").to_dict("index")
    ways = {} if specifications is None else agreement(specifications).to_dict("index")
    return [
        WayRow(title, *_sides(sides.get(name)), *_ways(ways.get(name)))
        for name, title in titles.items()
        if name in sides or name in ways
    ]


def _sides(found: Mapping[Any, Any] | None) -> tuple[str, bool | None]:
    if found is None:
        return "", None
    words = phrase(
        "as claimed {claimed}, too small to matter {small}, the opposite {opposite}",
        claimed=_share(found[AS_CLAIMED]),
        small=_share(found[TOO_SMALL]),
        opposite=_share(found[OPPOSITE]),
    )
    return words, bool(found["turns"])


def _share(value: float) -> str:
    """A share in whole percents, small ones in tenths."""
    return f"{value:.1%}" if 0 < value < 0.01 else f"{value:.0%}"


def _ways(found: Mapping[Any, Any] | None) -> tuple[str, str]:
    if found is None:
        return "", ""
    many = sum(int(str(found[name])) for name in ("supported", "undecided", "contradicted"))
    words = phrase(
        "supported in {supported} of {many}, contradicted in {contradicted}",
        supported=found["supported"],
        contradicted=found["contradicted"],
        many=many,
    )
    parts = [phrase(PARTS[part]) for part in str(found["turns_with"]).split(", ") if part]
    return words, counterpart(", ").join(parts) or phrase("no part of asking alone")
