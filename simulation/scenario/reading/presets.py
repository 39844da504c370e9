"""Platforms given by the name of a preset, written out."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import ScenarioError, nearest, shown
from ...languages.speaking import counterpart, own_entry, phrase, sentence, told
from ...resources import PLATFORMS_FOLDER
from ...words import plain
from ..fields import MOST_ENTRIES
from .files import read_toml
from .lines import Location

PRESET = "preset"


def platform_files() -> list[Path]:
    """Platform presets that come with the project."""
    return sorted(PLATFORMS_FOLDER.glob("*.toml"))


def label_in(path: Path) -> str:
    """What a preset is called by readers, in the language that is spoken; empty if that cannot be told."""
    try:
        table = read_toml(path)[1]
    except ScenarioError:
        return ""
    return own_entry({"label": ""} | table, "label")


def preset_label(name: str) -> str:
    """What readers call the preset `name`, in the language that is spoken; its name if it is none."""
    return label_in(PLATFORMS_FOLDER / f"{name}.toml") or counterpart(plain(name))


def mix(path: Path) -> str:
    """Channels of a preset and their weights, or why these cannot be told."""
    try:
        channels = read_toml(path)[1].get("channels")
    except ScenarioError as error:
        return f"({told(error.problems[0].found)})"
    if not isinstance(channels, dict):
        return phrase("(no channels)")
    return ", ".join(
        f"{name} {weight:g}" if isinstance(weight, int | float) else f"{name} {shown(weight)}"
        for name, weight in channels.items()
    )


class Presets:
    """Writes out the platforms of a scenario, and remembers what came from which file.

    Parameters
    ----------
    folder : Path, optional
        Where presets of the user's own lie; they come before the project's.

    Attributes
    ----------
    origins : dict of location to (Path, str)
        File and text of the preset that stands at a location.
    changes : dict of location to dict
        What the scenario changes in the preset at a location.
    """

    def __init__(self, folder: Path | None = None):
        own = sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []
        self._files = {file.stem: file for file in [*platform_files(), *own]}
        self._known: dict[str, tuple[str, dict[str, Any]]] = {}
        self.origins: dict[Location, tuple[Path, str]] = {}
        self.changes: dict[Location, dict[str, Any]] = {}

    def write_out(self, table: dict[str, Any]) -> list[tuple[Location, str, str]]:
        """Replace each platform given by name with its preset's content.

        A platform may be a name, a table with a `preset` and what is changed in it, or written out.

        Returns
        -------
        list of (location, found, allowed)
            Names of presets that do not exist.
        """
        faults = []
        for holder, part, location in _platforms(table):
            entry = holder[part]
            changes = entry if isinstance(entry, dict) else {}
            name = changes.get(PRESET) if changes else entry
            if not isinstance(name, str):
                continue
            if name not in self._files:
                allowed = sentence("one of {files}, or a table", files=", ".join(sorted(self._files)))
                faults.append(
                    (
                        location,
                        sentence("'{name}'{near}", name=name, near=nearest(name, self._files)),
                        allowed,
                    )
                )
                continue
            changes = {key: value for key, value in changes.items() if key != PRESET}
            text, preset = self._read(name)
            if "label" in changes:
                preset.pop("label_zh", None)  # another name has another counterpart, or none
            holder[part] = merged(preset, changes)
            self.origins[location], self.changes[location] = (self._files[name], text), changes
        return faults

    def choose(self, table: dict[str, Any], location: Location, name: Any) -> None:
        """Put another preset in the place of the one at `location`, with the same changes."""
        at: Any = table
        for part in location[:-1]:
            at = at[part]
        at[location[-1]] = {**self.changes.get(location, {}), PRESET: name}

    def _read(self, name: str) -> tuple[str, dict[str, Any]]:
        if name not in self._known:
            self._known[name] = read_toml(self._files[name])
        text, preset = self._known[name]
        return text, copy.deepcopy(preset)


def _platforms(table: dict[str, Any]) -> Iterator[tuple[Any, str | int, Location]]:
    """What holds each platform, under which key, and where that is."""
    arms = table.get("arms")
    for number, arm in enumerate(arms[:MOST_ENTRIES] if isinstance(arms, list) else []):
        if not isinstance(arm, dict):
            continue
        if "platform" in arm:
            yield arm, "platform", ("arms", number, "platform")
        several = arm.get("platforms")
        for position in range(len(several) if isinstance(several, list) else 0):
            yield several, position, ("arms", number, "platforms", position)


def merged(table: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`table` with `changes` on top, section by section; a mix of channels is replaced as a whole."""
    result = dict(table)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict) and key != "channels"
        result[key] = merged(result[key], value) if both else value
    return result
