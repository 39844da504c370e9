"""The page of a sweep: one file that opens offline."""

from __future__ import annotations

from pathlib import Path

from ...ensembles.analysis.findings import SweepFindings
from ...ensembles.analysis.verdicts import FailureBox
from ...ensembles.analysis.wording import factor_name, where_it_fails
from ...runs.bounds import measure_unit
from ...scenario.sections.sweep import Factor
from ...storage.files import write_whole
from ...words import counted, listed, plain
from ..kit.names import Names, measure_name
from ..kit.style import Exhibit
from ..kit.templates import page_in
from ..kit.words import percent, threshold
from .figures.claims import claims_exhibit, map_exhibit
from .figures.outcomes import convergence_exhibit, dependence_exhibit, tornado_exhibit

MOST_FAILURES = 20
PAGE = "analysis.html"


def write_page(findings: SweepFindings, folder: Path) -> Path:
    """Write the page ``analysis.html`` into `folder` and return its path."""
    page = Path(folder) / PAGE
    write_whole(page, render_page(findings))
    return page


def render_page(findings: SweepFindings) -> str:
    """The whole page as HTML."""
    results = findings.results
    exhibits = page_exhibits(findings)
    titles = {claim.claim.id: claim.claim.title for claim in findings.claims}
    worlds = [
        (
            titles[entry.claim_id],
            measure_name(entry.measure),
            threshold(entry.margin, measure_unit(entry.measure), entry.relative).lstrip("+"),
            f"{entry.worlds:,}" if entry.worlds else "unknown",
        )
        for entry in findings.worlds
    ]
    return page_in(
        Path(__file__).parent,
        "page.html",
        at=results.source,
        scenario=results.scenario,
        design=design_in_words(findings),
        factors=[factor_row(factor) for factor in results.factors],
        exhibits=exhibits,
        boxes=[(titles[box.claim_id], *box_in_words(box)) for box in findings.boxes],
        worlds=worlds,
        replications=results.sweep.replications,
        untested=findings.untested,
        failures=results.failures.head(MOST_FAILURES).to_dict("records"),
        failed=len(results.failures),
        incomplete=len(results.incomplete),
    )


def page_exhibits(findings: SweepFindings) -> list[Exhibit]:
    """Figures of the page, in its order."""
    names = arm_names(findings)
    return [
        claims_exhibit(findings),
        tornado_exhibit(findings, names),
        map_exhibit(findings),
        dependence_exhibit(findings, names),
        convergence_exhibit(findings, names),
    ]


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
        several += f" of the {asked:,} asked for"
    at_least = "at least " if results.sweep.until else ""
    arms = listed([arm.label for arm in arm_names(findings).arms])
    return (
        f"{several} by {results.design.label} over {counted(len(results.factors), 'factor')}, "
        f"each in {at_least}{counted(results.sweep.replications, 'world')} of {world.days} days with "
        f"{world.viewers:,} viewers and {world.merchants:,} merchants. Arms, on the same luck at every "
        f"point: {arms}."
    )


def factor_row(factor: Factor) -> tuple[str, str, str, str]:
    """Name, key, range and source of a factor."""
    if factor.choices:
        span = ", ".join(str(choice) for choice in factor.choices)
    else:
        span = f"{factor.low:g} to {factor.high:g}" + (", log scale" if factor.scale == "log" else "")
    return factor_name(factor.key).capitalize(), factor.key, span, factor.source


def box_in_words(box: FailureBox) -> tuple[str, str]:
    """Where a claim fails, and how well that marks off its failures."""
    if not box.limits:
        return box.reason, ""
    return where_it_fails(box), (
        f"{percent(box.density)} of the points there fail, against {percent(box.failing / box.points)} of "
        f"all; they are {percent(box.coverage)} of the failures."
    )
