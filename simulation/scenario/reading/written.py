"""Where a scenario was written, so that whatever is wrong with it can be told with its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .lines import Location


@dataclass(frozen=True)
class Written:
    """Where a scenario was written: its file, and what was set beside.

    Attributes
    ----------
    source : str
        The file, for messages.
    text : str
        Its text.
    set_keys : tuple of str
        Keys that were set on the command line or in Python.
    presets : dict of location to (Path, str)
        File and text of the preset that stands at a location.
    """

    source: str
    text: str = ""
    set_keys: tuple[str, ...] = ()
    presets: dict[Location, tuple[Path, str]] = field(default_factory=dict)
