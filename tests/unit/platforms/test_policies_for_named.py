"""Policies for merchants with a name: whom they reach, and what a wrong name is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from simulation.errors import ScenarioError
from simulation.platforms.policies.remove import remove
from simulation.platforms.policy import StoresToday, rules_today
from simulation.platforms.suspensions import Suspensions
from simulation.scenario.scenario import Scenario
from simulation.scenario.sections.platform import Platform
from simulation.scenario.sections.policy import EFFECTS, Policy
from simulation.state.columns import OPEN, SUSPENDED
from tests.support.worlds import finished, merchant_columns, preset, scenario

STARS = [{"name": name, "kind": "influencer", "category": 0, "members": 200} for name in ("li", "wei")]


def policy(effect: str, **settings: Any) -> Policy:
    return Policy(**{"name": "p", "effect": effect, "start": 0} | settings)


def two_platforms() -> StoresToday:
    """Four merchants, the last two with names, on each of two platforms."""
    stores = merchant_columns(2, 4)
    none = np.zeros(8, np.int64)
    suspensions, lots = Suspensions(8), np.zeros(8)
    return StoresToday(
        stores,
        ["a", "b"],
        ["x"],
        4,
        none,
        none,
        none > 0,
        suspensions,
        5,
        14,
        20.0,
        lots,
        {"li": 2, "wei": 3},
    )


def test_a_policy_reaches_the_stores_of_the_merchants_it_names_on_every_platform() -> None:
    today = two_platforms()
    paid = policy("subsidy", amount=1.0, merchants=["wei"])
    assert np.flatnonzero(today.chosen(paid)).tolist() == [3, 7]
    here = policy("subsidy", amount=1.0, merchants=["li", "wei"], platform="b")
    assert np.flatnonzero(today.chosen(here)).tolist() == [6, 7]


def test_a_limit_on_exposure_binds_those_that_it_is_for_and_leaves_the_rules() -> None:
    today, rules = two_platforms(), Platform(name="p", label="P", channels={"recommend": 1.0})
    today.stores.limit[:] = 1.0
    some = policy("exposure_cap", amount=0.1, merchants=["li"], platform="b")
    everybody = policy("exposure_cap", amount=0.2)
    for each in (some, everybody):
        EFFECTS["exposure_cap"].stores(today, each)
    assert today.stores.limit.tolist() == [1.0] * 6 + [0.1, 1.0]
    assert rules_today(rules, [some]) == rules
    assert rules_today(rules, [some, everybody]).feed.exposure_cap == 0.2


def test_several_with_names_are_removed_at_once() -> None:
    today = two_platforms()
    remove(today, policy("remove", merchants=["li", "wei"]))
    assert today.stores.status.reshape(2, 4).tolist() == [[OPEN, OPEN, SUSPENDED, SUSPENDED]] * 2
    today.suspensions.end("p", today.stores)
    assert (today.stores.status == OPEN).all()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"effect": "remove", "merchants": ["li"], "top": 1}, "must say whom it removes"),
        ({"effect": "remove"}, r"merchants \(names\)"),
        ({"effect": "commission", "amount": 0.1, "merchants": ["li"]}, "leave out .*merchants"),
        ({"effect": "remove", "top": 1, "newcomers": True}, "for some merchants only"),
    ],
)
def test_what_a_policy_cannot_be_for_is_said(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        policy(**settings)


def with_stars(*policies: dict[str, Any]) -> Scenario:
    return scenario({"a": preset("taobao_live")}, merchants={"named": STARS}, policies=list(policies))


def test_stars_of_a_scenario_stay_away_while_they_are_removed() -> None:
    model = finished(with_stars({"name": "out", "effect": "remove", "merchants": ["li", "wei"], "start": 5}))
    live = model.journal.live[:, -2:]
    assert live[:5].any() and not live[5:].any() and model.journal.live[5:, :-2].any()


def test_a_name_that_nobody_has_and_two_that_remove_the_same_are_told() -> None:
    with pytest.raises(ScenarioError, match="names merchant 'lee', which does not exist"):
        with_stars({"name": "out", "effect": "remove", "merchants": ["lee"]})
    out = {"effect": "remove", "merchants": ["li"]}
    with pytest.raises(ScenarioError, match="both remove merchant 'li'"):
        with_stars(out | {"name": "one"}, out | {"name": "other", "merchants": ["wei", "li"]})
