"""The line list of a run: parts that workers wrote, put together into one file per table."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from ..scenario.scenario import Scenario
from ..world.line_list import SCHEMAS, part_file

AGENTS_FOLDER = "agents"
"""Folder of the line list within a run's folder."""


def recorded_worlds(scenario: Scenario) -> list[tuple[str, int]]:
    """Arms and replications of which there is a line list: the scenario's own, in the first few.

    Returns
    -------
    list of (str, int)
        In the order in which they stand in the files; empty unless ``run.record`` is set.
    """
    run = scenario.run
    many = min(run.record_replications, run.replications) if run.record else 0
    return [(arm.name, replicate) for arm in scenario.arms for replicate in range(many)]


def join_parts(folder: Path, worlds: list[tuple[str, int]]) -> None:
    """Make one file per table of the parts of `worlds` in `folder`, and remove the parts.

    One row group is held in memory at a time, and none holds rows of two worlds, so that a reader
    who wants one world skips the others.
    """
    for table, schema in SCHEMAS.items():
        with pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd") as whole:
            for arm, replicate in worlds:
                path = part_file(folder, table, arm, replicate)
                with pq.ParquetFile(path) as part:
                    for group in range(part.num_row_groups):
                        whole.write_table(part.read_row_group(group))
                path.unlink()
