"""Kernels in plain Python, for stepping through a rule in a debugger: ``NUMBA_DISABLE_JIT=1``.

Numbers must come out as compiled code has them. NumPy's own would not: a number of a column keeps the
column's width there, so that a byte of 3 with bit 4 added, or a literal multiplied by a number in single
precision, comes out as something else. Here whole numbers read from a column are Python's, as wide as
need be; numbers in single precision stay so among themselves only; and what is written is cut to the
column's width.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np


class Single(float):
    """A number in single precision: in sums and products with others of its kind, and else in double."""


def _in_single(name: str) -> Callable[[Single, Any], Any]:
    calculate, reflected = getattr(operator, name.removeprefix("r")), name.startswith("r")

    def method(self: Single, other: Any) -> Any:
        if not isinstance(other, int | float):
            return NotImplemented
        left, right = (float(other), float(self)) if reflected else (float(self), float(other))
        found = calculate(left, right)
        return Single(np.float32(found)) if isinstance(other, Single) else found

    return method


for _name in ("add", "sub", "mul", "truediv", "radd", "rsub", "rmul", "rtruediv"):
    setattr(Single, f"__{_name}__", _in_single(_name))
Single.__neg__ = lambda self: Single(-float(self))  # type: ignore[method-assign]
Single.__abs__ = lambda self: Single(abs(float(self)))  # type: ignore[method-assign]


class Column:
    """An array as kernels see it; slices are views as well.

    Parameters
    ----------
    array : ndarray
        What it reads from and writes to.
    """

    __slots__ = ("_array",)

    def __init__(self, array: np.ndarray):
        self._array = array

    def __getitem__(self, place: Any) -> Any:
        return _as_compiled(self._array[place])

    def __setitem__(self, place: Any, value: Any) -> None:
        # An array is cut to the column's width, while a number that does not fit would be an error.
        self._array[place] = value._array if isinstance(value, Column) else np.asarray(value)

    def __iter__(self) -> Iterator[Any]:
        return (_as_compiled(value) for value in self._array)

    def __len__(self) -> int:
        return len(self._array)

    def __array__(self, *asked: Any, **named: Any) -> np.ndarray:
        return np.asarray(self._array, *asked, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._array, name)


class CompiledMath:
    """The module `math` as compiled code has it: infinity and NaN where Python's own raises errors."""

    def __getattr__(self, name: str) -> Any:
        function = getattr(math, name)
        if not callable(function):
            return function

        def calculate(*numbers: Any) -> Any:
            try:
                return function(*numbers)
            except (OverflowError, ValueError):
                with np.errstate(all="ignore"):
                    return float(getattr(np, name)(*numbers))

        return calculate


def plain_rule(rule: Callable[..., Any]) -> Callable[..., Any]:
    """`rule` itself, with what compiled functions have: the function in Python, and their `math`."""
    for name, known in rule.__globals__.items():
        if known is math:
            rule.__globals__[name] = CompiledMath()
    rule.py_func = rule  # type: ignore[attr-defined]
    return rule


def plain_kernel(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """`kernel` with its arrays as `Column`; what numbers overflow is cut without a word, as compiled."""
    plain_rule(kernel)

    @wraps(kernel)
    def run(*given: Any, **named: Any) -> Any:
        with np.errstate(all="ignore"):
            return kernel(*map(_as_compiled, given), **{name: _as_compiled(it) for name, it in named.items()})

    run.py_func = run  # type: ignore[attr-defined]
    return run


def _as_compiled(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return Column(value)
    if isinstance(value, tuple):
        parts = map(_as_compiled, value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, np.float32):
        return Single(value)
    if isinstance(value, np.generic) and not isinstance(value, np.uint64):  # random words are that wide
        return value.item()
    return value
