"""Parameters of how platforms are taken up: habits, costs of presence, entry and exit."""

from __future__ import annotations

from ..fields import UNKNOWN, Section, quantity


class Market(Section):
    """How viewers come to use platforms, and how merchants enter and leave them."""

    habit_rate: float = quantity(
        0.05,
        "Step by which one visit strengthens the habit of its platform and weakens others.",
        low=0,
        high=1,
        source="habits form in 18 to 254 days, median 66 (Lally et al. 2010): 0.05 a visit "
        "closes half of the gap in 14 visits; the form is Bush and Mosteller's (1955)",
    )
    habit_strength: float = quantity(
        1.0,
        "Openings that full habit adds, relative to those without habit; 0 for no habits.",
        low=0,
        high=1000,
        source=UNKNOWN,
    )
    presence_cost: float = quantity(
        0.5, "Standing cost of each further platform, relative to the first.", low=0, high=10, source=UNKNOWN
    )
    entry_rate: float = quantity(
        0.5,
        "Chance that a merchant thinks of one further platform at a review.",
        low=0,
        high=1,
        source=UNKNOWN,
    )
    entry_slope: float = quantity(
        2.0,
        "Log-odds of opening where peers earn their standing costs once over.",
        low=0,
        high=100,
        source=UNKNOWN,
    )
    patience: int = quantity(
        4,
        "Reviews in a row with a loss on one platform after which a merchant leaves it.",
        unit="reviews",
        low=1,
        high=100,
        source=UNKNOWN,
    )
    peers_needed: int = quantity(
        3,
        "Merchants of its kind that a merchant must see on a platform to judge it.",
        unit="merchants",
        low=1,
        high=1000,
        source=UNKNOWN,
    )
