"""How rules and kernels are compiled.

A `rule` is a small scalar function: readable alone, callable from Python, and pasted into the
kernels that use it. A `kernel` loops over agents. Both are compiled by Numba, cached on disk, and
kept free of reference counting: they allocate nothing, and counting references to columns inside
the loops makes them three times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

COMPILED: dict[str, Any] = {"cache": True, "_nrt": False}


def rule(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a rule; it is inlined where it is called from compiled code."""
    return njit(**COMPILED, inline="always")(function)


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop over agents; it runs without the interpreter's lock."""
    return njit(**COMPILED, nogil=True)(function)
