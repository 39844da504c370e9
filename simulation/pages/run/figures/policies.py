"""Dated policies: what went before, during and after them, in arms with and without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from ....measures.registry import RELATIVE
from ....runs.bounds import measure_bounds
from ....runs.comparison import Estimate, estimate, within
from ....runs.ratios import ratio_effects, why_no_ratio
from ....scenario.sections.policy import EFFECTS, Policy
from ....words import counted, listed
from ...kit.day_marks import marks_in, spans
from ...kit.names import NamedArm
from ...kit.periods import collect_marks
from ...kit.style import Exhibit, View
from ...kit.words import amount, change, change_parts, is_number, precision_width
from ..content import Content
from .daily import (
    SERIES,
    Series,
    daily_series,
    lines_figure,
    narrow_lines,
    series_bands,
    series_values,
    shading,
    smoothing,
)

COLUMNS = ("visits", "orders", "gmv", "conversion_rate", "merchants_open", "fans")
FOLLOWS = daily_series("follows")
FEW = 4
NOTHING = "–"


@dataclass(frozen=True)
class Window:
    """Days before, during and after the policies that act in an arm."""

    before: np.ndarray
    during: np.ndarray
    after: np.ndarray


def policies_exhibit(content: Content) -> Exhibit | None:
    """Daily measures around the policies; None in a scenario without them."""
    policies = acting(content)
    if not policies:
        return None
    listed_ = [series for series in SERIES if series.column in COLUMNS] + [FOLLOWS]
    views = [view for series in listed_ if (view := _view(content, policies, series))]
    caption = (
        f"How to read: one line per arm, the mean over {counted(content.worlds, 'world')}"
        f"{shading(content)}; {smoothing(content)}; shaded are the days on which a policy acts. The table "
        f"has means over days before, during and after it (of orders per visit, all orders by all visits of "
        f"those days){_always(content)}. {_differences(content)} What acts: "
        f"{'; '.join(in_words(policy) for policy in policies)}."
    )
    missing = "" if views else "Nothing happened on any day, so policies changed nothing."
    return Exhibit("policies", "Before, during and after the policies", caption, views, missing, "Measure")


def _always(content: Content) -> str:
    """What a caption says where no day goes before or after."""
    window = policy_window(acting(content), content.days, content.left_out)
    if len(window.before) and len(window.after):
        return ""
    parts = [
        text
        for days, text in (
            (window.before, "starts on day 0, so there is nothing before it"),
            (window.after, "lasts to the end, so there is nothing after it"),
        )
        if not len(days)
    ]
    return f"; here a policy {listed(parts)}"


def acting(content: Content) -> list[Policy]:
    """Policies that come into force in any arm, in the scenario's order."""
    scenario = content.run.scenario
    names = {policy.name for arm in scenario.arms for policy in scenario.arm_policies(arm)}
    return [policy for policy in scenario.policies if policy.name in names]


def in_words(policy: Policy) -> str:
    """A policy with its effect, its amount in its unit, and its days."""
    effect = EFFECTS[policy.effect]
    end = "on" if policy.end is None else f"to {policy.end - 1}"
    much = f": {amount(policy.amount, effect.amount.unit)} {effect.amount.meaning}" if effect.amount else ""
    return f"“{policy.title}” ({effect.label}){much}, from day {policy.start} {end}"


def _differences(content: Content) -> str:
    if not any(_without(content, arm) for arm in content.arms):
        return "No arm is the same but for the policies, so there is no difference to show."
    return (
        "Differences are to the arm that is the same but for the policies, world by world and over the "
        "same days, with 95% intervals in brackets."
    )


def _policies_of(content: Content, arm: NamedArm) -> list[Policy]:
    found = content.run.scenario.arm(arm.name)
    return content.run.scenario.arm_policies(found) if found else []


def _without(content: Content, arm: NamedArm) -> NamedArm | None:
    """The arm that is the same but for having no policies, if there is one."""
    scenario = content.run.scenario
    this = scenario.arm(arm.name)
    if this is None or not scenario.arm_policies(this):
        return None
    for other in content.arms:
        entry = scenario.arm(other.name)
        if (
            entry
            and not scenario.arm_policies(entry)
            and entry.changes == this.changes
            and (entry.all_platforms == this.all_platforms)
        ):
            return other
    return None


def arms_without(content: Content) -> dict[NamedArm, NamedArm]:
    """Arms with policies, each with the one that is the same but for these, where there is one."""
    return {arm: base for arm in content.arms if (base := _without(content, arm))}


def policy_window(policies: list[Policy], days: int, left_out: int = 0) -> Window:
    """Days before the first of `policies`, with any of them in force, and after the last has ended.

    None of the first that are left out of measures are among them.
    """
    every = np.arange(left_out, days)
    in_force = np.array([any(policy.acts_on(int(day)) for policy in policies) for day in every])
    first = min(policy.start for policy in policies)
    ends = [days if policy.end is None else min(policy.end, days) for policy in policies]
    return Window(every[every < first], every[in_force], every[every >= max(ends)])


def _view(content: Content, policies: list[Policy], series: Series) -> View | None:
    values = {arm: series_values(content, arm, series) for arm in content.arms}
    bands = series_bands(values, series)
    if not any((band.mean[np.isfinite(band.mean)] > 0).any() for band in bands.values()):
        return None
    marks = marks_in(content, content.arms)
    figure = lines_figure(bands, series, marks)
    figure.layout.shapes = [
        *spans(collect_marks(policies, {}, content.days), content.days),
        *figure.layout.shapes,
    ]
    narrow = narrow_lines(290, list(bands), marks, content.days)
    return View(series.label, _finding(content, series), figure, narrow, _table(content, series))


def _means(content: Content, arm: NamedArm, series: Series, days: np.ndarray) -> np.ndarray:
    """Mean over `days` in each world; of rates, orders over visits of all days together."""
    if not len(days):
        return np.full(content.worlds, np.nan)
    if series.column == "conversion_rate":
        orders, visits = (content.daily(arm, name).reindex(days).sum() for name in ("orders", "visits"))
        return (orders / visits.where(visits > 0)).to_numpy(float)
    values = content.daily(arm, series.column)
    if values.empty:
        return np.full(content.worlds, np.nan)
    return values.reindex(days).mean().to_numpy(float)


@dataclass(frozen=True)
class Apart:
    """How far an arm is from another: relative to it, or in `unit`."""

    found: Estimate
    unit: str
    relative: bool


def _apart(content: Content, arm: NamedArm, base: NamedArm, series: Series, days: np.ndarray) -> Apart:
    """Difference of `arm` from `base` over `days`, world by world.

    As a share of the mean of `base`, as in a claim's relative test; differences of shares as they are,
    and so is what no share of it could be given of (see `why_no_ratio`).
    """
    side, other = (_means(content, entry, series, days) for entry in (arm, base))
    found = within(estimate(side - other), measure_bounds(series.column).for_differences)
    if series.unit == "share" or not is_number(found.mean) or why_no_ratio(side, other):
        return Apart(found, series.unit, False)
    return Apart(within(estimate(ratio_effects(side, other)), RELATIVE), series.unit, True)


def _shown(apart: Apart) -> str:
    """A difference with its interval, in per cent, or in its unit."""
    found = apart.found
    if not is_number(found.mean):
        return NOTHING
    if not is_number(found.low):
        return change(found.mean, apart.unit, apart.relative, abs(found.mean))
    width = precision_width(found.low, found.high)
    middle, low, high = (
        change_parts(value, apart.unit, apart.relative, width)
        for value in (found.mean, found.low, found.high)
    )
    # A unit in words stands once where both ends have the same.
    low_text = low[0] if low[1] == high[1] != "%" else "".join(low)
    return f"{''.join(middle)} ({low_text} to {''.join(high)})"


def _finding(content: Content, series: Series) -> str:
    """Which arms differ from the same arm without policies while these act, beyond the intervals."""
    pairs = [(arm, base) for arm in content.arms if (base := _without(content, arm))]
    if not pairs:
        return _before_and_during(content, series)
    found = {}
    for arm, base in pairs:
        window = policy_window(_policies_of(content, arm), content.days, content.left_out)
        found[arm] = _apart(content, arm, base, series, window.during)
    apart = {
        arm: entry
        for arm, entry in found.items()
        if is_number(entry.found.low) and not entry.found.low <= 0 <= entry.found.high
    }
    same = [arm for arm in found if arm not in apart]
    bases = {base for _, base in pairs}
    against = f"“{next(iter(bases)).label}”" if len(bases) == 1 else "the same arms without them"
    start = f"{series.label} while the policies act, against {against}: "
    if content.worlds == 1:
        parts = [f"{_shown(entry)} in “{arm.label}”" for arm, entry in found.items()]
        return f"{start}{listed(parts)} (one world, so this may be luck)"
    parts = [f"{_shown(entry)} in “{arm.label}”" for arm, entry in list(apart.items())[:FEW]]
    if len(apart) > FEW:
        parts.append(f"{len(apart) - FEW} more arms differ too")
    if same and not apart:
        return f"{start}no difference beyond luck in {counted(len(same), 'arm')}"
    none = listed([f"“{arm.label}”" for arm in same]) if len(same) <= FEW else f"{len(same)} other arms"
    return start + listed(parts) + (f"; none beyond luck in {none}" if same else "")


def _before_and_during(content: Content, series: Series) -> str:
    """Means before, during and after, where no arm goes without policies."""
    arm = next(arm for arm in content.arms if _policies_of(content, arm))
    window = policy_window(_policies_of(content, arm), content.days, content.left_out)
    parts = [
        f"{amount(estimate(_means(content, arm, series, days)).mean, series.unit)} {when}"
        for when, days in (("before", window.before), ("during", window.during), ("after", window.after))
        if len(days)
    ]
    where = f" {content.names.on(arm.label)}" if len(content.arms) > 1 else ""
    policies = "policy" if len(_policies_of(content, arm)) == 1 else "policies"
    return f"{series.label}{where}: {listed(parts)} the {policies}"


def _table(content: Content, series: Series) -> Markup:
    """Means before, during and after the policies, and differences to the same arm without.

    Columns that no arm has anything in are left out.
    """
    columns: dict[str, list[str]] = {
        name: [] for name in ("Before", "During", "After", "Difference during", "Difference after")
    }
    common = policy_window(acting(content), content.days, content.left_out)
    for arm in content.arms:
        policies = _policies_of(content, arm)
        window = policy_window(policies, content.days, content.left_out) if policies else common
        base = _without(content, arm)
        for name, days in (("Before", window.before), ("During", window.during), ("After", window.after)):
            mean = estimate(_means(content, arm, series, days)).mean
            columns[name].append(amount(mean, series.unit) if is_number(mean) else NOTHING)
        for name, days in (("Difference during", window.during), ("Difference after", window.after)):
            apart = _apart(content, arm, base, series, days) if base and len(days) else None
            columns[name].append(_shown(apart) if apart else NOTHING)
    columns = {name: cells for name, cells in columns.items() if set(cells) != {NOTHING}}
    labels = [arm.label if _policies_of(content, arm) else f"{arm.label} (no policy)" for arm in content.arms]
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in ("Arm", *columns))
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            label, Markup("").join(Markup("<td>{}</td>").format(cells[row]) for cells in columns.values())
        )
        for row, label in enumerate(labels)
    )
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(heads, body)
