"""What `import simulation` offers, and that it costs nothing."""

from __future__ import annotations

import ast

import pytest

import simulation
from simulation.resources import PACKAGE_FOLDER

SOURCE = ast.parse((PACKAGE_FOLDER / "__init__.py").read_text(encoding="utf-8"))


def test_every_public_name_is_there_documented_and_listed() -> None:
    for name in simulation.__all__:
        value = getattr(simulation, name)
        assert name == "__version__" or value.__doc__, name
    assert set(simulation.__all__) <= set(dir(simulation))


def test_tools_that_read_types_see_the_same_names_as_programs() -> None:
    checked = next(node for node in SOURCE.body if isinstance(node, ast.If))
    declared = {
        node.names[0].asname: node.module for node in checked.body if isinstance(node, ast.ImportFrom)
    }
    assert declared == simulation._HOMES
    assert sorted(declared) == [name for name in simulation.__all__ if name != "__version__"]


def test_importing_it_imports_nothing_heavy() -> None:
    outside = [node for node in SOURCE.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {node.module for node in outside if isinstance(node, ast.ImportFrom)} == {"importlib", "typing"}
    assert not [node for node in outside if isinstance(node, ast.Import)]


def test_a_name_that_there_is_not_is_an_ordinary_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        getattr(simulation, "nonsense")  # noqa: B009
