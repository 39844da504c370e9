"""The owner of a platform: visitors led into its own shops, and what it holds of rivals, by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulation.claims.reading import check_table
from simulation.errors import ScenarioError
from simulation.measures.outcome import Window
from simulation.platforms.own_shops import (
    ANYWAY,
    BOUGHT,
    FOLLOWED,
    OWN_ORDERS,
    Chances,
    Day,
    Span,
    Visitors,
    close_own_shops,
    nobody_followed,
)
from simulation.state.ledger import BOOKS
from simulation.world.model import LiveCommerceModel
from tests.support.blank_journals import PERSONS, blank, value
from tests.support.worlds import differences, everything_written, finished, preset, scenario

KEY = np.uint64(3)


def counts_of(
    visits: dict[int, list[int]], base_rate: float, hand_over: float, days: int = 70, viewers: int = 1
) -> np.ndarray:
    """Counts by day of one platform whose viewers visit it on the days given for each."""
    seen = np.full((viewers, 1), -1, np.int16)
    counts, followed = np.zeros((days, 1, 4), np.int64), nobody_followed(1, viewers)
    chances = [Chances(0, base_rate, hand_over)]

    def one_by_one(work: Callable[[Span], np.ndarray]) -> list[np.ndarray]:
        return [work(Span(viewer, viewer + 1)) for viewer in range(viewers)]

    for day in range(days):
        for viewer, on in visits.items():
            if day in on:
                seen[viewer] = day
        close_own_shops(Day(KEY, day), seen, followed, chances, counts, one_by_one)
    return counts[:, 0]


def test_a_visitor_is_followed_for_30_days_and_then_from_the_next_visit_on() -> None:
    """Led on every visit: those of days 0, 10 and 29 are of one period, that of day 30 begins the next."""
    counts = counts_of({0: [0, 10, 29, 30]}, base_rate=0.0, hand_over=1.0)
    assert counts[:, OWN_ORDERS].nonzero()[0].tolist() == [0, 10, 29, 30]
    assert counts[:, FOLLOWED].nonzero()[0].tolist() == counts[:, BOUGHT].nonzero()[0].tolist() == [0, 30]
    assert counts[:, [FOLLOWED, BOUGHT]].max() == 1 and counts[:, ANYWAY].sum() == 0


def test_who_buys_anyhow_is_no_gain_of_the_link() -> None:
    """One who buys every day is followed from day 5 on; one who never visits is followed at no time."""
    counts = counts_of({0: [5], 1: []}, base_rate=1.0, hand_over=1.0, viewers=2)
    assert counts[:, OWN_ORDERS].tolist() == [2] * 70
    assert counts[:, [FOLLOWED, BOUGHT, ANYWAY]].sum(axis=0).tolist() == [1, 1, 1]
    assert counts[5, [FOLLOWED, BOUGHT, ANYWAY]].tolist() == [1, 1, 1]


def test_visitors_buy_by_the_law_of_two_independent_chances() -> None:
    """With visits on 3 of 30 days: ``1 - (1 - b)**30 (1 - h)**3`` buy, ``1 - (1 - b)**30`` anyway."""
    viewers, base, led = 4_000, 0.01, 0.1
    visits = {viewer: [0, 7, 20] for viewer in range(viewers)}
    found = counts_of(visits, base, led, days=31, viewers=viewers)[0] / viewers
    for column, law in ((BOUGHT, 1 - 0.99**30 * 0.9**3), (ANYWAY, 1 - 0.99**30)):
        assert found[column] == pytest.approx(law, abs=4 * math.sqrt(law * (1 - law) / viewers))


def test_measures_of_own_shops_are_of_followed_visitors() -> None:
    """In 60 days 20 are followed from days 0 and 10 on, 9 of whom buy, 4 anyway; later ones do not count."""
    made = blank(days=60)
    made = replace(made, platforms=[_with(made.platforms[0], income=3.0)])
    made.journal.own_shops[[0, 10], 0] = [5, 12, 6, 1], [2, 8, 3, 3]
    made.journal.own_shops[45, 0] = 4, 50, 50, 0
    assert value(made, "own_shop_buyers_30d") == 9 / 20
    assert value(made, "own_shop_buyers_net_30d") == pytest.approx(5 / 20)
    assert value(made, "own_shop_income") == 11 * PERSONS * 3.0
    assert math.isnan(value(made.within(Window(31, 60)), "own_shop_buyers_30d"))
    assert value(made.within(Window(31, 60)), "own_shop_income") == 4 * PERSONS * 3.0


def _with(platform: Any, **shops: float) -> Any:
    return platform.model_copy(update={"own_shops": platform.own_shops.model_copy(update=shops)})


def test_an_owner_has_its_platform_its_shops_and_its_part_of_rivals() -> None:
    """10 CNY of its own, 4 orders at 3 CNY a person, and a fifth of the 50 CNY that the rival earns."""
    made = blank()
    owner = _with(made.platforms[0], income=3.0).model_copy(update={"name": "a", "stakes": {"b": 0.2}})
    rival = made.platforms[0].model_copy(update={"name": "b"})
    made = replace(made, platforms=[owner, rival])
    books = np.zeros((60, 2, len(BOOKS)), np.int64)
    books[3, :, BOOKS.index("commission")] = 1_000, 6_000
    books[3, 1, BOOKS.index("subsidies")] = 1_000
    made.journal.books, made.journal.own_shops = books, np.zeros((60, 2, 4), np.int64)
    made.journal.own_shops[7, 0, OWN_ORDERS] = 4
    assert value(made, "owner_payoff", 0) == 10 + 4 * PERSONS * 3 + 10
    assert value(made, "owner_payoff", 1) == 50
    assert value(made, "owner_payoff") == 10 + 4 * PERSONS * 3 + 50


def test_own_shops_act_on_nobody() -> None:
    """All but their own counts is the same to the bit with them and without."""
    rules = preset("tencent_live")
    shops = {"base_rate": 0.2, "hand_over": 0.5, "income": 1.0}
    without, with_shops = (finished(scenario({"arm": rules | {"own_shops": given}})) for given in ({}, shops))
    apart = differences(_but_followed(without), _but_followed(with_shops))
    assert apart == ["journal.own_shops"] and with_shops.journal.own_shops.any()


def _but_followed(model: LiveCommerceModel) -> dict[str, np.ndarray]:
    written = everything_written(model)
    del written["journal._followed"]
    return written


def market(*platforms: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "rivals",
        "title": "Rivals",
        "article_claims": False,
        "world": {"viewers": 200, "merchants": 12, "days": 40},
        "arms": [{"name": "arm", "platforms": list(platforms)}],
    }


def test_a_platform_that_stays_out_is_one_whose_launch_never_comes() -> None:
    """Until the day of the launch all is the same to the bit as with a launch; after it nobody is there."""

    def written(**changes: Any) -> np.ndarray:
        rivals = [preset("taobao_live"), preset("douyin"), preset("tencent_live") | changes]
        model = LiveCommerceModel(check_table(market(*rivals), "test"), "arm")
        return model.run().visits.reshape(40, 3, -1)

    launched, out = written(launch_day=12), written(stays_out=True)
    assert launched[:12].any() and (launched[:12] == out[:12]).all()
    assert launched[12:, 2].any() and not out[:, 2].any() and out[12:, :2].any()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"stakes": {"kuaishuo": 0.2}}, "'kuaishuo', which is no rival of 'tencent_live'"),
        ({"stakes": {"tencent_live": 0.2}}, "which is no rival of 'tencent_live'"),
        ({"stakes": {"douyin": 20}}, "let it be from 0 to 1"),
    ],
)
def test_stakes_are_shares_of_rivals_that_are_there(changes: dict[str, Any], found: str) -> None:
    rivals = [preset("douyin"), preset("tencent_live") | changes]
    with pytest.raises(ScenarioError) as error:
        check_table(market(*rivals), "test")
    assert found in str(error.value)


def test_followed_visitors_are_kept_by_platform() -> None:
    kept = nobody_followed(2, 3)
    assert isinstance(kept, Visitors) and kept.since.shape == kept.found.shape == (2, 3)
