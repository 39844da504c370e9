"""Families of facts met: by worlds, by draws from the prior, and by worlds like those that meet the others.

A family is facts of one source for one thing (`Fact.stands_with`). It is met where all of its facts are, so
that four quantiles of one distribution count as one hit and not as four.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..facts import Fact, misses

NEAREST = 20
"""Worlds that are looked at where too few miss as few of the other facts as is allowed."""


def families(facts: list[Fact]) -> dict[str, list[Fact]]:
    """Facts by family, in the order in which they stand."""
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.stands_with, []).append(fact)
    return found


def met_families(facts: list[Fact], values: pd.DataFrame) -> pd.DataFrame:
    """Whether each family is met, one row per row of `values`, one column per family."""
    missed = misses(facts, values)
    return pd.DataFrame(
        {
            name: (missed[[fact.id for fact in group]] == 0).all(axis=1)
            for name, group in families(facts).items()
        }
    )


def shares_met(facts: list[Fact], values: pd.DataFrame) -> dict[str, float]:
    """Mean share of families met over worlds, by use: ``target`` and ``check``."""
    shares = {}
    for use in ("target", "check"):
        of_use = [fact for fact in facts if fact.use == use]
        if of_use:
            shares[use] = float(met_families(of_use, values).mean(axis=1).mean())
    return shares


def left_out(facts: list[Fact], values: pd.DataFrame, misses_allowed: int) -> list[dict[str, Any]]:
    """What the other facts foretell of each family.

    A family is left out; of draws from the prior, those that miss few enough of the targets outside it (at
    least the `NEAREST` ones) are what the others leave plausible. If more of them meet it than of all draws,
    the others foretell it.

    Parameters
    ----------
    facts : list of Fact
    values : DataFrame
        Draws from the prior: one row per world, one column per fact.
    misses_allowed : int
        Targets that a plausible world may miss, of all of them.

    Returns
    -------
    list of dict
        ``family``, ``use``, ``prior`` and ``foretold``, shares of worlds that meet it, and ``worlds``, how
        many the others leave.
    """
    missed = (misses(facts, values) > 0)[[fact.id for fact in facts if fact.use == "target"]]
    rows = []
    for name, group in families(facts).items():
        others = [fact.id for fact in facts if fact.use == "target" and fact.stands_with != name]
        many = missed[others].sum(axis=1).to_numpy()
        enough = np.sort(many)[min(NEAREST, len(many)) - 1]
        chosen = many <= max(enough, misses_allowed * len(others) // max(1, missed.shape[1]))
        met = met_families(group, values)[name].to_numpy()
        rows.append(
            {
                "family": name,
                "use": group[0].use,
                "prior": float(met.mean()),
                "foretold": float(met[chosen].mean()),
                "worlds": int(chosen.sum()),
            }
        )
    return rows
