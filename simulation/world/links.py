"""Friends' links on their way: from those who shared to those who noticed, wave by wave."""

from __future__ import annotations

import numpy as np

from ..behaviour.sharing.acquaintances import FOURS, MOST_ACQUAINTANCES
from ..behaviour.sharing.boards import put_up, read_boards
from ..behaviour.sharing.friends import Desk, deliver_links
from ..platforms.channels.share import open_links
from ..state.columns import FriendshipGraph
from ..state.waves import DIRECT, NO_ROOM, Links, new_links
from ..state.world import Shard, World
from .posts import Posts
from .threads import Shards

SIZE_CLASSES = 24


class LinkPost:
    """Delivers shared links and keeps count of the cascades of one day.

    Attributes
    ----------
    links : Links
        Those noticed in the present wave.
    posts : Posts
        Who passed on whose link today.
    """

    def __init__(self, friendships: FriendshipGraph, stores: int):
        most_friends = int(np.diff(friendships.start).max(initial=0))
        self._weights = np.zeros(most_friends)
        self._luck = np.zeros((4, max(FOURS, most_friends // 4 + 1)), np.uint32)
        self._rooms: list[Links] = []
        self._cascades = np.zeros(1, np.int32)
        self.links = new_links(0)
        self.posts = Posts(stores)

    def start_day(self) -> None:
        """Forget yesterday's cascades."""
        self._cascades = np.zeros(1, np.int32)
        self.posts.start_day()

    def deliver(self, shards: Shards, world: World, wave_number: int) -> bool:
        """Turn links shared in the last wave into occasions of this one; False if there are none."""
        begun = sum(int(shard.shares.rows[0]) for shard in shards)
        if begun == 0:
            return False
        self.posts.add_wave(shards)
        self._grow(begun)
        received = [self._to_friends(shard, world, number) for number, shard in enumerate(shards)]
        received += self._into_groups(shards, world, len(received))
        links = self.links = Links(*(np.concatenate(columns) for columns in zip(*received, strict=True)))
        order = np.lexsort((links.surface, links.receiver))  # stable: earlier links come first
        by_receiver = links.receiver[order]

        def open_for(shard: Shard) -> None:
            first, last = np.searchsorted(by_receiver, (shard.first, shard.last))
            open_links(world, shard, links, order, (int(first), int(last)), wave_number)

        shards.each(open_for)
        return len(order) > 0

    def _room(self, number: int, capacity: int) -> Links:
        """Room for `capacity` links or more, the same from wave to wave while it is large enough."""
        while len(self._rooms) <= number:
            self._rooms.append(new_links(0))
        if len(self._rooms[number].receiver) < capacity:
            self._rooms[number] = new_links(2 * capacity)
        return self._rooms[number]

    def _to_friends(self, shard: Shard, world: World, number: int) -> Links:
        """Links that friends and acquaintances of the shard's senders notice."""
        start, shares = world.friendships.start, shard.shares
        rows = int(shares.rows[0])
        sender = shares.sender[:rows]
        friends = int((start[sender + 1] - start[sender]).sum())
        broadcasts = int(np.count_nonzero(shares.way[:rows] != DIRECT))
        room = self._room(number, friends + broadcasts * MOST_ACQUAINTANCES)
        count = deliver_links(world, shares, room, Desk(self._cascades, self._weights, self._luck))
        return Links._make(column[:count] for column in room)

    def _into_groups(self, shards: Shards, world: World, first: int) -> list[Links]:
        """Links that members of groups notice, into which they were reposted: of each shard."""
        boards = put_up([shard.shares for shard in shards], world.key, world.day, len(world.stores.status))
        if boards is None:
            return []
        noticed = []
        for number, shard in enumerate(shards, first):
            room = self._room(number, 0)
            count = read_boards(world, shard, boards, room)
            if count > len(room.receiver):
                room = self._room(number, count)
                read_boards(world, shard, boards, room)
            noticed.append(Links._make(column[:count] for column in room))
        return noticed

    def _grow(self, begun: int) -> None:
        """Make room for `begun` more cascades; the last entry stays the count."""
        count = self._cascades[-1]
        grown = np.zeros(int(count) + begun + 1, np.int32)
        grown[:count] = self._cascades[:count]
        grown[-1] = count
        self._cascades = grown

    def count_adopters(self, shards: Shards) -> None:
        """Add those who came by a link in this wave to the cascade that brought them."""
        self.posts.count_orders(shards)
        for shard in shards:
            rows = int(shard.wave.rows[0])
            came = shard.wave.chosen[:rows] != NO_ROOM
            roots = shard.wave.root[:rows][came]
            counts = np.bincount(roots, minlength=len(self._cascades) - 1)
            self._cascades[:-1] += counts.astype(np.int32)

    def sizes(self) -> np.ndarray:
        """Number of today's cascades by adopters: 0, 1, 2, .. with the last class open."""
        count = int(self._cascades[-1])
        return np.bincount(np.minimum(self._cascades[:count], SIZE_CLASSES - 1), minlength=SIZE_CLASSES)
