"""What a channel is, what it may look at, and how channels are found by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import Problem, ScenarioError
from ..languages.speaking import sentence
from ..scenario.plugins import Guarded, plugged_in
from ..scenario.sections.platform import CHANNELS, Platform, known_channels
from ..state.columns import Ints, StoreColumns, ViewerColumns
from ..state.rule_numbers import Rules
from ..state.ties import Ties
from ..state.waves import Wave
from ..state.world import World


@dataclass(frozen=True)
class PlatformToday:
    """What a channel may look at: the world, and one platform as it stands this morning.

    Attributes
    ----------
    world : World
        Everything of the day as kernels take it; see `state.world`.
    viewers, stores, ties, rules, key, day
        Parts of it.
    platform : Platform
        Its rules today, policies in force included.
    number : int
        Position of the platform among those of the market.
    rooms : int32 array
        Rows of `stores` that stream on this platform today, ascending.
    supported : int32 array
        Those of `rooms` that a policy supports.
    occasions : dict of str to float
        Viewing occasions expected today by channel, in agents.
    """

    world: World
    platform: Platform
    number: int
    rooms: Ints
    supported: Ints
    occasions: dict[str, float]

    @property
    def viewers(self) -> ViewerColumns:
        """Columns of all viewers."""
        return self.world.viewers

    @property
    def stores(self) -> StoreColumns:
        """Columns of all stores."""
        return self.world.stores

    @property
    def ties(self) -> Ties:
        """Ties of all viewers."""
        return self.world.ties

    @property
    def rules(self) -> Rules:
        """Parameters of behaviour."""
        return self.world.rules

    @property
    def key(self) -> np.uint64:
        """Key of the replication's luck."""
        return self.world.key

    @property
    def day(self) -> int:
        """Day, from 0."""
        return self.world.day


@dataclass(frozen=True)
class Channel:
    """A way into rooms.

    Attributes
    ----------
    label : str
        Name for readers.
    private : bool
        Whether its traffic belongs to the merchant (private domain) or to the platform.
    prepare : callable
        ``prepare(today)`` makes, once a day, whatever `offer` needs.
    offer : callable
        ``offer(today, prepared, wave, surface)`` fills ``room``, ``appeal`` and ``options`` for the
        rows of `wave` whose channel is `surface`. Nothing to do for `links`.
    links : str
        ``"share"`` or ``"group"`` for channels whose offers are friends' links, which arrive in
        waves, rather than surfaces that an occasion opens: links passed on freely, or calls to a
        group that buys together. Empty for all others.
    in_messenger : bool
        Whether links open it that wait in the messenger, which is another app than the platform's own, so
        that they are as hard to open as `Platform.link_friction` says.
    impression_price : callable, optional
        ``impression_price(prepared)``: what merchants pay for one offer to one person, by niche, in
        fen; for channels that merchants pay for.
    colour : str
        On pages, such as ``"#E69F00"``; one that is free if empty.
    """

    label: str
    private: bool
    prepare: Callable[[PlatformToday], Any]
    offer: Callable[[PlatformToday, Any, Wave, int], None]
    links: str = ""
    in_messenger: bool = False
    impression_price: Callable[[Any], NDArray[np.float64]] | None = None
    colour: str = ""


def no_preparation(today: PlatformToday) -> None:
    """For channels that need nothing made in the morning."""


def nothing_to_offer(today: PlatformToday, prepared: Any, wave: Wave, surface: int) -> None:
    """For channels whose links arrive in waves."""


def our_channels() -> dict[str, Channel]:
    """All channels of this package by name."""
    return {name: find_channel(name, {}) for name in known_channels()}


def find_channel(name: str, files: Mapping[str, str]) -> Channel:
    """The channel called `name`: the ``CHANNEL`` of its file in `files`, or of ``channels/NAME.py``.

    Raises
    ------
    ScenarioError
        If the file of a plugin holds no channel.
    """
    if name not in files:
        ours: Channel = CHANNELS[name]
        return ours
    key, path = f"plugins.channels.{name}", files[name]
    channel = plugged_in("channels", name, path)
    if not isinstance(channel, Channel) or not (callable(channel.prepare) and callable(channel.offer)):
        raise ScenarioError(
            path,
            [
                Problem(
                    key,
                    sentence("its CHANNEL is a {name}", name=type(channel).__name__),
                    "a Channel (of simulation.platforms.channel) with the functions prepare and offer",
                )
            ],
        )
    own = {
        part: Guarded(getattr(channel, part), key, path, part)
        for part in ("prepare", "offer", "impression_price")
        if callable(getattr(channel, part))
    }
    return replace(channel, **own)  # type: ignore[arg-type]
