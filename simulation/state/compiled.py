"""How rules and kernels are compiled.

A `rule` is a small scalar function: readable alone, callable from Python, and pasted into the
kernels that use it. A `kernel` loops over agents. Both are compiled by Numba, kept on disk by what they
consist of, and kept free of reference counting: they allocate nothing, and counting references to columns
inside the loops makes them three times slower. What is `compiled` is neither pasted in nor bound to that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba import njit

from ..resources import IN_CHECKOUT, PACKAGE_FOLDER
from .compilation.cache_places import first_writable
from .compilation.content import Unknown
from .compilation.kept import ENDING, KeptCode, file_stem
from .compilation.plain import plain_kernel, plain_rule

_config: Any = numba.config  # its fields are made at run time
FOLDER = "kernels"


def cache_folder() -> Path | None:
    """Where compiled code is kept: the user's own folder, for all checkouts together; None if nowhere.

    Only where the user has none that can be written to it is kept beside the sources of a checkout.
    """
    given = [Path(_config.CACHE_DIR)] if _config.CACHE_DIR else []
    beside = [PACKAGE_FOLDER / "__pycache__"] if IN_CHECKOUT else []
    return first_writable(given, FOLDER, beside)


CACHE_FOLDER = cache_folder()
"""Where compiled code is kept; if nowhere, every process compiles anew."""
IN_PLAIN_PYTHON = bool(_config.DISABLE_JIT)
"""Whether nothing is compiled: for debuggers."""
WITHOUT_COUNTING = {"_nrt": False}


def rule(function: Callable[..., Any]) -> Any:
    """Compile a rule; it is inlined where it is called from compiled code."""
    if IN_PLAIN_PYTHON:
        return plain_rule(function)
    return compiled(function, inline="always", **WITHOUT_COUNTING)


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop over agents; it runs without the interpreter's lock."""
    if IN_PLAIN_PYTHON:
        return plain_kernel(function)
    return compiled(function, nogil=True, **WITHOUT_COUNTING)


def compiled(function: Callable[..., Any], **how: Any) -> Any:
    """Compile a function, which may make arrays, once for all processes and checkouts of the user."""
    made = njit(**how)(function)
    if CACHE_FOLDER is None or IN_PLAIN_PYTHON:
        return made
    made._cache = kept = KeptCode(made.py_func, made.targetoptions, CACHE_FOLDER)
    compiler, compile_it = made._compiler, made._compiler.compile

    def compile_or_give_up(*given: Any) -> Any:
        try:
            return compile_it(*given)
        except BaseException:
            kept.give_up()
            raise

    compiler.compile = compile_or_give_up
    return made


def is_kept(function: Any) -> bool:
    """Whether code of a rule or kernel is kept, as it is now, for any types."""
    try:
        stem = file_stem(getattr(function, "py_func", function))
    except Unknown:
        return False
    return CACHE_FOLDER is not None and any(CACHE_FOLDER.glob(f"{stem}-*{ENDING}"))


@cache
def sources_fingerprint() -> str:
    """Hash of the files with rules, for what follows from all of them."""
    digest = hashlib.sha256()
    for folder in ("behaviour", "platforms", "state", "world"):
        for file in sorted((PACKAGE_FOLDER / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
