"""Named tuples of columns that are handed to kernels ready to use.

To call a kernel, compiled code takes every array of a tuple out of its Python object: 20 microseconds for a
`World`, as long as a small world's arithmetic in many a kernel. What is held has been taken out once. A call
copies it, in half a microsecond, and the kernel is none the wiser: it sees the same named tuple.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, TypeVar, cast

import numpy as np
from numba.core import types
from numba.core.boxing import unbox_tuple
from numba.core.datamodel import models
from numba.core.registry import cpu_target
from numba.core.typing.typeof import typeof
from numba.extending import NativeValue, intrinsic, register_model, typeof_impl, unbox

from ..compiled import IN_PLAIN_PYTHON, compiled

Columns = TypeVar("Columns", bound=tuple)


class HeldTuple(types.NamedTuple):
    """A named tuple as kernels see it whose arrays have been taken out of their objects before.

    Attributes
    ----------
    taken_by : function
        Writes the code by which kernels get it, so that they are compiled anew if that is another.
    """

    taken_by: Any = None

    def __init__(self, columns: types.NamedTuple):
        super().__init__(columns.types, columns.instance_class)
        self.name = f"Held{self.name}"


register_model(HeldTuple)(models.TupleModel)


class Held:
    """A named tuple of columns, taken out once; its fields are attributes, as they are of the tuple.

    Parameters
    ----------
    columns : named tuple
        Of arrays, numbers and such tuples. What its arrays hold may change, which arrays they are may not:
        for others call `replace`.
    """

    __slots__ = ("_memory", "_numba_type_", "_said", "_whole", "address", "columns")

    def __init__(self, columns: tuple):
        kind = typeof(columns)
        context = cpu_target.target_context
        layout = context.get_value_type(kind)
        self._memory = np.zeros(-(-context.get_abi_sizeof(layout) // 8), np.int64)
        self._whole = {
            place: layout.get_element_offset(context.target_data, place) // 8
            for place, field in enumerate(kind.types)
            if field == types.int64 and isinstance(kind, types.NamedTuple)
        }
        self._numba_type_, self._said = HeldTuple(kind), checksum(kind)
        self.address = self._memory.ctypes.data
        self.columns: tuple = ()
        self.replace(columns)

    def replace(self, columns: tuple) -> None:
        """Hold other columns of the same types, which is quick where they differ in whole numbers alone.

        Raises
        ------
        TypeError
            If they are of other types.
        """
        if len(self.columns) == len(columns):
            others = [place for place, column in enumerate(columns) if column is not self.columns[place]]
            if all(place in self._whole and type(columns[place]) is int for place in others):
                for place in others:
                    self._memory[self._whole[place]] = columns[place]
                self.columns = columns
                return
        if take_out(columns, self._said, self.address) != self._said:
            raise TypeError(f"columns are of other types than those held: {type(columns).__name__}")
        self.columns = columns

    def __getattr__(self, name: str) -> Any:
        return getattr(self.columns, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __getitem__(self, place: Any) -> Any:
        return self.columns[place]

    def __reduce__(self) -> tuple[Any, ...]:
        return Held, (self.columns,)  # addresses are neither copied nor stored


def hold(columns: Columns) -> Columns:
    """`columns`, as they are taken by kernels in no time; in plain Python as they are."""
    return columns if IN_PLAIN_PYTHON else cast(Columns, Held(columns))


def hold_others(held: Columns, columns: Columns) -> Columns:
    """`columns` in the place of those that are held."""
    if not isinstance(held, Held):
        return columns
    held.replace(columns)
    return held


def checksum(kind: types.Type) -> int:
    """A number of a type of Numba, the same in all processes."""
    return zlib.crc32(str(kind).encode())


@typeof_impl.register(Held)
def _type_of_held(held: Held, context: Any) -> HeldTuple:
    return cast(HeldTuple, held._numba_type_)


@unbox(HeldTuple)
def _copy_what_is_held(kind: HeldTuple, held: Any, compiling: Any) -> NativeValue:
    """Code that reads a held tuple from its address.

    What is read there has no owners, which code that counts references may need: for a slice that it returns,
    say. Such code, which is no kernel of ours, has the tuple itself taken apart.
    """
    if compiling.context.enable_nrt:
        columns = compiling.pyapi.object_getattr_string(held, "columns")
        found = unbox_tuple(kind, columns, compiling)
        compiling.pyapi.decref(columns)
        return found
    number = compiling.pyapi.object_getattr_string(held, "address")
    address = compiling.pyapi.long_as_longlong(number)
    compiling.pyapi.decref(number)
    pointer = compiling.context.get_value_type(kind).as_pointer()
    return NativeValue(compiling.builder.load(compiling.builder.inttoptr(address, pointer)))


HeldTuple.taken_by = _copy_what_is_held


def _write_to(typing: Any, columns: Any, said: Any, address: Any) -> tuple[Any, Any]:
    """Write a tuple to an address if it is of the type that is `said`; returns what its type says."""

    def write(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        own = context.get_constant(types.int64, checksum(columns))
        with builder.if_then(builder.icmp_unsigned("==", given[1], own)):
            pointer = context.get_value_type(columns).as_pointer()
            builder.store(given[0], builder.inttoptr(given[2], pointer))
        return own

    return types.int64(columns, types.int64, types.int64), write


write_to: Any = intrinsic(_write_to)


def _take_out(columns, said, address):
    """Write `columns` to `address` if their type is as `said`; returns the `checksum` of their type."""
    return write_to(columns, said, address)


take_out = compiled(_take_out, _nrt=False)
