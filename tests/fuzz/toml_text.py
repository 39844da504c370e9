"""Nested tables as TOML, written quickly: every table in one line."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any


def as_toml(table: dict[str, Any]) -> str:
    """TOML of a table, a line for each of its keys."""
    return "".join(f"{_text(key)} = {_inline(value)}\n" for key, value in table.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_text(key)} = {_inline(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return (
            ("nan" if math.isnan(value) else "inf" if value > 0 else "-inf")
            if (not math.isfinite(value))
            else repr(value)
        )
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return (
        f"{value:#x}"
        if isinstance(value, int) and abs(value) > 10**4000
        else (str(value) if isinstance(value, int) else _text(str(value)))
    )


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
