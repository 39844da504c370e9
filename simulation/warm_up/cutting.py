"""Cutting worlds from templates: consecutive arcs with people, friendships, stores and ties as they stand.

Viewers of a template stand on a ring in the order of their neighbourhoods' tastes, stores in the midst of
their customers. A world is a run of that ring of as many arcs as it has, from the beginning of one on; longer
than the ring, it goes round again. Arcs stay whole, since stores compete within them: moved by a part of one,
stores that had shared the attention of a niche would meet others, which costs a fifth of conversion. Where
the ends of the run meet, friendships are kept by offset, and a tie to a store that stayed outside goes to the
nearest of the same category and status. So all but one border between arcs are as they were: arcs drawn one
by one would have as many seams as arcs, across which every third tie leads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..behaviour.place_and_need import delivery_area
from ..scenario.scenario import Scenario
from ..state.columns import EVERYBODY, FriendshipGraph, StoreColumns
from ..state.ties import EMPTY, MEMBER, SUBSCRIBED, Ties
from ..world.cast.past import STATE, Past
from ..world.cast.viewers import Traits
from .template import Template, on_the_circle, rows_of


class Cut(NamedTuple):
    """Which part of a template becomes a world.

    A viewer of the world is its `place`; it was viewer ``(first + place) % ring`` of the template.
    """

    first_arc: int  # of the template
    viewers: int  # of the world
    ring: int  # viewers of the template
    arcs: int  # of the world
    template_arcs: int
    size: int  # of a neighbourhood

    @property
    def first(self) -> int:
        """Viewer of the template at place 0, the first of a neighbourhood next to where the arc begins."""
        return round(self.first_arc * self.ring / self.template_arcs / self.size) * self.size % self.ring

    def arcs_to(self, viewer: np.ndarray) -> np.ndarray:
        """Way along the ring of the template to a viewer, in arcs."""
        return viewer * (self.template_arcs / self.ring)

    @property
    def origin(self) -> np.ndarray:
        """Viewer of the template at each place, shape (viewers,)."""
        return (self.first + np.arange(self.viewers)) % self.ring


class Stock(NamedTuple):
    """Stores that come along; arrays of shape (merchants,), of a merchant as it was once or several times."""

    merchant: np.ndarray  # of the template
    place: np.ndarray  # of the world, in the midst of its customers
    aside: np.ndarray  # style beyond that place, in arcs


def cut_for(scenario: Scenario, template: Template, first_arc: int) -> Cut:
    """The run of a template that begins with one of its arcs."""
    world, size = scenario.world, scenario.friendships.neighbourhood_size
    viewers, ring = world.social_viewers, len(template.traits.taste)
    return Cut(first_arc % template.arcs, viewers, ring, scenario.arcs, template.arcs, size)


def cut_traits(template: Template, cut: Cut) -> Traits:
    """Traits of the viewers of a world; tastes go along with their places."""
    traits = rows_of(template.traits, cut.origin)
    if cut.template_arcs == 1:
        return traits
    place = np.arange(cut.viewers)
    aside = on_the_circle(traits.taste - cut.arcs_to(cut.origin), cut.template_arcs)
    taste = (aside + cut.arcs_to(cut.first + place) - cut.first_arc) % cut.arcs
    return traits._replace(taste=taste.astype(np.float32))


def cut_friendships(graph: FriendshipGraph, cut: Cut) -> FriendshipGraph:
    """Friendships by offset: whoever stood so far further on is a friend, so that both ends agree."""
    degree = np.diff(graph.start)[cut.origin]
    place = np.repeat(np.arange(cut.viewers), degree)
    entry = np.repeat(graph.start[cut.origin], degree) + _within(degree)
    before, friend = cut.origin[place], graph.friend[entry]
    ahead = (friend - before) % cut.ring
    onward = (2 * ahead < cut.ring) | ((2 * ahead == cut.ring) & (before < friend))
    one, other = place[onward], (place[onward] + ahead[onward]) % cut.viewers
    strength = graph.strength[entry[onward]]
    _, single = np.unique(np.minimum(one, other) * cut.viewers + np.maximum(one, other), return_index=True)
    single = single[one[single] != other[single]]
    one, other, strength = one[single], other[single], strength[single]
    owner, known = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.lexsort([known, owner])
    start = np.zeros(cut.viewers + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=cut.viewers), out=start[1:])
    return FriendshipGraph(start, known[order].astype(np.int32), np.tile(strength, 2)[order])


def _within(counts: np.ndarray) -> np.ndarray:
    """0 to ``count - 1`` for each of `counts`, one after another."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def seats(stores: StoreColumns, merchants: int, cut: Cut) -> np.ndarray:
    """Viewer of the template in the midst of each merchant's customers, shape (merchants,)."""
    style = stores.style[:merchants].astype(float) * (cut.ring / cut.template_arcs)
    local = stores.neighbourhood[:merchants] * cut.size
    return np.where(stores.neighbourhood[:merchants] >= 0, local, style.astype(np.int64)) % cut.ring


def cut_stock(past: Past, cut: Cut) -> Stock:
    """Merchants whose seats lie in the part that is cut, in the template's order, round after round."""
    seat = seats(past.stores, past.merchants, cut)
    if cut.template_arcs == 1:
        everybody = np.arange(past.merchants)
        return Stock(everybody, seat, np.zeros(past.merchants))
    rounds = -(-cut.viewers // cut.ring)
    merchant = np.tile(np.arange(past.merchants), rounds)
    place = (seat[merchant] - cut.first) % cut.ring + np.repeat(np.arange(rounds), past.merchants) * cut.ring
    merchant, place = merchant[place < cut.viewers], place[place < cut.viewers]
    aside = on_the_circle(past.stores.style[merchant] - cut.arcs_to(seat[merchant]), cut.template_arcs)
    return Stock(merchant, place, aside)


def cut_stores(past: Past, stock: Stock, cut: Cut) -> StoreColumns:
    """Columns of the stores that come along, on all platforms of the past."""
    rows = np.concatenate([p * past.merchants + stock.merchant for p in range(len(past.platforms))])
    stores = rows_of(past.stores, rows)
    if cut.template_arcs == 1:
        return stores
    style = (stock.aside + cut.arcs_to(cut.first + stock.place) - cut.first_arc) % cut.arcs
    home = np.where(stores.neighbourhood >= 0, np.tile(stock.place // cut.size, len(past.platforms)), -1)
    reach = np.where(stores.sells_to == EVERYBODY, 0, stores.sells_to - stores.sells_from)
    first, last = delivery_area(home.astype(np.int32), reach, cut.size, cut.viewers)
    return stores._replace(
        style=np.tile(style, len(past.platforms)).astype(np.float32),
        neighbourhood=home.astype(np.int32),
        sells_from=first,
        sells_to=last,
    )


def cut_ties(past: Past, stock: Stock, stores: StoreColumns, cut: Cut) -> Ties:
    """Ties of the viewers of a world to its stores; two that lead to the same store become the first."""
    ties = rows_of(past.ties, cut.origin)
    held = ties.store != EMPTY
    row = np.broadcast_to(np.arange(cut.viewers)[:, None], held.shape)[held]
    before = ties.store[held]
    platform, merchant = before // past.merchants, before % past.merchants
    seat = seats(past.stores, past.merchants, cut)[merchant]
    ahead = on_the_circle(seat - cut.origin[row], cut.ring).astype(np.int64)
    wanted = (row + ahead) % cut.viewers if cut.template_arcs > 1 else seat
    found = _same_or_nearest(past, stock, merchant, wanted, cut)
    many = len(stock.merchant)
    store = np.full(held.shape, EMPTY, np.int32)
    store[held] = np.where(found >= 0, platform * many + found, EMPTY)
    store[_doubled(store)] = EMPTY
    return ties._replace(store=store, flags=np.where(store == EMPTY, 0, ties.flags).astype(np.uint8))


def _same_or_nearest(
    past: Past, stock: Stock, merchant: np.ndarray, wanted: np.ndarray, cut: Cut
) -> np.ndarray:
    """Merchant of the world for each of the template's, wanted at a place: itself if it is there, else the
    nearest of its category and status, or -1 without any."""
    order = np.lexsort([stock.place, stock.merchant])
    keys = (stock.merchant * cut.viewers + stock.place)[order]
    at = np.searchsorted(keys, merchant * cut.viewers + wanted)
    at = np.minimum(at, max(0, len(keys) - 1))
    if len(keys) == 0:
        return np.full(len(merchant), -1)
    itself = keys[at] == merchant * cut.viewers + wanted
    found = np.where(itself, order[at], -1)
    status = past.stores.status[: past.merchants]
    kind = past.stores.category[: past.merchants].astype(np.int64) * 8 + status
    for which in np.unique(kind[merchant[~itself]]):
        mine = np.flatnonzero(~itself & (kind[merchant] == which))
        there = np.flatnonzero(kind[stock.merchant] == which)
        if len(there):
            found[mine] = there[_nearest(stock.place[there], wanted[mine], cut.viewers)]
    return found


def _nearest(places: np.ndarray, wanted: np.ndarray, around: int) -> np.ndarray:
    """Which of `places` on a circle is nearest to each of those wanted."""
    order = np.argsort(places, kind="stable")
    sorted_places = places[order]
    after = np.searchsorted(sorted_places, wanted) % len(places)
    before = after - 1
    far = [abs(on_the_circle(sorted_places[side] - wanted, around)) for side in (before, after)]
    return order[np.where(far[0] < far[1], before, after) % len(places)]


def _doubled(store: np.ndarray) -> np.ndarray:
    """Slots that hold a store which an earlier slot of the row holds."""
    order = np.argsort(store, axis=1, kind="stable")
    ordered = np.take_along_axis(store, order, axis=1)
    again = np.zeros(store.shape, bool)
    again[:, 1:] = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] != EMPTY)
    doubled = np.zeros(store.shape, bool)
    np.put_along_axis(doubled, order, again, axis=1)
    return doubled


def cut_past(template: Template, cut: Cut) -> Past:
    """The past of a world: state of its viewers and stores, and the ties between them."""
    past, stock = template.past, cut_stock(template.past, cut)
    stores = cut_stores(past, stock, cut)
    ties = cut_ties(past, stock, stores, cut)
    fan = (ties.store != EMPTY) & (ties.flags & SUBSCRIBED > 0)
    stores.fans[:] = np.bincount(ties.store[fan], minlength=len(stores.fans))
    member = (ties.store != EMPTY) & (ties.flags & MEMBER > 0)
    stores.members[:] = np.bincount(ties.store[member], minlength=len(stores.members))
    state = {name: past.viewers[name][cut.origin] for name in STATE}
    state["fan_ties"] = fan.sum(axis=1).astype(np.int16)
    rows = np.concatenate([p * past.merchants + stock.merchant for p in range(len(past.platforms))])
    return Past(past.platforms, past.days, len(stock.merchant), state, stores, ties, past.pushes[:, rows])
