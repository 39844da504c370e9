"""Statistics of Salganik, Dodds and Watts (2006) over market shares of songs in parallel worlds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ...measures.registry import AMOUNT, FRACTION

Shares = NDArray[np.float64]
BOUNDS = {
    "rank_correlation": FRACTION.for_differences,
    "listens_per_person": AMOUNT,
    "downloads_per_person": AMOUNT,
}
"""What statistics can be; any other is a share."""


def market_shares(downloads: NDArray) -> Shares:
    """Each world's downloads as shares of its total, shape (worlds, songs).

    Parameters
    ----------
    downloads : array, shape (worlds, songs)
        Downloads of each song in each world.

    Returns
    -------
    array, shape (worlds, songs)
        Rows sum to 1; a world without any download is NaN throughout.
    """
    downloads = np.asarray(downloads, float)
    totals = downloads.sum(axis=1, keepdims=True)
    return np.divide(downloads, totals, out=np.full_like(downloads, np.nan), where=totals > 0)


def unpredictability(shares: Shares) -> float:
    """Mean over songs of the mean difference in market share between two worlds.

    ``U = mean_i u_i`` with ``u_i`` the mean of ``|m_ij - m_ik|`` over all pairs of worlds j < k
    (Salganik, Dodds and Watts 2006). A difference of shares, so 0 to ``2 / songs``.

    Parameters
    ----------
    shares : array, shape (worlds, songs)
        Market shares.

    Raises
    ------
    ValueError
        If there are fewer than two worlds.
    """
    if len(shares) < 2:
        raise ValueError("unpredictability compares worlds; give at least two")
    left, right = np.triu_indices(len(shares), 1)
    return float(np.abs(shares[left] - shares[right]).mean())


def split_shares(downloads: NDArray, luck: NDArray[np.float64]) -> NDArray[np.float64]:
    """Market shares in random halves of one population.

    Parameters
    ----------
    downloads : array, shape (people, songs)
        1 where a person downloaded a song.
    luck : array, shape (splits, people)
        Uniform numbers; the half of people with the lower ones makes the first half.

    Returns
    -------
    array, shape (splits, 2, songs)
    """
    half = luck.shape[1] // 2
    first = luck < np.partition(luck, half, axis=1)[:, half, np.newaxis]
    counts = first.astype(float) @ downloads.astype(float)
    both = np.stack([counts, downloads.sum(axis=0) - counts], axis=1)
    return market_shares(both.reshape(-1, both.shape[2])).reshape(both.shape)


def rank_correlation(shares: Shares, quality: Shares) -> float:
    """Spearman correlation of success and quality, mean over worlds.

    Parameters
    ----------
    shares : array, shape (worlds, songs)
        Market shares in worlds with social influence.
    quality : array, shape (songs,)
        Market shares among independent participants.
    """
    found = [stats.spearmanr(world, quality).statistic for world in shares]
    return float(np.mean(found))


def extremes(quality: Shares, share: float, best: bool) -> NDArray[np.int64]:
    """Songs that are the best (or the worst) `share` by quality, at least one; shape (many,)."""
    many = max(1, round(len(quality) * share))
    order = np.argsort(quality, kind="stable")
    return order[-many:] if best else order[:many]


def beyond_the_median(shares: Shares, songs: NDArray[np.int64], below: bool) -> float:
    """How often `songs` end below (or above) their world's median market share, 0..1."""
    medians = np.median(shares, axis=1, keepdims=True)
    chosen = shares[:, songs]
    return float((chosen < medians if below else chosen > medians).mean())


def top_retained(shares: Shares, quality: Shares, many: int = 5) -> float:
    """Of the `many` songs of the highest quality, the share that end among the `many` of the
    largest market share, mean over worlds."""
    best = set(np.argsort(-quality, kind="stable")[:many].tolist())
    winners = np.argsort(-shares, axis=1, kind="stable")[:, :many]
    return float(np.mean([len(best & set(world.tolist())) / many for world in winners]))
