"""What compiled code follows from: its function, all that this calls or reads, and the types it is given.

Neither places of files nor what stands in comments and docstrings is among it, so that the same rules in
another checkout, or with another word said of them, need not be compiled again. A constant is: it is pasted
into the code.
"""

from __future__ import annotations

import builtins
import hashlib
import sys
from collections.abc import Iterator
from enum import Enum
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numba.core import types
from numba.core.dispatcher import Dispatcher
from numba.core.extending import _Intrinsic

LIBRARIES = frozenset({*sys.stdlib_module_names, "numpy", "numba"}) - {"__main__"}
"""Those whose versions are among what `kept` goes by, so that the name of what is in them says it all."""


class Unknown(Exception):
    """Something that a function reads and of which it cannot be told whether it is still the same."""


def content_of(function: FunctionType) -> str:
    """Hash of everything in Python that the compiled code of a function follows from.

    Raises
    ------
    Unknown
        If it reads what is no number, text, array, function, named tuple, enumeration, or type or module of
        the standard library, NumPy or Numba.
    """
    return hashlib.sha256(repr(_Reader().all_of(function)).encode()).hexdigest()


def said_of_type(given: Any) -> Any:
    """A type of Numba in words; of named tuples fields as well, since code knows them by their place, and
    what takes them from Python where that is our own."""
    if isinstance(given, types.NamedTuple | types.NamedUniTuple):
        parts = [said_of_type(part) for part in given.types]
        kind, how = given.instance_class, getattr(given, "taken_by", None)
        return how and content_of(how), kind.__module__, kind.__qualname__, tuple(given.fields), tuple(parts)
    if isinstance(given, types.Tuple | types.UniTuple):
        return type(given).__name__, tuple(said_of_type(part) for part in given.types)
    said = str(given)
    if " at 0x" in said:
        raise Unknown(said)
    return said


class _Reader:
    """Goes through a function and those that it calls, each once."""

    def __init__(self) -> None:
        self._places: dict[FunctionType, int] = {}
        self._found: list[Any] = []

    def all_of(self, function: FunctionType) -> list[Any]:
        self._place(function)
        return self._found

    def _place(self, function: FunctionType) -> int:
        """The number of a function among those that were found, of which it is one from now on."""
        if function not in self._places:
            place = self._places[function] = len(self._found)
            self._found.append(None)
            self._found[place] = self._read(function)
        return self._places[function]

    def _read(self, function: FunctionType) -> Any:
        code = function.__code__
        cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
        known, outside = function.__globals__, sorted(set(_names(code)))
        return (
            function.__module__,
            function.__qualname__,
            _code(code, function.__doc__),
            self._value((function.__defaults__, tuple(sorted((function.__kwdefaults__ or {}).items())))),
            [(name, self._value(cell.cell_contents)) for name, cell in cells],
            [(name, self._value(known[name])) for name in outside if name in known],
        )

    def _value(self, value: Any) -> Any:
        """A value in words that are equal where it is."""
        if isinstance(value, Dispatcher):
            options = sorted((name, repr(option)) for name, option in value.targetoptions.items())
            return "compiled", self._place(value.py_func), options
        if isinstance(value, FunctionType):
            if _is_of_a_library(value.__module__ or ""):
                return "function", value.__module__, value.__qualname__
            return "function", self._place(value)
        if isinstance(value, _Intrinsic):
            return "intrinsic", self._place(value._defn)
        if isinstance(value, Enum):
            return type(value).__qualname__, value.name, self._value(value.value)
        if isinstance(value, tuple | list):
            named = getattr(value, "_fields", ())
            return type(value).__qualname__, tuple(named), [self._value(part) for part in value]
        if isinstance(value, np.ndarray):
            return "array", value.dtype.str, value.shape, hashlib.sha256(value.tobytes()).hexdigest()
        if isinstance(value, np.generic):
            return value.dtype.str, value.tobytes()
        if value is None or isinstance(value, bool | int | float | complex | str | bytes):
            return type(value).__name__, repr(value)
        return self._class(value) if isinstance(value, type) else _by_name(value)

    def _class(self, kind: type) -> Any:
        """A class: of a library by its name, else by all that code can know of it."""
        name = "type", kind.__module__, kind.__qualname__
        if _is_of_a_library(kind.__module__):
            return name
        if issubclass(kind, Enum):
            return name, [(entry.name, self._value(entry.value)) for entry in kind]
        if issubclass(kind, tuple) and (fields := getattr(kind, "_fields", ())):
            return name, fields, self._value(tuple(getattr(kind, "_field_defaults", {}).items()))
        raise Unknown(repr(kind)[:80])


def _is_of_a_library(module: str) -> bool:
    """Whether a module is of `LIBRARIES`."""
    return module.partition(".")[0] in LIBRARIES


def _by_name(value: Any) -> Any:
    """What is the same wherever it has the same name: types, libraries' functions and modules."""
    if isinstance(value, types.Type | np.dtype):
        return type(value).__name__, str(value)
    if isinstance(value, ModuleType) and _is_of_a_library(value.__name__):
        return "module", value.__name__
    if isinstance(value, BuiltinFunctionType | np.ufunc):
        return "function", getattr(value, "__module__", ""), value.__name__
    raise Unknown(repr(value)[:80])


def _names(code: CodeType) -> Iterator[str]:
    """Names that code may look up outside of it, those of functions within it too."""
    yield from (name for name in code.co_names if not hasattr(builtins, name))
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _names(part)


def _code(code: CodeType, doc: str | None = None) -> Any:
    """What code does, without where it stands and what its docstring says."""
    constants = list(code.co_consts)
    if doc is not None and constants and constants[0] == doc:
        constants[0] = None
    return (
        code.co_code,
        [_constant(part) for part in constants],
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_argcount,
        code.co_kwonlyargcount,
        code.co_flags,
    )


def _constant(value: Any) -> Any:
    """A constant of code in words; the order of a set is another in each process."""
    if isinstance(value, CodeType):
        return _code(value)
    if isinstance(value, tuple | frozenset):
        parts = [_constant(part) for part in value]
        return type(value).__name__, sorted(parts, key=repr) if isinstance(value, frozenset) else parts
    return type(value).__name__, repr(value)
