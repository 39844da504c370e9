"""Rows of columns."""

from __future__ import annotations

from ..compiled import rule

LARGEST = 2**31 - 1


@rule
def row_of(number):
    """The row that a whole number from 0 to 2**31 - 1 means: itself.

    Numbers below 0 count from the end, and what is read from a column might be one for all that compiled code
    knows: it looks at each, at each column. Of the number returned here it knows that it is none.
    """
    return number & LARGEST
