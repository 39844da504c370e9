"""What tests of the world share."""

from __future__ import annotations

import pytest

from simulation.scenario import Scenario
from tests.support.little_worlds import question


@pytest.fixture(scope="session")
def little() -> Scenario:
    """A feed and links, five days of sixty busy people."""
    return question()
