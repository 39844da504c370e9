"""Templates kept in the user's folder for caches, by all that made them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from ..scenario.identity import as_table, fingerprints, hash_values, what_decides
from ..scenario.scenario import Scenario
from ..scenario.sections.platform import Platform
from ..state.columns import FriendshipGraph, StoreColumns
from ..state.compilation.cache_places import first_writable
from ..state.compiled import sources_fingerprint
from ..state.ties import Ties
from ..storage.drafts import replacing
from ..storage.manifest import MODEL_VERSION
from ..world.cast.past import STATE, Past
from ..world.cast.viewers import Traits
from .template import Template, nothing, run_template, template_scenario

FOLDER = "pasts"
FORM = 1
"""Raised when templates are written in another form."""
DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)
"""What reading a file says that is torn, altered or no template."""
_PARTS: tuple[tuple[str, Any], ...] = (
    ("traits", Traits),
    ("friendships", FriendshipGraph),
    ("stores", StoreColumns),
    ("ties", Ties),
)


def template_identity(own: Scenario) -> str:
    """Hash of all that a template's content follows from; `own` is its own scenario.

    The rules' sources are among it, so that whoever works on them is never given a past of other rules.
    """
    decides = what_decides(as_table(own), fingerprints(own))
    return hash_values([decides, MODEL_VERSION, sources_fingerprint(), FORM])


def place_of(own: Scenario) -> Path | None:
    """The file of the template whose own scenario is given; None where nothing can be kept."""
    folder = first_writable([], FOLDER)
    return folder / f"{template_identity(own)}.npz" if folder else None


def template_for(
    scenario: Scenario, platforms: list[Platform], number: int = 0, threads: int = 1
) -> Template:
    """The template of `platforms` for worlds of `scenario`: read if it is there, else run and kept.

    Where nothing can be written it is run each time.
    """
    own = template_scenario(scenario, platforms, number)
    path = place_of(own)
    kept = read_template(path) if path else None
    return kept or made_template(own, threads)


def made_template(own: Scenario, threads: int, day_done: Callable[[], None] = nothing) -> Template:
    """Run the template whose own scenario is given, and keep it if that can be."""
    template = run_template(own, threads, day_done)
    if path := place_of(own):
        with suppress(OSError):  # a full disk loses nothing but time
            write_template(path, template)
    return template


def write_template(path: Path, template: Template) -> None:
    """Write a template, whole or not at all."""
    past = template.past
    arrays: dict[str, Any] = {
        "platforms": np.array(past.platforms),
        "numbers": np.array([past.days, past.merchants, template.arcs]),
        "pushes": past.pushes,
    }
    arrays |= {f"viewers.{name}": column for name, column in past.viewers.items()}
    for part, columns in (
        ("traits", template.traits),
        ("friendships", template.friendships),
        ("stores", past.stores),
        ("ties", past.ties),
    ):
        arrays |= {f"{part}.{name}": column for name, column in columns._asdict().items()}
    with replacing(path) as draft, draft.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read_template(path: Path) -> Template | None:
    """The template in a file; None if there is none, or if it is damaged."""
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            parts = {
                part: kind(**{name: arrays[f"{part}.{name}"] for name in kind._fields})
                for part, kind in _PARTS
            }
            days, merchants, arcs = (int(number) for number in arrays["numbers"])
            past = Past(
                tuple(str(name) for name in arrays["platforms"]),
                days,
                merchants,
                {name: arrays[f"viewers.{name}"] for name in STATE},
                parts["stores"],
                parts["ties"],
                arrays["pushes"],
            )
    except DAMAGED:
        return None
    return Template(parts["traits"], parts["friendships"], past, arcs)
