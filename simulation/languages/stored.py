"""Sentences as files keep them, so that they can be told in any language later."""

from __future__ import annotations

import json
from typing import Any

from .speaking import Sentence, as_sentence, made_of

PLAIN = (bool, int, float)


def as_stored(text: str) -> str:
    """A sentence as text of JSON; see `from_stored`."""
    return json.dumps(_taken_apart(as_sentence(text)), ensure_ascii=False)


def from_stored(kept: str) -> str:
    """The sentence that `as_stored` kept; whatever else is there stands as it is."""
    try:
        return _put_together(json.loads(kept))
    except (ValueError, LookupError, TypeError, AttributeError):
        return kept


def _taken_apart(text: Sentence) -> dict[str, Any]:
    values = {
        name: _taken_apart(value)
        if isinstance(value, Sentence)
        else value
        if isinstance(value, PLAIN)
        else str(value)
        for name, value in text.values.items()
    }
    return {"english": str(text), "template": text.template, "values": values, "part": text.part}


def _put_together(kept: dict[str, Any]) -> str:
    """A sentence from its parts."""
    values = {
        name: _put_together(value) if isinstance(value, dict) else value
        for name, value in kept["values"].items()
    }
    text = str(kept["template"])
    if values:
        text.format_map(values)  # which fails here if it would fail when it is told
    elif "{" in text and text != kept["english"]:
        raise ValueError("values are missing")
    return made_of(str(kept["english"]), text, values, kept["part"])
