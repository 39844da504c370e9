"""Small worlds made in code: scenarios from nested tables, presets, and runs of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.scenario import Scenario
from simulation.state.columns import OPEN, StoreColumns
from simulation.validation.mathematics.steady import STEADY_ATTENTION
from simulation.validation.mathematics.worlds import ALWAYS, KINDS, platform, preset, same_shops
from simulation.validation.mathematics.worlds import small_scenario as small_world
from simulation.world.cast.cast import Cast, draw_cast
from simulation.world.model import LiveCommerceModel
from tests.support.stated_world import over, stated

__all__ = [
    "ALWAYS",
    "KINDS",
    "build_model",
    "differences",
    "everything_written",
    "finished",
    "merchant_columns",
    "platform",
    "preset",
    "same_shops",
    "scenario",
    "small_scenario",
]


def scenario(
    platforms: dict[str, dict[str, Any]],
    viewers: int = 300,
    shops: int = 20,
    days: int = 20,
    replications: int = 1,
    seed: int = 7,
    **sections: Any,
) -> Scenario:
    """A scenario with one arm for each of `platforms`; `sections` as in a scenario file."""
    arms = [{"name": name, "platform": rules} for name, rules in platforms.items()]
    return small_scenario(arms, viewers, shops, days, replications, seed, name="test", **sections)


def small_scenario(arms: list[dict[str, Any]], *sizes: int, **sections: Any) -> Scenario:
    """A small world as in the checks against known mathematics, with the values of `STATED`, so that it is
    the same whatever the defaults are; `sizes` and `sections` as there."""
    return small_world(arms, *sizes, **over(stated(**STEADY_ATTENTION), sections))


def merchant_columns(platforms: int, many: int, **given: Any) -> StoreColumns:
    """Open stores of `many` merchants on each platform; all that is not `given` is zero."""
    columns = {name: np.zeros(platforms * many) for name in StoreColumns._fields}
    whole = {"archetype": 0, "arrival": 0, "status": OPEN, "losses": 0}
    columns |= {name: np.full(platforms * many, value) for name, value in whole.items()}
    columns["platform"] = np.repeat(np.arange(platforms), many)
    return StoreColumns(**columns | {name: np.array(values) for name, values in given.items()})


def build_model(
    settings: Scenario, arm: int = 0, cast: Cast | None = None, threads: int = 1
) -> LiveCommerceModel:
    """A model of one arm before its first day."""
    return LiveCommerceModel(settings, settings.arms[arm], cast or draw_cast(settings), threads)


def finished(settings: Scenario, arm: int = 0, replicate: int = 0, threads: int = 1) -> LiveCommerceModel:
    """A model of one arm after its last day."""
    model = build_model(settings, arm, draw_cast(settings, replicate), threads)
    model.run()
    model.close()
    return model


def everything_written(model: LiveCommerceModel) -> dict[str, np.ndarray]:
    """All counts of a run and all state at its end, by name, for comparing runs exactly."""
    apart = ("sums", "left_out", "profit_before")  # the last two say what measures leave out
    found = {f"journal.{name}": value for name, value in vars(model.journal).items() if name not in apart}
    for what, columns in (
        ("sums", model.journal.sums),
        ("merchants", model.stores),
        ("viewers", model.viewers),
        ("ties", model.ties),
    ):
        found |= {f"{what}.{name}": value.copy() for name, value in columns._asdict().items()}
    return {name: np.asarray(value) for name, value in found.items()}


def differences(left: dict[str, np.ndarray], right: dict[str, np.ndarray]) -> list[str]:
    """Names under which two runs differ; NaN equals NaN."""
    assert left.keys() == right.keys()
    return [
        name
        for name in left
        if not np.array_equal(left[name], right[name], equal_nan=left[name].dtype.kind == "f")
    ]
