"""The page that says why the model should be believed, and where it should not: one file, opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ...claims.catalogue import article_claims, scenario_readings
from ...ensembles.analysis.findings import SweepFindings
from ...ensembles.analysis.verdicts import failure_box, verdict_flip_map, verdicts
from ...ensembles.analysis.wording import factor_name, where_it_fails
from ...ensembles.results import SweepResults
from ...languages.speaking import (
    ENGLISH,
    counterpart,
    listing,
    own,
    phrase,
    phrase_of,
    sentences,
    spoken,
    told,
)
from ...validation.collecting import COMMANDS, Evidence, Kept
from ...validation.mathematics.checks import Check
from ...words import plain
from ..kit.style import Exhibit, View
from ..kit.tables.over_worlds import row_of, why_alike, worlds_in_words
from ..kit.templates import EVIDENCE_PAGES, other_languages, page_in
from ..kit.words import percent
from ..sweep.figures.claims import WORLDS, claim_title, claims_exhibit, map_exhibit
from .fact_rows import GROUPS, fact_table
from .figures.facts import facts_exhibit
from .figures.mathematics import check_figure
from .figures.mathematics import sentence as check_sentence
from .figures.musiclab import musiclab_exhibit
from .figures.recovery import parameter_rows, recovery_exhibit
from .figures.scale import scale_exhibit
from .first import first_screen
from .foretold import benchmark_sentence, foretold_rows
from .later import later_rows, not_compared, quarter_table
from .scorecard import scorecard
from .sizes import size_rows, without_facts
from .tables import link_rows, musiclab_sentences, other_layout_sentence, referred_rows
from .tuned import tuned_screen
from .ways import way_rows
from .why import reasons_of, why_missed

PAGES = {code: Path(file).name for code, file in EVIDENCE_PAGES.items()}
"""Files of the page by language."""


def render_page(evidence: Evidence) -> str:
    """The whole page as HTML."""
    kept, live, foretold = evidence.kept, evidence.live, evidence.kept.foretold
    rows = [row for _, group in _fact_groups(kept) for row in group]
    later = later_rows(foretold.beside, foretold.published) if foretold else []
    parts = [
        *_calibration_exhibits(kept),
        *_robust_exhibits(kept),
        musiclab_exhibit(live.musiclab),
        *_scale_exhibits(evidence),
        mathematics_exhibit(live.checks),
    ]
    exhibits = {exhibit.id: exhibit for exhibit in parts}
    return page_in(
        Path(__file__).parent,
        "page.html",
        translations=other_languages(PAGES),
        first=tuned_screen(kept) or first_screen(kept, later),
        later=later,
        what_ifs=any(row.what_if == row.what_if for row in later),
        ran=int(foretold.table["worlds"].max()) if foretold else 0,
        not_compared=not_compared(foretold.published) if foretold else [],
        quarters=quarter_table(foretold.table) if foretold else {},
        known=foretold.known if foretold else None,
        sizes=size_rows(kept.facts_by_size),
        no_fact=without_facts(),
        scores=scorecard(evidence),
        outdated=[told(sentence) for sentence in kept.outdated],
        exhibits=parts,
        exhibits_by_id=exhibits,
        commands={part: told(command) for part, command in COMMANDS.items()},
        calibration=kept.calibration,
        facts=_fact_groups(kept),
        missed=why_missed(rows, kept.tried, reasons_of(rows)),
        left_out=foretold_rows(kept.calibration),
        benchmark=benchmark_sentence(kept.calibration, kept.facts),
        parameters=_parameters(kept),
        claims=claim_rows(kept),
        ways=way_rows(_reading_titles(), kept.prior, kept.specifications),
        alike=why_alike(),
        robustness=_robustness_line(kept),
        musiclab=musiclab_sentences(live.musiclab),
        other_layout=other_layout_sentence(live.musiclab, live.reading_down),
        links=[*link_rows(live.spread, evidence.labels), *referred_rows(live.referred, evidence.labels)],
        worlds=told(live.links),
        checks=[(check, check_sentence(check)) for check in live.checks],
        share=percent,
        unknown=[row for row in _parameters(kept) if not row.identified],
    )


def _fact_groups(kept: Kept) -> list[tuple[str, list[Any]]]:
    """Rows of facts under the name of their group."""
    rows = fact_table(kept.calibration, kept.facts) if kept.calibration else []
    groups = [(counterpart(name), [row for row in rows if row.fact.use == use]) for use, name in GROUPS]
    return [(name, group) for name, group in groups if group]


def _parameters(kept: Kept) -> list[Any]:
    return parameter_rows(kept.calibration) if kept.calibration else []


def _calibration_exhibits(kept: Kept) -> list[Exhibit]:
    if kept.calibration is None:
        return [
            _missing("facts", phrase("Facts and the model"), "calibration"),
            _missing("parameters", phrase("What the facts leave open"), "calibration"),
        ]
    return [facts_exhibit(fact_table(kept.calibration, kept.facts)), recovery_exhibit(_parameters(kept))]


def _robust_exhibits(kept: Kept) -> list[Exhibit]:
    if kept.robustness is None or kept.shares is None:
        return [
            _missing("claims", phrase("Claims over plausible worlds"), "robustness"),
            _missing("map", phrase("Where a claim flips"), "robustness"),
        ]
    found = _findings(kept.robustness, kept.shares)
    return [claims_exhibit(found, WORLDS), map_exhibit(found, WORLDS)]


def _findings(results: SweepResults, shares: dict[str, dict[str, Any]]) -> SweepFindings:
    """What the exhibits of a sweep need; factors of the maps are those found when it was kept."""
    claims = [claim for claim in verdicts(results) if claim.claim.id in shares]
    maps = []
    for claim in claims:
        keys = [*shares[claim.claim.id]["decided_by"], None, None][:2]
        if keys[0]:
            maps.append(verdict_flip_map(results, claim, *keys))
    return SweepFindings(results, [], claims, [], maps, [], {})


def _scale_exhibits(evidence: Evidence) -> list[Exhibit]:
    if evidence.kept.scale is None:
        return [_missing("scale", phrase("Larger and smaller worlds"), "scale")]
    return [scale_exhibit(evidence.kept.scale, evidence.labels)]


def mathematics_exhibit(checks: list[Check]) -> Exhibit:
    """One figure per check, to choose from."""
    titles = [told(check.title) for check in checks]
    views = [
        View(title, title, _with_lists(check_figure(check)))
        for title, check in zip(titles, checks, strict=True)
    ]
    caption = phrase(
        "How to read: what the simulator made, beside the law that is known to hold there. Laws are "
        "not fitted to what they are compared with."
    )
    return Exhibit("mathematics", phrase("Against known mathematics"), caption, views, choose=phrase("Check"))


def _with_lists(figure: go.Figure) -> go.Figure:
    """The figure with its arrays as lists, which is how pages hold them."""

    def as_lists(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: as_lists(entry) for name, entry in value.items()}
        return value.tolist() if isinstance(value, np.ndarray) else value

    return go.Figure([as_lists(trace.to_plotly_json()) for trace in figure.data], figure.layout)


def _missing(name: str, topic: str, part: str) -> Exhibit:
    return Exhibit(
        name, topic, "", [], phrase("Not made yet. {command} makes it.", command=told(COMMANDS[part]))
    )


def _reading_titles() -> dict[str, str]:
    """Titles of all readings of the article's claims, in the language that is spoken."""
    return {reading.id: own(reading, "title") for claim in article_claims() for reading in claim.each}


def _where(results: SweepResults | None, claim: str, kept: str) -> str:
    """Where a claim fails, as it is kept in English; in another language looked for again."""
    if not kept or results is None or spoken() == ENGLISH:
        return kept
    return told(where_it_fails(failure_box(results, claim)))


def claim_rows(kept: Kept) -> list[dict[str, Any]]:
    """Of each claim, its shares in words, what moves it most and where it fails."""
    weighed = [(kept.robustness, kept.shares or {}), *_further(kept)]
    rows = [row for results, shares in weighed for row in _rows_of(results, shares)]
    return sorted(rows, key=lambda row: -row["order"])


def _further(kept: Kept) -> list[tuple[SweepResults, dict[str, dict[str, Any]]]]:
    """What only other scenarios weighed."""
    here = kept.shares or {}
    found = [
        (results, {name: share for name, share in shares.items() if name not in here})
        for results, shares in kept.others
    ]
    return [(results, shares) for results, shares in found if shares]


def _rows_of(results: SweepResults | None, shares: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the claims that one scenario weighed."""
    known = (
        scenario_readings(results.scenario)
        if results
        else [reading for claim in article_claims() for reading in claim.each]
    )
    titles = {claim.id: claim_title(claim) for claim in known}
    return [
        row_of(titles.get(name, plain(name)), share)
        | {
            "where": _where(results, name, share["fails_where"]),
            "moved_by": listing([told(factor_name(key)) for key in share["sure"]])
            or phrase("none stands out"),
        }
        for name, share in shares.items()
    ]


def _robustness_line(kept: Kept) -> str:
    if not kept.shares:
        return ""
    first = next(iter(kept.shares.values()))
    said = [worlds_in_words(first["points"], first["replications"], first.get("independent"))]
    if kept.robustness is None:
        return sentences(said)
    world = kept.robustness.scenario.world
    said.append(
        phrase(
            "Worlds have {viewers:,} viewers, {merchants:,} merchants and {days} days.",
            viewers=world.viewers,
            merchants=world.merchants,
            days=world.days,
        )
    )
    said += [_further_line(results, shares) for results, shares in _further(kept)]
    weighed = {name for _, shares in kept.others for name in shares} | set(kept.shares)
    left_out = sum(claim.id not in weighed for claim in scenario_readings(kept.robustness.scenario))
    if left_out:
        said.append(
            phrase_of(
                "{count} further reading of claims about other plans or markets is not weighed here.",
                "{count} further readings of claims about other plans or markets are not weighed here.",
                left_out,
            )
        )
    return sentences(said)


def _further_line(results: SweepResults, shares: dict[str, dict[str, Any]]) -> str:
    world, first = results.scenario.world, next(iter(shares.values()))
    return phrase_of(
        "{count} reading is weighed in “{title}”: {points} plausible worlds of {viewers:,} viewers, "
        "{merchants:,} merchants and {days} days, {draws} draws of luck each.",
        "{count} readings are weighed in “{title}”: {points} plausible worlds of {viewers:,} viewers, "
        "{merchants:,} merchants and {days} days, {draws} draws of luck each.",
        len(shares),
        title=own(results.scenario, "title"),
        points=first["points"],
        viewers=world.viewers,
        merchants=world.merchants,
        days=world.days,
        draws=first["replications"],
    )
