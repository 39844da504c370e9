"""Parameters of a platform: its mix of channels, its feed, its fees."""

from __future__ import annotations

import datetime as dt
from pkgutil import iter_modules

from pydantic import Field, field_validator, model_validator

from ..paths import CHANNELS_FOLDER
from .problems import nearest
from .quantities import Section, quantity

MAX_OPTIONS = 6
"""Most rooms that one occasion can offer; the width of a slate."""


def known_channels() -> list[str]:
    """Names of channels: one file each under ``simulation/platforms/channels``."""
    return sorted(module.name for module in iter_modules([str(CHANNELS_FOLDER)]))


class Feed(Section):
    """The personalised feed (channel ``recommend``)."""

    slate_size: int = quantity(4, "Rooms shown on one occasion.", unit="rooms", low=1, high=MAX_OPTIONS)
    heat_exponent: float = quantity(
        0.8, "Exponent of heat in the score; 1 is proportional, above 1 winner takes all.",
        low=0, high=5,
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
        1.0, "Most of a category's slots that one room gets (Kuaishou damps the top); 1 is no cap.",
        low=0.001, high=1,
    )

    @model_validator(mode="after")
    def _shares_leave_room(self) -> Feed:
        if self.exploration + self.cold_start_quota > 1:
            raise ValueError("exploration and cold_start_quota together exceed 1; lower one of them")
        return self


class HotList(Section):
    """The public ranking by audience (channel ``hot_list``)."""

    length: int = quantity(6, "Rooms in the list.", unit="rooms", low=1, high=MAX_OPTIONS)


class Platform(Section):
    """A platform is a mix of channels with fees and caps."""

    name: str = Field(description="Short name, as used in arms.", pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(description="Name for readers.")
    operator: str = Field("", description="Company that runs it.")
    channels: dict[str, float] = Field(
        description="Weight of each channel: the share of viewing occasions that open this surface "
        "is its weight over the sum.",
    )
    feed: Feed = Field(default_factory=Feed)
    hot_list: HotList = Field(default_factory=HotList)
    heat_memory: float = quantity(
        7.0, "Streams' worth of audience that heat remembers; 0 remembers everything.",
        unit="streams", low=0, high=10_000,
    )
    pool: float = quantity(
        1.0, "Viewing occasions relative to the default population's.", low=0, high=100
    )
    commission: float = quantity(
        0.05, "Platform's share of net revenue.", low=0, high=1,
        source="technical fee 1 to 5% (platform rules)",
    )
    daily_users: float | None = quantity(
        None, "Daily active users of the app behind it.", unit="persons", low=0, high=1e10
    )
    launch: dt.date | None = Field(None, description="Day on which it opened.")
    sources: dict[str, str] = Field(
        default_factory=dict, description="Source of each number above, or 'assumption'."
    )

    @field_validator("channels")
    @classmethod
    def _channels_are_known(cls, weights: dict[str, float]) -> dict[str, float]:
        known = known_channels()
        for name, weight in weights.items():
            if name not in known:
                raise ValueError(
                    f"there is no channel '{name}'{nearest(name, known)}; "
                    f"the channels are {', '.join(known)}"
                )
            if not 0 <= weight <= 1000:
                raise ValueError(f"the weight of '{name}' is {weight:g}; let it be from 0 to 1000")
        if not sum(weights.values()) > 0:
            raise ValueError("all weights are zero, so nobody could enter a room; raise one of them")
        return weights
