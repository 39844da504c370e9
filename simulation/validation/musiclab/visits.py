"""One participant after another on a page of songs: the compiled part of `musiclab`.

Listening is the simulator's choice of a room, downloading its purchase; the functions called here
are those that the simulator itself runs (`behaviour.choosing`, `behaviour.buying`,
`platforms.channels.hot_list`).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...behaviour.buying import Cues, purchase_probability
from ...behaviour.choosing import HIGHEST_UTILITY, interest_fit, pick, room_utility
from ...platforms.channels.hot_list import rank_appeal
from ...scenario.sections.channels import MAX_OPTIONS
from ...state.columns import Bytes, Floats, Longs, Shorts
from ...state.compiled import kernel, rule
from ...state.luck import decision, uniform
from ...state.niches import taste_distance

SLATES = decision("musiclab: which songs of the page make a slate")
COLUMN = decision("musiclab: random order of a column, and of songs level in counts")
SLATE_READ = decision("musiclab: whether a slate of the page is looked at")
LISTEN = decision("musiclab: which song of a slate to listen to")
DOWNLOAD = decision("musiclab: downloading a song listened to")
NO_TRUST = 0.0
"""Bands are unknown, and nobody has friends on the page."""
USUAL_PRICE = 0.0
"""Log of price over usual price: songs are all free, so none is dearer than another."""
ANY_SENSITIVITY = 0.0
"""Price sensitivity, which does not count at the usual price."""


class Participants(NamedTuple):
    """Traits of participants; arrays of shape (participants,) unless said otherwise."""

    interest: Floats  # (participants, genres), 0..1
    taste: Floats  # position on a circle of circumference 1
    impulse: Floats  # 0..1
    crowd: Floats  # susceptibility to crowd cues, mean 1


class Songs(NamedTuple):
    """Traits of songs; arrays of shape (songs,)."""

    genre: Shorts
    style: Floats  # position on the circle of tastes
    quality: Floats  # stands where a room has its host's skill, 0.5 is neutral


class Page(NamedTuple):
    """How songs are shown."""

    shows_counts: bool  # earlier downloads stand beside each song
    in_column: bool  # one column, so that place matters; else a grid without an order
    reads_down: bool  # slates of a column go down the list; else they lie all over the page
    attention: float  # chance that a participant looks at a slate


class Site(NamedTuple):
    """Everything that stays the same while participants come and go."""

    people: Participants
    songs: Songs
    page: Page
    choice: Any  # parameters of the choice rule
    purchase: Any  # parameters of the purchase rule
    key: np.uint64  # luck of this experiment


class PageScratch(NamedTuple):
    """Space that the kernel needs, as it allocates nothing."""

    order: Longs  # (songs,), songs as they come in slates
    column: Longs  # (songs,), songs from the top of the column
    place: Longs  # (songs,), place of each song in the column, from 1
    attraction: NDArray[np.float64]  # (MAX_OPTIONS,)


def scratch_for(songs: int) -> PageScratch:
    """Space for pages of `songs` songs."""
    order, column, place = np.empty((3, songs), np.int64)
    return PageScratch(order, column, place, np.empty(MAX_OPTIONS))


@rule
def shuffle(order, key, what, person):
    """Put songs into a random order of the participant's own (Fisher and Yates), in place."""
    for place in range(order.shape[0]):
        order[place] = place
    for place in range(order.shape[0] - 1, 0, -1):
        other = int(uniform(key, what, 0, person, place) * (place + 1))
        held = order[place]
        order[place] = order[other]
        order[other] = held


@rule
def sort_by_count(order, counts):
    """Sort songs by downloads, most first, in place; ties stay in the order found."""
    for place in range(1, order.shape[0]):
        song = order[place]
        before = place - 1
        while before >= 0 and counts[order[before]] < counts[song]:
            order[before + 1] = order[before]
            before -= 1
        order[before + 1] = song


@rule
def lay_out(site, scratch, counts, person):
    """Arrange the page for a participant: its slates and, in a column, each song's place."""
    page = site.page
    shuffle(scratch.order, site.key, SLATES, person)
    if not page.in_column:
        return
    shuffle(scratch.column, site.key, COLUMN, person)
    if page.shows_counts:
        sort_by_count(scratch.column, counts)
    for place in range(scratch.column.shape[0]):
        scratch.place[scratch.column[place]] = place + 1
        if page.reads_down:
            scratch.order[place] = scratch.column[place]


@rule
def song_fit(site, person, song):
    """`interest_fit` of a participant and a song."""
    people, songs = site.people, site.songs
    distance = taste_distance(people.taste[person], songs.style[song], 1)
    return interest_fit(people.interest[person, songs.genre[song]], distance, site.choice.taste_weight)


@rule
def crowd_cue(counts, song, shows_counts):
    """``log(1 + downloads)`` where counts are shown, else 0: the form of a room's crowd cue."""
    return math.log(1.0 + counts[song]) if shows_counts else 0.0


@rule
def song_chosen(site, scratch, counts, person, first, options):
    """Song that the participant listens to, of the slate that begins at `first`, or -1."""
    page, choice = site.page, site.choice
    for option in range(options):
        song = scratch.order[first + option]
        appeal = rank_appeal(scratch.place[song], choice.rank_weight) if page.in_column else 0.0
        utility = room_utility(
            song_fit(site, person, song),
            NO_TRUST,
            crowd_cue(counts, song, page.shows_counts),
            site.people.crowd[person],
            appeal,
            choice,
        )
        scratch.attraction[option] = math.exp(min(utility, HIGHEST_UTILITY))
    option = pick(uniform(site.key, LISTEN, 0, person, first), scratch.attraction, options)
    return scratch.order[first + option] if option >= 0 else -1


@rule
def is_downloaded(site, counts, person, song):
    """Whether a participant who listened to `song` downloads it."""
    people, cue = site.people, crowd_cue(counts, song, site.page.shows_counts)
    cues = Cues(
        site.songs.quality[song],
        people.impulse[person],
        USUAL_PRICE,
        ANY_SENSITIVITY,
        people.crowd[person] * cue,
    )
    chance = purchase_probability(song_fit(site, person, song), NO_TRUST, cues, site.purchase)
    return uniform(site.key, DOWNLOAD, 0, person, song) < chance


@kernel
def visit_page(
    site: Site, scratch: PageScratch, counts: Longs, listens: Bytes, downloads: Bytes, first_person: int
) -> None:
    """Let participants `first_person` onwards visit the page one after another.

    Parameters
    ----------
    site : Site
    scratch : Scratch
    counts : array of int64, shape (songs,)
        Downloads so far in this world; updated when a participant leaves.
    listens, downloads : array of uint8, shape (visitors, songs)
        All 0 at first; set to 1 where a visitor listened to, or downloaded, a song.
    first_person : int
        Row of ``site.people`` of the first visitor.
    """
    songs = scratch.order.shape[0]
    for visitor in range(downloads.shape[0]):
        person = first_person + visitor
        lay_out(site, scratch, counts, person)
        for first in range(0, songs, MAX_OPTIONS):
            if uniform(site.key, SLATE_READ, 0, person, first) >= site.page.attention:
                continue
            options = min(MAX_OPTIONS, songs - first)
            song = song_chosen(site, scratch, counts, person, first, options)
            if song < 0:
                continue
            listens[visitor, song] = 1
            if is_downloaded(site, counts, person, song):
                downloads[visitor, song] = 1
        for song in range(songs):
            counts[song] += downloads[visitor, song]


def visits(site: Site, first_person: int, visitors: int) -> tuple[Bytes, Bytes]:
    """Listens and downloads of participants `first_person` to `first_person + visitors` in one world.

    Returns
    -------
    listens, downloads : array of uint8, shape (visitors, songs)
        1 where that participant listened to, or downloaded, that song.
    """
    listens = np.zeros((visitors, len(site.songs.quality)), np.uint8)
    downloads = np.zeros_like(listens)
    counts = np.zeros(len(site.songs.quality), np.int64)
    visit_page(site, scratch_for(len(site.songs.quality)), counts, listens, downloads, first_person)
    return listens, downloads
