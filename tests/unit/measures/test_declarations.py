"""What is declared with each measure: units, bounds, which way is better, how it grows with the world."""

from __future__ import annotations

import pytest

from simulation.checking.remarks import remarks_on
from simulation.measures import MEASURES, Outcome
from simulation.measures.daily import DAILY_MEASURES
from simulation.measures.registry import (
    HIGHER,
    IN_AGENTS,
    LARGEST,
    LOWER,
    PAIRED_MEASURES,
    PER_MERCHANT,
    PER_PERSON,
    Measure,
)
from simulation.measures.tables import daily_table
from simulation.runs.bounds import measure_bounds, measure_unit
from simulation.validation.scale import POWER_LAWS, TOTALS
from tests.support.worlds import finished, preset, scenario

EVERY = {**MEASURES, **PAIRED_MEASURES}


@pytest.mark.parametrize("name", EVERY)
def test_a_measure_says_all_of_itself(name: str) -> None:
    entry = EVERY[name]
    assert isinstance(entry, Measure) and entry.name == name and entry.label and entry.unit
    assert entry.better in ("", HIGHER, LOWER)
    assert entry.scales in ("", PER_PERSON, PER_MERCHANT, LARGEST, IN_AGENTS)
    assert entry.split in ("", "channel", "archetype", "platform", "named")
    assert entry.bounds.lowest < entry.bounds.highest


def test_no_two_measures_are_called_alike() -> None:
    assert len({entry.label for entry in EVERY.values()}) == len(MEASURES) + len(PAIRED_MEASURES)


def test_sums_over_the_world_are_compared_by_person_or_merchant() -> None:
    assert (
        dict.fromkeys(
            (
                "reach",
                "visits",
                "orders",
                "follows",
                "shares",
                "fans_gained",
                "fans_lost",
                "users",
                "gmv",
                "platform_gmv",
                "platform_commission",
                "platform_advertising",
                "platform_support",
                "platform_payoff",
                "own_shop_income",
                "owner_payoff",
            ),
            "persons",
        )
        | {"merchants_served": "merchants"}
        == TOTALS
    )
    assert POWER_LAWS == (
        "largest_stream_audience",
        "top1_audience_share",
        "top1_gmv_share",
        "largest_gmv_per_100k",
        "largest_audience_per_100k",
        "settled_largest_audience_per_100k",
        "most_persons_at_once",
    )


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ({"measure": "return_rate", "direction": "higher"}, ["a lower one is better for most"]),
        ({"measure": "revisit_rate_7d", "direction": "lower"}, ["a higher one is better for most"]),
        ({"measure": "profit_per_merchant_brand", "direction": "lower"}, ["a higher one is better for most"]),
        ({"measure": "return_rate", "direction": "lower"}, []),
        ({"measure": "audience_gini"}, []),
    ],
)
def test_a_goal_that_would_have_a_measure_worse_is_pointed_out(goal: dict, told: list[str]) -> None:
    lever = {"key": "trust.half_life", "low": 10.0, "high": 20.0}
    search = {"levers": [lever], "goals": [goal | {"arm": "a"}]}
    question = scenario({"a": preset("taobao_live")}, policy_search=search)
    assert [
        problem.allowed for problem in remarks_on(question) if problem.key.startswith("policy_search.goals")
    ] == told


@pytest.mark.parametrize("name", DAILY_MEASURES)
def test_a_measure_by_day_says_all_of_itself(name: str) -> None:
    entry = DAILY_MEASURES[name]
    assert entry.label and entry.unit and entry.compute.__doc__
    assert entry.whole in DAILY_MEASURES if entry.unit == "share" else not entry.whole
    assert measure_bounds(name).lowest == entry.bounds.lowest and measure_unit(name) == entry.unit


def test_the_daily_table_has_every_measure_by_day_in_order_and_visits_by_channel() -> None:
    model = finished(scenario({"a": preset("taobao_live")}))
    table = daily_table(Outcome.from_model(model))
    by_channel = [f"visits_{name}" for name in model.channel_names]
    names = list(DAILY_MEASURES)
    after = names.index("gmv") + 1
    assert list(table) == [
        "day",
        *names[:after],
        *by_channel,
        *names[after:],
        "fan_survival",
        "merchant_survival",
    ]
    assert table[by_channel].sum(axis=1).to_numpy() == pytest.approx(table["visits"].to_numpy())
