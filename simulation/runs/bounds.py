"""What the name of a number says of it: which measure it is, and what values it can take."""

from __future__ import annotations

from difflib import get_close_matches

from ..errors import NAME_LETTERS
from ..languages.speaking import told
from ..measures import MEASURES
from ..measures.daily import DAILY_MEASURES
from ..measures.registry import ANYTHING, PAIRED_MEASURES, Bounds, Measure, without_days


def base_measure(name: str) -> str:
    """The measure that `name` is, or of which it is one channel's or archetype's part, or some days'."""
    name, _ = without_days(name)
    if name in MEASURES or name in PAIRED_MEASURES:
        return name
    return max((base for base in MEASURES if name.startswith(f"{base}_")), key=len, default="")


def measure_bounds(name: str) -> Bounds:
    """What a measure can be, also one by day or by part; anything if it is not known."""
    base = base_measure(name)
    if base in PAIRED_MEASURES:
        return PAIRED_MEASURES[base].bounds
    if base:
        return MEASURES[base].bounds
    return DAILY_MEASURES[name].bounds if name in DAILY_MEASURES else ANYTHING


def is_signed(name: str) -> bool:
    """Whether a measure, or the one of which it is a part, can be negative; no if it is not known.

    Nothing is ever given as a share or multiple of such a measure: where the whole is a loss, or about
    zero, a ratio has the wrong sign or none.
    """
    return bool(base_measure(name)) and measure_bounds(name).lowest < 0


def measure_unit(name: str) -> str:
    """Unit of a measure, also of one taken by channel or archetype; empty if it is not known."""
    base = base_measure(name)
    if base in PAIRED_MEASURES:
        return PAIRED_MEASURES[base].unit
    if not base and name in DAILY_MEASURES:
        return DAILY_MEASURES[name].unit
    return MEASURES[base].unit if base else ""


def measures_with(word: str) -> list[Measure]:
    """Measures with `word` in their name, label or meaning, in English or as they are told.

    One that is called so, or of which `word` names a part or some days, stands first.
    """
    meant, small = base_measure(word), word.lower()
    every = [*MEASURES.values(), *PAIRED_MEASURES.values()]
    found = [
        entry
        for entry in every
        if entry.name == meant
        or any(
            small in text.lower()
            for text in (entry.name, entry.label, entry.meaning, told(entry.label), told(entry.meaning))
        )
    ]
    return sorted(found, key=lambda entry: entry.name != meant)


def measures_near(word: str, most: int = 5) -> list[str]:
    """Names of the measures whose names or labels, in English or as they are told, are most like `word`."""
    called = {
        text.lower(): entry.name
        for entry in (*MEASURES.values(), *PAIRED_MEASURES.values())
        for text in (entry.name, entry.label, told(entry.label), told(entry.label).partition("（")[0])
    }
    near = get_close_matches(word.lower()[:NAME_LETTERS], called, n=2 * most, cutoff=0.5)
    return list(dict.fromkeys(called[text] for text in near))[:most]
