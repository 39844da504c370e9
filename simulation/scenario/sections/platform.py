"""Parameters of a platform: its mix of channels, its fees, its launch."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from ...errors import nearest
from ...languages.speaking import sentence
from ..fields import UNKNOWN, Colour, Name, Section, quantity
from ..registry import Registry
from .channels import Feed, GroupBuy, HotList, Paid, Search

CHANNELS: Registry[Any] = Registry("platforms/channels", "CHANNEL", "Channel")
"""By name, our ways into rooms."""


def known_channels() -> tuple[str, ...]:
    """Names of our channels."""
    return CHANNELS.names


class OwnShops(Section):
    """Shops of the platform's owner outside the live rooms, to which their visitors may go on."""

    base_rate: float = quantity(
        0.0, "Chance a day that a person buys there anyhow, whether it watches or not.", low=0, high=1
    )
    hand_over: float = quantity(
        0.0, "Chance that a day with a live visit leads on to an order there; 0 for no link.", low=0, high=1
    )
    income: float = quantity(0.0, "What the owner earns of an order there.", unit="CNY", low=0, high=1e6)


class Platform(Section):
    """A platform is a mix of channels with fees and caps."""

    name: Name = Field(description="Short name, as used in arms.")
    label: str = Field(description="Name for readers.")
    label_zh: str = Field("", description="The label in Chinese.")
    operator: str = Field("", description="Company that runs it.")
    colour: Colour = Field("", description="Colour on pages, such as #0072B2; a free one if empty.")
    channels: dict[str, float] = Field(
        description="Openings of each channel's surface a day, relative to a person's base; those of one "
        "app usually add up to 1. Groups and friends' links (push, share, group_buy) wait in the "
        "messenger, which people open besides the platform's own app."
    )
    feed: Feed = Field(default_factory=Feed)
    hot_list: HotList = Field(default_factory=HotList)
    search: Search = Field(default_factory=Search)
    paid: Paid = Field(default_factory=Paid)
    group_buy: GroupBuy = Field(default_factory=GroupBuy)
    heat_memory: float = quantity(
        7.0,
        "Streams' worth of audience that heat remembers; 0 remembers everything.",
        unit="streams",
        low=0,
        high=10_000,
    )
    pool: float = quantity(1.0, "Viewing occasions relative to the default population's.", low=0, high=100)
    link_friction: float = quantity(
        0.0,
        "Share of links in the messenger that cannot be opened, or are not worth the trouble: 0 where a "
        "card opens in the same app, near 1 where a rival's link must be copied.",
        low=0,
        high=1,
    )
    notices: float = quantity(
        0.0, "Share of a merchant's streams of which the platform tells the followers.", low=0, high=1
    )
    commission: float = quantity(
        0.05,
        "Platform's share of net revenue.",
        low=0,
        high=1,
        source="technical fee 1 to 5% (platform rules)",
    )
    daily_users: float | None = quantity(
        None, "Daily active users of the app behind it.", unit="persons", low=0, high=1e10
    )
    launch: dt.date | None = Field(None, description="Date on which it opened.")
    launch_day: int = quantity(
        0, "Day of the run on which it opens to viewers and merchants.", unit="days", low=0, high=3650
    )
    carry_over: float = quantity(
        0.3,
        "Share of a merchant's following elsewhere that comes along when it opens here.",
        low=0,
        high=1,
        source=UNKNOWN,
    )
    live: bool = quantity(
        True,
        "Merchants stream; where not, they send messages from which people order: no host, no crowd, and no "
        "cost of a stream.",
    )
    stays_out: bool = quantity(
        False, "It never opens in this run: only what its owner holds of rivals is counted."
    )
    stakes: dict[str, float] = Field(
        default_factory=dict,
        description="Shares that its owner holds of rivals in the same market, by their names, each from 0 "
        "to 1.",
    )
    own_shops: OwnShops = Field(default_factory=OwnShops)
    sources: dict[str, str] = Field(
        default_factory=dict, description="Source of each number above, or 'assumption'."
    )

    @field_validator("launch", mode="before")
    @classmethod
    def _date_in_words(cls, launch: Any) -> Any:
        """Stored scenarios write dates as text."""
        try:
            return dt.date.fromisoformat(launch) if isinstance(launch, str) else launch
        except ValueError:
            return launch

    @field_validator("stakes")
    @classmethod
    def _stakes_are_shares(cls, stakes: dict[str, float]) -> dict[str, float]:
        for name, share in stakes.items():
            if not 0 <= share <= 1:
                raise ValueError(
                    sentence(
                        "the stake in '{name}' is {share:g}; let it be from 0 to 1: 0.2 for 20%",
                        name=name,
                        share=share,
                    )
                )
        return stakes

    @field_validator("channels")
    @classmethod
    def _channels_are_known(cls, weights: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        known = [*known_channels(), *(info.context or {}).get("channels", ())]
        for name, weight in weights.items():
            if name not in known:
                raise ValueError(
                    sentence(
                        "there is no channel '{name}'{near}; the channels are {known}",
                        name=name,
                        near=nearest(name, known),
                        known=", ".join(known),
                    )
                )
            if not 0 <= weight <= 1000:
                raise ValueError(
                    sentence(
                        "the weight of '{name}' is {weight:g}; let it be from 0 to 1000",
                        name=name,
                        weight=weight,
                    )
                )
        if not sum(weights.values()) > 0:
            raise ValueError("all weights are zero, so nobody could enter a room; raise one of them")
        return weights


CHANNEL_SETTINGS: dict[str, str] = {
    name: field.annotation.channel
    for name, field in Platform.model_fields.items()
    if field.annotation is not None and hasattr(field.annotation, "channel")
}
"""Sections of a platform that are about one channel alone, and the channel."""
