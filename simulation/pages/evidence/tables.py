"""Rows and sentences of the evidence page: MusicLab, shared links, referred customers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...validation.field.referred import VALUE_RATIO
from ...validation.musiclab.experiment import ALONE, RANKED_BY_COUNTS
from ...validation.musiclab.published import published
from ...validation.musiclab.repetitions import Ordering, orderings, summary
from ...words import counted, listed, plain
from ..kit.words import MISSING_TEXT, fixed, is_number, percent
from .figures.musiclab import LABELS, TITLES

LINKS = {
    "seed_only": "Shared links that nobody passes on",
    "one_step": "Links that friends pass on and that end there",
    "deeper": "Links that friends of friends pass on",
    "large": "Links that 100 persons or more pass on",
}
HIGHER, LOWER, ALIKE, UNSURE = "higher", "lower", "agrees", "cannot tell"
TELLS = 0.5
"""Half-width of an interval, as a share of the published value, beyond which agreement says nothing."""


def share_in_words(share: dict[str, Any]) -> str:
    """``85% (78 to 90%)``."""
    low, high = (fixed(100 * share[end], 0) for end in ("low", "high"))
    return f"{fixed(100 * share['share'], 0)}% ({low} to {high}%)"


def inequality_gaps(frame: pd.DataFrame) -> dict[str, float]:
    """How far inequality lies from the real experiment's, as a share of it, where that is known."""
    means = summary(frame, "gini")
    real = {condition: published("gini", condition) for condition in ALONE}
    return {
        condition: means[condition].mean / known.value - 1.0
        for condition, known in real.items()
        if known is not None
    }


def musiclab_sentences(frame: pd.DataFrame) -> list[str]:
    """Orderings that do not come out, levels that are off, and how closely success follows quality."""
    missing = [_ordering(entry) for entry in orderings(frame) if not entry.holds]
    first = [f"Does not come out: {listed(missing)}."] if missing else []
    levels = [
        f"{fixed(100 * abs(gap), 0)}% {'below' if gap < 0 else 'above'} ({LABELS[name].lower()})"
        for name, gap in inequality_gaps(frame).items()
    ]
    first.append(f"Inequality against the real experiment: {listed(levels)}.")
    return first + [_followed(frame, name) for name in ALONE]


def _ordering(entry: Ordering) -> str:
    return (
        f"{TITLES[entry.statistic].lower()} of “{LABELS[entry.higher].lower()}” above "
        f"“{LABELS[entry.lower].lower()}”"
    )


def _followed(frame: pd.DataFrame, condition: str) -> str:
    """Whether the best songs rarely do badly and the worst rarely well, beside the real experiment."""

    def mean(statistic: str) -> float:
        return summary(frame, statistic)[condition].mean

    text = (
        f"{LABELS[condition]}: of the best tenth of songs {percent(mean('best_below_median'))} ended "
        f"below the median, of the worst tenth {percent(mean('worst_above_median'))} above it; of the "
        f"best five, {percent(mean('top_five_kept'))} ended among the five most successful"
    )
    text += _real("top_five_kept", condition, percent)
    return (
        f"{text}; the rank correlation of success and quality is "
        f"{fixed(mean('rank_correlation'), 2)}{_real('rank_correlation', condition)}."
    )


def _real(statistic: str, condition: str, words: Any = None) -> str:
    """The real experiment's number in brackets, where one is known."""
    known = published(statistic, condition)
    if known is None:
        return ""
    return f" (real experiment: {words(known.value) if words else fixed(known.value, 2)})"


def other_layout_sentence(frame: pd.DataFrame, reading_down: pd.DataFrame) -> str:
    """What comes out if the page is read down the list instead."""
    counts, levels = [], []
    for table in (frame, reading_down):
        every = orderings(table)
        counts.append((sum(entry.holds for entry in every), len(every)))
        levels.append(summary(table, "gini")[RANKED_BY_COUNTS].mean)
    lost = [
        _ordering(entry)
        for entry, before in zip(orderings(reading_down), orderings(frame), strict=True)
        if before.holds and not entry.holds
    ]
    (held, many), (other, _) = counts
    text = (
        f"With slates that go down the ranked list instead, {other} of {many} orderings come out (here "
        f"{held}), and inequality in the ranked column is {fixed(levels[1], 2)} (here "
        f"{fixed(levels[0], 2)})."
    )
    return f"{text} Lost: {listed(lost)}." if lost else text


def link_rows(spread: pd.DataFrame, labels: dict[str, str]) -> list[dict[str, Any]]:
    """One row per statistic of cascades: what was published, and each arm's value and verdict."""
    rows = []
    for statistic, name in LINKS.items():
        found = spread[spread["statistic"] == statistic].to_dict("records")
        values = [
            _value(
                labels, entry, "", percent, _compared(_sure(entry), "", entry["published"]), span=(0.0, 1.0)
            )
            for entry in found
        ]
        if found:
            rows.append({"name": name, "published": percent(found[0]["published"]), "values": values})
    return rows


def referred_rows(referred: pd.DataFrame, labels: dict[str, str]) -> list[dict[str, Any]]:
    """What referred customers are worth, and whether they stay, beside what was published."""
    entries = [entry for entry in referred.to_dict("records") if entry["referred"]]
    worth = [
        _value(labels, entry, "ratio", lambda value: fixed(value, 2), _at_least(entry)) for entry in entries
    ]
    stay = [
        _value(labels, entry, "staying", _points, _compared(entry, "staying", 0.0, at_least=True))
        for entry in entries
    ]
    return [
        {
            "name": "Value of a referred customer, over that of others",
            "published": f"{fixed(VALUE_RATIO, 2)} or more",
            "values": worth,
        },
        {
            "name": "Referred customers who stay, minus others who do",
            "published": "more of them",
            "values": stay,
        },
    ]


def _points(value: float) -> str:
    return f"{fixed(100 * value, 0, sign=True)} points"


def _value(
    labels: dict[str, str],
    entry: dict[Any, Any],
    name: str,
    words: Any,
    verdict: str,
    span: tuple[float, float] = (float("-inf"), float("inf")),
) -> dict[str, str]:
    """An arm's value with its interval, as far as there are such values, and how many it rests on."""
    ends = (name or "mean", f"{name}_low" if name else "low", f"{name}_high" if name else "high")
    mean, low, high = (entry[end] for end in ends)
    text = MISSING_TEXT
    if is_number(mean):
        text = words(mean)
    if entry.get("statistic") and mean == 0.0:
        text = "none seen"
    elif is_number(mean) and is_number(low):
        text += f" ({words(max(low, span[0]))} to {words(min(high, span[1]))})"
    many = int(entry["referred"] if "referred" in entry else entry["cascades"])
    what = "referred customer" if "referred" in entry else "link"
    return {
        "arm": labels.get(entry["arm"], plain(entry["arm"])),
        "text": text,
        "verdict": verdict,
        "of": counted(many, what),
    }


def _compared(entry: dict[Any, Any], name: str, real: float, at_least: bool = False) -> str:
    """How an interval lies to a published value; a wide one around it says nothing."""
    low, high = (entry[f"{name}_{end}" if name else end] for end in ("low", "high"))
    if not (is_number(low) and is_number(high)):
        return UNSURE
    if low > real:
        return ALIKE if at_least else HIGHER
    if high < real:
        return LOWER
    return UNSURE if at_least or high - low > 2 * TELLS * abs(real) else ALIKE


def _sure(entry: dict[Any, Any]) -> dict[Any, Any]:
    """Of what was never seen, the interval that the number of links allows (the rule of three)."""
    never = entry["mean"] == 0.0
    return entry | {"low": 0.0, "high": 3.0 / entry["cascades"]} if never else entry


def _at_least(entry: dict[Any, Any]) -> str:
    return _compared(entry, "ratio", VALUE_RATIO, at_least=True)
