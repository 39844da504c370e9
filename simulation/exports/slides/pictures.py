"""Slides with a picture: differences from what was compared, sales of each arm, shares, sales by week."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from ...languages.speaking import ENGLISH, phrase, phrase_of, sentences, spoken
from ...pages.kit.names import NamedArm
from ...pages.kit.words import amount, is_number
from ...pages.run.answer.answer import Answer
from ...pages.run.answer.asked import SALES
from ...pages.run.answer.effects import Effect, paired_effect
from ...pages.run.answer.lineup import named
from ...pages.run.answer.picture import in_one_unit, row_label
from ...pages.run.content import Content
from ...runs.bounds import measure_unit
from .charts import Bar, Form, Line, bars, lines, stacks
from .deck import ACROSS, DOWN, KINDS, LEFT, SOFT, TOP, Deck, Look, box

MOST_BARS, MOST_LINES = 12, 6
WHOLE = (LEFT, TOP, ACROSS, DOWN)
PICTURE, BELOW = (LEFT, TOP, ACROSS, DOWN - 0.35), (LEFT, TOP + DOWN - 0.3, ACROSS, 0.3)
"""Where a picture with a line below it stands, and that line."""
RATIOS = Form("+0{decimals}%;\N{MINUS SIGN}0{decimals}%;0", 0.01)
POINTS = Form("+#,##0{decimals};\N{MINUS SIGN}#,##0{decimals};0")
"""How differences are written on an axis: relative ones, and others."""
PLAIN = Form("#,##0{decimals}")
LARGE = {
    "en": (1e6, Form('#,##0{decimals},,"M";;0', 1e6)),
    "zh": (1e4, Form('#,##0{decimals}"万";;0', divisor=1e4)),
}
"""How amounts are written, and from where on in larger units, by language."""
WEEK = 7
CLOSE = 0.012
"""Share of a picture's height that a line is thick."""


def differences(deck: Deck, found: Answer) -> None:
    """What was asked about, as paired differences with their intervals."""
    shown = in_one_unit(found.effects)[:MOST_BARS] if found.effects else []
    if not shown or found.asked is None:
        return
    slide = deck.slide(found.picture_title)
    made = [_difference(effect, row_label(effect, found.asked)) for effect in shown]
    _explain(slide, made)
    if shown[0].relative:
        bars(slide, PICTURE, found.picture_title, made, RATIOS)
    elif shown[0].unit == "share":
        name = phrase("{what}, in percentage points", what=found.picture_title)
        bars(slide, PICTURE, name, [_in_points(bar) for bar in made], POINTS)
    else:
        bars(slide, PICTURE, found.picture_title, made, POINTS)


def _difference(effect: Effect, label: str) -> Bar:
    """An effect as a bar, in the colour of what it is worth."""
    apart = effect.apart
    kind = {1: "gain", -1: "loss"}.get(effect.worth, "none")
    text = {"gain": "▲ ", "loss": "▼ "}.get(kind, "") + effect.difference
    if not effect.has_interval:
        return Bar(label, apart.mean, None, None, KINDS[kind], text)
    text = phrase("{value} ({interval})", value=text, interval=effect.interval)
    return Bar(label, apart.mean, apart.low, apart.high, KINDS[kind], text)


def _in_points(bar: Bar) -> Bar:
    """A difference of shares in percentage points."""
    low, high = (None if end is None else 100 * end for end in (bar.low, bar.high))
    return replace(bar, value=100 * bar.value, low=low, high=high)


def sales(deck: Deck, content: Content, found: Answer) -> None:
    """Sales of every arm, in its colour, with what luck leaves open."""
    measure = found.asked.sales if found.asked else content.as_claimed(SALES)
    levels = {arm: content.estimate(arm, measure) for arm in content.arms}
    known = {arm: level for arm, level in levels.items() if is_number(level.mean)}
    if not known:
        return
    unit, made = measure_unit(measure), []
    for arm, level in list(known.items())[:MOST_BARS]:
        text, low, high = amount(level.mean, unit), None, None
        if is_number(level.low):
            low, high = level.low, level.high
            ends = phrase("{low} to {high}", low=amount(low, unit), high=amount(high, unit))
            text = phrase("{value} ({interval})", value=text, interval=ends)
        made.append(Bar(arm.label, level.mean, low, high, arm.colour, text))
    label = content.names.measure(measure)
    slide = deck.slide(_most(content, measure, label, {arm: level.mean for arm, level in known.items()}))
    _explain(slide, made)
    bars(slide, PICTURE, label, made, _form(max(bar.value for bar in made)))


def _form(most: float) -> Form:
    """How amounts up to `most` are written on an axis."""
    least, form = LARGE.get(spoken(), LARGE[ENGLISH])
    return form if most >= least else PLAIN


def _explain(slide: Any, made: list[Bar]) -> None:
    """What stands in brackets, where anything does."""
    if any(bar.low is not None for bar in made):
        text = phrase("In brackets and as lines across the ends of bars: 95% intervals.")
        box(slide, BELOW, [text], Look(13, SOFT))


def _most(content: Content, measure: str, label: str, means: dict[NamedArm, float]) -> str:
    """Which arm has most of a measure, as far as luck can tell."""
    top, low = max(means, key=lambda arm: means[arm]), min(means, key=lambda arm: means[arm])
    if top == low:
        return phrase("{label}: {level}", label=label, level=amount(means[top], measure_unit(measure)))
    apart = [paired_effect(content, arm, top, measure) for arm in means if arm != top]
    near = [effect.arm for effect in apart if effect and not effect.clear]
    if not near:
        return phrase("{label}: {arm} has most, beyond luck", label=label, arm=top.label)
    if low in near:
        return phrase("{label}: luck cannot tell the highest from the lowest", label=label)
    return phrase(
        "{label}: {low} has least; luck cannot tell {near} from {arm}, which has most",
        label=label,
        low=low.label,
        near=named(near),
        arm=top.label,
    )


def shares(deck: Deck, content: Content) -> None:
    """In a market, what each platform sells in every arm, in its own colour."""
    if not content.names.is_market:
        return
    arms = content.arms[:MOST_BARS]
    made = [
        Line(label, content.names.platform_colours[name], [_sold(content, arm, name) for arm in arms])
        for name, label in content.names.platforms.items()
    ]
    if not any(any(line.values) for line in made):
        return
    title = phrase("Who sells how much in the market: sales of each platform")
    form = _form(max(map(max, (line.values for line in made))))
    stacks(deck.slide(title), WHOLE, [arm.label for arm in arms], made, form)


def _sold(content: Content, arm: NamedArm, platform: str) -> float:
    level = content.level(arm.name, f"platform_gmv_{platform}") if _has(content, platform) else math.nan
    return level if is_number(level) else 0.0


def _has(content: Content, platform: str) -> bool:
    return f"platform_gmv_{platform}" in content.run.results.runs


def weeks(deck: Deck, content: Content, found: Answer) -> None:
    """Sales a day, by week, of each arm in its colour; of many arms those first that are compared."""
    if content.days < 2 * WEEK:
        return
    compared = (found.asked.option, found.asked.base) if found.asked else ()
    arms, many = list(dict.fromkeys([*compared, *content.arms])), content.days // WEEK
    made = []
    for arm in arms[:MOST_LINES]:
        table = content.daily(arm, SALES)
        if len(table):
            days = table.mean(axis=1).to_numpy(float)[: many * WEEK]
            made.append(Line(arm.label, arm.colour, np.nanmean(days.reshape(-1, WEEK), axis=1).tolist()))
    if not made:
        return
    title = phrase("{label} a day, by week, in CNY", label=content.names.measure(SALES))
    form = _form(max(map(max, (line.values for line in made))))
    slide = deck.slide(title)
    made, apart = _told_apart(made)
    lines(slide, PICTURE, [str(week + 1) for week in range(many)], made, form)
    said = [_on_each_other(apart)] if apart is not None else []
    if left := len(arms) - len(made):
        said.append(phrase_of("{count} more arm is not shown.", "{count} more arms are not shown.", left))
    if said:
        box(slide, BELOW, [sentences(said)], Look(13, SOFT))


def _told_apart(made: list[Line]) -> tuple[list[Line], float | None]:
    """Lines, dashed where they lie on an earlier one, and by how much such lines differ at most, if any do.

    Two lie on each other if they are nowhere further apart than `CLOSE` of the picture's height.
    """
    highest = max(max(line.values) for line in made)
    found: list[Line] = []
    distances = []
    for line in made:
        near = min(
            (np.abs(np.subtract(line.values, other.values)).max() for other in found), default=math.inf
        )
        if near < CLOSE * highest:
            distances.append(near)
        found.append(replace(line, dashed=near < CLOSE * highest))
    return found, max(distances, default=None)


def _on_each_other(apart: float) -> str:
    """What dashes mean."""
    if not apart:
        return phrase("A dashed line lies on another, from which it does not differ.")
    return phrase(
        "A dashed line lies on another, from which it differs by at most {most} a day.",
        most=amount(apart, measure_unit(SALES)),
    )
