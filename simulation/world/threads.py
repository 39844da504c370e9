"""Viewers divided among threads: each shard has its own viewers, traffic and counts.

Kernels release the interpreter's lock, so shards run in parallel threads. A kernel writes only to
rows of its own viewers and to its own shard's counts, which are whole numbers; results therefore
do not depend on how many shards there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from ..state.compilation.held import hold
from ..state.ledger import Ledger
from ..state.waves import Wave, new_scratch, new_shares, new_wave
from ..state.world import Shard

Result = TypeVar("Result")
FEW_ROWS = 2_000
"""Of a wave, below which threads are not worth waking."""
ROWS_AT_A_TIME = 256
"""Occasions whose offers are appraised together, few enough to stay near the processor."""


class Shards:
    """All viewers, divided among `threads` threads.

    Parameters
    ----------
    viewers, most_occasions : int
        Viewers in all, and most occasions that one has in a day.
    counts : Ledger
        Of the shape that each shard's own is to have.
    threads : int
        Number of shards.
    platforms : int
        Platforms that each viewer may open.
    groups : bool
        Whether anybody may have to wait for a group to fill.
    """

    def __init__(
        self,
        viewers: int,
        most_occasions: int,
        counts: Ledger,
        threads: int,
        platforms: int = 1,
        groups: bool = False,
    ):
        self._made_of = viewers, most_occasions, counts, threads, platforms, groups
        bounds = np.linspace(0, viewers, max(1, min(threads, viewers)) + 1).astype(int)
        self._shards = [
            hold(
                Shard(
                    int(first),
                    int(last),
                    new_wave(
                        int(last - first) * (platforms * (most_occasions + 1) + 1)
                    ),  # for notices, a host
                    new_wave(int(last - first) * (most_occasions if groups else 0)),
                    new_shares(int(last - first) * most_occasions),
                    Ledger(*(np.zeros_like(column) for column in counts)),
                    new_scratch(ROWS_AT_A_TIME),
                )
            )
            for first, last in pairwise(bounds)
        ]
        self._waves = {shard.first: hold(shard.wave) for shard in self._shards}
        self._pool: ThreadPoolExecutor | None = None

    def __iter__(self) -> Iterator[Shard]:
        return iter(self._shards)

    def anew(self) -> Shards:
        """Shards for the same viewers, with nothing written in them yet."""
        return Shards(*self._made_of)

    def wave_of(self, shard: Shard) -> Wave:
        """The wave of a shard, for kernels that need no more of it."""
        return self._waves[shard.first]

    def __len__(self) -> int:
        return len(self._shards)

    def each(self, work: Callable[[Shard], Result], rows: int | None = None) -> list[Result]:
        """Do `work` on every shard, in parallel if there are several; returns what comes of each.

        Where it is said that there are few `rows` to work on they are done one after another, which takes
        less than having threads do it.
        """
        if len(self._shards) == 1 or (rows is not None and rows < FEW_ROWS):
            return [work(shard) for shard in self._shards]
        if self._pool is None:
            self._pool = ThreadPoolExecutor(len(self._shards))
        return list(self._pool.map(work, self._shards))

    def close(self) -> None:
        """End the threads; they begin anew if there is more to do."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_pool": None}  # threads are neither copied nor stored
