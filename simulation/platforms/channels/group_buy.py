"""``group_buy`` (private, spreading outward): calls to a group that buys together at a lower price.

Where a platform has this channel, whoever would buy at the group's price begins or joins a group
and calls friends to it (`behaviour.grouping`, `behaviour.sharing`); the calls travel like friends'
links. Its price holds for visitors by every channel of the platform.
"""

from __future__ import annotations

from ..channel import Channel, no_preparation, nothing_to_offer

CHANNEL = Channel(
    label="call to a group",
    colour="#7B4FA3",
    private=True,
    prepare=no_preparation,
    offer=nothing_to_offer,
    in_messenger=True,
    links="group",
)
