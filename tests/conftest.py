"""Settings that all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.scenario import Scenario
from tests.support.worlds import preset, scenario

FAST = Path(__file__).parent / "unit"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the unit tests, so that ``-m fast`` runs what a quick look needs."""
    for item in items:
        if FAST in item.path.parents:
            item.add_marker(pytest.mark.fast)


@pytest.fixture(scope="session")
def three_platforms() -> Scenario:
    """A small default world under the three platforms that come with the project."""
    names = ("taobao_live", "tencent_live", "tencent_live_plus_feed")
    return scenario(
        {name: preset(name) for name in names},
        viewers=400,
        shops=40,
        days=40,
        replications=2,
        world={"isolated_viewers": 20},
    )
