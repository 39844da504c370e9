"""The answer of a single arm, compared with nothing: its levels or, of a market, who has it."""

from __future__ import annotations

from dataclasses import dataclass

from ....languages.speaking import listing, phrase, sentences
from ....runs.bounds import measure_unit
from ....runs.comparison import Estimate
from ...kit.first_screen import Number
from ...kit.words import amount, is_number, whole
from ..about import start_of
from ..content import Content

SALES, VISITS, SETTLED = "market_share", "visit_share", "settled_share"
MONTH = 30
MOST = 3
"""Numbers of a first screen."""
LEVELS = ("gmv", "conversion_rate", "profitable_merchant_share")


@dataclass(frozen=True)
class Part:
    """What a platform has of its market in the last 30 days, with intervals over worlds."""

    name: str
    label: str
    visits: Estimate
    sales: Estimate


def alone(content: Content) -> tuple[str, list[Number], list[str]]:
    """Sentence, numbers and advice of a run of one arm."""
    parts = _parts(content)
    if not parts:
        return _levels(content)
    newcomer = _newcomer(content, parts)
    if newcomer is None:
        advice = phrase("Add a second arm, without what you ask about, to have something to compare with.")
        return _of_all(content, parts), [_share_of_sales(content, part) for part in parts[:MOST]], [advice]
    day = _launches(content)[newcomer.name]
    advice = phrase(
        "Add a second arm in which {platform} opens on another day than {day}, or stays out, to see what its "
        "launch changes.",
        platform=newcomer.label,
        day=day,
    )
    rival = next(part for part in parts if part is not newcomer)
    numbers = [
        _share_of_visits(content, newcomer),
        _its_share_of_sales(content, newcomer),
        _share_of_sales(content, rival),
    ]
    return _of_newcomer(content, newcomer, day), numbers, [advice]


def _levels(content: Content) -> tuple[str, list[Number], list[str]]:
    """Of a single platform its levels are told."""
    arm = content.arms[0]
    numbers = [
        Number("none", content.names.measure(name), amount(found.mean, measure_unit(name)), arm.label)
        for name in map(content.as_claimed, LEVELS)
        if (found := content.estimate(arm, name)).replications
    ]
    sentence = phrase(
        "In {start} ({days} days), {arm} was run alone: what follows says what happened, compared with "
        "nothing.",
        start=start_of(content),
        arm=arm.label,
        days=whole(content.days_counted),
    )
    todo = [phrase("Add a second arm, without what you ask about, to have something to compare with.")]
    return sentence, numbers, todo


def _parts(content: Content) -> list[Part]:
    """What each platform of a market has, the largest by sales first; nothing where there is no market."""
    arm = content.arms[0]
    found = [
        Part(name, label, content.estimate(arm, f"{VISITS}_{name}"), content.estimate(arm, f"{SALES}_{name}"))
        for name, label in content.names.platforms.items()
        if f"{SALES}_{name}" in content.run.results.runs
    ]
    known = [part for part in found if is_number(part.visits.mean) and is_number(part.sales.mean)]
    return sorted(known, key=lambda part: -part.sales.mean) if len(known) > 1 else []


def _launches(content: Content) -> dict[str, int]:
    """Launch days of the platforms that open."""
    arm = content.run.scenario.arms[0]
    return {entry.name: entry.launch_day for entry in arm.platforms if not entry.stays_out}


def _newcomer(content: Content, parts: list[Part]) -> Part | None:
    """The platform that opens last, where it opens after others."""
    days = _launches(content)
    there = [part for part in parts if part.name in days]
    last = max(there, key=lambda part: days[part.name], default=None)
    return last if last and days[last.name] > min(days.values()) else None


def _about(content: Content) -> dict[str, object]:
    last = content.days_counted > MONTH
    return {
        "when": phrase("in the last 30 days") if last else phrase("over the run"),
        "start": start_of(content),
        "days": whole(content.days_counted),
        "worlds": content.worlds,
    }


def _of_newcomer(content: Content, part: Part, day: int) -> str:
    values = _about(content) | {
        "platform": part.label,
        "day": day,
        "visits": amount(part.visits.mean, "share"),
        "sales": amount(part.sales.mean, "share"),
    }
    if content.worlds < 2:
        return phrase(
            "{platform}, which opens on day {day}, has {visits} of the market's visits and {sales} of its "
            "sales {when} ({days} days, a single one of {start}). One world cannot tell that from luck.",
            **values,
        )
    return phrase(
        "{platform}, which opens on day {day}, has {visits} of the market's visits and {sales} of its sales "
        "{when} ({days} days, {worlds} {start}; run alone, compared with nothing).",
        **values,
    )


def _of_all(content: Content, parts: list[Part]) -> str:
    shares = [
        phrase(
            "{platform} {sales} (of visits {visits})",
            platform=part.label,
            sales=amount(part.sales.mean, "share"),
            visits=amount(part.visits.mean, "share"),
        )
        for part in parts
    ]
    values = _about(content) | {"shares": listing(shares)}
    if content.worlds < 2:
        return phrase(
            "Shares of the market's sales {when}: {shares} ({days} days, a single one of {start}). One world "
            "cannot tell that from luck.",
            **values,
        )
    return phrase(
        "Shares of the market's sales {when}: {shares} ({days} days, {worlds} {start}; run alone, compared "
        "with nothing).",
        **values,
    )


def _share_of_visits(content: Content, part: Part) -> Number:
    """Its share of visits and, at an age of half a year, what it had then."""
    settled = content.estimate(content.arms[0], f"{SETTLED}_{part.name}").mean
    later = ""
    if is_number(settled):
        later = phrase("Half a year after the launch: {level}.", level=amount(settled, "share"))
    title = phrase("{platform}'s share of visits", platform=part.label)
    return _number(content, title, part.visits, later)


def _its_share_of_sales(content: Content, part: Part) -> Number:
    """Its share of sales, and what these are over the run."""
    sold = content.estimate(content.arms[0], f"platform_gmv_{part.name}")
    level = amount(sold.mean, measure_unit("platform_gmv"))
    said = phrase("Its sales over the run: {level}.", level=level) if is_number(sold.mean) else ""
    return _number(content, phrase("{platform}'s share of sales", platform=part.label), part.sales, said)


def _share_of_sales(content: Content, part: Part) -> Number:
    """Its share of sales, and how much of visits that comes from."""
    visits = phrase("Its share of visits: {level}.", level=_with_ends(part.visits))
    title = phrase("{platform}'s share of sales", platform=part.label)
    return _number(content, title, part.sales, visits)


def _number(content: Content, title: str, found: Estimate, more: str) -> Number:
    when = str(_about(content)["when"])
    when = when[:1].upper() + when[1:]
    said = phrase("{label}.", label=when)
    if is_number(found.low):
        said = phrase(
            "{when}, 95% interval over worlds {low} to {high}.",
            when=when,
            low=amount(found.low, "share"),
            high=amount(found.high, "share"),
        )
    return Number("none", title, amount(found.mean, "share"), sentences([said, more]))


def _with_ends(found: Estimate) -> str:
    """A share with its interval, if it has one."""
    level = amount(found.mean, "share")
    if not is_number(found.low):
        return level
    low, high = amount(found.low, "share"), amount(found.high, "share")
    return phrase("{level} ({low} to {high})", level=level, low=low, high=high)
