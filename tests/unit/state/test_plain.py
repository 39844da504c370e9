"""Plain Python calculates as compiled code does; what NumPy would make of it is another number."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest

from simulation.state.compilation.plain import Column, CompiledMath, Single, plain_kernel, plain_rule

TENTH = float(np.float32(0.1))


class Columns(NamedTuple):
    flags: np.ndarray
    trust: np.ndarray


def test_single_precision_stays_among_its_own_kind_only() -> None:
    tenth = Single(np.float32(0.1))
    assert tenth * tenth == float(np.float32(TENTH * TENTH)) and isinstance(tenth * tenth, Single)
    assert 1.0 - tenth == 1.0 - TENTH != float(np.float32(1.0) - np.float32(0.1))
    assert tenth * 3 == TENTH * 3 and not isinstance(tenth * 3, Single)
    assert 1.0 / tenth == 1.0 / TENTH and tenth / tenth == 1.0
    assert isinstance(-tenth, Single) and abs(-tenth) == TENTH
    with pytest.raises(ZeroDivisionError):
        tenth / Single(0.0)


def test_whole_numbers_are_as_wide_as_need_be_and_cut_when_they_are_written() -> None:
    column = Column(np.array([250, 3], np.uint8))
    assert column[0] + 10 == 260 and column[1] & ~2 == 1
    column[0] += 10
    column[1] = -1
    assert list(column) == [4, 255]
    assert type(Column(np.array([1], np.uint64))[0]) is np.uint64, "random words wrap at 64 bits"


def test_slices_are_views_and_what_is_written_is_cut() -> None:
    numbers = np.zeros((2, 3), np.float32)
    column = Column(numbers)[:, 1]
    column[0] = 0.1
    Column(numbers)[1, :] = column[0]
    assert numbers[0].tolist() == [0.0, TENTH, 0.0] and numbers[1].tolist() == [TENTH] * 3
    assert len(column) == 2 and column.shape == (2,) and np.sum(column) == np.float32(0.2)


def test_kernels_get_columns_in_tuples_and_by_themselves_and_call_each_other() -> None:
    @plain_kernel
    def inner(columns, row):
        columns.flags[row] |= 4
        return columns.trust[row] * 2.0

    @plain_kernel
    def outer(columns, order, *, times):
        return [inner(columns, row) * times for row in order]

    columns = Columns(np.array([3, 0], np.uint8), np.array([0.1, 0.5], np.float32))
    assert outer(columns, np.array([1, 0], np.int32), times=1) == [1.0, TENTH * 2.0]
    assert columns.flags.tolist() == [7, 4]


def test_what_overflows_is_infinite_as_compiled() -> None:
    assert logistic(-5000.0) == 0.0 and CompiledMath().pi == math.pi
    assert CompiledMath().exp(1.0) == math.exp(1.0)
    assert CompiledMath().log(0.0) == -math.inf and math.isnan(CompiledMath().sqrt(-1.0))


@plain_rule
def logistic(log_odds):
    return 1.0 / (1.0 + math.exp(-log_odds))
