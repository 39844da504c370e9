"""Columns as C sees them: a struct for each named tuple that kernels take, for `beside_c`.

A column `x` becomes three members: ``x``, its first entry; ``x_rows``, how many rows it has; ``x_width``,
how many entries a row has. Both the declarations and what is handed over follow from the tuples themselves.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

C_NAMES = {
    "float32": "float",
    "float64": "double",
    **{f"{sign}int{bits}": f"{sign}int{bits}_t" for sign in ("", "u") for bits in (8, 16, 32, 64)},
}
NUMBERS = {bool: ("uint8_t", ctypes.c_uint8), int: ("int64_t", ctypes.c_int64)}
NUMBERS |= {float: ("double", ctypes.c_double), np.uint64: ("uint64_t", ctypes.c_uint64)}


def unheld(columns: Any) -> Any:
    """The named tuple itself, with those in it, of one that is held for kernels."""
    return getattr(columns, "columns", columns)


def arrays_in(columns: Any, path: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """All columns of a named tuple and of those in it, each with where it stands."""
    columns = unheld(columns)
    for name, value in zip(columns._fields, columns, strict=True):
        value = unheld(value)
        if isinstance(value, np.ndarray):
            yield f"{path}{name}", value
        elif isinstance(value, tuple):
            yield from arrays_in(value, f"{path}{name}.")


def declarations(columns: Any, known: dict[str, str]) -> None:
    """Add the C declaration of a named tuple, and before it of those in it, to `known` by name."""
    columns = unheld(columns)
    members = []
    for name, value in zip(columns._fields, columns, strict=True):
        value = unheld(value)
        if isinstance(value, np.ndarray):
            members.append(f"{C_NAMES[value.dtype.name]} *{name}; int64_t {name}_rows, {name}_width;")
        elif isinstance(value, tuple):
            declarations(value, known)
            members.append(f"{type(value).__name__} {name};")
        else:
            members.append(f"{NUMBERS[type(value)][0]} {name};")
    name = type(columns).__name__
    known[name] = f"typedef struct {{ {' '.join(members)} }} {name};"


def as_struct(columns: Any) -> ctypes.Structure:
    """A named tuple as its C struct; its arrays must outlive it."""
    columns = unheld(columns)
    values: dict[str, Any] = {}
    for name, value in zip(columns._fields, columns, strict=True):
        value = unheld(value)
        if isinstance(value, np.ndarray):
            assert value.flags.c_contiguous, name
            values[name] = ctypes.c_void_p(value.ctypes.data)
            values[f"{name}_rows"] = ctypes.c_int64(len(value))
            values[f"{name}_width"] = ctypes.c_int64(int(np.prod(value.shape[1:])))
        elif isinstance(value, tuple):
            values[name] = as_struct(value)
        else:
            values[name] = NUMBERS[type(value)][1](value)
    kind = _structure(type(columns).__name__, tuple((name, type(value)) for name, value in values.items()))
    return kind(*values.values())


@cache
def _structure(name: str, fields: tuple[tuple[str, Any], ...]) -> Any:
    return type(name, (ctypes.Structure,), {"_fields_": list(fields)})


def header(columns: list[Any], constants: dict[str, int]) -> str:
    """Text of ``columns.h``: whole numbers by name, then the structs of `columns`."""
    known: dict[str, str] = {}
    for each in columns:
        declarations(each, known)
    lines = [f"#define {name} ({number})" for name, number in constants.items()]
    return "\n".join(["#pragma once", "#include <stdint.h>", *lines, *known.values(), ""])
