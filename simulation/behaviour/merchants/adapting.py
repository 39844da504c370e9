"""Phase 7, merchants adapt at regular reviews: streams, advertisements, community work.

Small firms adjust by feedback rather than by optimising (Cyert and March 1963): what has paid is
done more, what has not is done less.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...state.columns import OPEN, Longs, StoreColumns
from ...state.compiled import kernel, rule

LEAST_WORK, MOST_WORK = 0.1, 10.0
"""Community work stays between these, relative to the archetype's."""
MOST_LOSSES = 200


@rule
def revised_streams(streams, profit, shopkeeping):
    """Streams a week after a review: up by a step after profit, down by one after loss.

    ``streams * (1 +/- stream_step)`` within ``min_streams .. max_streams``: satisficing.
    """
    if profit > 0:
        revised = streams * (1.0 + shopkeeping.stream_step)
    elif profit < 0:
        revised = streams * (1.0 - shopkeeping.stream_step)
    else:
        revised = streams
    return min(max(revised, shopkeeping.min_streams), shopkeeping.max_streams)


@rule
def revised_budget(budget, ad_result, ad_step):
    """Ad budget after a review: ``budget * (1 +/- ad_step)`` as advertisements earned more than
    they cost, or less; unchanged if they did neither."""
    if ad_result > 0:
        return budget * (1.0 + ad_step)
    if ad_result < 0:
        return budget * (1.0 - ad_step)
    return budget


@rule
def revised_direction(direction, profit, last_profit):
    """Where to move community work: on as before if profit rose or stayed, else back; on at the
    first review, when there is nothing to compare with.

    Learning direction theory (Selten and Stoecker 1986).
    """
    return direction if profit >= last_profit else -direction


@rule
def revised_work(work, direction, work_step):
    """Community work after a review: ``work * (1 + direction * work_step)`` within 0.1 .. 10; 0 stays 0."""
    if work == 0.0:
        return 0.0
    return min(max(work * (1.0 + direction * work_step), LEAST_WORK), MOST_WORK)


def due_for_review(merchants: StoreColumns, review_days: int, day: int) -> Longs:
    """Rows of open stores whose review is due: every `review_days` days since they opened."""
    age = day - merchants.arrival.astype(np.int64) + 1
    return np.flatnonzero((merchants.status == OPEN) & (age % review_days == 0) & (age > 0))


@kernel
def adapt_by_feedback(merchants: StoreColumns, due: Longs, shopkeeping: Any) -> None:
    """The rule ``feedback``: streams by profit, ads by their return, community work by direction."""
    for row in due:
        profit = merchants.review_profit[row]
        merchants.streams[row] = revised_streams(merchants.streams[row], profit, shopkeeping)
        merchants.ad_budget[row] = revised_budget(
            merchants.ad_budget[row], merchants.ad_result[row], shopkeeping.ad_step
        )
        merchants.work_direction[row] = revised_direction(
            merchants.work_direction[row], profit, merchants.last_profit[row]
        )
        merchants.community_work[row] = revised_work(
            merchants.community_work[row], merchants.work_direction[row], shopkeeping.work_step
        )


def begin_next_period(merchants: StoreColumns, due: Longs) -> None:
    """After a review: remember the period's profit and count anew."""
    merchants.losses[due] = np.where(
        merchants.review_profit[due] < 0, np.minimum(merchants.losses[due] + 1, MOST_LOSSES), 0
    )
    merchants.last_profit[due] = merchants.review_profit[due]
    merchants.review_profit[due] = 0
    merchants.ad_result[due] = 0
