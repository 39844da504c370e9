"""No platform has a conversion of its own: where nothing tells rooms or ways apart, all convert alike.

One that has next to nothing to show takes next to nothing from its rivals.
"""

from __future__ import annotations

import numpy as np
import pytest

from simulation.resources import PLATFORMS_FOLDER
from simulation.scenario import Scenario
from simulation.state.columns import ABSENT, OPEN
from simulation.state.ledger import ORDERS, VISITS
from simulation.world.cast.cast import Cast, draw_cast
from tests.support.worlds import build_model, finished, preset, scenario, small_scenario

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


MERCHANTS, DAYS, DULL = 400, 40, 7


def with_a_third() -> Scenario:
    """Two rivals, and a third with a feed that opens on day 1, or else stays out; no merchant moves later."""
    third, rivals = preset("kuaishou") | {"launch_day": 1}, [preset("taobao_live"), preset("douyin")]
    arms = [
        {"name": name, "platforms": [*rivals, third | {"stays_out": name == "without"}]}
        for name in ("without", "with_one_room")
    ]
    rules = {"market": {"entry_rate": 0.0}, "shopkeeping": {"arrivals": 0.0}}
    world = {"people_per_viewer": 20.0}
    return small_scenario(arms, 6_000, MERCHANTS, DAYS, 3, 7, world=world, **rules)


def after_the_launch(settings: Scenario, arm: int, cast: Cast) -> tuple[np.ndarray, np.ndarray]:
    """Sales and visits by platform from day 1 on, when one dull merchant sells on the third platform alone if
    that opens, and else nowhere."""
    model = build_model(settings, arm, cast)
    model.step()
    stores, third = model.stores, 2 * MERCHANTS + DULL
    stores.status[[DULL, MERCHANTS + DULL]] = ABSENT
    if settings.arms[arm].name == "with_one_room":
        stores.status[third], stores.arrival[third], stores.cash[third] = OPEN, 1, 10**9
        stores.quality[third], stores.host_skill[third] = 0.1, 0.0
    model.run()
    counts = (model.journal.gmv, model.journal.visits)
    gmv, visits = (table.reshape(DAYS, 3, MERCHANTS)[1:].sum(axis=(0, 2)) for table in counts)
    return gmv, visits


def test_one_dull_room_of_many_on_an_empty_platform_hardly_moves_its_rivals_sales() -> None:
    """Less than half a percent, though people open the platform and visit the room that they find there."""
    settings = with_a_third()
    for replicate in range(3):
        cast = draw_cast(settings, replicate)
        (without, _), (sales, visits) = (after_the_launch(settings, arm, cast) for arm in (0, 1))
        assert visits[2] > 100 and without[2] == 0 < sales[2]
        assert sales[:2].sum() == pytest.approx(without[:2].sum(), rel=0.005)
