"""The evidence in a handful of sentences, each from the data at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ...calibration.facts_by_size import met_in_words
from ...validation.collecting import COMMANDS, Evidence
from ...validation.mathematics.checks import Check
from ...validation.musiclab.repetitions import orderings
from ...validation.scale import DRIFTS, STABLE, drift
from ...words import counted, listed
from ..kit.words import fixed, percent
from .fact_rows import fact_table
from .figures.recovery import parameter_rows
from .figures.scale import measure_label, shown_measures
from .tables import inequality_gaps

ROBUST = 0.9
"""Share of plausible worlds from which on a verdict counts as holding in all but a few of them."""
HOLDS, FAILS, CLOSE, DEPENDS = "holds", "fails", "too close to call", "depends"


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
    return Score(name, "–", sentence, f"Not made yet: {COMMANDS[part]}", where, missing=True)


def _part(good: int, all_of_them: int, word: str = "supported") -> list[tuple[str, float]]:
    return [(word, good), ("rest", all_of_them - good)]


def _facts(evidence: Evidence) -> list[Score]:
    groups = (
        ("target", "tuned", "facts that it was tuned to are met"),
        ("check", "checked", "facts that it was never tuned to are met"),
    )
    calibration = evidence.kept.calibration
    if calibration is None:
        return [_not_made(name, f"published {words}", "calibration", "facts") for _, name, words in groups]
    rows, scores = fact_table(calibration, evidence.kept.facts), []
    for use, name, words in groups:
        group = [row for row in rows if row.fact.use == use]
        met = sum(row.met for row in group)
        unexplained = sum(not row.met and not row.fact.miss for row in group)
        medoid = calibration.get("default_is") == "medoid"
        note = "In the plausible world nearest to all others, which defaults follow." if medoid else ""
        note = note or "In the median world, which has the middle value of every unknown parameter."
        if len(group) - met:
            note += f" {counted(len(group) - met, 'miss', 'misses')}, {unexplained} of them not explained."
        if evidence.kept.facts_by_size is not None:
            note += f" Today's model meets {met_in_words(evidence.kept.facts_by_size, use)}."
        scores.append(
            Score(name, f"{met} of {len(group)}", f"published {words}", note, "facts", _part(met, len(group)))
        )
    return scores


def _parameters(evidence: Evidence) -> Score:
    sentence = "unknown parameters can be told from the facts"
    if evidence.kept.calibration is None:
        return _not_made("parameters", sentence, "calibration", "calibration")
    rows = parameter_rows(evidence.kept.calibration)
    told = sum(row.identified for row in rows)
    return Score(
        "parameters",
        f"{told} of {len(rows)}",
        sentence,
        "The others stay wide: nobody knows them.",
        "calibration",
        _part(told, len(rows)),
    )


def verdict_on(share: dict[str, Any]) -> str:
    """What plausible worlds say of a claim together: it holds or fails in nearly all, or depends."""
    for status, word in (("supported", HOLDS), ("contradicted", FAILS), ("undecided", CLOSE)):
        if share[status]["share"] >= ROBUST:
            return word
    return DEPENDS


def _claims(shares: dict[str, dict[str, Any]] | None) -> Score:
    if shares is None:
        return _not_made(
            "claims", "claims have the same answer in nearly all plausible worlds", "robustness", "robust"
        )
    found = [verdict_on(share) for share in shares.values()]
    many = {word: found.count(word) for word in (HOLDS, FAILS, CLOSE, DEPENDS)}
    note = (
        f"{many[FAILS]} {'fails' if many[FAILS] == 1 else 'fail'} in at least {ROBUST:.0%}; "
        f"{many[DEPENDS]} {'depends' if many[DEPENDS] == 1 else 'depend'} on what nobody knows"
    )
    if many[CLOSE]:
        note += f"; {many[CLOSE]} {'stays' if many[CLOSE] == 1 else 'stay'} too close to call"
    parts: list[tuple[str, float]] = [
        ("supported", many[HOLDS]),
        ("contradicted", many[FAILS]),
        ("undecided", many[DEPENDS]),
        ("rest", many[CLOSE]),
    ]
    verb = "holds" if many[HOLDS] == 1 else "hold"
    return Score(
        "claims",
        f"{many[HOLDS]} of {len(found)}",
        f"claims {verb} in at least {ROBUST:.0%} of the plausible worlds",
        note + ".",
        "robust",
        parts,
    )


def _mathematics(checks: list[Check]) -> Score:
    passed = sum(check.passed for check in checks)
    failed = [check.title for check in checks if not check.passed]
    note = f"Failed: {'; '.join(failed)}." if failed else "Run again whenever this page is written."
    return Score(
        "mathematics",
        f"{passed} of {len(checks)}",
        "checks against known mathematics pass",
        note,
        "mathematics",
        _part(passed, len(checks)),
    )


def _musiclab(frame: pd.DataFrame) -> Score:
    every = orderings(frame)
    held = sum(entry.holds for entry in every)
    gaps = inequality_gaps(frame)
    sides = {"low" if gap < 0 else "high" for gap in gaps.values()}
    if len(sides) == 1:
        mean = sum(abs(gap) for gap in gaps.values()) / len(gaps)
        note = f"The inequality of success is about {fixed(100 * mean, 0)}% too {sides.pop()}."
    else:
        spans = listed([f"{fixed(100 * gap, 0, sign=True)}%" for gap in gaps.values()])
        note = f"The inequality of success is off by {spans}."
    return Score(
        "musiclab",
        f"{held} of {len(every)}",
        "orderings of the MusicLab experiment with real people come out",
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
        return _not_made("scale", "key figures stay the same in larger worlds", "scale", "scale")
    found = scale_verdicts(frame)
    stable = {name: worst for name, (verdict, worst) in found.items() if verdict == STABLE}
    drifting = [
        f"{_lower(measure_label(name))} ({fixed(100 * worst, 0, sign=True)}%)"
        for name, (verdict, worst) in found.items()
        if verdict == DRIFTS
    ]
    unclear = [_lower(measure_label(name)) for name, (verdict, _) in found.items() if verdict == "unclear"]
    note = f"Drifting: {listed(drifting)}." if drifting else "None drifts."
    if unclear:
        note += f" Too few worlds to tell: {listed(unclear)}."
    if not stable:
        return Score(
            "scale",
            f"0 of {len(found)}",
            "key figures surely stay the same in a world ten times as large",
            note,
            "scale",
            _part(0, len(found)),
        )
    most = max(abs(worst) for worst in stable.values())
    return Score(
        "scale",
        f"{len(stable)} of {len(found)}",
        f"key figures change by at most {percent(most)} in a world ten times as large",
        note,
        "scale",
        _part(len(stable), len(found)),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
