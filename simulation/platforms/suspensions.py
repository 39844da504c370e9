"""Stores that policies remove for a time, and what they are again afterwards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..state.columns import ABSENT, SUSPENDED, StoreColumns


class Suspensions:
    """Which policy keeps which stores out.

    Parameters
    ----------
    rows : int
        Stores.
    """

    def __init__(self, rows: int):
        self._rows: dict[str, NDArray[np.int64]] = {}
        self._before = np.full(rows, ABSENT, np.uint8)

    def __contains__(self, policy: str) -> bool:
        return policy in self._rows

    def begin(self, policy: str, merchants: StoreColumns, rows: NDArray[np.int64]) -> None:
        """Keep stores out, and remember what they are now."""
        new = rows[merchants.status[rows] != SUSPENDED]
        self._before[new] = merchants.status[new]
        merchants.status[rows] = SUSPENDED
        self._rows[policy] = rows

    def end(self, policy: str, merchants: StoreColumns) -> None:
        """Let stores be again what they were, unless another policy still keeps them out."""
        rows = self._rows.pop(policy, np.empty(0, np.int64))
        for others in self._rows.values():
            rows = np.setdiff1d(rows, others)
        rows = rows[merchants.status[rows] == SUSPENDED]
        merchants.status[rows] = self._before[rows]
