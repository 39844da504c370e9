"""Little worlds with a past, and a folder of their own for templates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulation.scenario import Scenario
from simulation.warm_up.template import Template, run_template, template_scenario
from tests.support.worlds import preset, scenario


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(autouse=True, scope="module")
def _templates_elsewhere(caches: Path) -> Iterator[None]:
    """For these tests alone: others start processes, which find compiled code in the user's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(caches))
        yield


def asked(past: str = "own", arcs: int = 3, **sections: Any) -> Scenario:
    """Two arms in a world of `arcs` arcs of 300 viewers in neighbourhoods of 30."""
    warm_up = {"past": past, "days": 40, "burn_in": 5, "template_arcs": 3} | sections.pop("warm_up", {})
    world = {"merchants_per_niche": 1.0} | sections.pop("world", {})
    return scenario(
        {"feed": preset("taobao_live"), "groups": preset("tencent_live")},
        viewers=300 * arcs + world.get("isolated_viewers", 0),
        shops=8 * arcs,
        world=world,
        friendships={"neighbourhood_size": 30},
        warm_up=warm_up,
        **sections,
    )


@pytest.fixture(scope="session")
def template() -> Template:
    """Three arcs of 300 viewers after 40 days under a feed."""
    wanted = asked()
    return run_template(template_scenario(wanted, wanted.arms[0].all_platforms, 0))
