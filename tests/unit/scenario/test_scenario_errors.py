"""Bad scenario files: each mistake is named with its place, what was found and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.claims.reading import read_scenario
from simulation.commands.questions import parse_value
from simulation.resources import SCENARIOS_FOLDER
from simulation.scenario import ScenarioError, resolved_toml, scenario_files
from simulation.scenario.fields import Section
from simulation.scenario.reading.expected import Place, described

GOOD = """\
name = "good"
title = "Good"
[world]
viewers = 100
merchants = 5
days = 3
[[arms]]
name = "central"
platform = "taobao_live"
"""


def problems_of(text: str, folder: Path, overrides: dict | None = None) -> str:
    """What a user sees for a file with `text`."""
    file = folder / "question.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(file, overrides)
    return str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "viewers = 100",
            "viewrs = 100",
            ["world.viewrs", "line 4", "did you mean 'viewers'", "world.viewers"],
        ),
        ("days = 3", "days = 0", ["world.days", "found:   0", "from 1 to 3,650"]),
        ("days = 3", 'days = "three"', ["world.days", "'three'", "a whole number"]),
        ("days = 3", "days = 3.5", ["world.days", "3.5"]),
        (
            '"taobao_live"',
            '"taobao"',
            ["arms.central.platform", "did you mean 'taobao_live'", "tencent_live"],
        ),
        ("[[arms]]", "[poeple]\n[[arms]]", ["poeple", "did you mean 'people'"]),
        ('name = "good"', 'name = "No Good"', ["name", "small letters"]),
        (
            "[[arms]]",
            "[people]\nremembered_rooms = 4\n[[arms]]",
            ["remembered_rooms", "exceed max_occasions"],
        ),
        ("days = 3", "days = 3\nisolated_viewers = 200", ["isolated_viewers exceeds viewers"]),
        ("[[arms]]", "[merchants.archetypes]\nbrand = {share = 0.9}\n[[arms]]", ["sum to 1.75"]),
        ("viewers = 100", "viewers = [", ["no valid TOML"]),
    ],
)
def test_mistake_is_named_with_place_and_remedy(before: str, after: str, expected: list[str], tmp_path: Path):
    shown = problems_of(GOOD.replace(before, after), tmp_path)
    assert all(words in shown for words in ["question.toml", *expected]), shown


ARM = 'name = "central"\n'


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ('{name="p", label="P", channels={recomend=1}}', ["recomend", "did you mean 'recommend'"]),
        ('{name="p", label="P", channels={push=0}}', ["all weights are zero"]),
        ('{name="p", label="P", channels={push=-1}}', ["weight of 'push' is -1"]),
        (
            '{name="p", label="P", channels={push=1}, feed={exploration=0.9, cold_start_quota=0.2}}',
            ["exploration and cold_start_quota"],
        ),
        ('{name="p", label="P", channels={push=1}, feed={slate_size=7}}', ["slate_size", "from 1 to 6"]),
        ('{name="p", label="P", channels={push=1}, colour="red"}', ["'red'", "six digits", "as #0072B2"]),
        ('{name="P!", label="P", channels={push=1}}', ["'P!'", "at most 64 small letters"]),
    ],
)
def test_mistake_in_a_platform_is_named(platform: str, expected: list[str], tmp_path: Path):
    shown = problems_of(GOOD.replace('"taobao_live"', platform), tmp_path)
    assert all(words in shown for words in expected), shown


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ('measure = "gmvv"\narm = "central"\nkind = "level"', ["gmvv", "did you mean 'gmv'"]),
        ('measure = "gmv"\narm = "centrall"\nkind = "level"', ["centrall", "did you mean 'central'"]),
        ('measure = "gmv"\narm = "central"', ["needs 'against'"]),
        (
            'measure = "gmv"\narm = "central"\nagainst = "central"\nagainst_without = ["trust"]',
            ["no mechanism 'trust'"],
        ),
        (
            'measure = "gmv"\narm = "central"\nkind = "elasticity"\nfactor = "x.y"\n'
            'against_factor = "platform.pool"',
            ["factor", "'x.y'"],
        ),
        ('measure = "gmv"\narm = "central"\nkind = "trendy"', ["kind", "one of difference, elasticity"]),
    ],
)
def test_mistake_in_a_claim_is_named(claim: str, expected: list[str], tmp_path: Path):
    text = GOOD + '[[claims]]\nid = "c"\ntitle = "C"\n[[claims.tests]]\ndirection = "higher"\nmargin = 0\n'
    shown = problems_of(text + 'why = "because"\n' + claim, tmp_path)
    assert all(words in shown for words in expected), shown


def test_several_mistakes_are_shown_together_and_fit_on_a_screen(tmp_path: Path):
    twice_wrong = GOOD.replace("viewers = 100", "viewers = 0").replace("days = 3", "days = 0")
    shown = problems_of(twice_wrong, tmp_path)
    assert "2 problems" in shown and "world.viewers" in shown and "world.days" in shown
    nothing = "[people]\n" + "\n".join(f"wrong_{i} = 1" for i in range(30))
    shown = problems_of(GOOD.replace("[[arms]]", nothing + "\n[[arms]]"), tmp_path)
    assert "and 23 more" in shown and len(shown.splitlines()) <= 24


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("people.homofily", 1, ["overrides: people.homofily", "did you mean 'homophily'"]),
        ("people.homophily", 7, ["overrides: people.homophily", "7"]),
        ("arms.centra.platform.pool", 1, ["did you mean 'central'"]),
        ("arms.central.platform.feed.slate_size", 9, ["slate_size", "from 1 to 6"]),
        ("name.x", 1, ["'name' is a value"]),
        ("arms.central", 1, ["names a whole entry"]),
    ],
)
def test_overrides_are_checked_like_the_file(key: str, value: object, expected: list[str], tmp_path: Path):
    shown = problems_of(GOOD, tmp_path, {key: value})
    assert all(words in shown for words in expected), shown


def test_arm_changes_reach_behaviour_and_platform_but_not_people(tmp_path: Path):
    file = tmp_path / "question.toml"
    file.write_text(GOOD + 'changes = { "trust.half_life" = 9, "platform.pool" = 2 }\n', encoding="utf-8")
    scenario = read_scenario(file)
    sections, (platform,) = scenario.arm_rules(scenario.arms[0])
    assert sections["trust"].half_life == 9 and platform.pool == 2 and scenario.trust.half_life != 9
    shown = problems_of(GOOD + 'changes = { "people.homophily" = 1 }\n', tmp_path)
    assert "people.homophily" in shown and "not a key that an arm can change" in shown


def test_archetype_keeps_what_the_file_does_not_change(tmp_path: Path):
    file = tmp_path / "question.toml"
    file.write_text(GOOD + "[merchants.archetypes.brand]\nmargin = 0.2\n", encoding="utf-8")
    brand = read_scenario(file).merchants.archetypes.brand
    assert brand.margin == 0.2 and brand.share == 0.15


@pytest.mark.parametrize("file", scenario_files(), ids=lambda file: file.stem)
def test_our_scenarios_are_fine_point_to_the_schema_and_resolve_to_themselves(file: Path, tmp_path: Path):
    scenario = read_scenario(file)
    first_line = file.read_text(encoding="utf-8").splitlines()[0]
    assert first_line == "#:schema ./scenario.schema.json"
    assert (SCENARIOS_FOLDER / "scenario.schema.json").is_file()
    resolved = tmp_path / "resolved.toml"
    resolved.write_text(resolved_toml(scenario), encoding="utf-8")
    assert read_scenario(resolved) == scenario


def test_values_on_the_command_line_are_toml_or_text():
    assert parse_value("3") == 3 and parse_value("0.5") == 0.5 and parse_value("true") is True
    assert parse_value("taobao_live") == "taobao_live" and parse_value("{ push = 1 }") == {"push": 1}


def test_of_every_value_that_is_refused_can_be_said_what_is_allowed():
    sections = [Section]
    for section in sections:
        sections += [further for further in section.__subclasses__() if further not in sections]
    places = [Place(None, section).inner(name) for section in sections for name in section.model_fields]
    assert len(places) > 250 and all(described(place) for place in places)
