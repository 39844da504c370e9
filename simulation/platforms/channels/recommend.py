"""``recommend`` (public): a personalised feed.

Each slot of a slate is drawn in two steps: a category in proportion to the viewer's interest in
it, among categories in which somebody is live in the viewer's arc of tastes; then a room of that niche in
proportion to
``exp(quality_weight * quality) * heat ** heat_exponent``, except for a share of slots filled at
random (exploration) and a share kept for newcomers (cold-start quota). Rooms are shown while they are on
air: all this in proportion to the hours of their streams, or, where the day has parts, to how much of the
part at hand they are on air (`slots_by_hours`, `slots_on_air`). What a room would then get beyond
``exposure_cap`` of a category's slots goes to the others, as far as they are below it themselves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...state.columns import OFF_AIR, Doubles, Ints, Longs
from ...state.compiled import kernel, rule
from ...state.luck import Draw, decision, roll, unit
from ...state.niches import own_arc
from ...state.rules.rows import row_of
from ...state.waves import Wave
from ...state.world import World
from ..channel import Channel, PlatformToday

SLATE = decision("recommend: slots of a slate")
FINENESS = 8
"""Entries of a guide table for each room."""
HEAT_FLOOR = 1.0
"""Heat of a room that nobody has visited yet, so that it can be drawn at all."""


class RankedRooms(NamedTuple):
    """Today's rooms, sorted by niche and part of the day; a room stands in each part in which it is on air.

    Shelf ``(c * arcs + a) * parts + k`` is category c in arc a in part k.
    """

    start: NDArray[np.int64]  # (shelves + 1,)
    room: NDArray[np.int32]  # (rooms on shelves,)
    cumulative: NDArray[np.float64]  # (rooms on shelves,), rising to 1 within each shelf
    guide: NDArray[np.int32]  # (rooms on shelves * FINENESS,), where to begin looking: see `lay_guides`
    is_open: NDArray[np.float64]  # (shelves,), 0 where nobody is on air, else see `slots_by_hours`
    arcs: int
    parts: int


class Slates(NamedTuple):
    """How slates are filled."""

    size: int
    exponent: float  # of interest, see `relevance`
    relevances: NDArray[np.float64]  # (categories,), scratch


def capped(shares: NDArray[np.float64], cap: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares summing to 1 of which what exceeds `cap`, one or each room's, is passed on to rooms below it.

    What is passed on goes to rooms below the cap in proportion to their shares s. Where all n of them
    together can't take it, that is where caps c sum to less than 1, every room gets its cap and what is
    left goes by shares again: ``c + (1 - sum c) s``. So a cap never makes rooms of unlike heat alike
    because few of them are live.
    """
    caps = np.broadcast_to(cap, shares.shape)
    beyond = 1.0 - caps.sum()
    if beyond > 0.0:
        return caps + beyond * shares
    at_limit = np.zeros(len(shares), bool)
    capped_shares = shares
    while (over := (capped_shares > caps) & ~at_limit).any():
        at_limit |= over
        rest, free = 1.0 - caps[at_limit].sum(), shares[~at_limit].sum()
        passed_on = shares * (rest / free) if free > 0 else rest / max(1, (~at_limit).sum())
        capped_shares = np.where(at_limit, caps, passed_on)
    return capped_shares / capped_shares.sum()


def slot_shares(
    niche: Longs, heat: NDArray[np.float64], quality: NDArray[np.float32], is_new: NDArray[np.bool_], feed
) -> NDArray[np.float64]:
    """Share of its niche's slots that each live room gets, were all on air alike and none capped.

    All have shape (rooms,); the sum is 1 within each `niche`, of which those with a room are numbered from 0.
    """
    score = np.exp(feed.quality_weight * quality) * (heat + HEAT_FLOOR) ** feed.heat_exponent
    rooms, new, total = np.bincount(niche), np.bincount(niche, is_new), np.bincount(niche, score)
    quota = np.where(new > 0, feed.cold_start_quota, 0.0)
    by_score = (1.0 - feed.exploration - quota) / total
    at_random, to_new = feed.exploration / rooms, quota / np.maximum(new, 1)
    return by_score[niche] * score + at_random[niche] + to_new[niche] * is_new


def slots_by_hours(
    niche: Longs, shares: NDArray[np.float64], exposed: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of a niche's slots once rooms are shown while they are on air, and each niche's weight.

    With shares s and hours e relative to the mean of all streams, ``s e / w`` and ``w = sum s e``: a room
    gets slots of the whole feed in proportion to its hours, a category in which long streams are on air more
    than another. All slots are filled, as many as if all streams were of mean length.
    """
    if (exposed == 1.0).all():
        return shares, np.ones(niche.max(initial=-1) + 1)
    return slots_on_air(niche, shares, exposed)


def slots_on_air(
    shelf: Longs, shares: NDArray[np.float64], exposed: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """As `slots_by_hours`, of shelves on which only some of a niche's rooms stand: ``s e / w``, w.

    In a part of the day e is the share of it for which a room is on air.
    """
    weight = np.bincount(shelf, shares * exposed).astype(float)
    return shares * exposed / weight[shelf], weight


def caps_kept(niche: Longs, shares: NDArray[np.float64], caps: NDArray[np.float64]) -> NDArray[np.float64]:
    """`capped` shares of each niche; as they are where none of its rooms is above its cap."""
    kept = shares.copy()
    for number in np.unique(niche[shares > caps]):
        rooms = niche == number
        kept[rooms] = capped(shares[rooms], caps[rooms])
    return kept


@kernel
def lay_guides(
    start: Longs, shares: NDArray[np.float64], cumulative: NDArray[np.float64], guide: Ints
) -> None:
    """Add up the shares of each niche, and write where in it a search for a share begins.

    Of n rooms there are m = `FINENESS` n entries; entry k is the first place whose cumulative share exceeds
    k/m. A search that begins at entry ``floor(luck m)`` takes ``1 / FINENESS`` steps on average, whatever
    the shares (Chen and Asau 1974).
    """
    for niche in range(start.shape[0] - 1):
        first, last = start[niche], start[niche + 1]
        total = 0.0
        for place in range(first, last):
            total += shares[place]
            cumulative[place] = total if place < last - 1 else 1.0
        entries, place = FINENESS * (last - first), first
        for entry in range(entries):
            while cumulative[place] <= entry / entries:
                place += 1
            guide[FINENESS * first + entry] = place


def prepare(today: PlatformToday) -> RankedRooms:
    """Sort today's live rooms by niche and work out their shares of slots."""
    stores, feed = today.stores, today.platform.feed
    live, start = by_niche(today, today.rooms)
    is_new = today.day - stores.arrival[live] < today.rules.shopkeeping.newcomer_days
    is_new &= stores.arrival[live] != 0
    shares = slot_shares(occupied(start), stores.heat[live], stores.quality[live], is_new, feed)
    on_air = today.world.on_air[live]
    if on_air.shape[1] == 1:
        shelf = occupied(start)
        shares, weight = slots_by_hours(shelf, shares, np.exp(on_air[:, 0]))
    else:
        place, part, start = by_part_of_day(on_air, start)
        live, shelf = live[place], occupied(start)
        shares, weight = slots_on_air(shelf, shares[place], np.exp(on_air[place, part]))
    shares = caps_kept(shelf, shares, np.minimum(stores.limit[live], feed.exposure_cap))
    is_open = np.zeros(len(start) - 1)
    is_open[np.diff(start) > 0] = weight
    cumulative, guide = np.empty(len(live)), np.empty(FINENESS * len(live), np.int32)
    lay_guides(start, shares, cumulative, guide)
    return RankedRooms(start, live, cumulative, guide, is_open, today.world.arcs, today.world.on_air.shape[1])


def occupied(start: Longs) -> Longs:
    """Shelf of each room, those with a room numbered from 0, where shelf n holds ``start[n]`` to
    ``start[n + 1]``."""
    rooms = np.diff(start)
    return np.repeat(np.arange(np.count_nonzero(rooms)), rooms[rooms > 0])


def by_part_of_day(on_air: Doubles, start: Longs) -> tuple[Longs, Longs, Longs]:
    """Shelves of each niche, one for each part of the day: which rooms, in which part, where each starts.

    `on_air`, shape (live rooms, parts), is the log of how much each is on air; they are sorted by niche, of
    which n holds ``start[n]`` to ``start[n + 1]``. Rooms of a shelf keep their order.
    """
    niches, parts = len(start) - 1, on_air.shape[1]
    place, part = np.nonzero(on_air > OFF_AIR)
    shelf = np.repeat(np.arange(niches), np.diff(start))[place] * parts + part
    order = np.argsort(shelf, kind="stable")
    starts = np.searchsorted(shelf[order], np.arange(niches * parts + 1)).astype(np.int64)
    return place[order], part[order], starts


def by_niche(today: PlatformToday, rooms: Ints) -> tuple[Ints, Longs]:
    """`rooms` sorted by niche, and where each niche starts, shape (categories x arcs + 1,).

    Niche ``c * arcs + a`` is category c in arc a.
    """
    stores, arcs = today.stores, today.world.arcs
    arc = np.minimum(stores.style[rooms].astype(int), arcs - 1)
    niche = stores.category[rooms].astype(int) * arcs + arc
    order = np.argsort(niche, kind="stable")
    niches = today.viewers.interest.shape[1] * arcs
    return rooms[order], np.searchsorted(niche[order], np.arange(niches + 1)).astype(np.int64)


@rule
def relevance(interest, is_open, exponent):
    """Weight of a category in a viewer's feed: ``interest ** exponent``, times that of `slots_by_hours`."""
    return is_open * (interest if exponent == 1.0 else interest**exponent)


@rule
def draw_room(luck, relevances, feed, arc, part):
    """Room of one slot: category by relevance, then room by its share of the category's slots.

    `relevances` are sums over a category and all before it. What is left of `luck` within the category
    drawn is uniform again and draws the room.
    """
    total = relevances[-1]
    target = luck * total
    category = 0
    for earlier in range(relevances.shape[0] - 1):
        category += target >= relevances[earlier] and relevances[earlier] < total
    below = relevances[category - 1] if category > 0 else 0.0
    within = (target - below) / (relevances[category] - below)
    shelf = row_of((category * feed.arcs + arc) * feed.parts + part)
    first, last = row_of(feed.start[shelf]), feed.start[shelf + 1] - 1
    entries = FINENESS * (last - first + 1)
    place = row_of(feed.guide[FINENESS * first + min(int(within * entries), entries - 1)])
    while place < last and feed.cumulative[place] <= within:
        place += 1
    return feed.room[place]


@kernel
def fill_slates(
    world: World, wave: Wave, feed: RankedRooms, slates: Slates, draw: Draw, surface: int
) -> None:
    """Draw a slate for each occasion that opens the feed; a room shown twice stands once."""
    viewers, relevances = world.viewers, slates.relevances
    for row in range(wave.rows[0]):
        roll(wave.luck, row, draw, wave.viewer[row], wave.occasion[row] * 2)
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        viewer = row_of(wave.viewer[row])
        arc, part = own_arc(viewers.taste[viewer], feed.arcs), np.int64(wave.part[row])
        total = 0.0
        for category in range(relevances.shape[0]):
            is_open = feed.is_open[row_of((category * feed.arcs + arc) * feed.parts + part)]
            total += relevance(viewers.interest[viewer, category], is_open, slates.exponent)
            relevances[category] = total
        options = 0
        if total > 0.0:
            for slot in range(slates.size):
                if slot == 4:
                    roll(wave.luck, row, draw, viewer, wave.occasion[row] * 2 + 1)
                room = draw_room(unit(wave.luck[slot % 4, row]), relevances, feed, arc, part)
                shown = False
                for earlier in range(options):
                    shown = shown or wave.room[row, earlier] == room
                if not shown:
                    wave.room[row, options] = room
                    wave.appeal[row, options] = 0.0
                    options += 1
        wave.options[row] = options


def offer(today: PlatformToday, prepared: RankedRooms, wave, surface: int) -> None:
    """Fill the slates of all occasions that open the feed."""
    settings = today.platform.feed
    scratch = np.empty(today.viewers.interest.shape[1])  # a thread's own
    slates = Slates(settings.slate_size, settings.relevance_exponent, scratch)
    fill_slates(today.world, wave, prepared, slates, Draw(today.key, SLATE, today.day), surface)


CHANNEL = Channel(label="feed", colour="#E69F00", private=False, prepare=prepare, offer=offer)
