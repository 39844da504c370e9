"""What policies change, and for whom, at values known by hand."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from simulation.pages.run.figures.policies import in_words
from simulation.platforms.policies.remove import to_remove
from simulation.platforms.policies.training import learned
from simulation.platforms.policy import PolicyEffect, StoresToday, rules_today, with_share
from simulation.platforms.suspensions import Suspensions
from simulation.scenario.generated.parameters import parameters
from simulation.scenario.generated.schema import scenario_schema
from simulation.scenario.sections.platform import Platform
from simulation.scenario.sections.policy import EFFECTS, Policy
from simulation.state.columns import CLOSED, OPEN, SUSPENDED
from tests.support.worlds import merchant_columns


def test_a_share_of_traffic_is_taken_from_all_channels_alike() -> None:
    mix = {"push": 3.0, "share": 1.0}
    found = with_share(mix, "recommend", 0.25)
    assert found == pytest.approx({"push": 2.25, "share": 0.75, "recommend": 1.0})
    assert with_share(mix, "push", 0.5) == pytest.approx({"push": 3.5, "share": 0.5})
    assert with_share(mix, "push", 0.0) == mix == {"push": 3.0, "share": 1.0}
    assert sum(with_share(mix, "recommend", 1.0).values()) == 4.0


def policy(effect: str, amount: float | None = None, **settings: Any) -> Policy:
    return Policy(**{"name": "p", "effect": effect, "start": 0, "amount": amount} | settings)


def test_policies_in_force_change_the_rules_and_nothing_else() -> None:
    platform = Platform(name="p", label="P", channels={"push": 1.0}, pool=2.0, commission=0.05)
    before = platform.model_dump()
    cases = [
        ("commission", 0.2, {"commission": 0.2}),
        ("traffic", 1.5, {"pool": 3.0}),
        ("recommendation", 0.25, {"channels": {"push": 0.75, "recommend": 0.25}}),
        ("support", 0.25, {"channels": {"push": 0.75, "showcase": 0.25}}),
        ("cold_start_quota", 0.4, {"feed": before["feed"] | {"cold_start_quota": 0.4}}),
        ("exposure_cap", 0.1, {"feed": before["feed"] | {"exposure_cap": 0.1}}),
        ("training", 0.5, {}),
        ("subsidy", 10.0, {}),
    ]
    for effect, amount, changed in cases:
        found = rules_today(platform, [policy(effect, amount)])
        assert found.model_dump() == before | changed, effect
    assert platform.model_dump() == before == rules_today(platform, []).model_dump()


def test_of_two_policies_the_later_sets_the_number_while_shares_and_factors_combine() -> None:
    platform = Platform(name="p", label="P", channels={"push": 1.0}, pool=2.0)
    both = [
        policy(effect, amount)
        for effect, amount in (
            ("commission", 0.2),
            ("commission", 0.1),
            ("traffic", 1.5),
            ("traffic", 2.0),
            ("recommendation", 0.5),
            ("support", 0.2),
            ("exposure_cap", 0.3),
            ("cold_start_quota", 0.4),
        )
    ]
    found = rules_today(platform, both)
    assert found.commission == 0.1 and found.pool == 6.0
    assert found.channels == pytest.approx({"push": 0.4, "recommend": 0.4, "showcase": 0.2})
    assert (found.feed.exposure_cap, found.feed.cold_start_quota) == (0.3, 0.4)


def test_a_course_of_thirty_days_teaches_the_amount_of_what_is_lacking() -> None:
    skill = np.array([0.0, 0.4, 1.0], np.float32)
    for _ in range(30):
        skill = learned(skill, 0.5)
    assert skill == pytest.approx([0.5, 0.7, 1.0], abs=1e-5)
    assert learned(np.array([0.3], np.float32), 0.0) == pytest.approx([0.3])
    assert learned(np.array([0.3], np.float32), 1.0) == pytest.approx([1.0])


def test_policies_reach_the_open_stores_that_they_are_for() -> None:
    merchants = merchant_columns(
        2,
        3,
        status=[OPEN, OPEN, CLOSED, OPEN, SUSPENDED, OPEN],
        fans=[5, 4, 9, 0, 9, 5],
        archetype=[0, 1, 2, 0, 1, 2],
        arrival=[0, 20, 0, 16, 0, 17],
    )

    def reached(platform: int | None = None, **settings: Any) -> list[int]:
        today = StoresToday(
            merchants,
            ["first", "second"],
            ["vendor", "shop", "brand"],
            3,
            np.zeros(6, np.int64),
            np.zeros(6, np.int64),
            np.zeros(6, bool),
            Suspensions(6),
            30,
            14,
            20.0,
            np.array([0.5, 0.2, 0.1, 0.9, 0.3, 0.4]),
        )
        where = "" if platform is None else today.platforms[platform]
        chosen = today.chosen(policy("subsidy", 1.0, platform=where, **settings))
        return np.flatnonzero(chosen).tolist()

    assert reached() == [0, 1, 3, 5]
    assert reached(platform=1) == [3, 5]
    assert reached(above_fans=100.0) == [0, 5]  # persons: twenty to an agent
    assert reached(archetypes=["shop", "brand"]) == [1, 5]
    assert reached(newcomers=True) == [1, 5]  # open for less than 14 days, not from the start
    assert reached(platform=0, newcomers=True, archetypes=["vendor"]) == []
    assert reached(above_fans=100.0, by_lot=True) == [1, 5]  # two of four that are open, with the lowest lots
    assert reached(platform=1, archetypes=["vendor"], by_lot=True) == [5]


def test_whoever_is_removed_is_named_or_found_by_sales() -> None:
    gmv = np.array([3, 9, 9, 1])
    assert to_remove(policy("remove", merchant=3), gmv) == 3
    assert [to_remove(policy("remove", top=rank), gmv) for rank in (1, 2, 3, 99)] == [1, 2, 0, 3]


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_complete_and_a_choice_of_the_schema(name: str) -> None:
    effect = EFFECTS[name]
    assert isinstance(effect, PolicyEffect) and effect.label
    keys = scenario_schema()["$defs"]["Policy"]["properties"]
    assert name in keys["effect"]["enum"]
    if effect.amount:
        assert effect.amount.about in keys["amount"]["description"]
        assert any(f"`{name}`: {effect.amount.about}" in entry.about for entry in parameters())


@pytest.mark.parametrize("name", [name for name in EFFECTS if EFFECTS[name].amount])
def test_an_amount_beyond_its_range_is_refused_in_its_unit(name: str) -> None:
    meant = EFFECTS[name].amount
    assert policy(name, meant.low).amount == meant.low
    with pytest.raises(ValidationError, match=f"from {re.escape(f'{meant.low:g} to {meant.high:g}')}"):
        policy(name, meant.high + 1.0)


def test_no_two_effects_are_called_alike() -> None:
    assert len({effect.label for effect in EFFECTS.values()}) == len(EFFECTS)


def test_an_effect_that_does_nothing_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="does nothing"):
        PolicyEffect("idle")


@pytest.mark.parametrize(
    ("name", "settings"), [("traffic", {"newcomers": True}), ("remove", {"merchant": 1, "above_fans": 5.0})]
)
def test_only_some_effects_can_be_for_some_merchants(name: str, settings: dict[str, Any]) -> None:
    amount = 2.0 if EFFECTS[name].amount else None
    with pytest.raises(ValidationError, match="only the effects exposure_cap, subsidy, support, training"):
        policy(name, amount, **settings)
    assert policy("subsidy", 1.0, newcomers=True).newcomers


def test_a_policy_says_its_amount_in_its_unit() -> None:
    assert in_words(policy("support", 0.1, name="help_them", end=20)) == (
        "“help them” (support): 10% of viewing occasions open a page of the supported merchants, "
        "from day 0 to 19"
    )
    assert "50.0 CNY a day to each merchant" in in_words(policy("subsidy", 50.0))
    assert "2.00 times the viewing occasions, from day 0 on" in in_words(policy("traffic", 2.0))


def test_a_policy_that_leaves_a_platform_as_it_is_is_known() -> None:
    platform = Platform(name="p", label="P", channels={"push": 1.0}, commission=0.05)
    idle = {
        "commission": 0.05,
        "traffic": 1.0,
        "subsidy": 0.0,
        "support": 0.0,
        "recommendation": 0.0,
        "training": 0.0,
        "cold_start_quota": platform.feed.cold_start_quota,
        "exposure_cap": 1.0,
    }
    for name, amount in idle.items():
        assert EFFECTS[name].is_so_anyway(platform, amount), name
        assert not EFFECTS[name].is_so_anyway(platform, amount + 0.01 if amount < 1 else 0.5), name
    assert not EFFECTS["remove"].is_so_anyway(platform, None)


def test_a_lot_needs_a_number_of_winners() -> None:
    with pytest.raises(ValueError, match="draws by lot as many merchants as there are, which are all"):
        policy("subsidy", 1.0, by_lot=True)
