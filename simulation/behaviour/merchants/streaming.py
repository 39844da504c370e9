"""Phase 1, merchants plan: for how many hours a store streams, when, and what the hours do."""

from __future__ import annotations

import math

from ...state.columns import OFF_AIR
from ...state.compiled import rule
from ...state.luck import decision, normal, uniform

BEGIN = decision("streams: at which moment of the day one begins")
MOST_HOURS = 24.0
ROUNDING = 1e-9
"""Share of a part of the day that is none."""


@rule
def hours_today(one, other, usual_hours, hours_sigma):
    """Hours of a stream, lognormal around the store's median: ``usual exp(hours_sigma z)``, at most 24."""
    return min(MOST_HOURS, usual_hours * math.exp(hours_sigma * normal(one, other)))


@rule
def relative_length(hours, usual_hours, hours_sigma):
    """Hours over the mean of the store's streams, ``usual exp(hours_sigma^2 / 2)``: 1 on average, were no
    stream cut at `MOST_HOURS`.

    That takes 2% of the mean at a median of 4.4 hours and a spread of .76, 8% at 8 hours and 17% at 12.
    """
    return hours / (usual_hours * math.exp(0.5 * hours_sigma * hours_sigma))


@rule
def exposure(length, relative_hours):
    """Hours of a stream over the mean of all streams.

    The platform's pages show a room while it is on air, so in proportion to this: the feed by its slots,
    others by its logarithm in the utility of entering. Where the day has parts, `cover` stands in its
    place. A link waits in groups until members open them, however long the stream is, and a friend's card is
    read when it comes.
    """
    return relative_hours * length


@rule
def begin_stream(stores, row, luck, hours_sigma):
    """Settle the hours of a store that streams today; `luck` is two uniform numbers."""
    hours = hours_today(luck[0], luck[1], stores.usual_hours[row], hours_sigma)
    stores.hours[row] = hours
    stores.length[row] = relative_length(hours, stores.usual_hours[row], hours_sigma)
    stores.on_air[row] = math.log(exposure(stores.length[row], stores.relative_hours[row]))


@rule
def cover(begins, lasts, part, parts):
    """Share of one of `parts` equal parts of the day for which a stream is on air.

    It `begins` at a moment from 0 to 1 of the day and `lasts` for a share of it; what would run past the
    end of the day is on air at its beginning. With K = [k/p, (k + 1)/p) and the length of an interval in
    bars, ``p (|[b, b + l) & K| + |[0, b + l - 1) & K|)``; the mean over all parts is l.
    """
    first, last = part / parts, (part + 1) / parts
    ends = begins + min(1.0, lasts)
    today = min(ends, last) - max(begins, first)
    past_midnight = min(ends - 1.0, last) - first
    return min(1.0, parts * (max(0.0, today) + max(0.0, past_midnight)))


@rule
def go_on_air(world, row):
    """Note in which parts of the day a store that streams today is on air, from a moment drawn evenly."""
    parts, streams = world.on_air.shape[1], world.rules.streams
    if parts == 1:
        world.on_air[row, 0] = world.stores.on_air[row]
        return
    begins = uniform(world.key, BEGIN, world.day, row, 0)
    for part in range(parts):
        share = cover(begins, world.stores.hours[row] / streams.day_hours, part, parts)
        world.on_air[row, part] = math.log(share) if share > ROUNDING else OFF_AIR
