"""A folder of files: names alone until somebody asks, and one file more is one choice more."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulation.errors import LaboratoryError
from simulation.scenario import registry
from simulation.scenario.registry import Registry


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of a package of its own with two files, of which one cannot be loaded."""
    package = tmp_path / "choices_for_a_test"
    folder = package / "colours"
    folder.mkdir(parents=True)
    for place in (package, folder):
        (place / "__init__.py").write_text("")
    (folder / "red.py").write_text("COLOUR = 'warm'\n")
    (folder / "broken.py").write_text("raise RuntimeError('was loaded')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(registry, "PACKAGE_FOLDER", package)
    monkeypatch.setattr(registry, "PACKAGE", package.name)
    yield folder
    for name in [name for name in sys.modules if name.startswith(package.name)]:
        del sys.modules[name]


def test_names_are_known_without_loading_a_file(folder: Path) -> None:
    assert Registry("colours", "COLOUR").names == ("broken", "red")


def test_a_file_is_loaded_when_it_is_asked_for(folder: Path) -> None:
    colours: Registry[str] = Registry("colours", "COLOUR")
    assert colours["red"] == "warm"
    with pytest.raises(RuntimeError, match="was loaded"):
        colours["broken"]


def test_a_new_file_is_a_new_choice(folder: Path) -> None:
    (folder / "blue.py").write_text("COLOUR = 'cold'\n")
    colours: Registry[str] = Registry("colours", "COLOUR")
    assert "blue" in colours and colours["blue"] == "cold" and len(colours) == 3


def test_a_name_without_a_file_is_none(folder: Path) -> None:
    colours: Registry[str] = Registry("colours", "COLOUR")
    assert "green" not in colours
    with pytest.raises(KeyError):
        colours["os"]


@pytest.mark.parametrize(
    ("text", "found"), [("OTHER = 1\n", "nothing"), ("COLOUR = 3\n", "a int"), ("COLOUR = None\n", "nothing")]
)
def test_a_file_that_declares_nothing_or_something_else_is_named(folder: Path, text: str, found: str) -> None:
    (folder / "grey.py").write_text(text)
    colours: Registry[str] = Registry("colours", "COLOUR", "str")
    assert colours["red"] == "warm"
    with pytest.raises(
        LaboratoryError, match=rf"colours/grey\.py: [^:]*\n +COLOUR\n +found: +{found}\n.*a str"
    ):
        colours["grey"]
