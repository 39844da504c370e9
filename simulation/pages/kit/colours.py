"""Colours belong to things: platforms and channels keep theirs on every page, others get a free one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from ...platforms.channel import our_channels
from ...scenario.scenario import Scenario
from ...scenario.tables import Arm

PALETTE = (
    "#D55E00",
    "#0072B2",
    "#009E73",
    "#7B4FA3",
    "#8C6D00",
    "#444444",
    "#56B4E9",
    "#CC79A7",
    "#E69F00",
    "#7A1F2B",
    "#7A8796",
    "#3B5BDB",
    "#B5A300",
    "#A64B2A",
)
"""For lines and areas on white, the strong colours of Okabe and Ito (2008) first. More than anybody tells
apart, so dashes and symbols tell as well."""


def coloured(things: Mapping[str, str], palette: Sequence[str] = PALETTE) -> dict[str, str]:
    """A colour for each of some things that stand on a page together.

    Parameters
    ----------
    things : mapping of str to str
        Names, and the colours that they have of their own; empty if none.
    palette : sequence of str
        What those without get theirs from. Which one depends on the name and on what is taken.

    Returns
    -------
    dict of str to str
        In the order of `things`. No two are alike as long as the palette has one that is free.
    """
    given: dict[str, str] = {}
    for name, own in things.items():
        if own and own.lower() not in {colour.lower() for colour in given.values()}:
            given[name] = own
    for name in sorted(set(things) - set(given)):
        taken = {colour.lower() for colour in given.values()}
        start = crc32(name.encode()) % len(palette)
        order = [*palette[start:], *palette[:start]]
        given[name] = next((colour for colour in order if colour.lower() not in taken), order[0])
    return {name: given[name] for name in things}


def channel_colours(own: Iterable[str]) -> dict[str, str]:
    """Colours of our channels, and of those that a scenario has of its `own`."""
    ours = {name: channel.colour for name, channel in our_channels().items()}
    return coloured(ours | {name: "" for name in own if name not in ours})


def platform_colours(scenario: Scenario) -> dict[str, str]:
    """Colours of all platforms of a scenario by name."""
    return coloured(
        {platform.name: platform.colour for arm in scenario.arms for platform in arm.all_platforms}
    )


def arm_colours(scenario: Scenario) -> dict[str, str]:
    """Colours of arms by name: a platform's own where an arm is nothing else."""
    return coloured({arm.name: _own(arm) for arm in scenario.arms})


def _own(arm: Arm) -> str:
    return arm.platform.colour if arm.platform else ""
