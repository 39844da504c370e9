"""Phases 3 to 6 of one wave: what viewers make of the rooms that they are offered."""

from __future__ import annotations

from ..state.compiled import kernel
from ..state.waves import Links
from ..state.world import Shard, World
from .buying import buy_goods
from .choosing import choose_rooms
from .following import follow_merchants, review_ties
from .goods import goods_arrive
from .occasions import form_habits
from .sharing.deciding import share_links


@kernel
def respond(world: World, shard: Shard, links: Links, wave_number: int, links_travel: bool) -> None:
    """Viewers of a shard choose, buy, get their goods, follow, share and leave.

    One call a wave, since handing all columns over costs as much as a small world's arithmetic.

    Parameters
    ----------
    links : Links
        Those that brought this wave; not looked at in wave 0.
    wave_number : int
        0 for the day's occasions, else for links shared in the wave before.
    links_travel : bool
        Whether there is a channel for links that viewers pass on.
    """
    by_link = wave_number > 0
    choose_rooms(world, shard, links, by_link)
    buy_goods(world, shard)
    goods_arrive(world, shard.wave, shard.ledger, True)
    follow_merchants(world, shard, by_link)
    if links_travel:
        share_links(world, shard)
    if world.pull.openings.shape[0] > 1 or world.rules.market.habit_strength > 0.0:
        form_habits(world, shard.wave)
    if not by_link:
        review_ties(world, shard)
