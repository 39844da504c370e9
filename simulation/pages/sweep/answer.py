"""What the page of a sweep answers first."""

from __future__ import annotations

import math

from ...ensembles.analysis.findings import OutcomeFindings, SweepFindings
from ...ensembles.analysis.verdicts import ClaimOverPoints, FailureBox
from ...ensembles.analysis.wording import factor_name, where_it_fails
from ...languages.speaking import phrase, phrase_of, told
from ...runs.bounds import measure_unit
from ..kit.first_screen import FirstScreen, Number, Row
from ..kit.names import Names, measure_name
from ..kit.words import change, fixed
from .figures.claims import claim_title
from .over_worlds import over_worlds
from .plausible import claims_sentence, most_often, over_plausible_worlds

SALES = "gmv"
FIRM = 0.9
"""Share of points from which a claim is nearly everywhere of a status."""
MOST_ROWS, MOST_BOXES = 6, 2


def first_screen(findings: SweepFindings, names: Names) -> FirstScreen:
    """How far claims hold over the ranges, what decides, and what to look for first."""
    if found := over_worlds(findings, names):
        return found
    lead = leading(findings)
    return FirstScreen(
        _sentence(findings, lead),
        [_held(findings, lead), _sales(findings, names), _sure(findings)],
        _advice(findings, lead),
        _title(lead),
        phrase("How much each factor moves it, from 0 (not at all) to 1; the line is the 95% interval."),
        _rows(lead),
        (phrase("Factor"), phrase("How much it moves the outcome")),
    )


def leading(findings: SweepFindings) -> OutcomeFindings | None:
    """The first outcome whose causes are known."""
    return next((entry for entry in findings.outcomes if entry.indices is not None), None)


def leading_factor(lead: OutcomeFindings | None) -> str:
    """The factor that moves it most, if any stands out; else empty."""
    if lead is None or lead.indices is None:
        return ""
    kind = "ST" if "ST" in lead.indices else "delta"
    table = lead.indices.sort_values(kind, ascending=False)
    return told(factor_name(str(table.index[0]))) if table[f"{kind}_low"].iloc[0] > 0 else ""


def _share(claim: ClaimOverPoints, status: str = "supported") -> float:
    return float(claim.shares[status].share)


def _sentence(findings: SweepFindings, lead: OutcomeFindings | None) -> str:
    """How many claims hold throughout, and what the others depend on."""
    days, factor = findings.results.scenario.world.days, leading_factor(lead)
    points = len(findings.results.points)
    claims = findings.claims
    if not claims:
        if not factor:
            return phrase(
                "Within the ranges chosen no factor stands out ({days} days, {points} points).",
                days=f"{days:,}",
                points=f"{points:,}",
            )
        assert lead is not None
        return phrase(
            "Within the ranges chosen “{factor}” decides most over “{outcome}” ({days} days, "
            "{points} points).",
            factor=factor,
            outcome=measure_name(lead.measure),
            days=f"{days:,}",
            points=f"{points:,}",
        )
    decides = phrase(" “{factor}” decides most.", factor=factor) if factor else ""
    if over_plausible_worlds(findings):
        return claims_sentence(findings) + decides
    firm, against, undecided = (
        sum(_share(claim, status) >= FIRM for claim in claims)
        for status in ("supported", "contradicted", "undecided")
    )
    found = phrase(
        "Of {count} readings of claims, nearly everywhere within the ranges chosen: {firm} supported, "
        "{against} contradicted, {undecided} undecided; {rest} changing from point to point ({days} days, "
        "{points} points).",
        rest=len(claims) - firm - against - undecided,
        firm=firm,
        against=against,
        undecided=undecided,
        count=len(claims),
        days=f"{days:,}",
        points=f"{points:,}",
    )
    return found + decides


def _held(findings: SweepFindings, lead: OutcomeFindings | None) -> Number:
    """The reading that holds most often, or what decides."""
    claims = sorted(findings.claims, key=_share)
    if not claims:
        factor = leading_factor(lead)
        return Number(
            "", phrase("Decides most"), factor or phrase("none"), phrase("among the factors varied")
        )
    if over_plausible_worlds(findings):
        return most_often(findings)
    best = claims[-1]
    text = phrase("of the points: “{claim}” holds most often", claim=claim_title(best.claim))
    return Number("gain", phrase("Holds most often"), whole_percent(_share(best)), text)


def _sales(findings: SweepFindings, names: Names) -> Number:
    """Sales over all points: what is won or lost on average."""
    outcome = next((entry for entry in findings.outcomes if entry.measure == SALES), None)
    if outcome is None:
        return Number("", phrase("Sales"), "–", phrase("The sweep does not count them."))
    unit = measure_unit(SALES)
    value = change(round_known(outcome.mean), unit, False, abs(outcome.mean))
    if outcome.against is None:
        text = phrase("sales of {arm} on average over all points", arm=names.arm(outcome.arm))
        return Number("", phrase("Sales"), value.lstrip("+"), text)
    text = phrase(
        "sales of {arm} less those of {against}, on average over all points",
        arm=names.arm(outcome.arm),
        against=names.arm(outcome.against),
    )
    return Number("gain" if outcome.mean > 0 else "loss", phrase("Sales"), value, text)


def whole_percent(share: float) -> str:
    """A share of points, of which tens or hundreds were looked at, in whole per cent."""
    return f"{fixed(100 * share, 0)}%"


def round_known(value: float) -> float:
    """Two digits of an average over points that lie far apart."""
    return round(value, 1 - math.floor(math.log10(abs(value)))) if value else value


def _sure(findings: SweepFindings) -> Number:
    """How many points, and how many verdicts stay open."""
    points, worlds = len(findings.results.points), findings.results.sweep.replications
    text = phrase_of("each in {count} world", "each in {count} worlds", worlds)
    if findings.claims:
        open_ = sum(_share(claim, "undecided") for claim in findings.claims) / len(findings.claims)
        text = phrase("{worlds}; {open} of the verdicts stay open", worlds=text, open=whole_percent(open_))
        kind = "sure" if open_ < 0.25 else "unsure"
    else:
        kind = "sure" if not findings.results.incomplete else "unsure"
    return Number(kind, phrase("How sure: points looked at"), f"{points:,}", text)


def _advice(findings: SweepFindings, lead: OutcomeFindings | None) -> list[str]:
    lines = []
    if factor := leading_factor(lead):
        lines.append(
            phrase("Find a figure for “{factor}” first: nothing else decides as much.", factor=factor)
        )
    titles = {claim.claim.id: claim_title(claim.claim) for claim in findings.claims}
    boxes = sorted((box for box in findings.boxes if box.limits), key=lambda box: -box.coverage)
    lines += [
        phrase("Do not rely on “{claim}” there: {where}", claim=titles[box.claim_id], where=_where(box))
        for box in boxes[:MOST_BOXES]
    ]
    if findings.results.incomplete:
        lines.append(phrase("Go on with the sweep: some of its points have not all their runs."))
    elif len(findings.results.points) < 50:
        lines.append(phrase("Run more points before you decide: few were looked at."))
    return lines or [phrase("Look below for where each claim holds.")]


def _where(box: FailureBox) -> str:
    return told(where_it_fails(box, chances=False))


def _title(lead: OutcomeFindings | None) -> str:
    if lead is None:
        return ""
    outcome, factor = measure_name(lead.measure), leading_factor(lead)
    if factor:
        return phrase("“{factor}” moves “{outcome}” most", factor=factor, outcome=outcome)
    return phrase("No factor stands out for “{outcome}”", outcome=outcome)


def _rows(lead: OutcomeFindings | None) -> list[Row]:
    """The factors that move it most."""
    if lead is None or lead.indices is None:
        return []
    kind = "ST" if "ST" in lead.indices else "delta"
    table = lead.indices.sort_values(kind, ascending=False).head(MOST_ROWS)
    return [
        Row(
            told(factor_name(str(key))),
            float(row[kind]),
            float(row[f"{kind}_low"]),
            float(row[f"{kind}_high"]),
            fixed(float(row[kind]), 2),
            "told" if row[f"{kind}_low"] > 0 else "open",
        )
        for key, row in table.iterrows()
    ]
