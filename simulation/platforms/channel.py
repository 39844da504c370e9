"""What a channel is, and how channels are found by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from ..scenario.platform import Platform
from ..state.columns import MerchantColumns, ViewerColumns
from ..state.rule_numbers import Rules
from ..state.ties import Ties
from ..state.waves import Wave

if TYPE_CHECKING:
    import numpy as np


class Market(Protocol):
    """What a channel may look at: the world as it stands on the morning of a day."""

    viewers: ViewerColumns
    merchants: MerchantColumns
    ties: Ties
    platform: Platform
    rules: Rules
    key: np.uint64
    day: int
    newcomer_days: int


@dataclass(frozen=True)
class Channel:
    """A way into rooms.

    Attributes
    ----------
    label : str
        Name for readers.
    private : bool
        Whether its traffic belongs to the merchant (private domain) or to the platform.
    by_links : bool
        Whether offers are links from friends, which arrive in waves, rather than surfaces that an
        occasion opens.
    prepare : callable
        ``prepare(market)`` makes, once a day, whatever `offer` needs.
    offer : callable
        ``offer(market, prepared, wave, index)`` fills ``room``, ``appeal`` and ``options`` for the
        rows of `wave` whose channel is `index`. Nothing to do for `by_links`.
    """

    label: str
    private: bool
    prepare: Callable[[Market], Any]
    offer: Callable[[Market, Any, Wave, int], None]
    by_links: bool = False


def no_preparation(market: Market) -> None:
    """For channels that need nothing made in the morning."""


def find_channel(name: str) -> Channel:
    """The channel called `name`: the ``CHANNEL`` of the file of that name in ``channels/``."""
    channel = import_module(f"{__package__}.channels.{name}").CHANNEL
    assert isinstance(channel, Channel)
    return channel
