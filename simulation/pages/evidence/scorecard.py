"""The evidence in a handful of sentences, each from the data at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ...calibration.facts_by_size import met_in_words
from ...calibration.over_plausible_worlds import is_default
from ...languages.speaking import counterpart, listing, phrase, phrase_of, sentences, told
from ...validation.collecting import COMMANDS, SHIPPED, Evidence
from ...validation.mathematics.checks import Check
from ...validation.musiclab.repetitions import orderings
from ...validation.scale import DRIFTS, STABLE, drift
from ..kit.tables.over_worlds import CLOSE, DEPENDS, FAILS, HOLDS, ROBUST, counted_verdicts
from ..kit.words import fixed, percent
from .fact_rows import FactRow, fact_table
from .figures.recovery import ParameterRow, parameter_rows
from .figures.scale import measure_label, shown_measures
from .tables import inequality_gaps


@dataclass(frozen=True)
class Score:
    """One card: a number, what it counts, and where on the page more stands.

    Attributes
    ----------
    number, sentence : str
        Read one after the other: ``3 of 4``, ``checks pass``.
    note : str
        In smaller letters.
    where : str
        Section of the page.
    parts : list of (str, float)
        Colours and lengths of a bar; none if empty.
    missing : bool
        Whether the numbers have not been made yet; the note then says by which command.
    """

    id: str
    number: str
    sentence: str
    note: str
    where: str
    parts: list[tuple[str, float]] = field(default_factory=list)
    missing: bool = False


def scorecard(evidence: Evidence) -> list[Score]:
    """All cards, in the order of the page."""
    kept, live = evidence.kept, evidence.live
    return [
        *_facts(evidence),
        _parameters(evidence),
        _claims(kept.shares),
        _mathematics(live.checks),
        _musiclab(live.musiclab),
        _scale(kept.scale, evidence.labels),
    ]


def _not_made(name: str, sentence: str, part: str, where: str) -> Score:
    note = phrase("Not made yet: {command}", command=told(COMMANDS[part]))
    return Score(name, "–", sentence, note, where, missing=True)


def _part(good: int, all_of_them: int, word: str = "supported") -> list[tuple[str, float]]:
    return [(word, good), ("rest", all_of_them - good)]


def _facts(evidence: Evidence) -> list[Score]:
    groups = (
        ("target", "tuned", phrase("published facts that it was tuned to are met")),
        ("check", "checked", phrase("published facts that it was never tuned to are met")),
    )
    calibration = evidence.kept.calibration
    if calibration is None:
        return [_not_made(name, words, "calibration", "facts") for _, name, words in groups]
    rows, scores = fact_table(calibration, evidence.kept.facts), []
    for use, name, words in groups:
        group = [row for row in rows if row.fact.use == use]
        met = sum(row.met for row in group)
        by_size = evidence.kept.facts_by_size
        note = [_which_world(calibration), _misses(group)]
        if by_size is not None:
            note.append(phrase("Today's model meets {facts}.", facts=met_in_words(by_size, use)))
        scores.append(
            Score(name, _of(met, len(group)), words, sentences(note), "facts", _part(met, len(group)))
        )
    return scores


def _of(some: int, many: int) -> str:
    return phrase("{met} of {of}", met=some, of=many)


def _which_world(calibration: dict[str, Any]) -> str:
    if calibration.get("default_is") == SHIPPED:
        return phrase(
            "With the defaults that are shipped, at {viewers:,} viewers.", viewers=calibration["viewers"]
        )
    if calibration.get("default_is") == "medoid":
        if is_default(calibration["default_world"]):
            return phrase("In the plausible world nearest to all others, which defaults follow.")
        return phrase("In the plausible world nearest to all others; defaults are another world.")
    return phrase("In the median world, which has the middle value of every unknown parameter.")


def _misses(group: list[FactRow]) -> str:
    """How many facts are missed, and of how many nobody says why."""
    missed = sum(not row.met for row in group)
    if not missed:
        return ""
    return phrase_of(
        "{count} miss, {unexplained} of them not explained.",
        "{count} misses, {unexplained} of them not explained.",
        missed,
        unexplained=sum(not row.met and not row.fact.miss for row in group),
    )


def _parameters(evidence: Evidence) -> Score:
    sentence = phrase("unknown parameters can be told from the facts")
    if evidence.kept.calibration is None:
        return _not_made("parameters", sentence, "calibration", "calibration")
    rows = parameter_rows(evidence.kept.calibration)
    known = sum(row.identified for row in rows)
    return Score(
        "parameters",
        _of(known, len(rows)),
        sentence,
        sentences(
            [phrase("The others stay wide: nobody knows them."), _of_felt(evidence.kept.calibration, rows)]
        ),
        "calibration",
        _part(known, len(rows)),
    )


def _of_felt(calibration: dict[str, Any], rows: list[ParameterRow]) -> str:
    """How many of the parameters that some fact feels can be told; empty where it was not screened."""
    felt = {key for keys in calibration.get("felt", {}).values() for key in keys}
    if not felt:
        return ""
    return phrase(
        "Of the {felt} that some fact surely feels, {told} can be told.",
        felt=len(felt),
        told=sum(row.identified and row.factor.key in felt for row in rows),
    )


def _claims(shares: dict[str, dict[str, Any]] | None) -> Score:
    if shares is None:
        return _not_made(
            "claims",
            phrase("claims have the same answer in nearly all plausible worlds"),
            "robustness",
            "robust",
        )
    many = counted_verdicts(shares.values())
    parts: list[tuple[str, float]] = [
        ("supported", many[HOLDS]),
        ("contradicted", many[FAILS]),
        ("undecided", many[DEPENDS]),
        ("rest", many[CLOSE]),
    ]
    said = phrase_of(
        "claims holds in at least {share} of the plausible worlds",
        "claims hold in at least {share} of the plausible worlds",
        many[HOLDS],
        share=f"{ROBUST:.0%}",
    )
    return Score("claims", _of(many[HOLDS], len(shares)), said, _not_holding(many), "robust", parts)


def _not_holding(many: dict[str, int]) -> str:
    """How many claims fail, depend and stay open."""
    parts = [
        phrase_of(
            "{count} fails in at least {share}",
            "{count} fail in at least {share}",
            many[FAILS],
            share=f"{ROBUST:.0%}",
        ),
        phrase_of(
            "{count} depends on what nobody knows", "{count} depend on what nobody knows", many[DEPENDS]
        ),
    ]
    if many[CLOSE]:
        parts.append(
            phrase_of("{count} stays too close to call", "{count} stay too close to call", many[CLOSE])
        )
    return phrase("{said}.", said=counterpart("; ").join(parts))


def _mathematics(checks: list[Check]) -> Score:
    passed = sum(check.passed for check in checks)
    failed = [told(check.title) for check in checks if not check.passed]
    note = (
        phrase("Failed: {checks}.", checks=counterpart("; ").join(failed))
        if failed
        else phrase("Run again whenever this page is written.")
    )
    return Score(
        "mathematics",
        _of(passed, len(checks)),
        phrase("checks against known mathematics pass"),
        note,
        "mathematics",
        _part(passed, len(checks)),
    )


def _musiclab(frame: pd.DataFrame) -> Score:
    every = orderings(frame)
    held = sum(entry.holds for entry in every)
    gaps = inequality_gaps(frame)
    sides = {gap < 0 for gap in gaps.values()}
    if len(sides) == 1:
        percents = f"{fixed(100 * sum(abs(gap) for gap in gaps.values()) / len(gaps), 0)}%"
        note = (
            phrase("The inequality of success is about {percent} too low.", percent=percents)
            if sides.pop()
            else phrase("The inequality of success is about {percent} too high.", percent=percents)
        )
    else:
        spans = listing([f"{fixed(100 * gap, 0, sign=True)}%" for gap in gaps.values()])
        note = phrase("The inequality of success is off by {spans}.", spans=spans)
    return Score(
        "musiclab",
        _of(held, len(every)),
        phrase("orderings of the MusicLab experiment with real people come out"),
        note,
        "musiclab",
        _part(held, len(every)),
    )


def scale_verdicts(frame: pd.DataFrame) -> dict[str, tuple[str, float]]:
    """Verdict on each key measure over all arms, and its largest change per factor of ten.

    A measure drifts if it does in any arm, and is stable if it is in all of them.
    """
    trends = [drift(frame, str(arm)).set_index("measure") for arm in frame["arm"].unique()]
    found = {}
    for measure in shown_measures(frame):
        rows = [table.loc[measure] for table in trends if measure in table.index]
        verdicts = {str(row["verdict"]) for row in rows}
        verdict = DRIFTS if DRIFTS in verdicts else STABLE if verdicts == {STABLE} else "unclear"
        changes = np.array([row["relative"] for row in rows], float)
        changes = changes[np.isfinite(changes)]
        worst = float(changes[np.abs(changes).argmax()]) if len(changes) else float("nan")
        found[measure] = (verdict, worst)
    return found


def _scale(frame: pd.DataFrame | None, labels: dict[str, str]) -> Score:
    if frame is None:
        return _not_made("scale", phrase("key figures stay the same in larger worlds"), "scale", "scale")
    found = scale_verdicts(frame)
    stable = {name: worst for name, (verdict, worst) in found.items() if verdict == STABLE}
    drifting = [
        phrase(
            "{label} ({part})", label=_lower(measure_label(name)), part=f"{fixed(100 * worst, 0, sign=True)}%"
        )
        for name, (verdict, worst) in found.items()
        if verdict == DRIFTS
    ]
    unclear = [_lower(measure_label(name)) for name, (verdict, _) in found.items() if verdict == "unclear"]
    note = phrase("Drifting: {measures}.", measures=listing(drifting)) if drifting else phrase("None drifts.")
    if unclear:
        note = sentences([note, phrase("Too few worlds to tell: {measures}.", measures=listing(unclear))])
    if not stable:
        return Score(
            "scale",
            _of(0, len(found)),
            phrase("key figures surely stay the same in a world ten times as large"),
            note,
            "scale",
            _part(0, len(found)),
        )
    most = max(abs(worst) for worst in stable.values())
    return Score(
        "scale",
        _of(len(stable), len(found)),
        phrase(
            "key figures change by at most {percent} in a world ten times as large", percent=percent(most)
        ),
        note,
        "scale",
        _part(len(stable), len(found)),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
