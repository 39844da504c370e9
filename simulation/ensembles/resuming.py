"""Going on in a folder: which finished runs still count, and what is not the same question any longer."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ArchiveError, Problem, Remedy
from ..languages.speaking import both, chained, sentence, told
from ..measures import MEASURES
from ..runs.bounds import base_measure
from ..scenario.identity import Table, unlike, what_decides
from ..scenario.keys import put
from ..scenario.reading.read import default_at
from ..storage.manifest import MODEL_VERSION
from ..words import counted
from .tasks import AGAINST

MOST_NAMED = 5
LONGEST_VALUE = 40
EVERY_RUN_HAS = frozenset(name for name, entry in MEASURES.items() if entry.of_all)
"""Measures that a run of this version has, whatever its scenario."""


class SweepWarning(UserWarning):
    """What a sweep or search says in one line as it works, in the language that is spoken."""

    def __str__(self) -> str:
        return told(self.args[0]) if self.args else ""


class NothingMeasured(SweepWarning):
    """Said when points get no further worlds, since what their interval is of has no value there."""


class MeasuresLeftOut(SweepWarning):
    """Said when measures were added after some of the runs were made, and are left out of the data."""


class RunsAgain(SweepWarning):
    """Said when finished runs in a folder count no longer, with the reason."""


def counted_runs(many: int) -> str:
    """A number of finished runs, in words."""
    return counted(many, "finished run")


def folder_kind(about: dict[str, Any] | None) -> str:
    """What a folder holds: a sweep, or a policy search."""
    return str((about or {}).get("what", "sweep"))


def varied_keys(scenario: Table) -> set[str]:
    """Keys that a sweep or a search sets itself, as far as the scenario names them."""
    sweep, search = scenario.get("sweep", {}), scenario.get("policy_search", {})
    named = [*sweep.get("factors", ()), *search.get("levers", ())]
    return {str(factor["key"]) for factor in named} | {key for row in sweep.get("rows", ()) for key in row}


def check_resumable(
    folder: str, known: dict[str, Any] | None, about: dict[str, Any], other_version: bool, intact: bool = True
) -> None:
    """Refuse to go on in a folder whose runs answer something else than what is asked.

    Parameters
    ----------
    folder : str
        For messages.
    known, about : dict
        What was written down when the runs were made (None if that is lost), and of what is asked; see
        `sweep.about_sweep`.
    other_version : bool
        Go on although another version of the model made what is there.
    intact : bool
        Whether the record of what was asked is as it was written. One that is altered may ask anything; runs
        are known by what decides them, so that none is mixed up.

    Raises
    ------
    ArchiveError
        If they are of another model version, of a sweep instead of a search, or of a scenario that
        differs in what decides results, apart from the keys that vary.
    """
    if known is None:
        return
    _check_version(folder, known["model_version"], other_version)
    _check_kind(folder, folder_kind(known), folder_kind(about))
    if intact:
        _check_question(folder, known, about)


def _check_version(folder: str, version: str, other_version: bool) -> None:
    """Refuse runs of another version of the model, unless that is wanted."""
    if version != MODEL_VERSION and not other_version:
        found = sentence(
            "runs of model version {version}; this is {model_version}",
            version=version,
            model_version=MODEL_VERSION,
        )
        raise _not_resumable(folder, found, remedy=Remedy("elsewhere_or_again"))


def _check_kind(folder: str, there: str, here: str) -> None:
    """Refuse runs of a sweep for a search, and the other way round."""
    if there != here:
        raise _not_resumable(
            folder,
            sentence("runs of a {there}", there=sentence(there)),
            sentence("a folder of its own for the {here}", here=sentence(here)),
        )


def _check_question(folder: str, known: dict[str, Any], about: dict[str, Any]) -> None:
    """Refuse runs of a scenario that differs in what decides results, apart from the keys that vary."""
    free = varied_keys(known["scenario"]) | varied_keys(about["scenario"]) | set(about["keys"])
    try:
        there, here = (_decided(scenario, free) for scenario in (known["scenario"], about["scenario"]))
    except (KeyError, TypeError, AttributeError):
        found = "runs of a scenario in a form that this version does not know"
        raise _not_resumable(folder, found, remedy=Remedy("elsewhere")) from None
    other = unlike(there, here)
    if known["model_version"] != MODEL_VERSION:  # which may have keys that the other did not have
        other = [key for key in other if None not in (_at(there, key), _at(here, key))]
    other = [key for key in other if not _added_since(key, there, here)]
    if other:
        apart = chained(_apart(key, _at(there, key), _at(here, key)) for key in other[:MOST_NAMED])
        more = (
            sentence("; and {count} more", count=len(other) - MOST_NAMED) if len(other) > MOST_NAMED else ""
        )
        found = sentence(
            "runs of another question ('{name}'): {apart}{more}",
            name=known["scenario"]["name"],
            apart=apart,
            more=more,
        )
        raise _not_resumable(folder, found, remedy=Remedy("elsewhere_or_as_before"))


def _not_resumable(folder: str, found: str, allowed: str = "", remedy: Remedy | None = None) -> ArchiveError:
    """The error that says what runs a folder holds."""
    return ArchiveError(folder, [Problem("sweep", found, allowed, remedy=remedy)])


def why_again(known: dict[str, Any] | None, about: dict[str, Any]) -> str:
    """Why runs in a folder may count no longer, in words; empty if nothing but their points can differ."""
    if known is None:
        return sentence("the record of what they answer is lost")
    if known["model_version"] != MODEL_VERSION:
        return sentence("they are of model version {model_version}", model_version=known["model_version"])
    if "files" not in known:
        return sentence("an earlier version told runs apart in another way")
    there, here = known["files"], about["files"]
    if changed := sorted(key for key in here if there.get(key) != here[key]):
        return sentence("the file of {changed} has changed since", changed=both(changed))
    return ""


def _decided(scenario: Table, free: Iterable[str]) -> Table:
    """What decides results but for the keys in `free` and the content of files."""
    table = copy.deepcopy(scenario)
    for key in free:
        put(table, key, "free")
    return what_decides(table, {})


def _at(table: Any, key: str) -> Any:
    for part in key.split("."):
        table = table.get(part) if isinstance(table, dict) else None
    return table


def _added_since(key: str, there: Table, here: Table) -> bool:
    """Whether a key was added after the runs were made and stands at its default, which changes no result:
    what does so raises `MODEL_VERSION`."""
    try:
        return _at(there, key) is None and _at(here, key) == default_at(key)
    except (KeyError, AttributeError):  # of an arm or a list, which have no default
        return False


def _apart(key: str, there: Any, here: Any) -> str:
    words = [repr(value) if value is not None else sentence("nothing") for value in (there, here)]
    if max(map(len, words)) > LONGEST_VALUE:
        return sentence("{key} differs", key=key)
    return sentence("{key} is {words} there and {words_2} here", key=key, words=words[0], words_2=words[1])


def measured_in(run: Mapping[str, Any]) -> frozenset[str]:
    """Which of the measures that every run of this version has are in a run on disk, in any arm."""
    own = [measures for name, measures in run["arms"].items() if AGAINST not in name]
    return EVERY_RUN_HAS.intersection(frozenset().union(*own))


class AddedMeasures:
    """Finds measures that only some runs have, as where a sweep went on after measures were added."""

    def __init__(self) -> None:
        self._all: frozenset[str] | None = None
        self._some: frozenset[str] = frozenset()

    def look_at(self, run: Mapping[str, Any]) -> None:
        """Note what one run has, unless it failed."""
        if run["error"]:
            return
        found = measured_in(run)
        self._all = found if self._all is None else self._all & found
        self._some |= found

    def left_out(self, data: pd.DataFrame, folder: Path) -> pd.DataFrame:
        """`data` without those measures, their parts and their days; with a word (`MeasuresLeftOut`)."""
        added = self._some - (self._all or frozenset())
        if not added:
            return data
        warnings.warn(
            sentence(
                "{folder}: some runs were made before these were measured, which are left out of the data: "
                "{measures}; a folder of its own has them",
                folder=folder,
                measures=", ".join(sorted(added)),
            ),
            MeasuresLeftOut,
            stacklevel=4,
        )
        return data.drop(columns=[name for name in data if base_measure(str(name)) in added])
