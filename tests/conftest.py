"""Settings that all tests share."""

from __future__ import annotations

import pytest

from simulation.scenario import Scenario
from tests.worlds import preset, scenario


@pytest.fixture(scope="session")
def three_platforms() -> Scenario:
    """A small default world under the three platforms that come with the project."""
    names = ("taobao_live", "tencent_live", "tencent_live_plus_feed")
    return scenario(
        {name: preset(name) for name in names}, viewers=400, shops=40, days=40, replications=2,
        world={"isolated_viewers": 20},
    )
