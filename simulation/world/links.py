"""Friends' links on their way: from those who shared to those who noticed, wave by wave."""

from __future__ import annotations

import numpy as np

from ..behaviour.sharing.acquaintances import FOURS
from ..behaviour.sharing.boards import put_up, read_boards
from ..behaviour.sharing.friends import Desk, deliver_links, most_receivers
from ..behaviour.sharing.posts import CASCADES, count_adopters, enter_posts, new_posts, write_posts
from ..platforms.channels.share import SURFACES, open_links
from ..state.columns import FriendshipGraph, Longs, copy_rows
from ..state.compilation.held import hold, hold_others
from ..state.ledger import Ledger
from ..state.waves import Links, new_links
from ..state.world import Shard, World
from .threads import Shards

SIZE_CLASSES = 24


class LinkPost:
    """Delivers shared links and keeps count of the cascades of one day.

    Attributes
    ----------
    links : Links
        Those noticed in the present wave, and room for more.
    count : int
        How many they are.
    posts : Posts
        Who passed on whose link today.
    """

    def __init__(self, friendships: FriendshipGraph, threads: int):
        most_friends = int(np.diff(friendships.start).max(initial=0))
        luck = (4, max(FOURS, most_friends // 4 + 1))
        self._desks = [Desk(np.zeros(most_friends), np.zeros(luck, np.uint32)) for _ in range(threads)]
        self.links, self.count = hold(new_links(0)), 0
        self._read: dict[int, Links] = {}
        self.posts = hold(new_posts(0))

    def start_day(self) -> None:
        """Forget yesterday's posts."""
        self.posts.numbers[:] = 0

    def deliver(self, shards: Shards, world: World, wave_number: int) -> bool:
        """Turn links shared in the last wave into occasions of this one; False if there are none."""
        begun = sum(int(shard.shares.rows[0]) for shard in shards)
        if begun == 0:
            return False
        self._number_posts(shards, begun)
        self._bring_to_friends(shards, world, begun)
        self._put_into_groups(shards, world)
        links, order = self.links, self._by_receiver()

        def open_for(shard: Shard) -> None:
            span = (0, self.count)
            if len(shards) > 1:
                bounds = np.searchsorted(links.receiver[order], (shard.first, shard.last))
                span = (int(bounds[0]), int(bounds[1]))
            open_links(world, shard, links, order, span, wave_number)

        shards.each(open_for, self.count)
        return self.count > 0

    def _number_posts(self, shards: Shards, begun: int) -> None:
        """Number the `begun` links that were passed on in the wave just over."""
        needed = int(self.posts.numbers[0]) + begun
        if needed > len(self.posts.above):
            self.posts = hold_others(self.posts, copy_rows(self.posts, new_posts(2 * needed)))
        for shard in shards:
            write_posts(self.posts, shard.shares)

    def _make_room(self, count: int) -> None:
        """Have room for `count` links."""
        if len(self.links.receiver) < count:
            self.links = hold_others(self.links, copy_rows(self.links, new_links(2 * count)))

    def _bring_to_friends(self, shards: Shards, world: World, begun: int) -> None:
        """Links that friends and acquaintances notice, those of each shard's senders after those before."""
        most = [most_receivers(world, shard.shares) for shard in shards]
        first = {shard.first: sum(most[:number]) for number, shard in enumerate(shards)}
        self._make_room(sum(most))
        desks = dict(zip(first, self._desks, strict=True))

        def deliver(shard: Shard) -> int:
            begin = first[shard.first]
            return deliver_links(world, shard.shares, self.links, begin, desks[shard.first])

        self.count = 0
        for begin, end in zip(first.values(), shards.each(deliver, begun), strict=True):
            self._append(self.links, begin, end)

    def _put_into_groups(self, shards: Shards, world: World) -> None:
        """After them, links that members notice in groups into which they were reposted."""
        boards = put_up([shard.shares for shard in shards], world.key, world.day, len(world.stores.status))
        if boards is None:
            return

        def read(shard: Shard) -> int:
            room = self._read.setdefault(shard.first, new_links(0))
            count = read_boards(world, shard, boards, room)
            if count > len(room.receiver):
                room = self._read[shard.first] = new_links(2 * count)
                read_boards(world, shard, boards, room)
            return count

        for shard, count in zip(shards, shards.each(read), strict=True):
            self._make_room(self.count + count)
            self._append(self._read[shard.first], 0, count)

    def _append(self, links: Links, first: int, last: int) -> None:
        """Put some of `links` after those that there are; nothing is moved where they stand there."""
        count = self.count + last - first
        column: np.ndarray
        found: np.ndarray
        if links is not self.links or self.count < first:
            for column, found in zip(self.links, links, strict=True):  # type: ignore[assignment]
                column[self.count : count] = found[first:last]
        self.count = count

    def _by_receiver(self) -> Longs:
        """Links in the order of receivers and surfaces; of one, earlier links come first."""
        receiver, surface = self.links.receiver[: self.count], self.links.surface[: self.count]
        place = receiver * np.int64(SURFACES) + surface
        return np.argsort(place, kind="stable")

    def count_adopters(self, shards: Shards) -> None:
        """Add those who came by a link in this wave to the cascade that brought them."""
        for shard in shards:
            count_adopters(self.posts, shard)

    def end_day(self, ledger: Ledger) -> np.ndarray:
        """Enter the day's counts in `ledger`; returns today's cascades by number of adopters: 0, 1, 2, ..,
        the last class open."""
        enter_posts(self.posts, ledger.totals)
        adopters = self.posts.adopters[: self.posts.numbers[CASCADES]]
        return np.bincount(np.minimum(adopters, SIZE_CLASSES - 1), minlength=SIZE_CLASSES)
