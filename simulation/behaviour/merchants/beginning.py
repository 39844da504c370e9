"""Merchants who bring nobody along: what they begin to do when they make a loss.

They search where the problem is, one way after another (problemistic search, Cyert and March 1963): run a
group, which costs what winning and looking after members costs, or buy traffic. Whichever they have begun is
then revised like anybody's (`adapting`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...state.columns import FEN, Longs, StoreColumns
from ...state.compiled import kernel, rule
from ...state.luck import decision, uniform

FIRST_EFFORT = decision("beginning: buy traffic or run a group first")
NOTHING, GROUP, ADS = 0, 1, 2
"""Ways to begin; bits of what has been tried."""


@rule
def next_effort(luck, profit, tried, open_ways, ads_first):
    """What a merchant begins at a review: nothing without a loss, else a way that is open and not yet tried.

    Of both it buys traffic with chance `ads_first`. `tried` and `open_ways` are sums of GROUP and ADS.
    """
    left = open_ways & ~tried
    if profit >= 0 or left == NOTHING:
        return NOTHING
    if left == GROUP | ADS:
        return ADS if luck < ads_first else GROUP
    return left


@kernel
def begin_efforts(
    stores: StoreColumns, due: Longs, shopkeeping: Any, key: np.uint64, sells_ads: NDArray[np.bool_]
) -> None:
    """Stores whose review is due begin to run a group or to advertise (`next_effort`).

    Only those that do not run a group, or did not at first, are still looking; `sells_ads` has shape
    (platforms,).
    """
    merchants = stores.status.shape[0] // sells_ads.shape[0]
    for row in due:
        if stores.tried[row] == NOTHING and stores.community_work[row] > 0.0:
            continue
        ways = GROUP | ADS if sells_ads[stores.platform[row]] else GROUP
        luck = uniform(key, FIRST_EFFORT, 0, row % merchants, 0)
        effort = next_effort(luck, stores.review_profit[row], stores.tried[row], ways, shopkeeping.ads_first)
        stores.tried[row] |= effort
        if effort == GROUP:
            stores.community_work[row] = 1.0
        elif effort == ADS:
            stores.ad_budget[row] = max(stores.ad_budget[row], shopkeeping.first_ad_budget * FEN)
