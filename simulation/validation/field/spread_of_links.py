"""How far shared links spread: the shape of cascades, to compare with what was found on other networks.

A cascade begins with a viewer who passes on the link to a room. It grows by re-posts: by those who came by
the link and passed it on in turn, on that day. Whoever only looked is not in it, as in the published figures,
which count those who posted. Nearly all cascades anywhere end where they began.

One viewer stands for several persons (``world.people_per_viewer``). A cascade of viewers is taken as a
cascade of as many persons: each of a viewer's persons would have begun one like it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import gettempdir

import pandas as pd
import pyarrow.parquet as pq

from ...errors import AnalysisError, Problem, nearest
from ...languages.speaking import sentence
from ...runs.comparison import estimate
from ...runs.execution import run_world
from ...runs.probes import planned_arms
from ...scenario.scenario import Scenario
from ...scenario.tables import Arm
from ...storage.drafts import draft_in, remove_abandoned
from ...warm_up.beginning import warm_cast
from ...world.line_list import SCHEMAS, Recorder, part_file

LARGE = 100
"""Size from which a cascade counts as large."""
PUBLISHED = {"seed_only": 0.95, "one_step": 0.03, "deeper": 0.02, "large": 0.00025}
"""Shares of cascades. The first three: Goel, Watts and Goldstein (2012, The structure of online diffusion
networks, EC '12); the last: Goel, Anderson, Hofman and Watts (2016, The structural virality of online
diffusion, Management Science 62:180; one in 4,000 on Twitter)."""
WORLD = ["arm", "replicate"]
CASCADE = [*WORLD, "day", "cascade"]
READ = {
    "visits": [*CASCADE, "wave", "viewer", "merchant", "channel", "ordered", "price"],
    "ties": [*WORLD, "day", "viewer", "merchant", "event"],
    "shares": [*CASCADE, "wave", "viewer", "merchant"],
}
"""Columns that are read of each table of the line list."""


@dataclass(frozen=True)
class LineList:
    """The line list of one world; columns as in ``results/README.md``, of which it holds `READ`."""

    arm: str
    replicate: int
    visits: pd.DataFrame
    ties: pd.DataFrame
    shares: pd.DataFrame


def line_lists(
    scenario: Scenario, arms: Sequence[str] | None = None, replications: int | None = None, threads: int = 1
) -> Iterator[LineList]:
    """Run worlds with a recorder into a temporary folder, and hand out their line lists one by one.

    Parameters
    ----------
    scenario : Scenario
        Need not ask for a line list itself.
    arms : sequence of str, optional
        Names or roles of arms; all if not given.
    replications : int, optional
        Worlds an arm; as many as the scenario asks for if not given.
    threads : int
        Threads of each world.

    Yields
    ------
    LineList
        By replication, then arm.

    Raises
    ------
    AnalysisError
        If the scenario has no such arm.
    """
    found, temporary = arms_named(scenario, arms), Path(gettempdir())
    remove_abandoned(temporary)
    for replicate in range(scenario.run.replications if replications is None else replications):
        cast = warm_cast(scenario, replicate)
        for arm in found:
            with draft_in(temporary, "line_list") as folder:
                recorder = partial(Recorder, folder, arm.name, replicate)
                run_world(planned_arms(scenario, []), arm, cast, threads, _nothing, recorder)
                yield _read(folder, arm, replicate)


def arms_named(scenario: Scenario, names: Sequence[str] | None) -> list[Arm]:
    """Arms by name or role, all if `names` is None; AnalysisError if there is no such arm."""
    if names is None:
        return list(scenario.arms)
    known = [arm.name for arm in scenario.arms]
    found = {name: scenario.arm(name) for name in names}
    problems = [
        Problem(
            "arm",
            sentence("'{name}'{near}", name=name, near=nearest(name, known)),
            sentence("one of {known}", known=", ".join(known)),
        )
        for name, arm in found.items()
        if arm is None
    ]
    if problems:
        raise AnalysisError(scenario.name, problems)
    return [arm for arm in found.values() if arm]


def _nothing() -> None:
    """Nobody is told that a day is done."""


def _read(folder: Path, arm: Arm, replicate: int) -> LineList:
    tables = {
        table: pq.read_table(part_file(folder, table, arm.name, replicate), columns=READ[table]).to_pandas()
        for table in SCHEMAS
    }
    return LineList(arm.name, replicate, **tables)


def cascades(visits: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Every cascade of a line list, also those that nobody followed (they have a share and no visit).

    Parameters
    ----------
    visits, shares : DataFrame
        Of the line list, of one world or several; `READ` names the columns needed.

    Returns
    -------
    DataFrame
        One row per cascade: ``arm``, ``replicate``, ``day``, ``cascade``; ``visitors`` who came by the link;
        ``size``, posts, the first and all re-posts; ``depth``, re-posts between the first and the last, 0 if
        there are none.
    """
    posts = shares.groupby(CASCADE).agg(size=("wave", "size"), began=("wave", "min"), last=("wave", "max"))
    came = visits[visits["cascade"].notna()].astype({"cascade": shares["cascade"].dtype})
    found = posts.join(came.groupby(CASCADE).agg(visitors=("wave", "size")))
    found["visitors"] = found["visitors"].fillna(0).astype(int)
    # A link travels one friend a wave, and never waits for a later one.
    found["depth"] = (found["last"] - found["began"]).astype(int)
    return found.reset_index()[[*CASCADE, "visitors", "size", "depth"]]


def shape(found: pd.DataFrame) -> dict[str, float]:
    """Shares of cascades by how far they got: ``seed_only`` (no re-post), ``one_step`` (re-posts of the first
    post only), ``deeper``, and ``large`` (`LARGE` posts or more). Missing without cascades."""
    return {
        "seed_only": float((found["depth"] == 0).mean()),
        "one_step": float((found["depth"] == 1).mean()),
        "deeper": float((found["depth"] > 1).mean()),
        "large": float((found["size"] >= LARGE).mean()),
    }


def spread_of_links(found: pd.DataFrame) -> pd.DataFrame:
    """The shape of cascades by arm, beside what was published.

    Parameters
    ----------
    found : DataFrame
        Of `cascades`, of several worlds one below the other.

    Returns
    -------
    DataFrame
        One row per arm and statistic of `shape`: ``arm``, ``statistic``, ``cascades`` (in all worlds),
        ``replications``, ``mean`` over replications with its 95% t-interval ``low`` and ``high``,
        ``published``. Arms without cascades have no rows; a world of an arm without any is left out.
    """
    rows = []
    for arm, of_arm in found.groupby("arm", sort=False):
        worlds = pd.DataFrame([shape(world) for _, world in of_arm.groupby("replicate")])
        for statistic, published in PUBLISHED.items():
            value = estimate(worlds[statistic].to_numpy())
            rows.append(
                (
                    arm,
                    statistic,
                    len(of_arm),
                    value.replications,
                    value.mean,
                    value.low,
                    value.high,
                    published,
                )
            )
    return pd.DataFrame(
        rows, columns=["arm", "statistic", "cascades", "replications", "mean", "low", "high", "published"]
    )


def measure_spread(
    scenario: Scenario, arms: Sequence[str] | None = None, replications: int | None = None, threads: int = 1
) -> pd.DataFrame:
    """Run the scenario and see how far links spread; see `line_lists` and `spread_of_links`."""
    worlds = line_lists(scenario, arms, replications, threads)
    return spread_of_links(
        pd.concat([cascades(world.visits, world.shares) for world in worlds], ignore_index=True)
    )
