"""What an invariant is, and how one is put on the list.

Each invariant is a function of the model that raises `InvariantError` when it is broken. All of
them read the columns, the day's ledger and the journal afresh and change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ..model import LiveCommerceModel

Invariant = Callable[["LiveCommerceModel"], None]

INVARIANTS: list[Invariant] = []
"""All invariants, in the order in which they are checked."""


class InvariantError(AssertionError):
    """The model contradicts itself."""


def invariant(function: Invariant) -> Invariant:
    """Put the decorated function on the list."""
    INVARIANTS.append(function)
    return function


def require(holds: Any, message: str, *found: object) -> None:
    """Raise unless everything in `holds` is true."""
    if not np.all(holds):
        shown = "; ".join(np.array2string(np.asarray(value), threshold=20) for value in found)
        raise InvariantError(f"{message}: {shown}" if found else message)
