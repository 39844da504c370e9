"""Phase 1, merchants plan: for how many hours a store streams, and what the hours do."""

from __future__ import annotations

import math

from ...state.compiled import rule
from ...state.luck import normal

MOST_HOURS = 24.0


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
    others by its logarithm in the utility of entering. A link waits in groups until members open them,
    however long the stream is, and a friend's card is read when it comes.
    """
    return relative_hours * length


@rule
def begin_stream(stores, row, luck, hours_sigma):
    """Settle the hours of a store that streams today; `luck` is two uniform numbers."""
    hours = hours_today(luck[0], luck[1], stores.usual_hours[row], hours_sigma)
    stores.hours[row] = hours
    stores.length[row] = relative_length(hours, stores.usual_hours[row], hours_sigma)
    stores.on_air[row] = math.log(exposure(stores.length[row], stores.relative_hours[row]))
