"""Channels and merchants' rules of users' own, named in a scenario file and kept beside it."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import Field

from .quantities import Section


class Plugins(Section):
    """Python files by the name under which the scenario speaks of what they hold."""

    channels: dict[str, str] = Field(
        default_factory=dict, description="Name of a channel -> Python file with its CHANNEL."
    )
    merchant_rules: dict[str, str] = Field(
        default_factory=dict, description="Name of a rule -> Python file with its RULE."
    )


def channels_named_in(table: Any) -> dict[str, list[str]]:
    """What checks of platforms must know of a scenario, given as a table: its own channels' names."""
    plugins = table.get("plugins") if isinstance(table, dict) else None
    channels = plugins.get("channels") if isinstance(plugins, dict) else None
    return {"channels": list(channels) if isinstance(channels, dict) else []}


@cache
def load_file(path: str) -> ModuleType:
    """The module in a Python file outside the package; loaded once.

    Raises
    ------
    ValueError
        If it cannot be loaded, with the reason.
    """
    name = f"plugged_in_{Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not Path(path).is_file():
        raise ValueError(f"there is no Python file '{path}'; give its path as seen from the scenario file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # compiled code that is kept on disk asks for its module by name
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ValueError(
            f"'{path}' cannot be loaded: {type(error).__name__}: {error}; put it right"
        ) from error
    return module


def attribute_of(path: str, name: str) -> Any:
    """What the file at `path` calls `name`.

    Raises
    ------
    ValueError
        If the file has no such name.
    """
    module = load_file(path)
    if not hasattr(module, name):
        raise ValueError(f"'{path}' defines no {name}; see the README on channels and rules of your own")
    return getattr(module, name)
