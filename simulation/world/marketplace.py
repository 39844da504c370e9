"""The platforms of one arm: their surfaces in a row, and their rules as they stand each morning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..platforms.channel import Channel, find_channel
from ..platforms.policy import rules_today
from ..scenario.sections.platform import Platform
from ..scenario.sections.policy import Policy, channels_ever_open
from ..state.luck import decision, uniform
from ..state.surfaces import NO_SURFACE, GroupPrices, Pull, Surfaces

COMES_FIRST = decision("market: which platform is opened first")


class Marketplace:
    """One platform, or several side by side.

    Parameters
    ----------
    platforms : list of Platform
        As they stand without any policy.
    policies : list of Policy
        Those that come into force in this arm.
    plugged_in : mapping of str to str
        Files of channels of the scenario's own, by name.
    key : uint64
        Luck of the replication.

    Attributes
    ----------
    names : list of str
        Channel of each surface; with several platforms ``platform_channel``.
    channels : list of Channel
        Of each surface.
    surfaces : Surfaces
        The same for kernels.
    today : list of Platform
        Rules in force, policies included.
    pull : Pull
        Draw on attention today.
    groups : GroupPrices
        Terms of group buying today.
    """

    def __init__(
        self, platforms: list[Platform], policies: list[Policy], plugged_in: Mapping[str, str], key: np.uint64
    ):
        self.platforms, self.policies, self._key = platforms, policies, key
        mixes = [channels_ever_open(platform, policies) for platform in platforms]
        several = len(platforms) > 1
        self.names = [
            f"{platform.name}_{channel}" if several else channel
            for platform, mix in zip(platforms, mixes, strict=True)
            for channel in mix
        ]
        self._channel_names = [channel for mix in mixes for channel in mix]
        self.channels: list[Channel] = [find_channel(name, plugged_in) for name in self._channel_names]
        self.surfaces = self._surfaces([len(mix) for mix in mixes])
        self._known: tuple | None = None
        self.open_for(0)

    def __len__(self) -> int:
        return len(self.platforms)

    def policies_on(self, platform: Platform) -> list[Policy]:
        """Policies that concern `platform`, whenever they are in force."""
        return [policy for policy in self.policies if policy.platform in ("", platform.name)]

    def open_for(self, day: int) -> None:
        """Bring rules, pull, prices and turns up to `day`."""
        self._follow_rules(day)
        if len(self.platforms) > 1:
            names = [platform.name for platform in self.platforms]
            self.pull.turns[:] = turns(names, self._key, day)

    def _follow_rules(self, day: int) -> None:
        """Bring rules, pull and prices up to `day`."""
        launched = tuple(entry.launch_day <= day and not entry.stays_out for entry in self.platforms)
        in_force = tuple(policy.acts_on(day) for policy in self.policies)
        if self._known == (launched, in_force):
            return
        self._known = launched, in_force
        self.today = [
            rules_today(platform, [p for p in self.policies_on(platform) if p.acts_on(day)])
            for platform in self.platforms
        ]
        self.launched = np.array(launched)
        self.pull: Pull = self._pull()
        self.groups = self._group_prices()
        self.commission = np.array([platform.commission for platform in self.today])
        self.hosted = np.array([float(platform.live) for platform in self.today])
        # Where nobody streams there is no audience to remember, and no crowd.
        self.heat_memory = np.array([entry.heat_memory if entry.live else np.inf for entry in self.today])

    def opens_today(self, channel: str) -> np.ndarray:
        """Platforms on which the channel called `channel` has any weight today, shape (platforms,)."""
        return np.array([platform.channels.get(channel, 0.0) > 0 for platform in self.today])

    def surface_platform(self, surface: int) -> int:
        """Number of the platform of a surface."""
        return int(self.surfaces.platform[surface])

    def occasions(self, platform: int, expected: float) -> dict[str, float]:
        """Of `expected` occasions on a platform, those that open each of its channels."""
        first, last = self.surfaces.first[platform], self.surfaces.first[platform + 1]
        shares = np.diff(self.pull.cumulative[first:last], prepend=0.0)
        return dict(zip(self._channel_names[first:last], (expected * shares).tolist(), strict=True))

    def _surfaces(self, sizes: list[int]) -> Surfaces:
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        carriers = {kind: np.full(len(sizes), NO_SURFACE, np.uint8) for kind in ("share", "group")}
        platform = np.repeat(np.arange(len(sizes)), sizes).astype(np.uint8)
        for surface, channel in enumerate(self.channels):
            if channel.links:
                carriers[channel.links][platform[surface]] = surface
        return Surfaces(
            platform=platform,
            by_links=np.array([bool(channel.links) for channel in self.channels], np.uint8),
            by_ads=np.array([channel.impression_price is not None for channel in self.channels], np.uint8),
            private=np.array([channel.private for channel in self.channels], np.uint8),
            first=first,
            share=carriers["share"],
            group=carriers["group"],
        )

    def _pull(self) -> Pull:
        """Openings of platforms and of their surfaces; see `reach` for those of a market."""
        openings, cumulative, opens = [], [], []
        for platform, first, last in zip(
            self.today, self.surfaces.first[:-1], self.surfaces.first[1:], strict=True
        ):
            easy = [
                1.0 - platform.link_friction if channel.in_messenger else 1.0
                for channel in self.channels[first:last]
            ]
            mix = np.array([platform.channels.get(name, 0.0) for name in self._channel_names[first:last]])
            mix *= easy
            openings.append(platform.pool * mix.sum())
            cumulative.append(np.cumsum(mix) / mix.sum() if mix.sum() > 0 else np.ones(len(mix)))
            opens += easy
        relative = reach([platform.daily_users for platform in self.platforms])
        return Pull(
            np.where(self.launched, np.array(openings) * relative, 0.0),
            np.concatenate(cumulative),
            np.array(opens),
            np.array([platform.notices for platform in self.today]),
            self._carriers("push"),
            self._carriers("follow"),
            np.arange(len(self.platforms)),
        )

    def _carriers(self, channel: str) -> np.ndarray:
        """Surface of the channel of that name on each platform, or NO_SURFACE, shape (platforms,)."""
        carriers = np.full(len(self.platforms), NO_SURFACE, np.uint8)
        for surface, name in enumerate(self._channel_names):
            if name == channel:
                carriers[self.surfaces.platform[surface]] = surface
        return carriers

    def _group_prices(self) -> GroupPrices:
        open_here = self.opens_today("group_buy") & self.launched
        terms = [platform.group_buy for platform in self.today]
        return GroupPrices(
            np.where(open_here, [term.group_size for term in terms], 0).astype(np.int32),
            np.where(open_here, [term.discount for term in terms], 0.0),
            np.where(open_here, [term.invite_rate for term in terms], 0.0),
        )


def turns(names: list[str], key: np.uint64, day: int) -> np.ndarray:
    """In which order the platforms of these names are opened on a day, shape (platforms,).

    By luck of the replication that is drawn from name and day alone, so that it is the same in all arms and
    which of two comes first depends on no third: a day's rooms may run out, and what is left is for those who
    come first.
    """
    numbers = [uniform(key, COMES_FIRST, day, int(decision(name)), 0) for name in names]
    return np.argsort(numbers, kind="stable")


def reach(daily_users: Sequence[float | None]) -> np.ndarray:
    """Openings of each platform relative to the first's, ``daily users / the first's``; 1 if not given.

    The first is the measure, and not the sum, so that a further platform takes nothing from the others
    but the visits that it wins.
    """
    first = daily_users[0] or 1.0
    return np.array([(users or first) / first for users in daily_users])
