"""Surfaces: the channels of all platforms in a row, as kernels see them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .columns import Bytes, Ints, Longs

NO_SURFACE = 255


class Surfaces(NamedTuple):
    """Channels of all platforms; arrays of shape (surfaces,) or (platforms,) as said."""

    platform: Bytes  # (surfaces,)
    by_links: Bytes  # (surfaces,), 1 if offers are friends' links
    by_ads: Bytes  # (surfaces,), 1 if merchants pay for offers
    private: Bytes  # (surfaces,), 1 if only those whom the merchant or a friend reaches see it
    first: Ints  # (platforms + 1,), first surface of each platform
    share: Bytes  # (platforms,), surface that friends' links count for, or NO_SURFACE
    group: Bytes  # (platforms,), surface that calls to groups count for, or NO_SURFACE


class Pull(NamedTuple):
    """How often people open the platforms today, and which of their channels."""

    openings: NDArray[np.float64]  # (platforms,), relative to the base; 0 before the launch
    cumulative: NDArray[np.float64]  # (surfaces,), rising to 1 within each platform
    opens: NDArray[np.float64]  # (surfaces,), share of links that can be opened: 1 - link_friction
    notices: NDArray[np.float64]  # (platforms,), share of streams that followers are told of
    groups_on: Bytes  # (platforms,), surface of the merchants' groups, or NO_SURFACE
    follow_on: Bytes  # (platforms,), surface of the followed, or NO_SURFACE
    turns: Longs  # (platforms,), in which order they are opened today


class GroupPrices(NamedTuple):
    """Terms of group buying; arrays of shape (platforms,). All zero where there is none."""

    size: Ints
    discount: NDArray[np.float64]
    invite_rate: NDArray[np.float64]
