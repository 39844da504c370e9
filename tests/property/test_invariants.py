"""Whatever the parameters, the books balance after every day and measures are well formed."""

from __future__ import annotations

import math

from hypothesis import HealthCheck, given, settings

from simulation.measures import MEASURES, Outcome, measure_all
from simulation.measures.tables import channel_table, daily_table, merchant_table
from simulation.scenario import Scenario
from simulation.world.cast.cast import draw_cast
from simulation.world.invariants.checks import check_invariants
from tests.support.random_scenarios import scenarios
from tests.support.worlds import build_model, differences, everything_written, platform, same_shops, scenario

whole_worlds = settings(
    deadline=None,
    max_examples=40,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
SHARE_COLUMNS = (
    "conversion_rate",
    "private_traffic_share",
    "outside_share",
    "return_rate",
    "revisit_rate_7d",
    "revisit_rate_30d",
    "repurchase_rate_30d",
    "fan_survival",
    "merchant_survival",
)
SIGNED = {"lead"}


def is_share_or_missing(value: float) -> bool:
    return math.isnan(value) or 0 <= value <= 1


@whole_worlds
@given(scenarios())
def test_invariants_hold_after_every_day_and_threads_change_nothing(drawn: Scenario) -> None:
    cast = draw_cast(drawn)
    alone, together = build_model(drawn, 0, cast), build_model(drawn, 0, cast, threads=3)
    try:
        while alone.day < alone.days:
            alone.step()
            check_invariants(alone)
        together.run()
        check_invariants(together)
        assert differences(everything_written(alone), everything_written(together)) == []
    finally:
        alone.close()
        together.close()


@whole_worlds
@given(scenarios())
def test_measures_and_tables_are_well_formed(drawn: Scenario) -> None:
    model = build_model(drawn)
    try:
        model.run()
        outcome = Outcome.from_model(model)
    finally:
        model.close()
    values = measure_all(outcome)
    for entry in MEASURES.values():
        found = {name: value for name, value in values.items() if name.startswith(entry.name)}
        assert found or not entry.of_all, entry.name
        if entry.unit == "share" and entry.name not in SIGNED:
            assert all(is_share_or_missing(value) for value in found.values()), found
    assert not any(math.isinf(value) for value in values.values())
    daily, merchants = daily_table(outcome), merchant_table(outcome)
    assert len(daily) == drawn.world.days
    assert len(merchants) == model.merchant_count
    assert len(channel_table(outcome)) == len(outcome.channels)
    for column in SHARE_COLUMNS:
        assert all(is_share_or_missing(value) for value in daily[column]), column


def test_overwhelming_crowd_cues_do_not_break_a_choice() -> None:
    """Utilities in the thousands, which the declared ranges allow, overflow an exponential."""
    every_channel = {"hot_list": 1.0, "recommend": 1.0, "follow": 0.5, "push": 0.5, "share": 1.0}
    model = build_model(
        scenario(
            {"arm": platform(every_channel)},
            viewers=200,
            shops=20,
            days=15,
            merchants=same_shops(),
            people={"crowd_shape": 0.1, "activity_mean": 5.0},
            world={"people_per_viewer": 1000.0},
            choice={"crowd_weight": 20.0, "fit_weight": 20.0},
        )
    )
    while model.day < model.days:
        model.step()
        check_invariants(model)
