"""How numbers of sheets that a person reads are shown; cells hold them with all their digits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from ..exporting import FORMS, FRONT

MOST_DECIMALS = 6
SIGNED = "+{plain};\N{MINUS SIGN}{plain};0"
"""A format of differences."""


def number_form(values: Sequence[float], percent: bool = False, signed: bool = False) -> str:
    """Office's format in which the first of `values` that is not zero has three digits; nothing if none is.

    ``2 - floor(log10(|value|))`` decimals, none for large values, at most `MOST_DECIMALS`.
    """
    known = [abs(value) for value in values if math.isfinite(value) and value]
    if not known:
        return ""
    size = known[0] * (100 if percent else 1)
    plain = _plain(min(max(2 - math.floor(math.log10(size)), 0), MOST_DECIMALS), percent)
    return SIGNED.format(plain=plain) if signed else plain


def round_form(value: float, percent: bool = False) -> str:
    """Office's format of a number that somebody chose, without needless digits; nothing if there is none."""
    if not math.isfinite(value):
        return ""
    digits = f"{value * (100 if percent else 1):.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2]
    return _plain(len(digits), percent)


def _plain(decimals: int, percent: bool) -> str:
    return f"{'0' if percent else '#,##0'}{'.' + '0' * decimals if decimals else ''}{'%' if percent else ''}"


def read_by_people(table: pd.DataFrame, forms: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """A table that a person reads, with formats of its cells by column."""
    table.attrs.update({FRONT: True, FORMS: dict(forms or {})})
    return table
