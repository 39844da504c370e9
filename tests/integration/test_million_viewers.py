"""What agents cost where there are a million of them."""

from __future__ import annotations

import tracemalloc

from simulation.world.agents.kinds import CasualViewer, Fan, Merchant
from tests.support.worlds import build_model, platform, scenario


def test_sets_of_a_million_viewers_make_no_agents() -> None:
    lonely = {"local_ties": 0, "long_ties": 0, "neighbourhood_size": 10_000}
    settings = scenario(
        {"arm": platform({"follow": 1.0})},
        viewers=1_000_000,
        shops=0,
        days=1,
        people={"categories": 1},
        friendships=lonely,
    )
    model = build_model(settings)
    model.viewers.fan_ties[::4] = 1
    tracemalloc.start()
    everybody, by_type = model.agents, model.agents_by_type
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {kind: len(agents) for kind, agents in by_type.items()} == {
        Merchant: 0,
        Fan: 250_000,
        CasualViewer: 750_000,
    }
    assert len(everybody) == 1_000_000
    assert peak < 100e6, "members cost an entry of an array each, not an object"
    fans = by_type[Fan].set("activity", 2.0).sort("taste").shuffle().select(at_most=10)
    assert fans.get("activity") == [2.0] * 10
    assert by_type[Fan].groupby("fan_ties").count() == {1: 250_000}
    assert model._viewer_agents._made == {}
    model.close()
