"""Merchants with a name: what a scenario may say of them, and what is said of what it may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulation.checking.problems import check_scenario
from simulation.claims.reading import read_scenario
from simulation.scenario import ScenarioError, find_scenario
from simulation.scenario.generated.parameters import parameters
from simulation.scenario.identity import as_table
from simulation.scenario.reading.read import changed_scenario
from tests.support.question_files import BASE, written

STALL = '[[merchants.named]]\nname = "stall"\nkind = "community_vendor"\ncategory = 0\nmembers = 3\n'
TOWN = "[friendships]\nneighbourhood_size = 20\n"


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(written(folder, TOWN + text))
    return str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "key", "found", "allowed"),
    [
        ('"community_vendor"', '"comunity_vendor"', "stall.kind", "did you mean 'community_vendor'", "brand"),
        ("category = 0", "category = 8", "stall.category", "no category 8", "from 0 to 7"),
        ("category = 0", "category = 0.5", "stall.category", "0.5", "a whole number"),
        ('"stall"', '"12"', "named.12.name", "'12'", "starting with a letter"),
        ("members = 3", "price = -1", "stall.price", "-1", "from 0.01"),
        ("members = 3", "members = 401", "stall.members", "holds 400 at 20", "members = 400"),
        ("members = 3", "local = false\nmembers = 301", "stall.members", "25% of all", "members = 300"),
        ("members = 3", "arrival_day = 5", "stall.arrival_day", "after the end", "below world.days (5)"),
        ("members = 3", "colour = 3", "stall.colour", "colour", "category"),
    ],
)
def test_what_cannot_be_is_refused_with_where_and_what_to_write(
    tmp_path: Path, before: str, after: str, key: str, found: str, allowed: str
) -> None:
    said = refused(tmp_path, STALL.replace(before, after))
    assert key in said and found in said and allowed in said


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "merchants named twice: stall" in refused(tmp_path, STALL + STALL)


def test_members_that_just_fit_are_accepted(tmp_path: Path) -> None:
    for most in ("members = 400", "local = false\nmembers = 300"):
        assert read_scenario(written(tmp_path, TOWN + STALL.replace("members = 3", most)))


@pytest.mark.parametrize(
    ("members", "grain", "expected"),
    [
        (
            300,
            20,
            ["with 300 members it has 15 agents at 20 persons an agent", "people_per_viewer = 10 or fewer"],
        ),
        (20, 5, ["with 20 members it has 4 agents at 5", "write world.people_per_viewer = 1"]),
        (300, 10, []),
        (20, 1, []),
        (0, 20, []),
    ],
)
def test_a_world_too_coarse_for_its_members_is_pointed_out(
    tmp_path: Path, members: int, grain: int, expected: list[str]
) -> None:
    text = STALL.replace("members = 3", f"members = {members}")
    wide = {"friendships.neighbourhood_size": 500, "world.viewers": 1_000, "world.people_per_viewer": grain}
    remarks = check_scenario(written(tmp_path, text), wide).remarks
    assert len(remarks) == bool(expected)
    for part in expected:
        assert part in f"{remarks[0].found}; {remarks[0].allowed}"


def test_a_claim_speaks_of_a_merchant_by_its_name_and_only_of_one_that_there_is(tmp_path: Path) -> None:
    def claim(measure: str) -> str:
        return (
            f'[[claims]]\nid = "c"\ntitle = "C"\n[[claims.tests]]\nmeasure = "{measure}"\narm = "feed"\n'
            'against = "links"\ndirection = "higher"\nmargin = 1\nwhy = "because"\n'
        )

    assert read_scenario(written(tmp_path, TOWN + STALL + claim("named_profit_stall")))
    assert "did you mean 'named_profit_stall'" in refused(tmp_path, STALL + claim("named_profit_stal"))
    assert "named_profit" in refused(tmp_path, STALL + claim("named_profit"))
    assert "named_profit_stall" in refused(tmp_path, claim("named_profit_stall"))


def test_a_scenario_without_any_says_nothing_of_them(tmp_path: Path) -> None:
    assert "named" not in as_table(read_scenario(written(tmp_path, "")))["merchants"]
    assert BASE.count("named") == 0


def test_every_number_can_be_set_by_name_and_stands_in_the_table_of_parameters() -> None:
    base = read_scenario(find_scenario("fruit_vendor"))
    changed = changed_scenario(base, {"merchants.named.fruit_stall.price": 30})
    assert changed.merchants.named_merchants[0].price == 30
    numbers = {entry.key: entry for entry in parameters() if entry.key.startswith("merchants.named.<name>.")}
    ranges: dict[str, Any] = {entry.key: (entry.unit, entry.low, entry.high) for entry in parameters()}
    assert len(numbers) == 19
    kind = "merchants.archetypes.community_vendor"
    for name, of_kind in (("price", "price_median"), ("members", "fans_median"), ("margin", "margin")):
        assert ranges[f"merchants.named.<name>.{name}"] == ranges[f"{kind}.{of_kind}"]
