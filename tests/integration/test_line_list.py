"""The line list tells the same story as the journal, disturbs nothing, and can be read as lives."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from rich.console import Console

from simulation.claims.reading import check_table
from simulation.commands.wording import COMMAND_LINE
from simulation.errors import LaboratoryError
from simulation.laboratory import store_run
from simulation.pages.life.cascade import build_cascade, largest_cascade
from simulation.pages.life.figures import tree_layout
from simulation.pages.life.inspect import Subject, inspect_run
from simulation.pages.life.merchant_life import MerchantLife, story_period
from simulation.pages.life.recorded_world import recorded_world
from simulation.pages.life.viewer_life import ViewerLife, dated_lines
from simulation.runs.execution import run_plan
from simulation.runs.line_lists import recorded_worlds
from simulation.runs.probes import planned_arms
from simulation.scenario import Scenario
from simulation.state.ledger import STORE_COUNTS
from simulation.world import line_list as recorder_module
from simulation.world.line_list import BEGINNINGS, ENDINGS, SCHEMAS, Recorder, part_file
from simulation.world.links import SIZE_CLASSES
from simulation.world.model import LiveCommerceModel
from tests.support.command_lines import told
from tests.support.random_scenarios import scenarios
from tests.support.stated_world import stated
from tests.support.worlds import build_model, differences, everything_written, finished, platform, scenario

BUSY: dict[str, Any] = {
    "sharing": {"wide_notice": 0.03, "group_share": 0.02, "base_rate": 0.5},
    "following": {"base_rate": 0.2, "leave_rate": 0.02},
    "purchase": {"intercept": -1.0},
    "market": {"entry_rate": 1.0, "patience": 1, "peers_needed": 1},
}
"""A world in which much is bought, followed and passed on."""
LARGEST = 100
"""Cascades whose trees are looked at: so many of the largest, and as many of all sizes."""
CHANNELS = {"recommend": 1.0, "follow": 0.5, "push": 0.5, "share": 2.0, "group_buy": 1.0}


def busy_platform(name: str, **settings: Any) -> dict[str, Any]:
    return platform(CHANNELS) | {"name": name, "label": name.title(), "daily_users": 1e6} | settings


def alone(**settings: Any) -> Scenario:
    size: dict[str, Any] = {"viewers": 300, "shops": 20, "days": 30}
    return scenario({"one": busy_platform("one")}, **size | settings | BUSY)


def market(**run_settings: Any) -> Scenario:
    platforms = [busy_platform("alpha", carry_over=0.6), busy_platform("beta", carry_over=0.6, launch_day=5)]
    return check_table(
        {
            "name": "market",
            "title": "Two platforms",
            "article_claims": False,
            "world": {"viewers": 400, "merchants": 25, "days": 60},
            "run": {"replications": 1, "seed": 3} | run_settings,
            "arms": [{"name": "market", "platforms": platforms}],
        }
        | stated(**BUSY),
        "test",
    )


@dataclass
class Recorded:
    """A finished world with its line list."""

    model: LiveCommerceModel
    files: dict[str, Path]
    visits: pd.DataFrame
    ties: pd.DataFrame
    shares: pd.DataFrame

    def store(self, rows: pd.DataFrame) -> np.ndarray:
        names = [entry.name for entry in self.model.marketplace.platforms]
        places = np.array([names.index(name) for name in rows["platform"]], int)
        return places * self.model.merchant_count + rows["merchant"].to_numpy(int)

    def count(self, rows: pd.DataFrame, weights: Any = None) -> np.ndarray:
        stores = len(self.model.stores.status)
        return np.bincount(self.store(rows), weights=weights, minlength=stores)

    def journal(self, name: str) -> np.ndarray:
        return self.model.journal.by_store[:, STORE_COUNTS.index(name)]


def recorded(settings: Scenario, folder: Path, threads: int = 1) -> Recorded:
    model = build_model(settings, threads=threads)
    arm = settings.arms[0].name
    model.recorder = Recorder(folder, arm, 0, model)
    model.run()
    model.close()
    model.recorder.close()
    files = {name: part_file(folder, name, arm, 0) for name in SCHEMAS}
    return Recorded(model, files, **{name: pd.read_parquet(path) for name, path in files.items()})


@pytest.fixture(scope="module", params=["alone", "market"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    settings = alone() if request.param == "alone" else market()
    return recorded(settings, tmp_path_factory.mktemp(request.param))


def test_counts_by_store_are_those_of_the_journal(world: Recorded):
    visits, ordered = world.visits, world.visits["ordered"]
    assert (world.count(visits) == world.journal("visits")).all() and len(visits) > 1000
    assert (world.count(visits[ordered]) == world.journal("orders")).all() and ordered.sum() > 300
    fen = np.round(visits["price"][ordered] * 100)
    assert (world.count(visits[ordered], fen) == world.journal("gmv")).all()
    assert visits["price"].isna().equals(~ordered) and visits["satisfied"].isna().equals(~ordered)
    assert (world.count(visits[visits["followed"]]) == world.journal("follows")).all()
    assert (world.count(world.shares) == world.journal("shares")).all() and len(world.shares) > 300
    by_day = np.bincount(visits["day"], minlength=world.model.days)
    assert (by_day == world.model.journal.visits.sum(axis=1)).all()


def test_counts_by_channel_are_those_of_the_journal(world: Recorded):
    model, visits = world.model, world.visits
    several = len(model.marketplace) > 1
    names = visits["platform"] + "_" + visits["channel"] if several else visits["channel"]
    found = names.value_counts().reindex(model.channel_names, fill_value=0)
    assert (found.to_numpy() == model.journal.channels[:, :, 1].sum(axis=0)).all()
    assert visits["channel"].isin(list(CHANNELS)).all()
    assert world.shares["channel"].isin(["share", "group_buy"]).all()


def test_ties_begin_and_end_as_the_journal_counts_them(world: Recorded):
    ties = world.ties
    for event, name in (("starting", "started"), ("joined outside", "walk_ins"), ("followed", "follows")):
        assert (world.count(ties[ties["event"] == event]) == world.journal(name)).all(), event
    # Only what begins and gives way within one morning may be missing, on both sides.
    carried = world.journal("carried") - world.count(ties[ties["event"] == "came along"])
    lost = world.journal("lost") - world.count(ties[ties["event"].isin(ENDINGS)])
    assert (carried == lost).all() and (carried >= 0).all()
    assert carried.sum() <= 0.05 * max(world.journal("carried").sum(), 1)
    steps = np.where(ties["event"].isin(BEGINNINGS), 1, -1)
    assert (world.count(ties, steps) == world.model.stores.fans).all()
    per_tie = pd.Series(steps).groupby([ties["viewer"], world.store(ties)]).cumsum()
    assert per_tie.isin([0, 1]).all(), "a tie begins before it ends, and begins once"


@examples(max_examples=15, deadline=None, derandomize=True)
@given(scenarios())
def test_any_world_is_recorded_whole_and_undisturbed(drawn: Scenario):
    with tempfile.TemporaryDirectory() as folder:
        world = recorded(drawn, Path(folder))
    assert differences(everything_written(finished(drawn)), everything_written(world.model)) == []
    for rows, name in (
        (world.visits, "visits"),
        (world.visits[world.visits["ordered"].astype(bool)], "orders"),
        (world.shares, "shares"),
        (world.ties[world.ties["event"] == "starting"], "started"),
    ):
        assert (world.count(rows) == world.journal(name)).all(), name
    steps = np.where(world.ties["event"].isin(BEGINNINGS), 1, -1)
    assert (world.count(world.ties, steps) == world.model.stores.fans).all()


def test_recording_changes_nothing(tmp_path: Path):
    for settings in (alone(), market()):
        (tmp_path / settings.name).mkdir()
        watched = recorded(settings, tmp_path / settings.name).model
        assert differences(everything_written(finished(settings)), everything_written(watched)) == []


def test_files_do_not_depend_on_threads(world: Recorded, tmp_path: Path):
    other = recorded(world.model.settings, tmp_path, threads=3)
    for name, path in world.files.items():
        assert path.read_bytes() == other.files[name].read_bytes(), name


def test_memory_is_bounded_by_writing_row_groups_as_days_pass(
    world: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import pyarrow.parquet as pq

    monkeypatch.setattr(recorder_module, "ROWS_IN_MEMORY", 200)
    other = recorded(world.model.settings, tmp_path)
    groups = pq.ParquetFile(other.files["visits"])
    sizes = [groups.metadata.row_group(place).num_rows for place in range(groups.num_row_groups)]
    assert max(sizes) <= 200 and len(sizes) > 5
    pd.testing.assert_frame_equal(other.visits, world.visits)


def test_groups_are_full_where_enough_waited(world: Recorded):
    waited = world.visits[world.visits["group"].notna()]
    assert waited["leader"].notna().all() and (waited["group"] == "full").sum() > 50
    members = waited.groupby(["day", "merchant", "platform", "leader"])["group"].agg(
        ["size", "nunique", "first"]
    )
    assert (members["nunique"] == 1).all()
    assert ((members["size"] >= 2) == (members["first"] == "full")).all()
    assert waited["ordered"][waited["group"] == "full"].all()
    totals = world.model.journal.totals.sum(axis=0)
    assert len(waited) == totals[7] and (waited["group"] == "full").sum() == totals[8]


def test_every_cascade_is_a_tree_of_its_adopters(world: Recorded):
    began, came = world.shares.groupby(["day", "cascade"]), world.visits.dropna(subset="cascade")
    adopters = came.groupby(["day", "cascade"])["viewer"].nunique().reindex(list(began.groups), fill_value=0)
    sizes = adopters.to_numpy()
    rooms = world.visits.groupby(["day", "merchant"])
    some = np.unique(np.append(np.argsort(sizes)[-LARGEST:], np.arange(0, len(sizes), len(sizes) // LARGEST)))
    for day, number in adopters.index[some]:
        shares = began.get_group((day, number))
        cascade = build_cascade(rooms.get_group((day, shares["merchant"].iloc[0])), shares, number)
        assert cascade.adopters == adopters[day, number]
        members = cascade.members
        assert members[0].friend == -1 and members[0].shared
        for place, member in enumerate(members[1:], 1):
            assert 0 <= member.friend < place and member.wave == members[member.friend].wave + 1
            assert members[member.friend].shared
        assert len({member.viewer for member in members}) == len(members) == cascade.adopters + 1
    classes = np.bincount(np.minimum(sizes, SIZE_CLASSES - 1), minlength=SIZE_CLASSES)
    assert (classes == world.model.journal.cascade_sizes).all() and max(sizes) >= 5


def test_the_layout_of_a_tree_keeps_members_apart_and_waves_level(world: Recorded):
    day, number, merchant = largest_cascade(world.visits) or (0, 0, 0)
    visits = world.visits[(world.visits["day"] == day) & (world.visits["merchant"] == merchant)]
    shares = world.shares[(world.shares["day"] == day) & (world.shares["cascade"] == number)]
    cascade = build_cascade(visits, shares, number)
    across, down = tree_layout(cascade)
    assert down == [member.wave for member in cascade.members]
    assert len(set(zip(across, down, strict=True))) == len(cascade.members)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = market(record=True, replications=3, record_replications=2)
    return store_run(settings, tmp_path_factory.mktemp("results"), workers=2)


def test_a_run_holds_the_worlds_asked_for_in_three_files(folder: Path):
    assert sorted(file.name for file in (folder / "agents").iterdir()) == [
        "shares.parquet",
        "ties.parquet",
        "visits.parquet",
    ]
    visits = pd.read_parquet(folder / "agents" / "visits.parquet")
    assert list(visits[["arm", "replicate"]].drop_duplicates().itertuples(index=False, name=None)) == [
        ("market", 0),
        ("market", 1),
    ]
    merchants = pd.read_parquet(folder / "merchants.parquet").set_index(["replicate", "merchant"])
    found = visits.groupby(["replicate", "merchant"]).size()
    assert (merchants["visits"].loc[found.index] == found * 20.0).all()


def test_nothing_is_recorded_unasked_nor_of_probes(tmp_path: Path):
    quiet = alone(days=2)
    run_plan(planned_arms(quiet, []), record_to=tmp_path / "agents")
    assert recorded_worlds(quiet) == [] and not (tmp_path / "agents").exists()
    asked = quiet.model_copy(update={"run": quiet.run.model_copy(update={"record": True})})
    assert recorded_worlds(asked) == [("one", 0)]


def test_nothing_is_left_of_a_recording_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full_disk(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Recorder, "day_over", full_disk)
    with pytest.raises(OSError, match="No space"):
        store_run(market(record=True), tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() or path.name.startswith(".")]


def test_lives_are_read_whole(folder: Path):
    world = recorded_world(folder, None, 1)
    tables = {name: pd.read_parquet(folder / "agents" / f"{name}.parquet") for name in SCHEMAS}
    of_world = {name: table[table["replicate"] == 1] for name, table in tables.items()}
    busiest = int(of_world["visits"]["merchant"].mode()[0])
    life = MerchantLife.read(world, busiest)
    for name, table in of_world.items():
        assert len(getattr(life, name)) == (table["merchant"] == busiest).sum(), name
    about = pd.read_parquet(folder / "merchants.parquet").set_index(["replicate", "merchant"])
    assert life.fans[-1] * 20.0 == about.loc[(1, busiest), "fans"] and life.by_day["visits"].sum() > 50
    assert life.cascade is not None and life.cascade.merchant == busiest
    viewer = int(of_world["shares"]["viewer"].mode()[0])
    person = ViewerLife.read(world, viewer)
    lines = [line for lines in dated_lines(person).values() for line in lines]
    assert len([line for line in lines if line.startswith("visited")]) == len(person.visits)
    assert sum("passed the link on" in line for line in lines) == len(person.shares) > 0
    assert person.cascade and viewer in {member.viewer for member in person.cascade.members}


def test_periods_of_a_story_fit_its_length():
    assert [story_period(days) for days in (14, 15, 420, 421)] == [
        (1, "day"),
        (7, "week"),
        (7, "week"),
        (30, "30 days"),
    ]


@pytest.mark.parametrize("whom", ["merchant", "viewer"])
@pytest.mark.parametrize("day", [None, 30])
def test_many_merchants_and_viewers_can_be_inspected(folder: Path, whom: str, day: int | None):
    with (folder / "story.txt").open("w", encoding="utf-8") as file:
        for number in range(0, 25 if whom == "merchant" else 60, 5):
            inspect_one = partial(inspect_run, folder, Console(file=file, width=100), day=day)
            page = inspect_one(Subject(**{whom: number}))
            assert f"{whom}_{number}" in page.name
            page.unlink()
    assert (folder / "story.txt").stat().st_size > 1000


def test_inspect_prints_a_story_and_leaves_a_page_that_opens_offline(folder: Path):
    visits = pd.read_parquet(folder / "agents" / "visits.parquet")
    number = str(int(visits["merchant"].mode()[0]))
    done = told("inspect", str(folder), "--merchant", number)
    assert done.returncode == 0, done.stderr
    for words in (f"Merchant {number}", "By week", "By channel", "Biggest days", "Largest cascade", "├──"):
        assert words in done.stdout, words
    page = (folder / f"inspect_merchant_{number}.html").read_text(encoding="utf-8")
    assert "Plotly" in page and '"cascade"' in page and "src=" not in page.split("<script>")[0]
    viewer = str(int(visits["viewer"].mode()[0]))
    done = told("inspect", str(folder), "--viewer", viewer, "--arm", "market", "--day", "30")
    assert done.returncode == 0 and f"Viewer {viewer}" in done.stdout, done.stderr
    assert (folder / f"inspect_viewer_{viewer}_market_day_30.html").is_file()


@pytest.mark.parametrize(
    ("wanted", "found", "allowed"),
    [
        ({"merchant": 999}, "no merchant 999 on market", "a merchant from 0 to "),
        ({"viewer": 400}, "no viewer 400", "a viewer from 0 to 399"),
        ({"viewer": 1, "arm": "markt"}, "did you mean 'market'", "one of market"),
        ({"viewer": 1, "replicate": 2}, "no line list of replication 2", "from 0 to 1"),
        ({"viewer": 1, "day": 60}, "no day 60", "a day from 0 to 59"),
        ({}, "neither", "one of them, and no other"),
        ({"viewer": 1, "merchant": 1}, "both", "one of them, and no other"),
    ],
)
def test_mistakes_say_what_is_there(folder: Path, wanted: dict[str, Any], found: str, allowed: str):
    with pytest.raises(LaboratoryError) as raised:
        where = {key: value for key, value in wanted.items() if key in ("arm", "replicate", "day")}
        subject = Subject(**{key: value for key, value in wanted.items() if key not in where})
        inspect_run(folder, Console(quiet=True), subject, **where)
    said = raised.value.as_text(COMMAND_LINE)
    assert found in said and allowed in said


def test_a_run_without_a_line_list_says_how_to_get_one(tmp_path: Path):
    plain = store_run(alone(days=2), tmp_path)
    assert not (plain / "agents").exists()
    done = told("inspect", str(plain), "--merchant", "1")
    assert done.returncode == 2 and "no line list" in done.stderr and "--record" in done.stderr
    done = told("inspect", str(tmp_path), "--merchant", "1")
    assert done.returncode == 2 and "holds no whole run" in done.stderr


def test_the_option_record_makes_a_line_list(tmp_path: Path):
    done = told(
        "run",
        "fruit_vendor",
        "--record",
        "--set",
        "world.viewers=200",
        "--set",
        "world.merchants=8",
        "--days",
        "5",
        "--replications",
        "2",
        "--workers",
        "2",
        "--out",
        str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    (agents,) = tmp_path.glob("fruit_vendor/*/agents")
    assert len(list(agents.iterdir())) == 3
    assert set(pd.read_parquet(agents / "ties.parquet")["replicate"]) == {0}
