"""Claims over the points of a sweep: how often each holds, and where it flips."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ....ensembles.analysis.findings import SweepFindings
from ....ensembles.analysis.verdicts import STATUSES, ClaimOverPoints, FlipMap
from ....languages.speaking import counterpart, own, phrase, template
from ....scenario.sections.claim import Claim
from ...kit.figure_text import BREAK, wrapped
from ...kit.names import factor_label
from ...kit.style import Exhibit, View, axis, labels_above, layout, thin
from ...kit.words import percent
from .axes import factor_axis, factor_values

COLOURS = {"supported": "#00684f", "undecided": "#c9a800", "contradicted": "#a5370a"}
MARKS = {"supported": "circle", "undecided": "diamond-open", "contradicted": "x"}
ROW = 44


@dataclass(frozen=True)
class Places:
    """Templates of what is said where claims are weighed: at points of a range, or in worlds.

    `topic` heads the shares of claims; `claims` and `map` say how to read both figures.
    """

    across: str
    best: str
    counts: str
    hover: str
    topic: str
    claims: str
    map: str


POINTS = Places(
    template("Share of points"),
    template("“{title}” holds at {percent} of the points"),
    template("{title}: supported at {count}, contradicted at {count_2} of {points} points"),
    template("{title}{value}{name} at {count} of {count_2} points: {interval}"),
    template("Claims over the whole range"),
    template(
        "How to read: at every point the claim is weighed as in a single run, against the smallest "
        "effect that matters. Hover for counts and 95% intervals (Wilson) of the shares, which "
        "say how well these points stand for the whole range, not how likely it is in the world."
    ),
    template(
        "How to read: each mark is a point of the sweep; all other factors vary as well, so that "
        "marks of different kinds can lie side by side. The axes are the two factors that move "
        "the claim's first effect most."
    ),
)
WORLDS = Places(
    template("Share of plausible worlds"),
    template("“{title}” holds at {percent} of the plausible worlds"),
    template("{title}: supported at {count}, contradicted at {count_2} of {points} plausible worlds"),
    template("{title}{value}{name} in {count} of {count_2} plausible worlds: {interval}"),
    template("Claims over plausible worlds"),
    template(
        "How to read: every claim is weighed in every plausible world, against the smallest effect that "
        "matters. Hover for counts and 95% intervals of the shares. Plausible worlds are as likely as one "
        "another by assumption; shares are no probabilities about the real world."
    ),
    template(
        "How to read: each mark is a plausible world; all other parameters differ too, so that marks of "
        "different kinds can lie side by side. The axes are the two parameters that move the claim's first "
        "effect most."
    ),
)


def claim_title(claim: Claim) -> str:
    """A reading of a claim by its title, in the language that is spoken."""
    title = own(claim, "title")
    reading = re.search(r" \(([^()]+)\)$", claim.title)
    if title == claim.title or not reading:
        return title
    return phrase("{label} ({part})", label=title, part=counterpart(reading.group(1)))


def claims_exhibit(findings: SweepFindings, places: Places = POINTS) -> Exhibit:
    """Of each claim, the share of points at which it is supported, undecided, contradicted."""
    topic = counterpart(places.topic)
    claims = sorted(findings.claims, key=lambda claim: claim.shares["supported"].share)[::-1]
    if not claims:
        return Exhibit(
            "claims", topic, "", [], phrase("No claim of this scenario can be weighed over a sweep.")
        )
    figure = go.Figure()
    for name in STATUSES:
        _add_status(figure, claims, name, places)
    wide, narrow = _claim_layouts([claim_title(claim.claim) for claim in claims], places)
    figure.update_layout(wide)
    figure.update_layout(legend_traceorder="normal")
    return Exhibit(
        "claims",
        topic,
        counterpart(places.claims),
        [View("", _claims_finding(claims, places), figure, narrow)],
    )


def _add_status(figure: go.Figure, claims: list[ClaimOverPoints], name: str, places: Places) -> None:
    """Each claim's share of points with one status, as a part of its bar."""
    shares = [claim.shares[name] for claim in claims]
    figure.add_bar(
        orientation="h",
        name=counterpart(name).capitalize(),
        x=thin([100 * share.share for share in shares]),
        y=[-place for place in range(len(claims))],
        marker={"color": COLOURS[name]},
        width=0.42,
        text=[f"{100 * share.share:.0f}%" if share.share >= 0.08 else "" for share in shares],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": "#1d2733" if name == "undecided" else "#ffffff"},
        hovertext=[
            phrase(
                places.hover,
                title=claim_title(claim.claim),
                value=BREAK,
                name=counterpart(name),
                count=share.count,
                count_2=len(claim.status),
                interval=_interval(share.share, share.low, share.high),
            )
            for claim, share in zip(claims, shares, strict=True)
        ],
        hoverinfo="text",
    )


def _claim_layouts(labels: list[str], places: Places) -> tuple[dict[str, Any], dict[str, Any]]:
    """Layouts of a desktop and of a phone, a row for each claim."""
    rows = {
        "yaxis": axis(
            tickvals=[-place for place in range(len(labels))],
            showgrid=False,
            zeroline=False,
            ticktext=[wrapped(label, 44) for label in labels],
        )
    }
    across = axis(counterpart(places.across), range=[0, 101], ticksuffix="%")
    wide = layout(ROW * len(labels) + 110, barmode="stack", xaxis=across) | rows
    narrow = labels_above([wrapped(label, 48) for label in labels], [""] * len(labels), 66)
    # Labels stand above the thinner bars of a phone.
    narrow["annotations"] = [
        note | {"align": "left", "y": note["y"] - 0.06} for note in narrow["annotations"]
    ]
    return wide, narrow


def _claims_finding(claims: list[ClaimOverPoints], places: Places) -> str:
    """Which claim holds most often, and which least."""
    best, worst = claims[0], claims[-1]
    first = phrase(
        places.best, title=claim_title(best.claim), percent=percent(best.shares["supported"].share)
    )
    if len(claims) == 1:
        return first
    return phrase(
        "{first}, “{title}” at {percent}",
        first=first,
        title=claim_title(worst.claim),
        percent=percent(worst.shares["supported"].share),
    )


def map_exhibit(findings: SweepFindings, places: Places = POINTS) -> Exhibit:
    """Where over two factors each claim holds."""
    by_id = {claim.claim.id: claim for claim in findings.claims}
    views = [_flip(findings, entry, by_id[entry.claim_id], places) for entry in findings.maps]
    return Exhibit(
        "map",
        phrase("Where a claim flips"),
        counterpart(places.map),
        views,
        phrase("There is no claim to map."),
        phrase("Claim"),
    )


def _flip(findings: SweepFindings, entry: FlipMap, claim: ClaimOverPoints, places: Places) -> View:
    figure = go.Figure()
    up = factor_label(entry.factor_y) if entry.factor_y else phrase("Effect found")
    for name in STATUSES:
        rows = entry.points[entry.points["status"] == name]
        figure.add_scatter(
            x=factor_values(rows["x"]),
            y=factor_values(rows["y"]),
            mode="markers",
            name=f"{counterpart(name)} ({len(rows)})",
            marker={
                "color": COLOURS[name],
                "symbol": MARKS[name],
                "size": 9,
                "line": {"width": 1.5, "color": COLOURS[name]},
            },
            text=[phrase("point {point}", point=point) for point in rows.index],
            hovertemplate="%{text}<br>%{x}, %{y}<extra>" + counterpart(name) + "</extra>",
        )
    figure.update_layout(
        layout(
            460,
            hovermode="closest",
            xaxis=factor_axis(findings, entry.factor_x),
            yaxis=factor_axis(findings, entry.factor_y) if entry.factor_y else axis(up),
        )
    )
    shares = claim.shares
    finding = phrase(
        places.counts,
        title=claim_title(claim.claim),
        count=shares["supported"].count,
        count_2=shares["contradicted"].count,
        points=f"{len(claim.status):,}",
    )
    return View(claim_title(claim.claim), finding, figure, {"height": 440})


def _interval(middle: float, low: float, high: float) -> str:
    return phrase(
        "{middle:.0f}% ({low:.0f} to {high:.0f}%)", middle=100 * middle, low=100 * low, high=100 * high
    )
