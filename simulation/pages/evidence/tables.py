"""Rows and sentences of the evidence page: MusicLab, shared links, referred customers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...languages.speaking import counterpart, listing, phrase, phrase_of, sentences, template
from ...validation.field.referred import VALUE_RATIO
from ...validation.musiclab.experiment import ALONE, RANKED_BY_COUNTS
from ...validation.musiclab.published import published
from ...validation.musiclab.repetitions import Ordering, orderings, summary
from ...words import plain
from ..kit.words import MISSING_TEXT, POINTS, after, fixed, is_number, percent
from .figures.musiclab import TITLES, condition_name

LINKS = {
    "seed_only": template("Shared links that nobody passes on"),
    "one_step": template("Links that friends pass on and that end there"),
    "deeper": template("Links that friends of friends pass on"),
    "large": template("Links that 100 persons or more pass on"),
}
HIGHER, LOWER, ALIKE, UNSURE = (
    template("higher"),
    template("lower"),
    template("agrees"),
    template("cannot tell"),
)
TELLS = 0.5
"""Half-width of an interval, as a share of the published value, beyond which agreement says nothing."""


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
    first = [phrase("Does not come out: {orderings}.", orderings=listing(missing))] if missing else []
    levels = listing([_off(name, gap) for name, gap in inequality_gaps(frame).items()])
    first.append(phrase("Inequality against the real experiment: {levels}.", levels=levels))
    return first + [_followed(frame, name) for name in ALONE]


def _off(condition: str, gap: float) -> str:
    said = {"percent": f"{fixed(100 * abs(gap), 0)}%", "condition": condition_name(condition).lower()}
    return (
        phrase("{percent} below ({condition})", **said)
        if gap < 0
        else phrase("{percent} above ({condition})", **said)
    )


def _ordering(entry: Ordering) -> str:
    return phrase(
        "{statistic} of “{higher}” above “{lower}”",
        statistic=counterpart(TITLES[entry.statistic]).lower(),
        higher=condition_name(entry.higher).lower(),
        lower=condition_name(entry.lower).lower(),
    )


def _followed(frame: pd.DataFrame, condition: str) -> str:
    """Whether the best songs rarely do badly and the worst rarely well, beside the real experiment."""

    def mean(statistic: str) -> float:
        return summary(frame, statistic)[condition].mean

    return phrase(
        "{condition}: of the best tenth of songs {best} ended below the median, of the worst tenth {worst} "
        "above it; of the best five, {kept}{kept_really} ended among the five most successful; the rank "
        "correlation of success and quality is {correlation}{correlation_really}.",
        condition=condition_name(condition),
        best=percent(mean("best_below_median")),
        worst=percent(mean("worst_above_median")),
        kept=percent(mean("top_five_kept")),
        kept_really=_real("top_five_kept", condition, percent),
        correlation=fixed(mean("rank_correlation"), 2),
        correlation_really=_real("rank_correlation", condition),
    )


def _real(statistic: str, condition: str, words: Any = None) -> str:
    """The real experiment's number in brackets, where one is known."""
    known = published(statistic, condition)
    if known is None:
        return ""
    return phrase(" (real experiment: {value})", value=words(known.value) if words else fixed(known.value, 2))


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
    text = phrase(
        "With slates that go down the ranked list instead, {other} of {many} orderings come out (here "
        "{held}), and inequality in the ranked column is {then} (here {now}).",
        other=other,
        many=many,
        held=held,
        then=fixed(levels[1], 2),
        now=fixed(levels[0], 2),
    )
    return sentences([text, phrase("Lost: {orderings}.", orderings=listing(lost)) if lost else ""])


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
            rows.append(
                {"name": counterpart(name), "published": percent(found[0]["published"]), "values": values}
            )
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
            "name": phrase("Value of a referred customer, over that of others"),
            "published": phrase("{value} or more", value=fixed(VALUE_RATIO, 2)),
            "values": worth,
        },
        {
            "name": phrase("Referred customers who stay, minus others who do"),
            "published": phrase("more of them"),
            "values": stay,
        },
    ]


def _points(value: float) -> str:
    number = fixed(100 * value, 0, sign=True)
    return number + after(number, counterpart(POINTS))


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
    text = counterpart(MISSING_TEXT)
    if is_number(mean):
        text = words(mean)
    if entry.get("statistic") and mean == 0.0:
        text = phrase("none seen")
    elif is_number(mean) and is_number(low):
        text = phrase(
            "{middle} ({low} to {high})",
            middle=text,
            low=words(max(low, span[0])),
            high=words(min(high, span[1])),
        )
    many = int(entry["referred"] if "referred" in entry else entry["cascades"])
    what = (
        phrase_of("{count} referred customer", "{count} referred customers", many)
        if "referred" in entry
        else phrase_of("{count} link", "{count} links", many)
    )
    return {
        "arm": labels.get(entry["arm"], plain(entry["arm"])),
        "text": text,
        "verdict": counterpart(verdict),
        "of": what,
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
