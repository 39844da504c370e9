"""What a sweep over chosen worlds answers first: the question, in the middle and in most of these worlds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...ensembles.analysis.findings import SweepFindings, key_outcomes
from ...ensembles.results import SweepResults
from ...languages.speaking import listing, phrase, phrase_of
from ...measures.registry import without_days
from ...runs.bounds import base_measure
from ..kit.first_screen import FirstScreen, Number, Row
from ..kit.names import Names
from ..kit.tables.over_worlds import FAILS, HOLDS, counted_verdicts
from ..kit.words import fixed
from ..run.answer.asked import OF_SHOPS
from ..run.answer.clauses import ANY, CLAUSES
from ..run.answer.effects import NEARLY_ALL
from ..run.telling import direction
from .figures.claims import claim_title
from .plausible import over_plausible_worlds

CHOSEN = "list"
"""The design whose points are worlds; other designs spread points over ranges that nobody believes alike."""
SALES, SHARE = "gmv", "market_share"
MEASURES = (SALES, "conversion_rate", "fan_half_life_days", "newcomer_first_week_visits")
LEAST = 10
"""Worlds from which on nine in ten of them can be told."""
ENDS = (0.05, 0.5, 0.95)
"""Nine worlds in ten lie between the first and the last."""


@dataclass(frozen=True)
class Spread:
    """A figure over worlds: where nine in ten lie, and in how many of them it has the sign of its middle."""

    measure: str
    label: str
    low: float
    middle: float
    high: float
    agree: int
    worlds: int

    @property
    def clear(self) -> bool:
        """Whether nine worlds in ten agree on its sign."""
        return not self.low <= 0 <= self.high

    @property
    def kind(self) -> str:
        """Gain, loss, neither, or open."""
        if not self.clear:
            return "open"
        return {1: "gain", -1: "loss"}.get(int(np.sign(self.middle)) * direction(self.measure), "told")

    def text(self, value: float, signed: bool = True) -> str:
        """In whole per cent; a fall that leaves something is not told as one that leaves nothing."""
        if signed and -1 < value < NEARLY_ALL:
            return phrase("below −99%")
        return f"{fixed(100 * value, 0, sign=signed)}%"

    @property
    def size(self) -> str:
        """The middle without its sign, for a clause that says which way it goes."""
        if -1 < self.middle < NEARLY_ALL:
            return phrase("more than 99%")
        return self.text(abs(self.middle), False)


def over_worlds(findings: SweepFindings, names: Names) -> FirstScreen | None:
    """The first screen of a sweep over a list of worlds; None for other designs and too few worlds."""
    results = findings.results
    if results.sweep.design != CHOSEN or len(results.points) < LEAST:
        return None
    if len(results.scenario.arms) == 1:
        return _market(results, names)
    return _pair(findings, names) if over_plausible_worlds(findings) else None


def _spread(measure: str, label: str, values: pd.Series) -> Spread | None:
    known = values[np.isfinite(values)]
    if len(known) < LEAST:
        return None
    low, middle, high = (float(known.quantile(end)) for end in ENDS)
    agree = int((np.sign(known) == np.sign(middle)).sum())
    return Spread(measure, label, low, middle, high, agree, len(known))


def _market(results: SweepResults, names: Names) -> FirstScreen | None:
    """Who sells how much of a market at the end, over all worlds."""
    arm, shares = results.scenario.arms[0].name, {}
    for platform, label in names.platforms.items():
        if f"{SHARE}_{platform}" in results.measures:
            shares[label] = results.outcomes(f"{SHARE}_{platform}", arm)
    found = [spread for label, values in shares.items() if (spread := _spread(SHARE, label, values))]
    if len(found) < 2:
        return None
    found.sort(key=lambda spread: -spread.middle)
    first, last, leads = found[0], found[-1], pd.DataFrame(shares).idxmax(axis=1)
    ahead = int((leads == first.label).sum())
    days, worlds = f"{results.scenario.world.days:,}", first.worlds
    return FirstScreen(
        phrase_of(
            "After {days} days {first} sells {share} of the market and {others}, in the median of {count} "
            "world; it leads in {ahead} of them.",
            "After {days} days {first} sells {share} of the market and {others}, in the median of {count} "
            "worlds; it leads in {ahead} of them.",
            worlds,
            days=days,
            first=first.label,
            share=first.text(first.middle, False),
            others=listing([_share_of(entry) for entry in found[1:]]),
            ahead=ahead,
        ),
        [
            Number("", phrase("Sells most"), first.label, _nine(first, False)),
            Number("", phrase("Sells least"), last.label, _nine(last, False)),
            _sure(ahead, worlds, phrase("have {platform} ahead of all others", platform=first.label)),
        ],
        [
            phrase("Do not read these shares as forecasts: nine worlds in ten lie far apart."),
            phrase("Look below for what moves the outcome most, and find a figure for it."),
        ],
        phrase("Share of sales in the last 30 days"),
        phrase("The dot is the middle of all worlds; nine in ten lie on the line."),
        [Row(one.label, one.middle, one.low, one.high, one.text(one.middle, False)) for one in found],
        (phrase("Platform"), phrase("Share of sales")),
    )


def _share_of(spread: Spread) -> str:
    return phrase("{label} {share}", label=spread.label, share=spread.text(spread.middle, False))


def _pair(findings: SweepFindings, names: Names) -> FirstScreen | None:
    """How far one arm is from another, over all worlds; of a shop's own figures if there is one."""
    results = findings.results
    _, arm, against = key_outcomes(results)[0]
    own = [f"{measure}_{name}" for name in list(names.named)[:1] for measure in OF_SHOPS]
    asked = own or [*MEASURES]
    found = [spread for measure in asked if (spread := _apart(results, names, measure, (arm, against)))]
    if not found or found[0].measure != asked[0]:
        return None
    this, other, main = names.arm(arm), names.arm(against or ""), found[0]
    gains, losses = ([entry for entry in found if entry.kind == kind] for kind in ("gain", "loss"))
    return FirstScreen(
        _of_the_claim(findings)
        + _sentence(found, this, other, results.scenario.world.days)
        + _of_claims(findings),
        [
            _side("gain", phrase("What is won"), gains),
            _side("loss", phrase("What it costs"), losses),
            _sure(main.agree, main.worlds, phrase("agree on {said}", said=_within(_nine(main)))),
        ],
        _advice(findings, main, this),
        phrase("{arm} against {against}", arm=this, against=other),
        phrase(
            "The dot is the middle of all worlds; nine in ten lie on the line; right is more. ▲ better and ▼ "
            "worse in nearly all of them."
        ),
        [Row(one.label, one.middle, one.low, one.high, one.text(one.middle), one.kind) for one in found],
        (phrase("What"), phrase("Difference")),
    )


def _apart(results: SweepResults, names: Names, measure: str, arms: tuple[str, str | None]) -> Spread | None:
    """The difference as a share of the other arm's, world by world; None where it often has none."""
    arm, against = arms
    if against is None or measure not in results.measures:
        return None
    this, other = results.outcomes(measure, arm), results.outcomes(measure, against)
    found = _spread(measure, names.asked_measure(measure), this / other.where(other > 0) - 1)
    return found if found and found.worlds >= ENDS[-1] * len(results.points) else None


def _nine(spread: Spread, signed: bool = True) -> str:
    low, high = (spread.text(end, signed) for end in (spread.low, spread.high))
    values = {"label": spread.label, "middle": spread.text(spread.middle, signed), "low": low, "high": high}
    if signed and low == high:
        return phrase("{label}: in nine worlds of ten {low}", **values)
    if signed:
        return phrase("{label}: in nine worlds of ten {low} to {high}", **values)
    return phrase("{middle} of sales; in nine worlds of ten {low} to {high}", **values)


def _side(kind: str, title: str, found: list[Spread]) -> Number:
    if not found:
        better = phrase("Nothing asked about gets better in nearly all worlds.")
        worse = phrase("Nothing asked about gets worse in nearly all worlds.")
        return Number("", title, phrase("Nothing"), better if kind == "gain" else worse)
    return Number(kind, title, found[0].text(found[0].middle), _nine(found[0]))


def _sure(agree: int, worlds: int, text: str) -> Number:
    value = phrase_of("{agree} of {count} world", "{agree} of {count} worlds", worlds, agree=agree)
    return Number("sure" if agree >= 0.9 * worlds else "unsure", phrase("How sure"), value, text)


def _sentence(found: list[Spread], arm: str, against: str, days: int) -> str:
    open_ = listing([_within(entry.label) for entry in found if not entry.clear])
    does = listing([_clause(entry) for entry in found if entry.clear])
    values = {"arm": arm, "against": against, "days": f"{days:,}", "worlds": f"{found[0].worlds:,}"}
    if not does:
        return phrase(
            "Whether {arm} does better than {against} depends on the world: {worlds} of them disagree on "
            "{labels} ({days} days).",
            labels=open_,
            **values,
        )
    said = phrase(
        "Compared with {against}, {arm} {does}, in the median of {worlds} worlds, nearly all of which agree "
        "({days} days).",
        does=does,
        **values,
    )
    return said + (phrase(" They disagree on {labels}.", labels=open_) if open_ else "")


def _of_the_claim(findings: SweepFindings) -> str:
    """In what share of the worlds the one reading that a scenario is about holds; else nothing."""
    if len(findings.weighed) != 1:
        return ""
    ((name, share),) = findings.weighed.items()
    claim = next(entry.claim for entry in findings.claims if entry.claim.id == name)
    held = share["holds"] or share["supported"]
    part, low, high = (f"{held[end]:.0%}" for end in ("share", "low", "high"))
    values = {"claim": claim_title(claim), "share": part, "low": low, "high": high}
    if share["holds"]:
        return phrase(
            "“{claim}” holds in {share} of the worlds ({low} to {high}), luck averaged out. ", **values
        )
    return phrase("“{claim}” holds in {share} of the worlds ({low} to {high}), luck included. ", **values)


def _of_claims(findings: SweepFindings) -> str:
    """How many readings of claims come out alike nearly everywhere, as the table below counts them."""
    if len(findings.weighed) < 2:
        return ""
    many = counted_verdicts(findings.weighed.values())
    return phrase(
        " Of {count} readings of claims {holds} hold and {fails} fail nearly everywhere.",
        count=len(findings.weighed),
        holds=many[HOLDS],
        fails=many[FAILS],
    )


def _within(label: str) -> str:
    return label[:1].lower() + label[1:]


def _clause(spread: Spread) -> str:
    words = CLAUSES.get(base_measure(without_days(spread.measure)[0]), ANY)
    chosen = words.more if spread.middle > 0 else words.less
    return phrase(chosen, size=spread.size, label=_within(spread.label))


def _advice(findings: SweepFindings, main: Spread, arm: str) -> list[str]:
    values, lines = {"arm": arm, "label": _within(main.label)}, []
    if main.kind == "loss":
        lines.append(phrase("Do not choose {arm} for {label}: nearly all worlds agree.", **values))
    if main.kind == "gain":
        lines.append(phrase("Choose {arm} if you go by {label}: nearly all worlds agree.", **values))
    if main.kind == "open":
        lines.append(
            phrase("Do not decide by {label}: which way it goes depends on what nobody knows.", **values)
        )
    if findings.results.incomplete:
        lines.append(phrase("Go on with the sweep: some of its points have not all their runs."))
    elif len(findings.results.points) < 40:
        lines.append(phrase("Run more worlds before you decide: few were looked at."))
    return lines
