"""Dated policies do what they say, from their first day to their last."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulation.behaviour.merchants.bookkeeping import COMMISSION, REVENUE, SUBSIDIES
from simulation.claims.reading import check_table
from simulation.scenario import Scenario, ScenarioError
from simulation.state.columns import OPEN
from simulation.world.invariants.checks import check_invariants
from simulation.world.model import LiveCommerceModel
from tests.support.stated_world import stated
from tests.support.worlds import build_model, differences, everything_written, finished, preset

WORLD = {"viewers": 1_500, "merchants": 60, "days": 40, "people_per_viewer": 20}
EFFECTS: dict[str, dict[str, Any]] = {
    "support": {"amount": 0.3, "above_fans": 500},
    "cold_start_quota": {"amount": 0.5},
    "exposure_cap": {"amount": 0.02},
    "recommendation": {"amount": 0.5},
    "training": {"amount": 0.5},
    "commission": {"amount": 0.5},
    "subsidy": {"amount": 10.0},
    "traffic": {"amount": 2.0},
    "remove": {"top": 1},
}


def question(*policies: dict[str, Any], platform: str = "tencent_live_plus_feed", **more: Any) -> Scenario:
    named = [{"name": f"policy_{place}"} | policy for place, policy in enumerate(policies)]
    table = {
        "name": "t",
        "title": "T",
        "article_claims": False,
        "world": WORLD,
        "policies": named,
        "arms": [{"name": "arm", "platform": preset(platform)}],
    }
    return check_table(table | stated(**more), "test")


def books(model: LiveCommerceModel, column: int) -> np.ndarray:
    return model.journal.books[:, 0, column].astype(float)


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_policy_that_starts_after_the_last_day_changes_nothing(effect: str) -> None:
    never = question({"effect": effect, "start": 40} | EFFECTS[effect])
    assert differences(everything_written(finished(question())), everything_written(finished(never))) == []


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_policy_acts_from_its_first_day_and_its_end_restores_the_old_rule(effect: str) -> None:
    many = {"shopkeeping": {"arrivals": 20.0}}  # newcomers at any time, for a quota to act on
    acting = question({"effect": effect, "start": 10, "end": 20} | EFFECTS[effect], **many)
    model, plain = build_model(acting), build_model(question(**many))
    skills: list[float] = []
    while model.day < model.days:
        model.step()
        plain.step()
        check_invariants(model)
        skills.append(float(model.stores.host_skill.mean()))
        if model.day == 10:
            same = [
                n
                for n in differences(everything_written(model), everything_written(plain))
                if not n.startswith(("journal.channels", "sums", "viewers.visited", "viewers.bought"))
            ]
            assert same == [], "nothing may differ before the first day"
        elif model.day == 20:
            assert differences(everything_written(model), everything_written(plain))
    rules, old = model.marketplace.today[0], model.marketplace.platforms[0]
    assert rules == old
    assert not model.interventions.subsidies.any() and not model.interventions.supported.any()
    assert len(set(skills[20:])) == 1, "nobody learns after the course"
    assert not (model.stores.status == 4).any(), "whoever was removed is back"


def test_commission_and_subsidy_are_paid_on_their_days_only() -> None:
    model = finished(
        question(
            {"effect": "commission", "start": 10, "end": 20, "amount": 0.5},
            {"effect": "subsidy", "start": 15, "end": 25, "amount": 10.0},
        )
    )
    revenue, fees, paid = (books(model, column) for column in (REVENUE, COMMISSION, SUBSIDIES))
    rate = fees / np.maximum(revenue, 1)
    sold = revenue[10:20] > 0  # so small a world may sell nothing on a day
    assert sold.sum() > 5 and rate[10:20][sold] == pytest.approx(np.full(sold.sum(), 0.5), abs=0.01)
    assert np.delete(rate, slice(10, 20)).max() < 0.02
    assert (paid > 0).nonzero()[0].tolist() == list(range(15, 25))


def test_policies_combine() -> None:
    model = build_model(
        question(
            {"effect": "traffic", "amount": 2.0},
            {"effect": "traffic", "amount": 3.0},
            {"effect": "recommendation", "amount": 0.5},
        )
    )
    today, old = model.marketplace.today[0], model.marketplace.platforms[0]
    assert today.pool == 6 * old.pool
    mix, before = today.channels, old.channels
    assert mix["push"] == pytest.approx(before["push"] / 2)
    assert sum(mix.values()) == pytest.approx(sum(before.values()))


def test_the_removed_merchant_is_the_one_with_most_sales_and_comes_back() -> None:
    model = build_model(
        question({"effect": "remove", "start": 20, "end": 30, "top": 1}, platform="taobao_live")
    )
    while model.day < 20:
        model.step()
    gmv = model.journal.by_store[:, 3].copy()
    best = int(np.argmax(gmv))
    model.step()
    while model.day < 30:
        assert model.stores.status[best] == 4 and not model.stores.live[best]
        model.step()
    assert model.journal.live[:20, best].any() and not model.journal.live[20:30, best].any()
    model.step()
    assert model.stores.status[best] == OPEN


def test_support_reaches_those_above_the_threshold_and_nobody_else() -> None:
    policy = {"effect": "support", "amount": 0.5, "above_fans": 2_000}
    model = build_model(question(policy, platform="tencent_live"))
    surface = model.channel_names.index("showcase")
    for _ in range(20):
        fans = model.stores.fans * model.people_per_viewer
        was_open = model.stores.status == OPEN
        model.step()
        assert (model.interventions.supported == (was_open & (fans >= 2_000))).all()
    assert model.interventions.supported.any() and not model.interventions.supported.all()
    assert model.journal.channels[:, surface, 1].sum() > 0


def test_a_policy_can_be_for_some_arms_only() -> None:
    arms = [{"name": name, "platform": preset("taobao_live")} for name in ("with_it", "without_it")]
    both = question({"effect": "traffic", "amount": 3.0, "arms": ["with_it"]}, arms=arms)
    busy, plain = finished(both, 0), finished(both, 1)
    assert busy.journal.visits.sum() > 1.5 * plain.journal.visits.sum()
    alone = finished(question(platform="taobao_live"))
    assert differences(everything_written(plain), everything_written(alone)) == []


WRONG = {
    "a launch after the end": (
        {"arms": [{"name": "arm", "platforms": [preset("jd_live"), preset("douyin") | {"launch_day": 40}]}]},
        ["douyin", "day 40", "after the end", "below world.days (40)"],
    ),
    "an unknown platform": (
        {"policies": [{"name": "p", "effect": "traffic", "amount": 2, "platform": "tencent_liv"}]},
        ["tencent_liv", "did you mean 'tencent_live_plus_feed'"],
    ),
    "an unknown arm": (
        {"policies": [{"name": "p", "effect": "traffic", "amount": 2, "arms": ["arn"]}]},
        ["did you mean 'arm'"],
    ),
    "a top merchant removed twice": (
        {"policies": [{"name": name, "effect": "remove", "top": 1} for name in ("p", "q")]},
        ["'p' and 'q'", "rank 1", "drop one"],
    ),
    "weights that are all zero": (
        {"arms": [{"name": "arm", "platform": preset("taobao_live") | {"channels": {"recommend": 0.0}}}]},
        ["all weights are zero"],
    ),
    "no amount": ({"policies": [{"name": "p", "effect": "subsidy"}]}, ["no amount", "CNY a day"]),
    "an end before the start": (
        {"policies": [{"name": "p", "effect": "traffic", "amount": 2, "start": 9, "end": 9}]},
        ["ends on day 9", "let end be after start"],
    ),
    "a quota without a feed": (
        {
            "policies": [{"name": "p", "effect": "cold_start_quota", "amount": 0.2, "arms": ["arm"]}],
            "arms": [{"name": "arm", "platform": preset("tencent_live")}],
        },
        ["has none", "recommend"],
    ),
    "a merchant who is not there": (
        {"policies": [{"name": "p", "effect": "remove", "merchant": 60}]},
        ["does not exist", "60 on the first day"],
    ),
    "both a platform and platforms": (
        {"arms": [{"name": "arm", "platform": preset("douyin"), "platforms": [preset("douyin")]}]},
        ["either platform or platforms"],
    ),
    "a market without daily users": (
        {
            "arms": [
                {"name": "arm", "platforms": [preset("douyin"), preset("kuaishou") | {"daily_users": None}]}
            ]
        },
        ["kuaishou", "no daily_users"],
    ),
    "nobody to remove": ({"policies": [{"name": "p", "effect": "remove"}]}, ["whom it removes"]),
    "an unknown rule": ({"merchant_rule": "feedbak"}, ["did you mean 'feedback'"]),
    "a plugin that is not there": (
        {"plugins": {"channels": {"wheel": "/nowhere/wheel.py"}}},
        ["/nowhere/wheel.py", "no such file", "as seen from the scenario file"],
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_mistakes_get_a_clear_error_before_anything_runs(mistake: str) -> None:
    table, words = WRONG[mistake]
    with pytest.raises(ScenarioError) as caught:
        question(**table) if "policies" not in table else question(
            *table["policies"], **{key: value for key, value in table.items() if key != "policies"}
        )
    text = str(caught.value)
    assert all(word in text for word in words), text
    assert len(text.splitlines()) < 12
