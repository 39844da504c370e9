"""Parameters of how platforms are taken up: habits, costs of presence, entry and exit; and of streams."""

from __future__ import annotations

from ..fields import ASSUMPTION, UNKNOWN, Section, quantity


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


SESSIONS = "1,010 selling sessions of the 20 best-selling hosts of Douyin, summer of 2021 (Chanmama, "
SESSIONS += "github.com/meganzhou62/tiktok_livesale)"
HOURS_SOURCE = f"4.4 hours, the median of {SESSIONS}; that smaller merchants stream as long is an assumption"


class Streams(Section):
    """How long a merchant streams, and what that does."""

    hours_sigma: float = quantity(
        0.76,
        "Spread of the logarithm of hours from one stream of a merchant to another; 0 for all alike.",
        low=0,
        high=2,
        source=f"the same over {SESSIONS}, hosts together",
    )
    products_by_hours: float = quantity(
        0.0,
        "How fast the products that a visitor can order grow with the hours of a stream: exponent; 0 for "
        "not at all.",
        low=0,
        high=1,
        source=f"orders per view rise with hours to the power of 0.58 in {SESSIONS}; hosts may as well stop "
        "when nothing sells: sweep",
    )
    price_spread: float = quantity(
        0.3,
        "Spread of the logarithm of prices in a merchant's assortment; 0 for one price.",
        low=0,
        high=2,
        source=f"{ASSUMPTION}; quartiles of 49, 119 and 369 CNY over all 21,839 products of the same hosts "
        "are a spread of 1.5",
    )
    parts_of_day: int = quantity(
        1,
        "Parts of the day, alike by openings, in each of which pages show who is on air just then; 1 for "
        "rooms that share the whole day in proportion to their hours.",
        unit="parts",
        low=1,
        high=96,
        source=ASSUMPTION,
    )
    day_hours: float = quantity(
        16.0,
        "Hours over which a day's openings are spread, where the day has parts.",
        unit="hours",
        low=4,
        high=24,
        source=f"{ASSUMPTION}: people sleep",
    )
