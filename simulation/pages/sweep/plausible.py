"""What a sweep over plausible worlds says of claims, in the words and by the rules of the evidence page."""

from __future__ import annotations

from typing import Any

from ...calibration.over_plausible_worlds import are_plausible, kept_worlds
from ...ensembles.analysis.beyond_luck import FEWEST_DRAWS, FEWEST_WORLDS
from ...ensembles.analysis.findings import SweepFindings
from ...ensembles.analysis.verdicts import independent_points
from ...errors import ArchiveError
from ...languages.speaking import phrase, sentences
from ..kit.first_screen import Number
from ..kit.tables.over_worlds import (
    CLOSE,
    DEPENDS,
    FAILS,
    HOLDS,
    counted_verdicts,
    row_of,
    why_alike,
    worlds_in_words,
)
from .figures.claims import claim_title


def over_plausible_worlds(findings: SweepFindings) -> bool:
    """Whether the points of a sweep are plausible worlds that are kept, and nothing else varies."""
    points = findings.results.points
    if not findings.weighed or points.empty:
        return False
    try:
        return set(points) <= set(kept_worlds()) and are_plausible(points)
    except ArchiveError:  # none are kept here
        return False


def claim_rows(findings: SweepFindings) -> list[dict[str, Any]]:
    """Of each claim, in what share of the worlds it holds; those that hold most often first."""
    titles = {entry.claim.id: claim_title(entry.claim) for entry in findings.claims}
    rows = [row_of(titles[name], share) for name, share in findings.weighed.items()]
    return sorted(rows, key=lambda row: -row["order"])


def note(findings: SweepFindings) -> str:
    """How many worlds were run, whether luck is in the shares, and what it means to come out alike."""
    results = findings.results
    there = independent_points(results, results.points.index)
    said = worlds_in_words(len(results.points), results.sweep.replications, there)
    return sentences([said, luck_sentence(findings), why_alike()])


def claims_sentence(findings: SweepFindings) -> str:
    """How many claims hold, fail, depend and stay open in plausible worlds, and whether luck is in that."""
    many = counted_verdicts(findings.weighed.values())
    said = phrase(
        "Of {count} readings of claims, in {points} worlds that look like the facts ({days} days): {holds} "
        "holding nearly everywhere, {fails} failing nearly everywhere, {depends} depending on what nobody "
        "knows, {close} too close to call.",
        count=len(findings.weighed),
        points=len(findings.results.points),
        days=findings.results.scenario.world.days,
        holds=many[HOLDS],
        fails=many[FAILS],
        depends=many[DEPENDS],
        close=many[CLOSE],
    )
    return sentences([said, luck_sentence(findings)])


def luck_sentence(findings: SweepFindings) -> str:
    """Whether luck is averaged out of the shares, and what that would take."""
    if any(share["holds"] for share in findings.weighed.values()):
        return phrase("Luck is averaged out.")
    return phrase(
        "Luck is in these shares: averaging it out takes at least {worlds} worlds, each with {draws} draws "
        "of luck or more (sweep.replications).",
        worlds=FEWEST_WORLDS,
        draws=FEWEST_DRAWS,
    )


def most_often(findings: SweepFindings) -> Number:
    """The reading that holds in most plausible worlds."""
    shares = {entry.claim.id: findings.weighed[entry.claim.id] for entry in findings.claims}
    titles = {entry.claim.id: claim_title(entry.claim) for entry in findings.claims}

    def held(name: str) -> dict[str, Any]:
        found: dict[str, Any] = shares[name]["holds"] or shares[name]["supported"]
        return found

    best = max(shares, key=lambda name: float(held(name)["share"]))
    low, high = (f"{100 * held(best)[end]:.0f}" for end in ("low", "high"))
    said = {"low": low, "high": high, "claim": titles[best]}
    text = (
        phrase(
            "of the plausible worlds ({low} to {high}%), luck averaged out: “{claim}” holds most often",
            **said,
        )
        if shares[best]["holds"]
        else phrase(
            "of the plausible worlds ({low} to {high}%), with luck in it: “{claim}” holds most often", **said
        )
    )
    return Number("gain", phrase("Holds most often"), f"{held(best)['share']:.0%}", text)
