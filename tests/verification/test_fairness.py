"""No platform has a conversion of its own: where nothing tells rooms or ways apart, all convert alike."""

from __future__ import annotations

import pytest

from simulation.resources import PLATFORMS_FOLDER
from simulation.state.ledger import ORDERS, VISITS
from tests.support.worlds import finished, preset, scenario

CHANCE = 0.25
NOTHING_TELLS_APART = {
    "choice": {"fit_weight": 0.0, "trust_weight": 0.0, "friend_weight": 0.0, "crowd_weight": 0.0},
    "purchase": {
        "intercept": -1.0986123,  # log-odds of a quarter
        "fit_weight": 0.0,
        "trust_weight": 0.0,
        "skill_weight": 0.0,
        "impulse_weight": 0.0,
        "price_weight": 0.0,
        "crowd_weight": 0.0,
    },
}


@pytest.mark.parametrize("name", sorted(file.stem for file in PLATFORMS_FOLDER.glob("*.toml")))
def test_all_platforms_convert_alike_where_nothing_tells_rooms_apart(name: str) -> None:
    settings = scenario({name: preset(name)}, days=20, **NOTHING_TELLS_APART)
    counts = finished(settings).journal.channels.sum(axis=(0, 1))
    visits, orders = int(counts[VISITS]), int(counts[ORDERS])
    assert visits > 30
    if name in ("pinduoduo", "xiaoe_pinpin"):  # where who would buy waits for a group, at a lower price
        assert orders >= CHANCE * visits - 4 * (visits * CHANCE * (1 - CHANCE)) ** 0.5
        return
    assert orders == pytest.approx(CHANCE * visits, abs=4 * (visits * CHANCE * (1 - CHANCE)) ** 0.5)
