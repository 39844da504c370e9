"""How rules and kernels are compiled.

A `rule` is a small scalar function: readable alone, callable from Python, and pasted into the
kernels that use it. A `kernel` loops over agents. Both are compiled by Numba, cached on disk, and
kept free of reference counting: they allocate nothing, and counting references to columns inside
the loops makes them three times slower.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba import njit

from ..resources import IN_CHECKOUT, PACKAGE_FOLDER, SCENARIOS_FOLDER
from ..scenario.plugged_files import fingerprint
from .compilation.cache_places import first_writable
from .compilation.plain import plain_kernel, plain_rule

_config: Any = numba.config  # its fields are made at run time


def cache_folder() -> tuple[Path, bool]:
    """Where compiled code is kept, a folder for each version of the sources; and whether it can be.

    Numba looks only at a kernel's own file to see whether it is up to date, not at the files of
    the rules that are pasted into it. What is installed is left as it is: there it is the user's own folder.
    """
    digest = hashlib.sha256()
    for folder in ("behaviour", "platforms", "state", "world"):
        for file in sorted((PACKAGE_FOLDER / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    given = [Path(_config.CACHE_DIR)] if _config.CACHE_DIR else []
    beside, name = PACKAGE_FOLDER / "__pycache__", f"kernels-{digest.hexdigest()[:12]}"
    found = first_writable([*given, *([beside] if IN_CHECKOUT else [])], name)
    return found or (given or [beside])[0] / name, found is not None


CACHE_FOLDER, CACHED = cache_folder()
"""Where compiled code is kept, and whether it can be; if not, every process compiles anew."""
if CACHED:
    _config.CACHE_DIR = str(CACHE_FOLDER)

IN_PLAIN_PYTHON = bool(_config.DISABLE_JIT)
"""Whether nothing is compiled: for debuggers."""
COMPILED: dict[str, Any] = {"cache": CACHED, "_nrt": False}


def rule(function: Callable[..., Any]) -> Any:
    """Compile a rule; it is inlined where it is called from compiled code."""
    if IN_PLAIN_PYTHON:
        return plain_rule(function)
    return _compiled(function, inline="always")


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop over agents; it runs without the interpreter's lock."""
    if IN_PLAIN_PYTHON:
        return plain_kernel(function)
    return _compiled(function, nogil=True)


def _compiled(function: Callable[..., Any], **how: Any) -> Any:
    """Compile; code from outside the package is kept in a folder for each content of its files."""
    file, before = Path(function.__code__.co_filename), _config.CACHE_DIR
    ours = PACKAGE_FOLDER in file.parents and SCENARIOS_FOLDER not in file.parents
    if CACHED and not ours and file.is_file():
        _config.CACHE_DIR = str(CACHE_FOLDER / f"outside-{fingerprint(file)}")
    try:
        return njit(**COMPILED, **how)(function)
    finally:
        _config.CACHE_DIR = before
