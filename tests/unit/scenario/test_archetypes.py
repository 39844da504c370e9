"""Kinds of merchant are tables of a scenario: ours can be changed or left out, others added."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from simulation.pages.kit.names import Names
from simulation.scenario.identity import as_table
from simulation.scenario.reading.read import changed_scenario
from simulation.scenario.sections.merchants import Archetypes, Merchants
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import preset, scenario

STALL = {key: value for key, value in Archetypes().brand.model_dump().items() if value is not None} | {
    "share": 0.15,
    "label": "Stall at the night market",
}
FIVE = {"archetypes": {"night_market": STALL}, "without": ["brand"]}


def test_a_fifth_kind_stands_after_ours_and_another_can_go() -> None:
    merchants = Merchants.model_validate(FIVE)
    assert list(merchants.kinds) == ["community_vendor", "ordinary_shop", "influencer", "night_market"]
    assert Merchants.model_validate(merchants.model_dump()).kinds == merchants.kinds


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"without": ["brand"]}, "sum to 0.85"),
        ({"archetypes": {"night_market": STALL}}, "sum to 1.15"),
        ({"without": ["brandt"]}, "did you mean 'brand'"),
        ({"without": ["community_vendor", "ordinary_shop", "brand", "influencer"]}, "keep at least one"),
        ({"archetypes": {"brnad": {"margin": 0.2}}}, "did you mean 'brand'"),
        ({"archetypes": {"Night market": STALL}}, "not a name for a kind"),
        ({"archetypes": {"night_market": STALL | {"margni": 0.2}}}, "margni"),
        ({"archetypes": {f"kind_{number}": STALL for number in range(50)}}, "more than 50"),
    ],
)
def test_what_cannot_be_is_refused(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Merchants.model_validate(table)


def test_a_scenario_that_adds_none_says_nothing_of_it() -> None:
    table = as_table(scenario({"a": preset("taobao_live")}))["merchants"]
    assert "without" not in table and len(table["archetypes"]) == 4


def test_a_new_kind_sells_is_named_on_pages_and_can_be_varied_by_key() -> None:
    base = scenario({"a": preset("taobao_live")}, merchants=FIVE)
    world = LiveCommerceModel(base, "a")
    world.step()
    assert {"night_market"} < set(world.archetypes) and (world.stores.archetype == 3).any()
    assert Names(base).measure("profit_per_merchant_night_market").endswith("(Stall at the night market)")
    assert Names(base).measure("profit_per_merchant_influencer").endswith("(influencer)")
    dearer = changed_scenario(base, {"merchants.archetypes.night_market.price_median": 321.0})
    assert dearer.merchants.kinds["night_market"].price_median == 321.0
