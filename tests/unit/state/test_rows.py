"""A row's number stays what it is, in compiled code as in Python."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.state.rules.rows import LARGEST, row_of


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.int64])
def test_a_row_is_itself_in_columns_of_any_width(kind: type[np.integer]) -> None:
    for number in (0, 1, 4_095, int(np.iinfo(kind).max)):
        if number <= LARGEST:
            assert row_of(kind(number)) == row_of.py_func(number) == number


def test_ten_million_viewers_are_rows() -> None:
    assert row_of(10_000_000) == 10_000_000
