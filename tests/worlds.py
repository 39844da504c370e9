"""Small worlds made in code: scenarios from nested tables, presets, and runs of them."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np

from simulation.paths import PLATFORMS_FOLDER
from simulation.scenario import Scenario, check_table
from simulation.state.columns import OPEN, MerchantColumns
from simulation.world.cast import Cast, draw_cast
from simulation.world.model import LiveCommerceModel

KINDS = ("community_vendor", "ordinary_shop", "brand", "influencer")
ALWAYS = 20.0
"""Utility that makes entering a room all but certain (leaving has chance exp(-20))."""

SAME_SHOP: dict[str, Any] = {
    "fanless_share": 1.0, "fans_median": 0.0, "fans_sigma": 0.0, "fans_trust": 0.5, "local": False,
    "price_median": 50.0, "price_sigma": 0.0, "margin": 0.5, "quality": 0.7, "host_skill": 0.5,
    "community_skill": 1.0, "streams_per_week": 7.0, "stream_cost": 0.0, "daily_cost": 0.0,
    "cash": 1e8, "walk_in_members": 0.0,
}
"""A shop that streams daily, never closes, and is like every other."""


def preset(name: str) -> dict[str, Any]:
    """A platform of the project, as a table."""
    return tomllib.loads((PLATFORMS_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def platform(channels: dict[str, float], **settings: Any) -> dict[str, Any]:
    """A platform written out, as a table."""
    return {"name": "test_platform", "label": "Test platform", "channels": channels, **settings}


def same_shops(**traits: Any) -> dict[str, Any]:
    """Section ``merchants`` in which all archetypes are the same shop, apart from their names."""
    shop = SAME_SHOP | traits
    archetypes = {kind: {"share": 0.25, **shop} for kind in KINDS}
    return {"archetypes": archetypes, "trait_spread": 0.0, "cash_sigma": 0.0}


def scenario(
    platforms: dict[str, dict[str, Any]], viewers: int = 300, shops: int = 20, days: int = 20,
    replications: int = 1, seed: int = 7, world: dict[str, Any] | None = None, **sections: Any,
) -> Scenario:
    """A scenario with one arm for each of `platforms`; `sections` as in a scenario file."""
    table = {
        "name": "test", "title": "Test", "article_claims": False,
        "world": {"viewers": viewers, "merchants": shops, "days": days} | (world or {}),
        "run": {"replications": replications, "seed": seed},
        "arms": [{"name": name, "platform": rules} for name, rules in platforms.items()],
    }
    return check_table(table | sections, "test")


def merchant_columns(platforms: int, many: int, **given: Any) -> MerchantColumns:
    """Open stores of `many` merchants on each platform; all that is not `given` is zero."""
    columns = {name: np.zeros(platforms * many) for name in MerchantColumns._fields}
    whole = {"archetype": 0, "arrival": 0, "status": OPEN, "losses": 0}
    columns |= {name: np.full(platforms * many, value) for name, value in whole.items()}
    columns["platform"] = np.repeat(np.arange(platforms), many)
    return MerchantColumns(**columns | {name: np.array(values) for name, values in given.items()})


def model_of(
    settings: Scenario, arm: int = 0, cast: Cast | None = None, threads: int = 1
) -> LiveCommerceModel:
    """A model of one arm before its first day."""
    return LiveCommerceModel(settings, settings.arms[arm], cast or draw_cast(settings), threads)


def finished(settings: Scenario, arm: int = 0, replicate: int = 0, threads: int = 1) -> LiveCommerceModel:
    """A model of one arm after its last day."""
    model = model_of(settings, arm, draw_cast(settings, replicate), threads)
    model.run()
    model.close()
    return model


def everything_written(model: LiveCommerceModel) -> dict[str, np.ndarray]:
    """All counts of a run and all state at its end, by name, for comparing runs exactly."""
    found = {f"journal.{name}": value for name, value in vars(model.journal).items() if name != "sums"}
    for what, columns in (("sums", model.journal.sums), ("merchants", model.merchants),
                          ("viewers", model.viewers), ("ties", model.ties)):
        found |= {f"{what}.{name}": value.copy() for name, value in columns._asdict().items()}
    return {name: np.asarray(value) for name, value in found.items()}


def differences(left: dict[str, np.ndarray], right: dict[str, np.ndarray]) -> list[str]:
    """Names under which two runs differ; NaN equals NaN."""
    assert left.keys() == right.keys()
    return [
        name for name in left
        if not np.array_equal(left[name], right[name], equal_nan=left[name].dtype.kind == "f")
    ]
