"""Cards and pages: what is entered of what is shown, and what visitors pass on."""

from __future__ import annotations

from ...state.ledger import VIRALITY_UNIT
from ..outcome import Outcome
from ..registry import AMOUNT, HIGHER, LOWER, MISSING, by_days, measure, ratio


@by_days
@measure("Visits per page shown", split="channel", better=HIGHER)
def entries_per_page(outcome: Outcome, channel: int | None) -> float:
    """Visits / occasions on which at least one room was offered. Missing where nothing was offered.

    By channel: entries per page of a feed, or per look at links of groups or friends.
    """
    return ratio(outcome.count("visits", channel), outcome.count("reach", channel))


@by_days
@measure("Links shared per visit", split="channel")
def share_rate(outcome: Outcome, channel: int | None) -> float:
    """Visits after which the link was passed on / visits. Missing without visits."""
    return ratio(outcome.count("shares", channel), outcome.count("visits", channel))


@by_days
@measure("Shared links that nobody passes on", better=LOWER)
def cascades_never_reposted(outcome: Outcome) -> float:
    """Cascades of shared links without a re-post, whether anybody came or not / cascades.

    A re-post is a share by somebody who came by the link. Missing without sharing.
    """
    cascades = outcome.journal.cascade_sizes.sum()
    return ratio(cascades - outcome.total("cascades_reposted").sum(), cascades)


@by_days
@measure("Re-posts of a shared link", unit="re-posts per cascade", better=HIGHER)
def reposts_per_cascade(outcome: Outcome) -> float:
    """Shares by people who came by a link / cascades. Missing without sharing."""
    return ratio(outcome.total("reposts").sum(), outcome.journal.cascade_sizes.sum())


@by_days
@measure("Structural virality of links passed on", unit="steps")
def structural_virality(outcome: Outcome) -> float:
    """Mean distance between two posts of a cascade, over cascades with a re-post.

    After Goel et al. (2016): 1 for a post and its re-post; nearly 2 for a star of many re-posts of one post;
    as many as a third of the posts for a chain. Missing without re-posts.
    """
    distances = outcome.total("virality").sum() / VIRALITY_UNIT
    return ratio(distances, outcome.total("cascades_reposted").sum())


@by_days
@measure("Orders per link that a buyer sends to a friend", unit="orders per link", bounds=AMOUNT)
def orders_per_buyer_card(outcome: Outcome) -> float:
    """Orders by links that people who had just ordered sent directly / such links, in expectation.

    A buyer who passes a link on directly sends it to ``sharing.direct_friends`` on average. Missing without
    such links.
    """
    if "share" not in outcome.channels:
        return MISSING
    sent = outcome.total("direct_by_buyers").sum() * outcome.scenario.sharing.direct_friends
    return ratio(outcome.total("orders_by_buyers").sum(), sent)
