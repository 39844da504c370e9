"""Parameters of the channels of a platform: feed, hot list, search, advertisements, group buying."""

from __future__ import annotations

from typing import ClassVar

from pydantic import model_validator

from ..fields import Section, quantity

MAX_OPTIONS = 6
"""Most rooms that one occasion can offer; the width of a slate."""


class Feed(Section):
    """The personalised feed (channel ``recommend``)."""

    channel: ClassVar[str] = "recommend"

    slate_size: int = quantity(4, "Rooms shown on one occasion.", unit="rooms", low=1, high=MAX_OPTIONS)
    heat_exponent: float = quantity(
        0.8, "Exponent of heat in the score; 1 is proportional, above 1 winner takes all.", low=0, high=5
    )
    quality_weight: float = quantity(
        1.0, "Log-score of quality 1 against 0, as the platform sees it.", low=0, high=20
    )
    relevance_exponent: float = quantity(
        1.0, "Exponent of a viewer's interests when a category is drawn.", low=0, high=10
    )
    exploration: float = quantity(0.10, "Share of slots filled at random.", low=0, high=1)
    cold_start_quota: float = quantity(
        0.05, "Share of slots kept for new merchants while any is live.", low=0, high=1
    )
    exposure_cap: float = quantity(
        1.0,
        "Share of a category's slots, and of the hot list's places, beyond which a room passes them on to "
        "others that are below it; 1 is no cap.",
        low=0.001,
        high=1,
    )

    @model_validator(mode="after")
    def _shares_leave_room(self) -> Feed:
        if self.exploration + self.cold_start_quota > 1:
            raise ValueError("exploration and cold_start_quota together exceed 1; lower one of them")
        return self


class HotList(Section):
    """The public ranking by audience (channel ``hot_list``)."""

    channel: ClassVar[str] = "hot_list"

    length: int = quantity(6, "Rooms in the list.", unit="rooms", low=1, high=MAX_OPTIONS)


class Search(Section):
    """The search page (channel ``search``)."""

    channel: ClassVar[str] = "search"

    length: int = quantity(6, "Rooms found.", unit="rooms", low=1, high=MAX_OPTIONS)
    need: float = quantity(
        0.5,
        "Utility of entering a room that one has searched for, beyond one met by chance.",
        low=-20,
        high=20,
    )
    quality_weight: float = quantity(
        1.0, "Utility of quality 1 against 0, as ratings show it.", low=0, high=20
    )


class Paid(Section):
    """Advertisements (channel ``paid``), sold by auction each day."""

    channel: ClassVar[str] = "paid"

    slots: int = quantity(2, "Rooms advertised on one occasion.", unit="rooms", low=1, high=MAX_OPTIONS)
    reserve_price: float = quantity(
        0.10,
        "Lowest price of one impression.",
        unit="CNY",
        low=0,
        high=1000,
        source="0.3 to 1.2 CNY a visit bought; about one impression in three is entered (assumption)",
    )


class GroupBuy(Section):
    """Group buying (channel ``group_buy``): a price that unlocks when enough friends join."""

    channel: ClassVar[str] = "group_buy"

    group_size: int = quantity(
        2,
        "Persons who must join within the day, the first one included.",
        unit="persons",
        low=2,
        high=20,
        source="groups of two are the usual form at Pinduoduo (assumption)",
    )
    discount: float = quantity(0.25, "Price off for a group that is full.", low=0, high=0.95)
    invite_rate: float = quantity(
        0.8, "Chance that somebody who waits for a group to fill passes the link on.", low=0, high=1
    )
