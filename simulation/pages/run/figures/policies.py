"""Dated policies: what went before, during and after them, in arms with and without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from ....languages.speaking import counterpart, listing, phrase, sentences, template
from ....measures.registry import RELATIVE
from ....platforms.policy import amounts_replaced
from ....runs.bounds import measure_bounds
from ....runs.comparison import Estimate, estimate, within
from ....runs.ratios import ratio_estimate, why_no_ratio
from ....scenario.sections.policy import EFFECTS, Policy
from ...kit.day_marks import marks_in, spans
from ...kit.names import NamedArm
from ...kit.periods import collect_marks
from ...kit.style import Exhibit, View
from ...kit.words import amount, change, change_ends, is_number, precision_width
from ..content import Content
from ..telling import direction
from .daily import (
    SERIES,
    Series,
    daily_series,
    last_month,
    lines_caption,
    lines_figure,
    lines_table,
    narrow_lines,
    series_bands,
    series_values,
    with_ends,
)
from .policy_words import in_words, plain_amount, replaced_by

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
    caption = sentences(
        [
            lines_caption(content),
            phrase(
                "Shaded days are those on which a policy acts. The table has means over days before, during "
                "and after it; of orders per visit, all orders by all visits of those days."
            ),
            *_always(content),
            _differences(content),
            phrase("What acts: {policies}.", policies=counterpart("; ").join(_acting_in_words(content))),
        ]
    )
    missing = "" if views else phrase("Nothing happened on any day, so policies changed nothing.")
    topic = phrase("Before, during and after the policies")
    return Exhibit("policies", topic, caption, views, missing, phrase("Measure"))


def _always(content: Content) -> list[str]:
    """What a caption says where no day goes before or after."""
    window = policy_window(acting(content), content.days, content.left_out)
    found = []
    if not len(window.before):
        found.append(phrase("Here a policy starts on day 0, so there is nothing before it."))
    if not len(window.after):
        found.append(phrase("Here a policy lasts to the end, so there is nothing after it."))
    return found


def acting(content: Content) -> list[Policy]:
    """Policies that come into force in any arm, in the scenario's order."""
    scenario = content.run.scenario
    names = {policy.name for arm in scenario.arms for policy in scenario.arm_policies(arm)}
    return [policy for policy in scenario.policies if policy.name in names]


def _acting_in_words(content: Content) -> list[str]:
    """What acts, each with what stands on the platforms without it."""
    return [in_words(policy, replaced_by(content.run.scenario, policy)) for policy in acting(content)]


def _differences(content: Content) -> str:
    if not any(_without(content, arm) for arm in content.arms):
        return phrase("No arm is the same but for the policies, so there is no difference to show.")
    return phrase(
        "Differences are to the arm that is the same but for the policies, world by world and over the same "
        "days, with 95% intervals in brackets."
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
    ends = {arm: last_month(content, arm, series) for arm in bands}
    narrow = with_ends(figure, narrow, {arm: estimate(end).mean for arm, end in ends.items()}, series)
    data, better = lines_table(content, bands, series, ends), direction(series.column)
    return View(series.name, _finding(content, series), figure, narrow, _table(content, series), data, better)


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
    return Apart(within(ratio_estimate(side, other), RELATIVE), series.unit, True)


def _shown(apart: Apart) -> str:
    """A difference with its interval, in per cent, or in its unit."""
    found = apart.found
    if not is_number(found.mean):
        return NOTHING
    if not is_number(found.low):
        return change(found.mean, apart.unit, apart.relative, abs(found.mean))
    width = precision_width(found.low, found.high)
    how = apart.unit, apart.relative, width
    low, _ = change_ends(found.low, found.high, *how)  # a unit in words stands once
    shown, high = (change(end, *how) for end in (found.mean, found.high))
    return phrase("{found} ({low} to {high})", found=shown, low=low, high=high)


def _finding(content: Content, series: Series) -> str:
    """Which arms differ from the same arm without policies while these act, beyond the intervals."""
    pairs = [(arm, base) for arm in content.arms if (base := _without(content, arm))]
    if not pairs:
        return _before_and_during(content, series)
    found = {}
    for arm, base in pairs:
        window = policy_window(_policies_of(content, arm), content.days, content.left_out)
        found[arm] = _apart(content, arm, base, series, window.during)
    apart = {arm: entry for arm, entry in found.items() if entry.found.beyond_luck}
    same = [arm for arm in found if arm not in apart]
    bases = {base for _, base in pairs}
    told = {"measure": series.name, "base": phrase("“{label}”", label=next(iter(bases)).label)}
    if len(bases) > 1:
        told["base"] = phrase("the same arms without them")
    if content.worlds == 1:
        said = listing([_in_arm(entry, arm) for arm, entry in found.items()])
        return phrase(
            "{measure} while the policies act, against {base}: {said} (one world, so this may be luck)",
            said=said,
            **told,
        )
    if not apart:
        return phrase("{measure} while the policies act: no difference beyond luck from {base}", **told)
    parts = [_in_arm(entry, arm) for arm, entry in list(apart.items())[:FEW]]
    if len(apart) > FEW:
        parts.append(phrase("differences in {count} more", count=len(apart) - FEW))
    told["said"] = listing(parts)
    if not same:
        return phrase("{measure} while the policies act, against {base}: {said}", **told)
    none = listing([phrase("“{label}”", label=arm.label) for arm in same])
    if len(same) > FEW:
        none = phrase("{count} other arms", count=len(same))
    return phrase(
        "{measure} while the policies act, against {base}: {said}; none beyond luck in {none}",
        none=none,
        **told,
    )


def _in_arm(entry: Apart, arm: NamedArm) -> str:
    """A difference, and in which arm it is."""
    return phrase("{value} {where}", value=_shown(entry), where=phrase("in “{label}”", label=arm.label))


def _before_and_during(content: Content, series: Series) -> str:
    """Means before, during and after, where no arm goes without policies."""
    arm = next(arm for arm in content.arms if _policies_of(content, arm))
    window = policy_window(_policies_of(content, arm), content.days, content.left_out)
    whens = (
        (template("{value} before the policies"), window.before),
        (template("{value} while they act"), window.during),
        (template("{value} after them"), window.after),
    )
    parts = [
        phrase(when, value=amount(estimate(_means(content, arm, series, days)).mean, series.unit))
        for when, days in whens
        if len(days)
    ]
    told = {"what": series.name, "values": listing(parts)}
    if len(content.arms) > 1:
        return phrase("{what} {where}: {values}", where=content.names.on(arm.label), **told)
    return phrase("{what}: {values}", **told)


def _row_label(content: Content, arm: NamedArm) -> str:
    """An arm; of one without policies what its platforms have of themselves where others have a policy."""
    if _policies_of(content, arm):
        return arm.label
    found, entry = content.run.scenario.arm(arm.name), ""
    platforms = content.run.scenario.arm_rules(found)[1] if found else []
    for policy in acting(content):
        unit, standing = EFFECTS[policy.effect].amount, amounts_replaced(policy, platforms)
        if unit and standing:
            told = listing([plain_amount(value, unit.unit) for value in standing])
            entry = phrase("{amount} {meaning}", amount=told, meaning=counterpart(unit.meaning))
            break
    if entry:
        return phrase("{arm} (no policy: {standing} as it is)", arm=arm.label, standing=entry)
    return phrase("{arm} (no policy)", arm=arm.label)


def _table(content: Content, series: Series) -> Markup:
    """Means before, during and after the policies, and differences to the same arm without.

    Columns that no arm has anything in are left out.
    """
    before, during, after = phrase("Before"), phrase("During"), phrase("After")
    apart_during, apart_after = phrase("Difference during"), phrase("Difference after")
    columns: dict[str, list[str]] = {name: [] for name in (before, during, after, apart_during, apart_after)}
    common = policy_window(acting(content), content.days, content.left_out)
    for arm in content.arms:
        policies = _policies_of(content, arm)
        window = policy_window(policies, content.days, content.left_out) if policies else common
        base = _without(content, arm)
        for name, days in ((before, window.before), (during, window.during), (after, window.after)):
            mean = estimate(_means(content, arm, series, days)).mean
            columns[name].append(amount(mean, series.unit) if is_number(mean) else NOTHING)
        for name, days in ((apart_during, window.during), (apart_after, window.after)):
            apart = _apart(content, arm, base, series, days) if base and len(days) else None
            columns[name].append(_shown(apart) if apart else NOTHING)
    columns = {name: cells for name, cells in columns.items() if set(cells) != {NOTHING}}
    labels = [_row_label(content, arm) for arm in content.arms]
    heads = Markup("").join(
        Markup('<th scope="col">{}</th>').format(name) for name in (phrase("Arm"), *columns)
    )
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            label, Markup("").join(Markup("<td>{}</td>").format(cells[row]) for cells in columns.values())
        )
        for row, label in enumerate(labels)
    )
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(heads, body)
