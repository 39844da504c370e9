"""Conversion differs between platforms only for a reason: with all reasons off it does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulation.measures import Outcome, measure_all
from simulation.runs.comparison import Estimate, estimate
from simulation.scenario import Scenario
from simulation.world.cast.cast import draw_cast
from tests.support.worlds import build_model, preset, same_shops, scenario

REPLICATIONS = 6
NO_TRUST = {"own_trust_scale": 0.0, "endorsement_scale": 0.0, "crowd_weight": 0.0, "intercept": -3.0}
NO_CUES = {"trust_weight": 0.0, "friend_weight": 0.0, "crowd_weight": 0.0, "taste_weight": 0.0}
ALL_ALIKE: dict[str, Any] = {
    "people": {"categories": 1, "activity_mean": 2.0},
    "merchants": same_shops(fanless_share=0.3, fans_median=2_000.0, fans_sigma=1.0),
    "choice": NO_CUES,
    "purchase": NO_TRUST,
    "sharing": {"base_rate": 0.0},
    "following": {"purchase_boost": 0.0, "fade_floor": 0.0},
    "shopkeeping": {"arrivals": 0.0},
}
"""All rooms suit everybody equally, and neither fans nor sharers are chosen by what they bought."""


def conversions(settings: Scenario) -> np.ndarray:
    """Orders per visit of the two arms by replication, everybody equally interested."""
    found = []
    for replicate in range(settings.run.replications):
        cast = draw_cast(settings, replicate)
        cast.traits.interest[:] = 1.0
        pair = []
        for arm in range(2):
            model = build_model(settings, arm, cast)
            model.run()
            pair.append(measure_all(Outcome.from_model(model))["conversion_rate"])
        found.append(pair)
    return np.array(found)


def gap(**changes: dict[str, Any]) -> tuple[Estimate, float]:
    """Paired gap in conversion, share-driven minus central, and mean conversion of the latter."""
    sections = {name: ALL_ALIKE.get(name, {}) | changes.get(name, {}) for name in ALL_ALIKE | changes}
    settings = scenario(
        {name: preset(name) for name in ("taobao_live", "tencent_live")},
        viewers=2_000,
        shops=30,
        days=60,
        replications=REPLICATIONS,
        **sections,
    )
    table = conversions(settings)
    return estimate(table[:, 1] - table[:, 0]), float(table[:, 0].mean())


MUCH_SHARING = {"base_rate": 0.3, "purchase_boost": 0.0}
NO_REASON: list[dict[str, Any]] = [{}, {"sharing": MUCH_SHARING}]
REASONS: list[dict[str, Any]] = [
    {"purchase": {"own_trust_scale": 1.0}},
    {"purchase": {"endorsement_scale": 1.0}, "sharing": MUCH_SHARING},
]


@pytest.mark.parametrize("changes", NO_REASON, ids=["all off", "sharing without endorsement"])
def test_without_trust_cues_and_matching_platforms_convert_alike(changes: dict[str, Any]) -> None:
    found, level = gap(**changes)
    assert found.low < 0 < found.high
    assert found.high - found.low < 0.1 * level


@pytest.mark.parametrize("changes", REASONS, ids=["own trust", "endorsement"])
def test_each_reason_alone_opens_a_gap(changes: dict[str, Any]) -> None:
    """The interval above is narrow enough to see a reason for converting better."""
    found, _ = gap(**changes)
    assert found.low > 0
