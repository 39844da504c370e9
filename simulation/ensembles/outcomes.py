"""What a run may bring back: plain finite numbers by arm and measure, or nothing where one is missing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from ..languages.speaking import either, sentence

RESERVED = ("point", "replicate", "arm", "against", "_place")
"""Columns of a sweep's data that no measure can be called by."""
LARGEST_WHOLE = 2**53

Measured = dict[str, dict[str, float]]
"""Measures by arm, by probe, and by pair of arms; missing ones are NaN."""


def plain_outcomes(found: Any, arms: Iterable[str], taken: Iterable[str] = ()) -> Measured:
    """What a model found, as plain values that every table holds.

    Parameters
    ----------
    found : mapping
        Measures by arm, and by whatever else the model keeps.
    arms : iterable of str
        Arms of the scenario, all of which must be there.
    taken : iterable of str
        Further names that no measure can have: the keys that vary.

    Raises
    ------
    ValueError
        If an arm is missing, or a measure is infinite or not a number, with its name.
    """
    if not isinstance(found, Mapping):
        raise ValueError(sentence("the model gave {value} instead of measures by arm", value=_shown(found)))
    missing = [arm for arm in arms if arm not in found]
    if missing:
        raise ValueError(sentence("the model gave no measures of arm {missing}", missing=either(missing)))
    unusable = {*RESERVED, *taken}
    plain: Measured = {}
    for arm, measures in found.items():
        if not isinstance(measures, Mapping):
            raise ValueError(
                sentence(
                    "the model gave {value} instead of measures of '{arm}'", value=_shown(measures), arm=arm
                )
            )
        plain[str(arm)] = {
            _name(name, unusable): _number(value, name, arm) for name, value in measures.items()
        }
    return plain


def _name(name: Any, unusable: set[str]) -> str:
    if not isinstance(name, str) or name in unusable:
        raise ValueError(
            sentence("the model calls a measure {value}; let it have another name", value=_shown(name))
        )
    return name


def _number(value: Any, name: str, arm: str) -> float:
    """A number as JSON and Parquet hold it; what is missing as NaN."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT:
        return math.nan
    if isinstance(value, int) and abs(value) <= LARGEST_WHOLE:
        return int(value)
    if not isinstance(value, Real | Decimal | Fraction):
        what = sentence("{name} of '{arm}'", name=name, arm=arm)
        raise ValueError(sentence("{what} is {value}, not a number", what=what, value=_shown(value)))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isinf(number):
        what = sentence("{name} of '{arm}'", name=name, arm=arm)
        raise ValueError(sentence("{what} is infinite", what=what))
    return number


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{type(value).__name__} {text[:60]}..."
