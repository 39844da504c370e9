"""The page of a sweep: one file that opens offline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ...claims.catalogue import scenario_readings
from ...ensembles.analysis.findings import SweepFindings
from ...ensembles.analysis.verdicts import FailureBox
from ...ensembles.analysis.wording import where_it_fails
from ...ensembles.execution.failures import reason_of
from ...languages.speaking import counterpart, listing, own, phrase, speaking, spoken, told
from ...runs.bounds import measure_unit
from ...scenario.sections.sweep import Factor
from ...storage.files import write_whole
from ...words import counted, plain
from ..kit.names import Names, factor_label, measure_name
from ..kit.style import Exhibit
from ..kit.templates import other_languages, page_in
from ..kit.words import percent, threshold
from .answer import first_screen
from .figures.claims import POINTS, WORLDS, claim_title, claims_exhibit, map_exhibit
from .figures.outcomes import convergence_exhibit, dependence_exhibit, tornado_exhibit
from .plausible import claim_rows, note, over_plausible_worlds

MOST_FAILURES = 20
PAGE = "analysis.html"
PAGES = {"en": PAGE, "zh": "analysis.zh.html"}


def write_page(findings: SweepFindings, folder: Path) -> Path:
    """Write the page into `folder`, in every language, and return its path in the one that is spoken."""
    for language, name in PAGES.items():
        with speaking(language):
            write_whole(Path(folder) / name, render_page(findings))
    return Path(folder) / PAGES[spoken()]


def render_page(findings: SweepFindings) -> str:
    """The whole page as HTML."""
    results = findings.results
    exhibits, plausible = page_exhibits(findings), over_plausible_worlds(findings)
    titles = {claim.claim.id: claim_title(claim.claim) for claim in findings.claims}
    worlds = [
        (
            titles[entry.claim_id],
            measure_name(entry.measure),
            threshold(entry.margin, measure_unit(entry.measure), entry.relative).lstrip("+"),
            f"{entry.worlds:,}" if entry.worlds else phrase("unknown"),
        )
        for entry in findings.worlds
    ]
    return page_in(
        Path(__file__).parent,
        "page.html",
        at=results.source,
        title=own(results.scenario, "title"),
        question=own(results.scenario, "question") or own(results.scenario, "title"),
        translations=other_languages(PAGES),
        screen=first_screen(findings, arm_names(findings)),
        design=design_in_words(findings),
        factors=[factor_row(factor) for factor in results.factors],
        exhibits=exhibits,
        plausible=claim_rows(findings) if plausible else [],
        worlds_note=note(findings) if plausible else "",
        boxes=[(titles[box.claim_id], *box_in_words(box)) for box in findings.boxes],
        worlds=worlds,
        replications=results.sweep.replications,
        untested=claims_by_reason(findings),
        failures=[
            (run["point"], run["replicate"], told(reason_of(run)))
            for run in results.failures.head(MOST_FAILURES).to_dict("records")
        ],
        failed=len(results.failures),
        incomplete=len(results.incomplete),
    )


def claims_by_reason(findings: SweepFindings) -> dict[str, list[str]]:
    """Titles of claims that are not weighed, by why not."""
    found: dict[str, list[str]] = {}
    for claim in scenario_readings(findings.results.scenario):
        if claim.id in findings.untested:
            found.setdefault(told(findings.untested[claim.id]), []).append(claim_title(claim))
    return found


def page_exhibits(findings: SweepFindings) -> list[Exhibit]:
    """Figures of the page, in its order."""
    names = arm_names(findings)
    places = WORLDS if over_plausible_worlds(findings) else POINTS
    made = [
        claims_exhibit(findings, places),
        tornado_exhibit(findings, names),
        map_exhibit(findings, places),
        dependence_exhibit(findings, names),
        convergence_exhibit(findings, names),
    ]
    return [replace(exhibit, how=True) for exhibit in made]


def arm_names(findings: SweepFindings) -> Names:
    """Readable names of the scenario's arms; one whose platform varies is not called by what it is today."""
    scenario = findings.results.scenario
    varied = {factor.key for factor in findings.results.factors}
    arms = [
        arm.model_copy(update={"label": arm.label or plain(arm.name)})
        if f"arms.{arm.name}.platform" in varied
        else arm
        for arm in scenario.arms
    ]
    return Names(scenario.model_copy(update={"arms": arms}))


def design_in_words(findings: SweepFindings) -> str:
    """The sweep in a sentence or two."""
    results = findings.results
    world = results.scenario.world
    several, asked = counted(len(results.points), "point"), results.sweep.point_count
    if len(results.points) < asked:
        several += phrase(" of the {asked:,} asked for", asked=asked)
    at_least = phrase("at least ") if results.sweep.until else ""
    arms = listing([arm.label for arm in arm_names(findings).arms])
    return phrase(
        "{several} by {label} over {factors}, "
        "each in {at_least}{worlds} of {days} days with "
        "{viewers:,} viewers and {merchants:,} merchants. Arms, on the same luck at every "
        "point: {arms}.",
        several=several,
        label=counterpart(results.design.label),
        factors=counted(len(results.factors), "factor"),
        at_least=at_least,
        worlds=counted(results.sweep.replications, "world"),
        days=world.days,
        viewers=world.viewers,
        merchants=world.merchants,
        arms=arms,
    )


def factor_row(factor: Factor) -> tuple[str, str, str, str]:
    """Name, key, range and source of a factor."""
    if factor.choices:
        span = ", ".join(str(choice) for choice in factor.choices)
    else:
        span = phrase("{low:g} to {high:g}", low=factor.low, high=factor.high) + (
            phrase(", log scale") if factor.scale == "log" else ""
        )
    return factor_label(factor.key), factor.key, span, counterpart(factor.source)


def box_in_words(box: FailureBox) -> tuple[str, str]:
    """Where a claim fails, and how well that marks off its failures."""
    if not box.limits:
        return told(box.reason), ""
    return told(where_it_fails(box)), (
        phrase(
            "{percent} of the points there fail, against {percent_2} of "
            "all; they are {percent_3} of the failures.",
            percent=percent(box.density),
            percent_2=percent(box.failing / box.points),
            percent_3=percent(box.coverage),
        )
    )
