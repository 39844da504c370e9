"""Every key of a file can be set beside it, under the name by which messages call it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from simulation.claims.reading import read_scenario
from simulation.scenario import Scenario, ScenarioError, resolved_toml, scenario_files
from simulation.scenario.keys import dotted_key, key_parts, put, reach
from simulation.scenario.reading.read import value_at

QUESTION = """\
name = "good"
title = "Good"
article_claims = false
[world]
viewers = 100
merchants = 5
days = 30
[[arms]]
name = "feed"
role = "centralised"
platform = { preset = "taobao_live", pool = 2.0 }
changes = { sharing.base_rate = 0.2, "trust.half_life" = 9 }
[[arms]]
name = "market"
platforms = ["douyin", { preset = "tencent_live", launch_day = 5 }]
[[policies]]
name = "help"
effect = "support"
amount = 0.1
[sweep]
points = 2
[[sweep.factors]]
key = "trust.half_life"
low = 15
high = 240
[[sweep.factors]]
key = "arms.feed.platform.pool"
choices = [1.0, 2.0]
[policy_search]
[[policy_search.levers]]
key = "policies.help.amount"
low = 0.0
high = 0.2
[[policy_search.goals]]
measure = "gmv"
arm = "feed"
[calibration]
facts = "facts.toml"
[plugins.channels]
wheel = "wheel.py"
[[claims]]
id = "more"
title = "More"
[[claims.tests]]
measure = "gmv"
kind = "level"
arm = "feed"
direction = "higher"
margin = 1.0
why = "because"
"""


def written(folder: Path) -> Path:
    (folder / "wheel.py").write_text("CHANNEL = 1", encoding="utf-8")
    (folder / "question.toml").write_text(QUESTION, encoding="utf-8")
    return folder / "question.toml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path)


@pytest.fixture(scope="module")
def as_written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scenario]:
    """A file that nobody changes, and what it says."""
    file = written(tmp_path_factory.mktemp("question"))
    return file, read_scenario(file)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", "Better"),
        ("run.seed", 3),
        ("arms.feed.label", "The feed"),
        ("arms.feed.platform.pool", 3.0),
        ("arms.feed.platform.feed.slate_size", 2),
        ("arms.feed.platform.channels.share", 0.5),
        ("arms.feed.changes.sharing.base_rate", 0.1),
        ('arms.feed.changes."sharing.base_rate"', 0.1),
        ("arms.feed.changes.trust.half_life", 8.0),
        ("arms.feed.changes.platform.commission", 0.1),
        ("arms.market.platforms.tencent_live.launch_day", 7),
        ("arms.market.changes.market.habit_rate", 0.1),
        ("policies.help.amount", 0.2),
        ("policies.help.end", 9),
        ("sweep.points", 4),
        ("sweep.factors.trust.half_life.low", 20.0),
        ("sweep.factors.trust.half_life.scale", "log"),
        ("sweep.factors.arms.feed.platform.pool.choices", [3.0, 4.0]),
        ("policy_search.levers.policies.help.amount.high", 0.3),
        ("policy_search.goals.0.direction", "lower"),
        ("calibration.misses", 1),
        ("claims.more.title", "Less"),
        ("claims.more.tests.0.margin", 2.0),
        ("merchants.archetypes.brand.margin", 0.2),
        ("merchant_rule", "feedback"),
    ],
)
def test_any_key_is_set_where_it_stands_and_nothing_else(
    key: str, value: Any, as_written: tuple[Path, Scenario]
) -> None:
    file, before = as_written
    after = read_scenario(file, {key: value})
    assert value_at(after, key) == value
    left, right = places(before), places(after)
    changed = [place for place in left | right if left.get(place) != right.get(place)]
    assert (all(place.startswith(key.replace('"', "")) for place in changed) and changed) or (
        value_at(before, key) == value
    )


def places(scenario: Scenario) -> dict[str, Any]:
    """Every single value of a scenario by its key."""
    table = scenario.model_dump(mode="json", exclude_none=True)
    found: dict[str, Any] = {}
    stack: list[tuple[tuple[Any, ...], Any]] = [((), table)]
    while stack:
        location, at = stack.pop()
        inner = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
        stack += [((*location, key), entry) for key, entry in inner]
        if not isinstance(at, dict | list):
            found[dotted_key(location, table)] = at
    return found


@pytest.mark.parametrize("shipped", scenario_files(), ids=lambda path: path.stem)
def test_every_value_of_our_scenarios_is_reached_by_the_key_that_messages_use(shipped: Path) -> None:
    scenario = read_scenario(shipped)
    for key, value in places(scenario).items():
        assert value_at(scenario, key) == value, key


def test_presets_are_taken_by_name_as_in_the_file_whole_or_changed(file: Path) -> None:
    whole = read_scenario(file, {"arms.feed.platform": "douyin", "arms.feed.platform.pool": 5}).arms[0]
    assert (whole.platform.name, whole.platform.pool) == ("douyin", 5.0)
    other = read_scenario(file, {"arms.feed.platform.preset": "douyin"}).arms[0]
    assert (other.platform.name, other.platform.pool) == ("douyin", 2.0), "what the file changes stays"
    market = read_scenario(
        file,
        {"arms.market.platforms": ["jd_live", "kuaishou"], "arms.market.platforms.kuaishou.launch_day": 3},
    ).arms[1]
    assert [(platform.name, platform.launch_day) for platform in market.platforms] == [
        ("jd_live", 0),
        ("kuaishou", 3),
    ]
    second = read_scenario(file, {"arms.market.platforms.douyin": "jd_live"}).arms[1]
    assert [platform.name for platform in second.platforms] == ["jd_live", "tencent_live"]
    arms = read_scenario(
        file,
        {
            "arms": [{"name": "feed", "platform": "douyin"}],
            "policy_search.goals": [{"measure": "gmv", "arm": "feed"}],
            "sweep.factors": [{"key": "run.seed", "choices": [1, 2]}],
        },
    ).arms
    assert [arm.platform.name for arm in arms] == ["douyin"]


def test_entries_and_whole_sections_are_replaced_by_tables(file: Path) -> None:
    scenario = read_scenario(
        file,
        {
            "policies.help": {"name": "help", "effect": "traffic", "amount": 2.0},
            "people": {"homophily": 0.7},
            "policies.help.start": 4,
        },
    )
    assert (scenario.policies[0].effect, scenario.policies[0].start) == ("traffic", 4)
    assert scenario.people.homophily == 0.7


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("arms.feed.platform", "douyn", ["did you mean 'douyin'", "overrides: arms.feed.platform"]),
        ("arms.fed.label", "x", ["did you mean 'feed'", "one of feed, market"]),
        ("sweep.factors.trust.halflife.low", 1, ["one of trust.half_life, arms.feed.platform.pool"]),
        ("sweep.factors.trust.half_life.lo", 1, ["unknown key 'lo'", "did you mean 'low'"]),
        ("claims.more.tests.1.margin", 1, ["one of 0"]),
        ("policies.other.amount", 1, ["'other.amount'", "one of help"]),
        ("sweep.rows.0.x", 1, ["'0.x'", "a whole list"]),
        ("arms.feed.changes.sharing.base_rat", 0.1, ["did you mean 'sharing.base_rate'"]),
        ("people", 3, ["overrides: people", "a table"]),
        ("people.homophily", {"a": 1}, ["overrides: people.homophily", "a number from 0 to 1"]),
        ("people", {"homophily": 7}, ["overrides: people.homophily", "a number from 0 to 1"]),
        ("title.x", 1, ["'title' is a value"]),
        ("arms.feed", 1, ["names a whole entry", "a whole table"]),
    ],
)
def test_a_key_that_leads_nowhere_is_told_with_names_to_choose_from(
    key: str, value: Any, words: list[str], file: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(file, {key: value})
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert "line" not in str(caught.value)


def test_paths_set_beside_are_seen_from_here_or_else_from_the_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    key = "plugins.channels.wheel"
    assert value_at(read_scenario(file, {key: "wheel.py"}), key) == str(tmp_path / "wheel.py")
    (here / "wheel.py").write_text("CHANNEL = 2", encoding="utf-8")
    assert value_at(read_scenario(file, {key: "wheel.py"}), key) == str(here / "wheel.py")
    with pytest.raises(ScenarioError, match=r"here/none.py': no such file"):
        read_scenario(file, {key: "none.py"})


def test_keys_with_dots_may_be_written_either_way_but_not_both(file: Path) -> None:
    assert read_scenario(file).arms[0].changes == {"sharing.base_rate": 0.2, "trust.half_life": 9.0}
    twice = QUESTION.replace('"trust.half_life" = 9', '"sharing.base_rate" = 0.3')
    file.write_text(twice, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"'sharing.base_rate' is given twice"):
        read_scenario(file)


def test_parts_of_keys_may_stand_in_quotes() -> None:
    assert key_parts('a."b.c".d') == ["a", "b.c", "d"] and key_parts("a.b'c.d") == ["a", "b'c", "d"]
    assert key_parts("a.'b.c'") == ["a", "b.c"] and key_parts("a..b") == ["a", "", "b"]


def test_what_is_put_is_reached() -> None:
    table = tomllib.loads(QUESTION)
    assert put(table, "arms.feed.changes.people.homophily", 1) is None
    reached = reach(table, "arms.feed.changes.people.homophily")
    assert (reached.location, reached.at, reached.rest) == (("arms", 0, "changes", "people.homophily"), 1, [])
    assert reach(table, "arms.feed.nothing.here").rest == ["nothing", "here"]


def test_a_stored_scenario_keeps_what_was_set(file: Path, tmp_path: Path) -> None:
    scenario = read_scenario(file, {"arms.feed.changes.sharing.targeting": 1.5, "title": 'a "b" \\ 小'})
    stored = tmp_path / "stored.toml"
    stored.write_text(resolved_toml(scenario), encoding="utf-8")
    assert read_scenario(stored) == scenario
