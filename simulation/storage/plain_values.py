"""Plain values: what JSON knows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd


def plain_values(value: Any) -> Any:
    """Numbers, lists and tables that JSON knows; missing numbers as null."""
    if isinstance(value, pd.DataFrame):
        named = value.reset_index() if value.index.name else value
        return [plain_values(row) for row in named.to_dict("records")]
    if isinstance(value, dict):
        return {str(key): plain_values(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(entry) for entry in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
