"""What plausible worlds say stands on a card only where all that the verdict depends on is the same."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from simulation.claims.catalogue import article_claims, scenario_readings
from simulation.claims.reading import check_table, read_scenario
from simulation.ensembles.analysis.verdicts import verdicts
from simulation.ensembles.results import SweepResults
from simulation.laboratory import store_run
from simulation.pages.run.about import BEFORE, setting_note
from simulation.pages.run.sentences import robustness, shares_in
from simulation.pages.run.verdict_cards import deciding_reading
from simulation.resources import EVIDENCE_FOLDER, SCENARIOS_FOLDER
from simulation.scenario import Scenario, find_scenario
from simulation.scenario.reading.read import changed_scenario
from simulation.scenario.sections.claim import ClaimTest
from simulation.storage.manifest import MODEL_VERSION, same_results
from simulation.validation import collecting, shares
from simulation.validation.collecting import read_stored
from simulation.validation.same_question import (
    caps_exposure,
    changes_at_work,
    depends_on,
    differences,
    fingerprint,
)
from simulation.validation.shares import NOT_WEIGHED, ROBUSTNESS, read_shares, read_weighed, shares_for
from tests.support.evidence_stand_ins import weighed_today
from tests.support.worlds import preset

SIZE = {"world.viewers": 2_500, "world.merchants": 100, "world.people_per_viewer": 40}
"""The headline's world as plausible worlds were made."""
TESTS = [
    ClaimTest.model_validate(
        {
            "measure": "gmv",
            "arm": "decentralised",
            "against": "centralised",
            "direction": "higher",
            "margin": 0.1,
            "relative": True,
            "why": "made up",
        }
    )
]
CENTRAL = {"name": "central", "role": "centralised", "platform": preset("taobao_live")}
SHARED = {"name": "shared", "role": "decentralised", "platform": preset("tencent_live")}
OTHER = {"name": "other", "platform": preset("douyin")}


def scenario_of(arms: list[dict[str, Any]] | None = None, **sections: Any) -> Scenario:
    table = {
        "name": "asked",
        "title": "Asked",
        "world": {"viewers": 60, "merchants": 6, "days": 5},
        "arms": arms or [CENTRAL, SHARED],
    }
    return check_table(table | sections, "test")


HERE = scenario_of()
POLICY = {"name": "plan", "effect": "traffic", "amount": 2.0}


@pytest.mark.parametrize(
    "same",
    [
        scenario_of(name="called", title="Otherwise", question="Why?", article_claims=False),
        scenario_of(run={"seed": 3, "replications": 4, "probe_replications": 1, "record": True}),
        scenario_of([SHARED, CENTRAL]),
        scenario_of([CENTRAL, SHARED, OTHER]),
        scenario_of([CENTRAL | {"name": "first", "label": "First"}, SHARED]),
        scenario_of(
            [CENTRAL, SHARED | {"platform": preset("tencent_live") | {"label": "L", "operator": "O"}}]
        ),
        scenario_of([CENTRAL, SHARED, OTHER], policies=[POLICY | {"arms": ["other"]}]),
        scenario_of(policies=[POLICY | {"start": 5}]),
        scenario_of(sweep={"design": "list", "rows": [{"trust.half_life": 9.0}]}),
    ],
)
def test_names_luck_and_what_the_claim_does_not_speak_of_are_not_in_the_fingerprint(same: Scenario) -> None:
    assert fingerprint(same, TESTS) == fingerprint(HERE, TESTS)


CAPPED = preset("tencent_live") | {"feed": {"exposure_cap": 0.5}}


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (scenario_of(world={"viewers": 61, "merchants": 6, "days": 5}), "size of the world (viewers)"),
        (scenario_of(world={"viewers": 60, "merchants": 6, "days": 6}), "size of the world (days)"),
        (changed_scenario(HERE, {"world.people_per_viewer": 1}), "size of the world (people per viewer)"),
        (changed_scenario(HERE, {"world.isolated_viewers": 1}), "size of the world (isolated viewers)"),
        (changed_scenario(HERE, {"people.homophily": 0.9}), "people (homophily)"),
        (changed_scenario(HERE, {"friendships.long_ties": 1}), "friendships (long ties)"),
        (
            changed_scenario(HERE, {"merchants.archetypes.brand.cash": 1}),
            "kinds of merchants (archetypes: brand: cash)",
        ),
        (changed_scenario(HERE, {"trust.half_life": 9}), "rules (trust: half life)"),
        (scenario_of([CENTRAL, SHARED | {"changes": {"trust.half_life": 9}}]), "rules (trust: half life)"),
        (
            scenario_of([CENTRAL, SHARED | {"platform": CAPPED}]),
            "platforms (tencent live: feed: exposure cap)",
        ),
        (
            scenario_of([CENTRAL, SHARED | {"changes": {"platform.pool": 2}}]),
            "platforms (tencent live: pool)",
        ),
        (scenario_of([CENTRAL, OTHER | {"role": "decentralised"}]), "platforms (tencent live, douyin)"),
        (scenario_of(policies=[POLICY]), "policies"),
        (scenario_of(policies=[POLICY | {"arms": ["shared"], "start": 4}]), "policies"),
    ],
)
def test_whatever_else_decides_changes_the_fingerprint_and_is_named(other: Scenario, words: str) -> None:
    assert fingerprint(other, TESTS) != fingerprint(HERE, TESTS)
    assert differences(depends_on(HERE, TESTS), depends_on(other, TESTS)) == words


def test_plugins_count_by_their_content_and_tests_by_what_they_ask(tmp_path: Path) -> None:
    rule = (SCENARIOS_FOLDER / "plugins" / "cautious.py").read_text(encoding="utf-8")
    files = {}
    for name, text in (("one", rule), ("two", rule), ("three", f"{rule}\nMORE = 1\n")):
        file = tmp_path / f"{name}.py"
        file.write_text(text, encoding="utf-8")
        asked = scenario_of(merchant_rule="careful", plugins={"merchant_rules": {"careful": str(file)}})
        files[name] = fingerprint(asked, TESTS)
    assert files["one"] == files["two"] != files["three"] != fingerprint(HERE, TESTS)
    wider = [TESTS[0].model_copy(update={"margin": 0.2})]
    reworded = [TESTS[0].model_copy(update={"why": "said otherwise"})]
    assert fingerprint(HERE, wider) != fingerprint(HERE, TESTS) == fingerprint(HERE, reworded)


def test_changes_of_an_arm_are_applied() -> None:
    whole = changed_scenario(scenario_of([SHARED]), {"trust.half_life": 9})
    arm = scenario_of([SHARED | {"changes": {"trust.half_life": 9}}])
    level = [TESTS[0].model_copy(update={"kind": "level", "against": None, "reference": 1.0})]
    assert fingerprint(arm, level) == fingerprint(whole, level)


@pytest.fixture
def weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if what is kept had been weighed by today's model."""
    monkeypatch.setattr(shares, "EVIDENCE_FOLDER", weighed_today(tmp_path))


def shown(name: str, changes: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Readings whose shares are shown, and why those of others that were weighed are not."""
    found = shares_for(read_scenario(find_scenario(name), changes))
    return (
        {claim for claim, entry in found.items() if entry["shares"]},
        {entry["why_not"] for entry in found.values() if not entry["shares"]} - {NOT_WEIGHED},
    )


ALL = set(read_shares() or {})


@pytest.mark.usefixtures("weighed")
def test_the_world_of_the_plausible_ones_shows_them_all_and_the_headline_with_their_size() -> None:
    assert ALL
    assert shown("plausible_worlds", {}) == (ALL, set())
    assert shown("tencent_live_2020", SIZE) == (ALL, set())
    assert shown("tencent_live_2020", {}) == (ALL, set())
    sizes = {
        (entry["shares"].get("viewers"), entry["shares"].get("merchants"))
        for name in ("plausible_worlds", "tencent_live_2020")
        for entry in shares_for(read_scenario(find_scenario(name))).values()
        if entry["shares"]
    }
    world = read_scenario(find_scenario("plausible_worlds")).world
    assert sizes == {(None, None), (world.viewers, world.merchants)}, "told where it is another"


@pytest.mark.usefixtures("weighed")
def test_defaults_of_what_varied_do_not_count_but_what_a_scenario_sets_does(tmp_path: Path) -> None:
    kept = tmp_path / ROBUSTNESS / "sweep.json"
    about = json.loads(kept.read_text(encoding="utf-8"))
    about["scenario"]["purchase"]["trust_weight"] += 1.0  # a default of before, at which nothing was run
    kept.write_text(json.dumps(about), encoding="utf-8")
    assert shown("tencent_live_2020", {}) == (ALL, set())
    assert not shown("tencent_live_2020", {"purchase.trust_weight": 0.5})[0]
    about["scenario"]["people"]["homophily"] = 0.9
    kept.write_text(json.dumps(about), encoding="utf-8")
    assert not shown("tencent_live_2020", {})[0]


@pytest.mark.usefixtures("weighed")
def test_what_another_scenario_weighed_is_shown_where_it_is_asked(tmp_path: Path) -> None:
    kept = tmp_path / ROBUSTNESS
    every = json.loads((kept / "shares.json").read_text(encoding="utf-8"))
    elsewhere = {name: every.pop(name) for name in list(every)[:2]}
    (kept / "shares.json").write_text(json.dumps(every), encoding="utf-8")
    for shipped in kept.glob("*/"):
        shutil.rmtree(shipped)
    there = kept / "somewhere"
    there.mkdir()
    assert shown("plausible_worlds", {})[0] == set(every)
    (there / "shares.json").write_text(json.dumps(elsewhere), encoding="utf-8")
    for name in ("sweep.json", "sweep.parquet"):
        shutil.copy(kept / name, there)
    assert [set(one.shares) for one in read_weighed(kept) if one.shares] == [
        claims for claims in (set(every), set(elsewhere)) if claims
    ]
    assert shown("plausible_worlds", {}) == (ALL, set())


@pytest.mark.usefixtures("weighed")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"people.homophily": 0.9}, "people (homophily)"),
        ({"world.days": 90}, "size of the world (days)"),
        ({"world.merchants_per_niche": 4}, "size of the world (merchants per niche)"),
        ({"purchase.trust_weight": 0}, "rules (purchase: trust weight)"),
    ],
)
def test_another_world_shows_nothing_and_says_in_what_it_differs(changes: dict[str, Any], words: str) -> None:
    claims, reasons = shown("tencent_live_2020", SIZE | changes)
    assert not claims and all(words in reason for reason in reasons)


@pytest.mark.usefixtures("weighed")
def test_a_claim_about_one_arm_does_not_mind_another() -> None:
    of_one = "stickiness_beats_pool.literal"
    claims, _ = shown("tencent_live_2020", SIZE | {"arms.taobao_live.platform.pool": 2})
    assert of_one in claims
    claims, reasons = shown("tencent_live_2020", SIZE | {"arms.tencent_live.platform.pool": 2})
    assert of_one not in claims and "platforms (tencent live: pool)" in reasons.pop()


@pytest.mark.usefixtures("weighed")
def test_a_claim_of_one_s_own_is_not_taken_for_the_article_s() -> None:
    headline = read_scenario(find_scenario("tencent_live_2020"), SIZE)
    article = {claim.id: claim for claim in article_claims()}
    literal, *others = article["stickiness_beats_pool"].readings
    wider = literal.model_copy(update={"tests": [literal.tests[0].model_copy(update={"margin": 0.5})]})
    own = article["stickiness_beats_pool"].model_copy(update={"readings": [wider, *others]})
    new = own.model_copy(update={"id": "mine"})
    found = shares_for(headline.model_copy(update={"claims": [own, new]}))
    assert "tests ask" in found["stickiness_beats_pool.literal"]["why_not"]
    assert shares_for(headline)["stickiness_beats_pool.literal"]["shares"]
    assert found["mine.literal"] == {"shares": None, "why_not": NOT_WEIGHED}


@pytest.mark.usefixtures("weighed")
def test_versions_count_unless_their_results_are_known_to_be_the_same(monkeypatch: Any) -> None:
    assert same_results("3", "3.1", []) and same_results("3.1", "3", ["arcs"])
    assert not same_results("3", "3.1", ["cap"]) and same_results("3.1", "3.1", ["cap", "arcs"])
    assert same_results("3", "3.2", []) and not same_results("3", "3.2", ["arcs"])
    assert not same_results("2", "3.1", []) and not same_results("3", "4", [])
    large = {"world.merchants": 400, "world.viewers": 1000}
    assert changes_at_work(read_scenario("tencent_live_2020", large), TESTS) == {"arcs"}
    assert not caps_exposure(HERE, TESTS)
    assert caps_exposure(scenario_of([CENTRAL, SHARED | {"platform": CAPPED}]), TESTS)
    damped = POLICY | {"effect": "exposure_cap", "amount": 0.1}
    assert caps_exposure(scenario_of(policies=[damped | {"arms": ["central"]}]), TESTS)
    assert not caps_exposure(
        scenario_of([CENTRAL, SHARED, OTHER], policies=[damped | {"arms": ["other"]}]), TESTS
    )
    monkeypatch.setattr(shares, "MODEL_VERSION", "99")
    claims, reasons = shown("tencent_live_2020", SIZE)
    assert not claims and "whose results are not those of 99" in reasons.pop()


def test_what_is_kept_is_what_the_kept_worlds_say() -> None:
    counted = {
        entry.claim.id: {name: share.count for name, share in entry.shares.items()}
        for entry in verdicts(SweepResults.read(EVIDENCE_FOLDER / ROBUSTNESS))
    }
    kept = {
        claim: {name: entry[name]["count"] for name in ("supported", "undecided", "contradicted")}
        for claim, entry in (read_shares() or {}).items()
    }
    assert kept == counted
    today = {claim.id: claim for claim in scenario_readings(read_scenario(find_scenario("plausible_worlds")))}
    for claim, entry in (read_shares() or {}).items():
        assert [ClaimTest.model_validate(test) for test in entry["tests"]] == today[claim].tests


def test_the_evidence_page_says_what_is_outdated(tmp_path: Path, monkeypatch: Any) -> None:
    today, before = weighed_today(tmp_path / "today"), weighed_today(tmp_path / "before", "3")
    assert not [line for line in read_stored(today).outdated if "claims" in line]
    assert [
        line
        for line in read_stored(before).outdated
        if f"weighed by model version 3; this is {MODEL_VERSION}" in line
    ]
    monkeypatch.setattr(collecting, "MODEL_VERSION", "99")
    assert [
        line for line in read_stored(today).outdated if f"weighed by model version {MODEL_VERSION};" in line
    ]
    monkeypatch.setattr(collecting, "scenario_readings", lambda scenario: article_claims()[:1])
    kept = sorted(read_shares(today / ROBUSTNESS) or {})
    assert [line for line in read_stored(today).outdated if f"since they were weighed ({kept[0]}" in line]


SHARES = next(iter((read_shares() or {}).values()))


def claim_of(word: str, **reading: Any) -> dict[str, Any]:
    """A claim of claims.json with one reading, and another that was weighed but does not decide."""
    shown = {"id": "strict", "robustness": {"shares": SHARES, "why_not": ""}}
    return {"word": word, "decides": "accept", "readings": [shown, {"id": "accept"} | reading]}


SHOWS = claim_of("holds", robustness={"shares": SHARES, "why_not": ""})
NOT = claim_of("open", robustness={"shares": None, "why_not": "they are others"})
UNTESTED = claim_of("not tested", robustness=None)
WHERE = "over other plausible worlds"
NOT_SAID = f"Of {{}} it cannot be said here how far {{}} {WHERE}: they are others."
STORED_BEFORE = claim_of("holds", robustness=SHARES)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ([SHOWS, SHOWS, UNTESTED], "stands on the cards of 2 claims."),
        ([SHOWS, NOT, NOT], "stands on the cards of 1 claim. " + NOT_SAID.format("2 claims", "they hold")),
        ([NOT, NOT], f"luck within that setting only. {NOT_SAID.format('2 claims', 'they hold')}"),
        ([NOT, STORED_BEFORE], f"Of 1 claim it cannot be said here how far it holds {WHERE}: {BEFORE}."),
        ([STORED_BEFORE], f"it cannot be said here how far it holds {WHERE}: {BEFORE}."),
        ([claim_of("holds")], f"it cannot be said here how far it holds {WHERE}: {BEFORE}."),
        ([UNTESTED], "within that setting only."),
    ],
)
def test_the_limits_say_what_the_cards_print(claims: list[dict[str, Any]], words: str) -> None:
    note = setting_note(claims)
    assert note.endswith(words), note
    printed = [
        bool(robustness(shares_in(deciding_reading(entry))))
        for entry in claims
        if entry["word"] != "not tested"
    ]
    assert ("stands on the cards" in note) == any(printed)
    assert ("cannot be said" in note) == (not all(printed))


@pytest.mark.usefixtures("weighed")
def test_a_run_s_page_says_why_there_is_no_share(tmp_path: Path) -> None:
    small = {
        "world.viewers": 100,
        "world.merchants": 5,
        "world.days": 3,
        "run.replications": 2,
        "run.probe_replications": 1,
        "people.homophily": 0.9,
    }
    kept = tmp_path / ROBUSTNESS / "shares.json"
    weighed = json.loads(kept.read_text(encoding="utf-8"))
    literal = weighed["stickiness_beats_pool.literal"]
    test = literal["tests"][0] | {"factor": "following.fan_life", "against_factor": "community.joining"}
    weighed["stickiness_beats_pool.accept"] = literal | {"tests": [test]}  # the reading that decides
    kept.write_text(json.dumps(weighed), encoding="utf-8")
    folder = store_run(read_scenario(find_scenario("tencent_live_2020"), small), tmp_path / "runs")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Across 200 worlds" not in page and "people (homophily)" in page
    assert re.search(r"cannot be said here.*: they were weighed over 200 plausible worlds of 2,500", page)


def test_what_luck_leaves_undecided_is_told_beside_what_fails() -> None:
    """Of 40 worlds 1 fails and 39 are undecided: “holds in 0%, fails in 2%” alone would tell of neither."""
    part = {"low": 0.0, "high": 0.1}
    counts = {"supported": 0, "contradicted": 1, "undecided": 39}
    shares = {name: part | {"count": count, "share": count / 40} for name, count in counts.items()}
    said = robustness(shares | {"points": 40, "holds": None})
    assert "holds in 0%" in said and said.endswith("fails in 2.50% and is left undecided by luck in 97.5%.")
