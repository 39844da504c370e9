"""The line list: each visit, tie and share of one world, written to disk as days pass.

The journal counts; the line list says who, which room, through which channel, which friend and
when. A recorder only looks: a world runs the same with it and without it. Rows are agents, not
persons; a day's rows are sorted by viewer, so that they do not depend on threads.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..behaviour.grouping import is_full
from ..state.columns import FEN
from ..state.ties import EMPTY, SUBSCRIBED
from ..state.waves import BROADCAST, NO_ROOM, NO_ROOT, NOBODY
from .locations import Locations
from .world_state import WorldState

_WORLD = [("arm", pa.string()), ("replicate", pa.int32()), ("day", pa.int32())]
_PLACE = [("viewer", pa.int32()), ("merchant", pa.int32()), ("platform", pa.string())]
SCHEMAS = {
    "visits": pa.schema(
        [
            *_WORLD,
            ("wave", pa.int16()),
            *_PLACE,
            ("channel", pa.string()),
            ("friend", pa.int32()),
            ("cascade", pa.int32()),
            ("trust", pa.float32()),
            ("ordered", pa.bool_()),
            ("price", pa.float64()),
            ("group", pa.string()),
            ("leader", pa.int32()),
            ("satisfied", pa.bool_()),
            ("followed", pa.bool_()),
        ]
    ),
    "ties": pa.schema([*_WORLD, *_PLACE, ("event", pa.string())]),
    "shares": pa.schema(
        [
            *_WORLD,
            ("wave", pa.int16()),
            *_PLACE,
            ("channel", pa.string()),
            ("broadcast", pa.bool_()),
            ("cascade", pa.int32()),
            ("leader", pa.int32()),
        ]
    ),
}
"""Tables of the line list and their columns; what they mean stands in results/README.md."""

STARTING, CAME_ALONG, JOINED_OUTSIDE, FOLLOWED, LEFT, CROWDED_OUT = range(6)
EVENTS = ("starting", "came along", "joined outside", "followed", "left", "crowded out")
"""How ties of fans begin and end."""
BEGINNINGS, ENDINGS = EVENTS[:4], EVENTS[4:]
GROUPS = ("full", "not full")
"""What became of the group for which a visitor waited."""
ALONE, IN_FULL, IN_OPEN = -1, 0, 1
ROWS_IN_MEMORY = 100_000
"""Rows of a table kept in memory before they are written, and rows of a row group at most."""

_VISIT_COLUMNS = (
    "viewer",
    "chosen",
    "surface",
    "trust",
    "root",
    "sender",
    "leader",
    "price",
    "bought",
    "satisfied",
    "followed",
)
_SHARE_COLUMNS = ("sender", "store", "surface", "way", "root", "leader")

Columns = dict[str, np.ndarray]


class TableFile:
    """A Parquet file that grows by row groups.

    Parameters
    ----------
    path : Path
        File to write.
    schema : pa.Schema
        Its columns.
    """

    def __init__(self, path: Path, schema: pa.Schema):
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._waiting: list[pa.Table] = []

    def add(self, rows: pa.Table) -> None:
        """Take rows, and write what has come together once there is enough of it."""
        if len(rows):
            self._waiting.append(rows)
        if sum(len(part) for part in self._waiting) >= ROWS_IN_MEMORY:
            self._write()

    def close(self) -> None:
        """Write what is left and end the file."""
        self._write()
        self._writer.close()

    def _write(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=ROWS_IN_MEMORY)
            self._waiting = []


class Recorder:
    """Writes the line list of one world: visits, ties and shares.

    Parameters
    ----------
    folder : Path
        Folder for the three files.
    arm : str
        Name of the world's arm.
    replicate : int
        Its replication.
    model : WorldState
        The model, before its first day; give it the recorder as its attribute `recorder`.
    """

    def __init__(self, folder: Path, arm: str, replicate: int, model: WorldState):
        self._arm, self._replicate = arm, replicate
        market = model.marketplace
        self._platforms = [platform.name for platform in market.platforms]
        self._channels = [
            name.removeprefix(f"{self._platforms[market.surface_platform(surface)]}_")
            if len(market) > 1
            else name
            for surface, name in enumerate(market.names)
        ]
        self._many, self._rows = model.merchant_count, len(model.stores.status)
        self._files = {
            name: TableFile(part_file(folder, name, arm, replicate), schema)
            for name, schema in SCHEMAS.items()
        }
        self._subscribed = self._subscriptions(model)
        self._start_day()
        if len(self._subscribed):  # of a past
            self._tie_events(self._subscribed, STARTING)

    def followings_brought(self, model: WorldState, locations: Locations) -> None:
        """Note followings of merchants that open today: brought along from outside or elsewhere."""
        homes, opening = locations.homes, locations.opening
        arriving = np.flatnonzero((model.cast.roster.arrival == model.day) & (homes >= 0))
        if len(arriving) == 0 and not (opening >= 0).any():
            return
        start, members, _ = model.cast.private_domains
        brought = [
            members[start[merchant] : start[merchant + 1]] * np.int64(self._rows)
            + homes[merchant] * self._many
            + merchant
            for merchant in arriving
        ]
        starting = np.concatenate([np.empty(0, np.int64), *brought])
        self._tie_events(starting, STARTING)
        self._subscribed = np.union1d(self._subscribed, starting)
        self._compare_ties(model, CAME_ALONG)

    def morning_over(self, model: WorldState) -> None:
        """Note who joined a merchant's group outside the platform."""
        self._compare_ties(model, JOINED_OUTSIDE)

    def wave_over(self, model: WorldState, wave: int, by_links: bool) -> None:
        """Note the visits of a wave and, where there are links (`by_links`), those passed on after them."""
        for shard in model.shards:
            traffic = shard.wave
            came = np.flatnonzero(traffic.chosen[: traffic.rows[0]] != NO_ROOM)
            self._keep(self._visits, wave, {name: getattr(traffic, name)[came] for name in _VISIT_COLUMNS})
        if not by_links:
            return
        for shard in model.shards:
            shared = slice(0, int(shard.shares.rows[0]))
            columns = {name: getattr(shard.shares, name)[shared].copy() for name in _SHARE_COLUMNS}
            # Cascades are numbered as `deliver_links` does it: in the order of the shares that
            # begin them.
            begins = columns["root"] == NO_ROOT
            new = int(begins.sum())
            columns["root"][begins] = self._cascades + np.arange(new)
            self._cascades += new
            self._keep(self._shares, wave, columns)

    def groups_over(self, model: WorldState, sizes: list[np.ndarray]) -> None:
        """Note what became of those who waited for a group; `sizes` are their groups' members."""
        for shard, members in zip(model.shards, sizes, strict=True):
            rows = slice(0, int(shard.pending.rows[0]))
            waited = {
                name: getattr(shard.pending, name)[rows].copy()
                for name in ("viewer", "chosen", "bought", "satisfied", "price")
            }
            platform = model.stores.platform[waited["chosen"]]
            full = is_full.py_func(members, model.marketplace.groups.size[platform])
            waited["group"] = np.where(full, IN_FULL, IN_OPEN)
            self._waited.append(waited)

    def day_over(self, model: WorldState) -> None:
        """Write the day's rows, and forget them."""
        visits, shares = _joined(self._visits), _joined(self._shares)
        followed = np.empty(0, np.int64)
        if visits:
            self._settle_groups(visits)
            followed = self._keys(visits)[visits["followed"] == 1]
            self._files["visits"].add(self._visit_table(model.day, visits))
        if shares:
            self._files["shares"].add(self._share_table(model.day, shares))
        self._compare_ties(model, FOLLOWED, followed)
        self._files["ties"].add(self._tie_table(model.day))
        self._start_day()

    def close(self) -> None:
        """End the files."""
        for file in self._files.values():
            file.close()

    def _start_day(self) -> None:
        self._visits: list[Columns] = []
        self._shares: list[Columns] = []
        self._waited: list[Columns] = []
        self._ties: list[tuple[np.ndarray, int]] = []
        self._cascades = 0

    def _keep(self, into: list[Columns], wave: int, columns: Columns) -> None:
        columns["wave"] = np.full(len(next(iter(columns.values()))), wave, np.int16)
        into.append(columns)

    def _keys(self, visits: Columns) -> np.ndarray:
        """One number for a viewer and a store: nobody enters a room twice a day."""
        return visits["viewer"].astype(np.int64) * self._rows + visits["chosen"]

    def _settle_groups(self, visits: Columns) -> None:
        """Orders placed when groups were settled belong to visits earlier in the day."""
        visits["group"] = np.full(len(visits["viewer"]), ALONE)
        waited = _joined(self._waited)
        if not waited:
            return
        keys = self._keys(visits)
        order = np.argsort(keys)
        rows = order[np.searchsorted(keys, self._keys(waited), sorter=order)]
        for name in ("bought", "satisfied", "price", "group"):
            visits[name][rows] = waited[name]

    def _compare_ties(self, model: WorldState, cause: int, followed: np.ndarray | None = None) -> None:
        """Note ties that began (by `cause`) and ended since the last look.

        Visitors who `followed` are known one by one, so that whoever left and came back, or came
        and left, between two looks is not missed.
        """
        before, now = self._subscribed, self._subscriptions(model)
        begun = np.setdiff1d(now, before, assume_unique=True)
        ended = np.setdiff1d(before, now, assume_unique=True)
        if followed is not None:
            self._end_ties(model, np.intersect1d(followed, before))
            begun = np.union1d(begun, followed)
            ended = np.union1d(ended, np.setdiff1d(followed, now))
        self._tie_events(begun, cause)
        self._end_ties(model, ended)
        self._subscribed = now

    def _end_ties(self, model: WorldState, ended: np.ndarray) -> None:
        """Whoever leaves remembers the room; a tie that gave way to another is forgotten."""
        viewer, store = np.divmod(ended, max(self._rows, 1))
        remembered = (model.ties.store[viewer] == store[:, None]).any(axis=1)
        self._tie_events(ended[remembered], LEFT)
        self._tie_events(ended[~remembered], CROWDED_OUT)

    def _subscriptions(self, model: WorldState) -> np.ndarray:
        """Viewers and the stores that they follow now, as sorted keys."""
        ties = model.ties
        viewer, slot = np.nonzero((ties.flags & SUBSCRIBED > 0) & (ties.store != EMPTY))
        return np.sort(viewer * np.int64(self._rows) + ties.store[viewer, slot])

    def _tie_events(self, keys: np.ndarray, event: int) -> None:
        if len(keys):
            self._ties.append((keys, event))

    def _visit_table(self, day: int, visits: Columns) -> pa.Table:
        by_viewer = np.lexsort((visits["viewer"], visits["wave"]))
        rows = {name: column[by_viewer] for name, column in visits.items()}
        ordered, waited = rows["bought"] == 1, rows["group"] != ALONE
        return self._table(
            "visits",
            day,
            {
                "wave": rows["wave"],
                **self._place(rows["viewer"], rows["chosen"]),
                "channel": _words(self._channels, rows["surface"]),
                "friend": pa.array(rows["sender"], mask=rows["sender"] == NOBODY),
                "cascade": pa.array(rows["root"], mask=rows["root"] == NO_ROOT),
                "trust": rows["trust"],
                "ordered": ordered,
                "price": pa.array(rows["price"] / FEN, mask=~ordered),
                "group": _words(GROUPS, rows["group"], missing=~waited),
                "leader": pa.array(rows["leader"], mask=~waited),
                "satisfied": pa.array(rows["satisfied"] == 1, mask=~ordered),
                "followed": rows["followed"] == 1,
            },
        )

    def _share_table(self, day: int, shares: Columns) -> pa.Table:
        by_sender = np.lexsort((shares["sender"], shares["wave"]))
        rows = {name: column[by_sender] for name, column in shares.items()}
        return self._table(
            "shares",
            day,
            {
                "wave": rows["wave"],
                **self._place(rows["sender"], rows["store"]),
                "channel": _words(self._channels, rows["surface"]),
                "broadcast": rows["way"] == BROADCAST,
                "cascade": rows["root"],
                "leader": pa.array(rows["leader"], mask=rows["leader"] == NOBODY),
            },
        )

    def _tie_table(self, day: int) -> pa.Table:
        none = np.empty(0, np.int64)
        keys = np.concatenate([none, *(keys for keys, _ in self._ties)])
        events = np.concatenate([none, *(np.full(len(keys), event) for keys, event in self._ties)])
        order = np.argsort(keys, kind="stable")  # what happened first to the same tie stays first
        viewer, store = np.divmod(keys[order], max(self._rows, 1))
        return self._table(
            "ties", day, {**self._place(viewer, store), "event": _words(EVENTS, events[order])}
        )

    def _place(self, viewer: np.ndarray, store: np.ndarray) -> dict[str, np.ndarray | pa.Array]:
        """Viewer, merchant and platform of rows in stores."""
        platform, merchant = np.divmod(store, max(self._many, 1))
        return {"viewer": viewer, "merchant": merchant, "platform": _words(self._platforms, platform)}

    def _table(self, name: str, day: int, columns: dict[str, np.ndarray | pa.Array]) -> pa.Table:
        rows = len(columns["viewer"])
        world = {
            "arm": pa.repeat(self._arm, rows),
            "replicate": np.full(rows, self._replicate),
            "day": np.full(rows, day),
        }
        arrays = [
            (pa.array(column) if isinstance(column, np.ndarray) else column).cast(field.type)
            for field, column in zip(SCHEMAS[name], (world | columns).values(), strict=True)
        ]
        return pa.table(arrays, schema=SCHEMAS[name])


def part_file(folder: Path, table: str, arm: str, replicate: int) -> Path:
    """File in which one world's part of a table is written."""
    return folder / f"{table}.{arm}.{replicate}.parquet"


def _joined(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def _words(
    names: list[str] | tuple[str, ...], places: np.ndarray, missing: np.ndarray | None = None
) -> pa.Array:
    """Names at `places`, null where `missing`."""
    return pa.array(names, pa.string()).take(pa.array(places, pa.int64(), mask=missing))
