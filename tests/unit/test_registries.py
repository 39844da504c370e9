"""Every choice that is a file: its name, its declaration, the schema and what readers are told agree."""

from __future__ import annotations

from collections import Counter
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from simulation.exports.exporting import EXPORTERS
from simulation.resources import PACKAGE_FOLDER
from simulation.scenario.generated.schema import scenario_schema
from simulation.scenario.registry import Registry
from simulation.scenario.sections.claim import TESTS, ClaimTest
from simulation.scenario.sections.platform import CHANNELS
from simulation.scenario.sections.policy import EFFECTS, Policy
from simulation.scenario.sections.policy_search import OPTIMISERS, PolicySearch
from simulation.scenario.sections.sweep import DESIGNS, Sweep

ALL = {registry.folder: registry for registry in (CHANNELS, EFFECTS, DESIGNS, TESTS, OPTIMISERS, EXPORTERS)}
CHOSEN = [
    (DESIGNS, Sweep, "design"),
    (EFFECTS, Policy, "effect"),
    (TESTS, ClaimTest, "kind"),
    (OPTIMISERS, PolicySearch, "optimiser"),
]


def measure_label(entry: Any) -> str:
    """What readers are told that an entry is."""
    return getattr(entry, "label", "") or getattr(entry, "about", "")


@pytest.mark.parametrize("folder", ALL)
def test_every_file_of_the_folder_declares_one_entry_of_one_class_with_a_label_of_its_own(
    folder: str,
) -> None:
    registry: Registry[Any] = ALL[folder]
    files = {file.stem for file in (PACKAGE_FOLDER / folder).glob("*.py")} - {"__init__"}
    assert set(registry) == files and len(registry) > 1
    assert len({type(entry) for entry in registry.values()}) == 1
    labels = Counter(measure_label(entry) for entry in registry.values())
    assert all(labels) and max(labels.values()) == 1


@pytest.mark.parametrize(("registry", "section", "key"), CHOSEN, ids=[key for _, _, key in CHOSEN])
def test_a_scenario_takes_the_names_of_the_files_and_no_others(
    registry: Registry[Any], section: type[BaseModel], key: str
) -> None:
    assert get_args(section.model_fields[key].annotation) == registry.names
    assert scenario_schema()["$defs"][section.__name__]["properties"][key]["enum"] == list(registry.names)
    default = section.model_fields[key].default
    assert section.model_fields[key].is_required() or default in registry


@pytest.mark.parametrize("folder", ALL)
def test_nothing_but_entries_lies_in_the_folder(folder: str) -> None:
    others = [
        path
        for path in (PACKAGE_FOLDER / folder).iterdir()
        if path.suffix != ".py" and path.name != "__pycache__"
    ]
    assert not others
