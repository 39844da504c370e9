"""Claims are read several ways: each reading has a verdict of its own, and one word sums them up."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from simulation.claims.catalogue import answerable_claims, why_not_tested, windows_wanted
from simulation.claims.reading import check_table
from simulation.claims.verdict import judge
from simulation.claims.whole import (
    AS_MEANT,
    BY_STRUCTURE,
    FAILS,
    HOLDS,
    IN_ALL,
    LITERALLY,
    OPEN,
    UNTESTED,
    Status,
    whole,
)
from simulation.errors import ScenarioError
from simulation.measures.registry import windows_asked_for
from simulation.runs.execution import TABLES
from simulation.runs.probes import Probe, effective, probes_needed, switched_off
from simulation.runs.results import Results
from simulation.scenario import Scenario
from simulation.scenario.sections.claim import Claim
from tests.support.worlds import preset

YES, NO, MAYBE, NOT, FIXED = "supported", "contradicted", "undecided", "not tested", "decided by structure"
TEST: dict[str, Any] = {
    "measure": "gmv",
    "arm": "links",
    "against": "feed",
    "direction": "higher",
    "margin": 10.0,
    "why": "to be seen",
}
LITERAL = {"id": "literal", "says": "It sells more.", "tests": [TEST]}
ACCEPT = {"id": "accept", "says": "It sells more a visit.", "tests": [TEST | {"measure": "gmv_per_visit"}]}
STRICT = {"id": "strict", "says": "It has more orders.", "tests": [TEST | {"measure": "orders"}]}
ARMS = [
    {"name": "feed", "role": "centralised", "platform": preset("taobao_live")},
    {"name": "links", "role": "decentralised", "platform": preset("tencent_live")},
]


def claim_of(*readings: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "mine", "title": "Mine", "readings": list(readings)} | more


def scenario_of(claim: dict[str, Any], **sections: Any) -> Scenario:
    table = {"name": "read", "title": "Read", "article_claims": False, "arms": ARMS, "claims": [claim]}
    sizes = {"world": {"viewers": 40, "merchants": 4, "days": 5}, "run": {"replications": 3}}
    return check_table(table | sizes | sections, "test")


def results_of(**apart: float) -> Results:
    """Three worlds in which links differ from the feed by so much, with hardly any luck."""
    rows = [
        {"arm": arm, "replicate": world}
        | {name: 100.0 + world + (by + 0.01 * world if arm == "links" else 0) for name, by in apart.items()}
        for arm in ("feed", "links")
        for world in range(3)
    ]
    return Results(pd.DataFrame(rows), **{name: pd.DataFrame() for name in TABLES}, peak_memory_bytes=0)


@pytest.mark.parametrize(
    ("literal", "accept", "strict", "word", "decides"),
    [
        (YES, YES, YES, IN_ALL, "strict"),
        (YES, YES, NO, AS_MEANT, "accept"),
        (NO, YES, NO, AS_MEANT, "accept"),
        (YES, YES, NOT, AS_MEANT, "accept"),
        (MAYBE, YES, MAYBE, AS_MEANT, "accept"),
        (YES, NO, NO, LITERALLY, "accept"),
        (YES, NO, YES, LITERALLY, "accept"),
        (NO, NO, NO, FAILS, "accept"),
        (NOT, NO, NOT, FAILS, "accept"),
        (NO, NO, MAYBE, FAILS, "accept"),
        (MAYBE, NO, NO, OPEN, "literal"),
        (NO, NO, YES, OPEN, "accept"),
        (YES, MAYBE, YES, OPEN, "accept"),
        (NO, MAYBE, NO, OPEN, "accept"),
        (YES, NOT, YES, OPEN, "literal"),
        (NO, NOT, NO, OPEN, "literal"),
        (NOT, NOT, NOT, UNTESTED, "accept"),
        (FIXED, YES, YES, IN_ALL, "strict"),
        (YES, YES, FIXED, IN_ALL, "accept"),
        (FIXED, NO, NO, FAILS, "accept"),
        (YES, FIXED, NO, LITERALLY, "strict"),
        (FIXED, FIXED, FIXED, BY_STRUCTURE, "accept"),
        (FIXED, NOT, NOT, UNTESTED, "accept"),
    ],
)
def test_one_word_for_three_readings(
    literal: Status, accept: Status, strict: Status, word: str, decides: str
) -> None:
    assert whole({"literal": literal, "accept": accept, "strict": strict}) == (word, decides)


@pytest.mark.parametrize(
    ("statuses", "word", "decides"),
    [
        ({"": YES}, HOLDS, ""),
        ({"": NO}, FAILS, ""),
        ({"": MAYBE}, OPEN, ""),
        ({"": NOT}, UNTESTED, ""),
        ({"literal": YES, "accept": YES}, IN_ALL, "accept"),
        ({"literal": YES, "strict": NO}, LITERALLY, "strict"),
        ({"literal": NO, "strict": NO}, FAILS, "strict"),
        ({"accept": NO}, FAILS, "accept"),
    ],
)
def test_one_word_for_fewer_readings(statuses: dict[str, Status], word: str, decides: str) -> None:
    assert whole(statuses) == (word, decides)


def test_every_reading_has_a_verdict_and_the_word_follows_from_them() -> None:
    asked = scenario_of(claim_of(LITERAL, ACCEPT, STRICT, mechanism="Links."))
    (found,) = judge(asked, results_of(gmv=30.0, gmv_per_visit=20.0, orders=2.0))
    assert {row.id: row.status for row in found.readings} == {"literal": YES, "accept": YES, "strict": NO}
    assert (found.word, found.decides, found.status) == (AS_MEANT, "accept", YES)
    assert [test.test["measure"] for test in found.tests] == ["gmv_per_visit"]
    (turned,) = judge(asked, results_of(gmv=30.0, gmv_per_visit=1.0, orders=2.0))
    assert (turned.word, turned.decides, turned.status) == (LITERALLY, "accept", NO)


def test_a_claim_with_tests_alone_has_one_reading() -> None:
    claim = {"id": "mine", "title": "Mine", "tests": [TEST, TEST | {"measure": "orders"}]}
    asked = scenario_of(claim)
    (found,) = judge(asked, results_of(gmv=30.0, orders=30.0))
    assert (found.word, found.status, [row.id for row in found.readings]) == (HOLDS, YES, [""])
    assert [part.id for part in answerable_claims(asked)] == ["mine"]
    (failed,) = judge(asked, results_of(gmv=30.0, orders=2.0))
    assert failed.word == FAILS


def test_what_no_world_can_turn_counts_for_nothing_and_shows_its_argument() -> None:
    fixed = LITERAL | {"structure": "Sales are counted in persons, of which one arm has none."}
    (found,) = judge(scenario_of(claim_of(fixed, ACCEPT)), results_of(gmv=30.0, gmv_per_visit=0.0))
    assert (found.word, found.decides) == (FAILS, "accept")
    assert found.readings[0].status == FIXED and "one arm has none" in found.readings[0].structure


def test_a_reading_that_cannot_be_tested_says_what_to_run() -> None:
    late = ACCEPT | {"tests": [TEST | {"measure": "conversion_rate@31-180", "margin": 0.1}]}
    lacking = {"id": "strict", "says": "It lasts.", "lacks": "no measure of how long it lasts"}
    claim = claim_of(LITERAL | {"tests": [TEST | {"arm": "links"}]}, late, lacking, run="tencent_live_2020")
    asked = scenario_of(claim_of(LITERAL))
    asked = asked.model_copy(update={"claims": [Claim.model_validate(claim)]})
    reasons = {part.id: why_not_tested(asked, part) for part in asked.claims[0].each}
    assert reasons == {
        "mine.literal": "",
        "mine.accept": "this run has 5 days; set world.days = 180",
        "mine.strict": "no measure of how long it lasts",
    }
    other = Claim.model_validate(claim | {"readings": [LITERAL | {"tests": [TEST | {"arm": "hybrid"}]}]})
    assert why_not_tested(asked, other.each[0]) == (
        "no arm here has the role of hybrid; run tencent_live_2020"
    )
    (found,) = judge(asked, results_of(gmv=30.0))
    assert (found.word, found.decides, found.status) == (OPEN, "literal", YES)


def test_tests_that_are_not_enough_can_contradict_but_not_support() -> None:
    some = ACCEPT | {"lacks": "no measure of the rest"}
    asked = scenario_of(claim_of(some))
    (found,) = judge(asked, results_of(gmv_per_visit=20.0))
    assert (found.word, found.status, found.reason) == (OPEN, MAYBE, "no measure of the rest")
    (failed,) = judge(asked, results_of(gmv_per_visit=0.0))
    assert (failed.word, failed.reason) == (FAILS, "")


def test_what_can_be_tested_elsewhere_says_where() -> None:
    lacking = {"id": "accept", "says": "It lasts.", "lacks": "no measure of how long it lasts"}
    elsewhere = STRICT | {"tests": [TEST | {"measure": "named_profit_stall", "margin": 1.0}]}
    claim = Claim.model_validate(claim_of(lacking, elsewhere, run="fruit_vendor"))
    asked = scenario_of(claim_of(LITERAL)).model_copy(update={"claims": [claim]})
    (found,) = judge(asked, results_of(gmv=1.0))
    assert (found.word, found.decides) == (UNTESTED, "strict")
    assert found.reason == "nobody here has the measure named_profit_stall; run fruit_vendor"


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ({"id": "mine", "title": "Mine"}, "needs tests, or else readings"),
        (claim_of(LITERAL, tests=[TEST]), "needs tests, or else readings"),
        (claim_of(LITERAL, LITERAL), "readings given twice: literal"),
        (claim_of(LITERAL | {"tests": []}), "reading 'literal' needs tests, or else what it lacks"),
        (claim_of(LITERAL | {"mechanism": ["heet"]}), "there is no mechanism 'heet' .did you mean 'heat'"),
        (claim_of(LITERAL | {"id": "loose"}), "'literal', 'accept' or 'strict'"),
    ],
)
def test_what_is_no_claim_is_refused(claim: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Claim.model_validate(claim)


def test_mistakes_in_readings_are_named_by_their_keys() -> None:
    wrong = ACCEPT | {"tests": [TEST | {"measure": "profit_per_merchant", "relative": True, "margin": 0.1}]}
    with pytest.raises(ScenarioError) as found:
        scenario_of(claim_of(LITERAL, wrong))
    assert [problem.key for problem in found.value.problems] == [
        "claims.mine.readings.accept.tests.0.relative"
    ]


def test_windows_of_days_are_asked_for_by_readings_too() -> None:
    month = LITERAL | {"tests": [TEST | {"measure": "gmv@1-30"}, TEST | {"measure": "gmv@1-30"}]}
    asked = scenario_of(claim_of(month, ACCEPT), world={"viewers": 40, "merchants": 4, "days": 30})
    assert windows_wanted(asked.claims) == windows_asked_for(asked) == ["gmv@1-30"]


def test_mechanisms_are_switched_off_where_they_act() -> None:
    asked = scenario_of(claim_of(LITERAL))
    feed, links = asked.arms
    assert switched_off(feed, ("heat",)) == {"platform.feed.heat_exponent": 0.0} | (
        {"platform.channels.hot_list": 0.0} if "hot_list" in feed.platform.channels else {}
    )
    assert effective(asked, links, ("heat", "own_trust")) == ("own_trust",)
    market = asked.model_copy(update={"arms": [feed.model_copy(update={"platforms": [feed.platform]})]})
    served = market.arms[0].model_copy(update={"platform": None})
    assert "platforms.taobao_live.feed.heat_exponent" in switched_off(served, ("heat",))
    alone = feed.platform.model_copy(update={"channels": {"hot_list": 1.0}})
    assert not switched_off(feed.model_copy(update={"platform": alone}), ("heat",)), "nothing would be left"


def test_both_sides_can_lack_a_mechanism_and_are_run_for_it() -> None:
    bare = LITERAL | {"tests": [TEST | {"without": ["own_trust"], "against_without": ["own_trust"]}]}
    asked = scenario_of(claim_of(bare))
    assert probes_needed(asked, answerable_claims(asked)) == [
        Probe("feed", ("own_trust",)),
        Probe("links", ("own_trust",)),
    ]


@pytest.mark.parametrize(
    ("asked", "there", "provisional"),
    [
        ("none", "none", False),
        ("none", "own", False),
        ("own", "none", True),
        ("switch", "none", True),
        ("own", "own", False),
        ("own", "switch", True),
    ],
)
def test_a_reading_is_provisional_if_its_worlds_have_another_past_than_it_asks_for(
    asked: str, there: str, provisional: bool
) -> None:
    claim = claim_of(LITERAL | {"past": asked}, ACCEPT)
    asked_for = scenario_of(claim, warm_up={"past": there})
    (found,) = judge(asked_for, results_of(gmv=30.0, gmv_per_visit=20.0))
    assert [row.provisional for row in found.readings] == [provisional, False]
    assert found.provisional == found.as_dict()["provisional"] == provisional


def test_what_was_not_tested_or_cannot_turn_is_not_provisional() -> None:
    fixed = {"structure": "Sales are counted in persons, of which one arm has none.", "past": "own"}
    untested = ACCEPT | {"tests": [], "lacks": "a measure of it", "past": "own"}
    (found,) = judge(scenario_of(claim_of(LITERAL | fixed, untested)), results_of(gmv=30.0))
    assert not found.provisional


@pytest.mark.parametrize("structure", ["by construction", "it follows from the model itself"])
def test_structure_needs_an_argument(structure: str) -> None:
    with pytest.raises(ValidationError, match="is no argument; say in a sentence which definition"):
        Claim.model_validate(claim_of(LITERAL | {"structure": structure}))


def test_a_reading_may_need_longer_runs_and_another_scenario_than_its_claim() -> None:
    apart = ACCEPT | {"run": "elsewhere", "tests": [ACCEPT["tests"][0] | {"arm": "far"}]}
    claim = Claim.model_validate(
        claim_of(LITERAL | {"horizon": 6}, apart, STRICT | {"horizon": 5}, run="anywhere")
    )
    asked = scenario_of(claim_of(LITERAL))
    reasons = [why_not_tested(asked, part) for part in claim.each]
    assert reasons[0] == "this run has 5 days; set world.days = 6"
    assert reasons[1].endswith("; run elsewhere") and not reasons[2]
