"""What policies change, and for whom, at values known by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulation.platforms import policies
from simulation.scenario.sections.platform import Platform
from simulation.scenario.sections.policy import Policy
from simulation.state.columns import CLOSED, OPEN, SUSPENDED
from tests.support.worlds import merchant_columns


def test_a_share_of_traffic_is_taken_from_all_channels_alike() -> None:
    mix = {"push": 3.0, "share": 1.0}
    found = policies.with_share(mix, "recommend", 0.25)
    assert found == pytest.approx({"push": 2.25, "share": 0.75, "recommend": 1.0})
    assert policies.with_share(mix, "push", 0.5) == pytest.approx({"push": 3.5, "share": 0.5})
    assert policies.with_share(mix, "push", 0.0) == mix == {"push": 3.0, "share": 1.0}
    assert sum(policies.with_share(mix, "recommend", 1.0).values()) == 4.0


def policy(effect: str, amount: float | None = None, **settings: Any) -> Policy:
    return Policy(**{"name": "p", "effect": effect, "start": 0, "amount": amount} | settings)


def test_policies_in_force_change_the_rules_and_nothing_else() -> None:
    platform = Platform(name="p", label="P", channels={"push": 1.0}, pool=2.0, commission=0.05)
    before = platform.model_dump()
    cases = [
        ("commission", 0.2, {"commission": 0.2}), ("traffic", 1.5, {"pool": 3.0}),
        ("recommendation", 0.25, {"channels": {"push": 0.75, "recommend": 0.25}}),
        ("support", 0.25, {"channels": {"push": 0.75, "showcase": 0.25}}),
        ("cold_start_quota", 0.4, {"feed": before["feed"] | {"cold_start_quota": 0.4}}),
        ("exposure_cap", 0.1, {"feed": before["feed"] | {"exposure_cap": 0.1}}),
        ("training", 0.5, {}), ("subsidy", 10.0, {}),
    ]
    for effect, amount, changed in cases:
        found = policies.rules_today(platform, [policy(effect, amount)])
        assert found.model_dump() == before | changed, effect
    assert platform.model_dump() == before == policies.rules_today(platform, []).model_dump()


def test_of_two_policies_the_later_sets_the_number_while_shares_and_factors_combine() -> None:
    platform = Platform(name="p", label="P", channels={"push": 1.0}, pool=2.0)
    both = [policy(effect, amount) for effect, amount in (
        ("commission", 0.2), ("commission", 0.1), ("traffic", 1.5), ("traffic", 2.0),
        ("recommendation", 0.5), ("support", 0.2), ("exposure_cap", 0.3), ("cold_start_quota", 0.4),
    )]
    found = policies.rules_today(platform, both)
    assert found.commission == 0.1 and found.pool == 6.0
    assert found.channels == pytest.approx({"push": 0.4, "recommend": 0.4, "showcase": 0.2})
    assert (found.feed.exposure_cap, found.feed.cold_start_quota) == (0.3, 0.4)


def test_a_course_of_thirty_days_teaches_the_amount_of_what_is_lacking() -> None:
    skill = np.array([0.0, 0.4, 1.0], np.float32)
    for _ in range(30):
        skill = policies.learned(skill, 0.5)
    assert skill == pytest.approx([0.5, 0.7, 1.0], abs=1e-5)
    assert policies.learned(np.array([0.3], np.float32), 0.0) == pytest.approx([0.3])
    assert policies.learned(np.array([0.3], np.float32), 1.0) == pytest.approx([1.0])


def test_policies_reach_the_open_stores_that_they_are_for() -> None:
    merchants = merchant_columns(
        2, 3, status=[OPEN, OPEN, CLOSED, OPEN, SUSPENDED, OPEN], fans=[5, 4, 9, 0, 9, 5],
        archetype=[0, 1, 2, 0, 1, 2], arrival=[0, 20, 0, 16, 0, 17],
    )

    def reached(platform: int | None = None, **settings: Any) -> list[int]:
        chosen = policies.chosen_by(
            policy("subsidy", 1.0, **settings), merchants, ["vendor", "shop", "brand"], platform, 30, 14, 20.0
        )
        return np.flatnonzero(chosen).tolist()

    assert reached() == [0, 1, 3, 5]
    assert reached(platform=1) == [3, 5]
    assert reached(above_fans=100.0) == [0, 5]  # persons: twenty to an agent
    assert reached(archetypes=["shop", "brand"]) == [1, 5]
    assert reached(newcomers=True) == [1, 5]  # open for less than 14 days, not from the start
    assert reached(platform=0, newcomers=True, archetypes=["vendor"]) == []


def test_whoever_is_removed_is_named_or_found_by_sales() -> None:
    gmv = np.array([3, 9, 9, 1])
    assert policies.to_remove(policy("remove", merchant=3), gmv) == 3
    assert [policies.to_remove(policy("remove", top=rank), gmv) for rank in (1, 2, 3, 99)] == [1, 2, 0, 3]
