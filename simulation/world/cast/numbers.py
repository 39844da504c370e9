"""Numbers of merchants that do not vary within their kind, and those that merchants with a name give."""

from __future__ import annotations

import numpy as np

from ...scenario.scenario import Scenario
from ...scenario.sections.merchants import NamedMerchant

OF_ITS_KIND = {"members": "fans_median", "members_trust": "fans_trust", "price": "price_median"}
"""What a kind calls the numbers that a merchant with a name calls otherwise."""


def own(scenario: Scenario, entry: NamedMerchant, name: str) -> float:
    """A number of a merchant with a name: what it gives, or else its kind's."""
    given = getattr(entry, name)
    if given is not None:
        return float(given)
    level = scenario.merchants.price_level if name == "price" else 1.0
    return level * float(getattr(scenario.merchants.kinds[entry.kind], OF_ITS_KIND.get(name, name)))


def by_merchant(scenario: Scenario, archetype: np.ndarray, name: str) -> np.ndarray:
    """A number of every merchant that does not vary within its kind, shape (merchants,).

    Parameters
    ----------
    scenario : Scenario
    archetype : array, shape (merchants,)
        Kinds of all merchants, those with a name last.
    name : str
        What merchants with a name call it.
    """
    kinds = scenario.merchants.kinds.values()
    numbers = np.array([getattr(kind, OF_ITS_KIND.get(name, name)) for kind in kinds], float)[archetype]
    named = scenario.merchants.named_merchants
    numbers[len(numbers) - len(named) :] = [own(scenario, entry, name) for entry in named]
    return numbers
