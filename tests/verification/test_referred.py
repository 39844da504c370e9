"""Line lists written by hand: what referred customers are worth, and how far links spread."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from simulation.errors import AnalysisError
from simulation.measures.community.cards import cascades_never_reposted
from simulation.measures.flows import dead_cascade_share
from simulation.runs.execution import run_world
from simulation.runs.probes import planned_arms
from simulation.scenario import Scenario
from simulation.validation.field.referred import customers, measure_referred, referred_against_others
from simulation.validation.field.spread_of_links import (
    PUBLISHED,
    cascades,
    line_lists,
    shape,
    spread_of_links,
)
from simulation.world.cast.cast import draw_cast
from tests.support.worlds import preset, scenario

DAYS = 180
SHOP = 7


def visit(viewer: int, day: int, channel: str, price: float = 0.0, **more: Any) -> dict[str, Any]:
    return {
        "arm": "links",
        "replicate": 0,
        "day": day,
        "wave": 0,
        "viewer": viewer,
        "merchant": SHOP,
        "channel": channel,
        "ordered": price > 0,
        "price": price or math.nan,
        "cascade": math.nan,
    } | more


def tie(viewer: int, event: str = "starting", day: int = 0) -> dict[str, Any]:
    return {"arm": "links", "replicate": 0, "day": day, "viewer": viewer, "merchant": SHOP, "event": event}


def share(viewer: int, day: int, cascade: int, wave: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "arm": "links",
        "replicate": 0,
        "day": day,
        "wave": wave,
        "viewer": viewer,
        "merchant": SHOP,
        "cascade": cascade,
    } | more


VISITS = [
    visit(1, 10, "share", 40.0),
    visit(1, 75, "push", 20.0),  # referred: 60 CNY, stays (65 days on)
    visit(2, 10, "group_buy", 100.0),
    visit(2, 69, "push"),  # referred: 100, gone (59 days on)
    visit(3, 12, "push"),
    visit(3, 20, "share", 50.0),  # came by the group first: 50, gone
    visit(4, 5, "recommend", 30.0),
    visit(4, 94, "push", 20.0),  # others: 50, stays (89 days on)
    visit(5, 5, "recommend", 30.0),
    visit(5, 95, "push", 99.0),  # others: 30, gone: both 90 days on
    visit(6, 3, "share", 500.0),
    visit(6, 70, "push"),  # of the starting private domain
    visit(8, 91, "share", 500.0),  # too late to be followed for 90 days
    visit(9, 10, "share"),
    visit(9, 101, "push", 500.0),  # orders only after the 90 days
    visit(10, 20, "push", 70.0, wave=0, merchant=3),  # another shop than its starting one
]
TIES = [tie(6), tie(3, "followed", 20), tie(4, "joined outside", 4), tie(10)]


def of_links() -> pd.DataFrame:
    return customers(pd.DataFrame(VISITS), pd.DataFrame(TIES), DAYS)


def test_customers_are_told_apart_by_how_they_first_came() -> None:
    found = of_links().set_index("viewer")
    assert found["referred"].to_dict() == {1: True, 2: True, 3: False, 4: False, 5: False, 10: False}
    assert found["value"].to_dict() == {1: 60, 2: 100, 3: 50, 4: 50, 5: 30, 10: 70}
    assert found["stayed"].to_dict() == {1: True, 2: False, 3: False, 4: True, 5: False, 10: False}
    assert found["first_day"].to_dict() == {1: 10, 2: 10, 3: 12, 4: 5, 5: 5, 10: 20}


def test_the_first_visit_of_a_day_counts_by_wave() -> None:
    rows = [visit(1, 3, "share", 10.0, wave=2), visit(1, 3, "push", wave=0)]
    assert not customers(pd.DataFrame(rows), pd.DataFrame([tie(2)]), DAYS)["referred"].item()


def test_values_and_staying_are_compared() -> None:
    row = referred_against_others(of_links()).iloc[0]
    assert (row["referred"], row["others"], row["worlds"]) == (2, 4, 1)
    assert (row["value_referred"], row["value_others"], row["ratio"]) == (80, 50, 1.6)
    assert (row["stayed_referred"], row["stayed_others"], row["staying"]) == (0.5, 0.25, 0.25)
    assert math.isnan(row["ratio_low"])


def test_the_interval_is_over_replications() -> None:
    one, two = of_links(), of_links().assign(replicate=1)
    two.loc[two["referred"], "value"] *= 2
    row = referred_against_others(pd.concat([one, two])).iloc[0]
    # Student's t with one degree of freedom: 12.706 standard errors of 0.8 around 2.4.
    assert (row["ratio"], row["worlds"]) == (pytest.approx(2.4), 2)
    assert row["ratio_high"] - row["ratio"] == pytest.approx(12.706 * 0.8, rel=1e-4)


def test_nobody_referred_is_missing() -> None:
    found = of_links()
    table = referred_against_others(found[~found["referred"]], ["links", "other"]).set_index("arm")
    assert table["referred"].tolist() == [0, 0] and table["others"].tolist() == [4, 0]
    assert table["ratio"].isna().all() and table["staying"].isna().all()
    assert table.loc["links", "value_others"] == 50 and math.isnan(table.loc["other", "value_others"])


def links() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Day 1: nobody comes by cascade 0; two come by cascade 1 and do not pass it on; one by 2, who passes it
    on to one who does too. Day 2: a cascade of 100 posts, 99 of them of the first one's friends, of the same
    number as one of day 1."""
    many = range(100, 199)
    visits = [
        visit(20, 1, "share", cascade=1, wave=1),
        visit(21, 1, "share", cascade=1, wave=1),
        visit(22, 1, "share", cascade=2, wave=1),
        visit(23, 1, "share", cascade=2, wave=2),
        visit(24, 1, "push"),
        *(visit(viewer, 2, "share", cascade=0, wave=1) for viewer in many),
    ]
    shares = [share(10, 1, 0), share(11, 1, 1), share(12, 1, 2), share(13, 2, 0)]
    shares += [share(22, 1, 2, wave=1), share(23, 1, 2, wave=2)]
    shares += [share(viewer, 2, 0, wave=1) for viewer in many]
    return pd.DataFrame(visits), pd.DataFrame(shares)


def test_cascades_are_counted_with_those_that_nobody_followed() -> None:
    found = cascades(*links()).set_index(["day", "cascade"])
    assert found["visitors"].to_dict() == {(1, 0): 0, (1, 1): 2, (1, 2): 2, (2, 0): 99}
    assert found["size"].to_dict() == {(1, 0): 1, (1, 1): 1, (1, 2): 3, (2, 0): 100}
    assert found["depth"].to_dict() == {(1, 0): 0, (1, 1): 0, (1, 2): 2, (2, 0): 1}


def test_the_shape_of_cascades() -> None:
    found = cascades(*links())
    assert shape(found) == {"seed_only": 0.5, "one_step": 0.25, "deeper": 0.25, "large": 0.25}
    visits, shares = (table[table["day"] == 1].assign(replicate=1) for table in links())
    both = spread_of_links(pd.concat([found, cascades(visits, shares)])).set_index("statistic")
    assert both["mean"].to_dict() == pytest.approx(
        {"seed_only": 7 / 12, "one_step": 1 / 8, "deeper": 7 / 24, "large": 1 / 8}
    )
    assert (both["cascades"] == 7).all() and (both["replications"] == 2).all()
    assert both["published"].to_dict() == PUBLISHED
    assert (both["low"] < both["mean"]).all()


def test_a_line_list_without_cascades_has_no_shape() -> None:
    visits, shares = links()
    assert spread_of_links(cascades(visits[:0], shares[:0])).empty


@pytest.fixture(scope="module")
def busy() -> Scenario:
    return scenario(
        {name: preset(name) for name in ("tencent_live", "tencent_live_plus_feed")},
        viewers=400,
        shops=20,
        days=95,
        sharing={"base_rate": 0.3},
        purchase={"intercept": -2.0},
    )


def test_recorded_worlds_have_the_cascades_that_measures_count(busy: Scenario) -> None:
    for world in line_lists(busy, ["tencent_live_plus_feed"], replications=1):
        arm = busy.arm(world.arm)
        assert arm
        outcome = run_world(planned_arms(busy, []), arm, draw_cast(busy, world.replicate), 1, lambda: None)
        found = cascades(world.visits, world.shares)
        assert len(found) == outcome.journal.cascade_sizes.sum() > 100
        assert shape(found)["seed_only"] == pytest.approx(cascades_never_reposted(outcome))
        assert (found["visitors"] == 0).mean() == pytest.approx(dead_cascade_share(outcome))
        came = world.visits["cascade"].notna()
        assert found["visitors"].sum() == came.sum() and (found["size"] <= found["visitors"] + 1).all()
        assert (world.visits["wave"] > 0).equals(came)


def test_referred_customers_of_recorded_worlds(busy: Scenario) -> None:
    table = measure_referred(busy, replications=2).set_index("arm")
    assert list(table.index) == ["tencent_live", "tencent_live_plus_feed"]
    assert (table.loc["tencent_live_plus_feed", ["referred", "others", "ratio"]] > 0).all()
    with pytest.raises(AnalysisError, match="tencent_live"):
        measure_referred(busy, ["tencent_life"])
