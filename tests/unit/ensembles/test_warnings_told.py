"""What sweeps and searches warn of is said in the language that is spoken, by commands and in Python."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from simulation.commands.common import _warnings_said
from simulation.ensembles.adaptive import _say_what_is_empty
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.resuming import SweepWarning, why_again
from simulation.ensembles.search.policy_search import _say_what_counts_no_longer
from simulation.ensembles.sweep import about_sweep, say_what_counts
from simulation.languages.speaking import speaking
from simulation.scenario.sections.sweep import Until
from tests.support.english_on_pages import english
from tests.unit.ensembles.test_added_measures import KEY, kept, question


def changed(folder: Path) -> str:
    """Why runs count no longer where a number of the scenario has been changed."""
    there, here = question(), question().model_copy(update={"title": "Other"})
    here = here.model_copy(update={"world": here.world.model_copy(update={"days": 9})})
    return why_again(about_sweep(there, [KEY]), about_sweep(here, [KEY]))


def torn(folder: Path) -> None:
    store, _ = kept(folder, question(), early=0)
    runs = folder / "runs.jsonl"
    runs.write_bytes(runs.read_bytes().replace(b'"gmv": 11.0', b'"gmv": 12.0'))
    store = SweepFolder(folder)
    store.begin(about_sweep(question(), [KEY]), resume=True)


def added(folder: Path) -> None:
    store, tasks = kept(folder, question(), early=2)
    store.gather(tasks)


UNTIL = Until(measure="gmv", arm="links", against="feed", width=0.1, most=8)
WARNINGS: dict[str, Callable[[Path], None]] = {
    "other points": lambda folder: say_what_counts(folder, [], {"a", "b"}, ""),
    "another scenario": lambda folder: say_what_counts(folder, [], {"a"}, changed(folder)),
    "of a search": lambda folder: _say_what_counts_no_longer(folder, 3, changed(folder)),
    "no value": lambda folder: _say_what_is_empty(SweepFolder(folder), UNTIL, [1, 2]),
    "torn": torn,
    "measures added": added,
}


@pytest.mark.parametrize("what", WARNINGS)
def test_a_warning_is_chinese_where_that_is_spoken(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with speaking("zh"), pytest.warns(SweepWarning) as caught:
        WARNINGS[what](tmp_path / "python")
        said = str(caught[0].message)
    assert str(caught[0].message) != said, "English where that is spoken"
    assert english(str(caught[0].message)) and not english(said) and any(c >= "\u4e00" for c in said)
    with speaking("zh"), warnings.catch_warnings(), _warnings_said():
        WARNINGS[what](tmp_path / "commands")
    assert not english(capsys.readouterr().err)
