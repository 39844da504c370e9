"""Templates on disk: kept whole, found again by what made them, and made anew where they are damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simulation.scenario import Scenario
from simulation.scenario.reading.read import changed_scenario
from simulation.warm_up import cache
from simulation.warm_up.cache import read_template, template_for, template_identity, write_template
from simulation.warm_up.template import Template, template_scenario
from tests.unit.warm_up.conftest import asked


def assert_same(one: Template, other: Template) -> None:
    assert one.arcs == other.arcs and one.past[:3] == other.past[:3]
    for left, right in (
        (one.traits, other.traits),
        (one.friendships, other.friendships),
        (one.past.stores, other.past.stores),
        (one.past.ties, other.past.ties),
    ):
        for a, b in zip(left, right, strict=True):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)
    assert one.past.viewers.keys() == other.past.viewers.keys()
    for name, column in one.past.viewers.items():
        np.testing.assert_array_equal(column, other.past.viewers[name])
    np.testing.assert_array_equal(one.past.pushes, other.past.pushes)


def test_what_is_written_is_read(tmp_path: Path, template: Template) -> None:
    write_template(tmp_path / "t.npz", template)
    read = read_template(tmp_path / "t.npz")
    assert read and [file.name for file in tmp_path.iterdir()] == ["t.npz"]
    assert_same(read, template)


def torn(content: bytes) -> bytes:
    return content[: len(content) // 2]


def altered(content: bytes) -> bytes:
    middle = len(content) // 2
    return (
        content[:middle]
        + bytes(255 - byte for byte in content[middle : middle + 64])
        + content[middle + 64 :]
    )


@pytest.mark.parametrize("damage", [torn, altered, lambda content: b"", lambda content: b"no template"])
def test_a_damaged_template_is_none_and_is_made_anew(
    damage: Callable[[bytes], bytes], template: Template, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted, runs = asked(), []

    def run(own: Scenario, threads: int, day_done: Callable[[], None]) -> Template:
        runs.append(own)
        return template

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache, "run_template", run)
    platforms = wanted.arms[0].all_platforms
    template_for(wanted, platforms)
    (file,) = tmp_path.rglob("*.npz")
    assert_same(template_for(wanted, platforms), template)
    assert len(runs) == 1
    file.write_bytes(damage(file.read_bytes()))
    assert read_template(file) is None
    assert_same(template_for(wanted, platforms), template)
    assert len(runs) == 2 and read_template(file) is not None


def test_without_a_place_to_write_it_is_run_each_time(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    monkeypatch.setattr(cache, "first_writable", lambda places, folder: None)
    monkeypatch.setattr(cache, "run_template", lambda own, threads, day_done: runs.append(own) or template)
    for _ in range(2):
        template_for(asked(), asked().arms[0].all_platforms)
    assert len(runs) == 2


def identity(scenario: Scenario, arm: int = 0, number: int = 0) -> str:
    return template_identity(template_scenario(scenario, scenario.arms[arm].all_platforms, number))


@pytest.mark.parametrize(
    "change",
    [
        {"trust.half_life": 33.0},
        {"people.homophily": 0.1},
        {"friendships.rewiring": 0.3},
        {"warm_up.days": 41},
        {"warm_up.template_arcs": 4},
        {"run.seed": 8},
        {"arms.feed.platform.commission": 0.11},
        {"world.merchants": 27},
    ],
)
def test_what_decides_the_past_makes_another_template(change: dict[str, float]) -> None:
    assert identity(changed_scenario(asked(), change)) != identity(asked())


@pytest.mark.parametrize(
    "change",
    [
        {"warm_up.burn_in": 9},
        {"warm_up.past": "switch"},
        {"world.days": 77},
        {"run.replications": 4},
        {"arms.feed.platform.label": "Another name"},
        {"title": "Another title"},
    ],
)
def test_what_does_not_decide_it_does_not(change: dict[str, object]) -> None:
    assert identity(changed_scenario(asked(), change)) == identity(asked())


def test_platforms_and_numbers_have_templates_of_their_own() -> None:
    assert len({identity(asked(), arm, number) for arm in (0, 1) for number in (0, 1)}) == 4


def test_seeds_side_by_side_have_no_template_in_common_and_the_first_has_the_run_s_own_seed() -> None:
    """In worlds of one arc, each of which is a whole template."""
    platforms = asked(arcs=1).arms[0].all_platforms
    seeds = [2020, 2021, 2022, 2**31 - 1]
    found = {
        template_scenario(changed_scenario(asked(arcs=1), {"run.seed": seed}), platforms, number).run.seed
        for seed in seeds
        for number in range(12)
    }
    assert len(found) == len(seeds) * 12 and found >= set(seeds)


def test_larger_worlds_share_the_template_of_smaller_ones() -> None:
    assert identity(asked(arcs=4)) == identity(asked(arcs=6))


def test_other_sources_of_rules_make_another_template(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity(asked())
    monkeypatch.setattr(cache, "sources_fingerprint", lambda: "of other rules")
    assert identity(asked()) != before
