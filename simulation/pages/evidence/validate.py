"""Writing the evidence page and its numbers: the whole path of ``run.py validate``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from ...languages.speaking import ENGLISH, speaking, spoken
from ...resources import EVIDENCE_FOLDER
from ...scenario.scenario import Scenario
from ...storage.files import write_whole
from ...storage.manifest import MODEL_VERSION
from ...storage.plain_values import plain_values
from ...storage.work_folders import held_folder
from ...validation.collecting import COMMANDS, Evidence, read_stored, run_live
from ...validation.musiclab.repetitions import STATISTICS, orderings, summary
from ...validation.scale import drift
from ..kit.tables.over_worlds import verdict_on
from .fact_rows import fact_table
from .figures.recovery import parameter_rows
from .page import PAGES, render_page
from .scorecard import scorecard

NUMBERS = "evidence.json"


def validate(
    headline: Scenario,
    out: Path,
    quick: bool = False,
    kept: Path | None = None,
    report: Callable[[float, str], None] | None = None,
) -> Path:
    """Write ``evidence.html`` and ``evidence.json``.

    Parameters
    ----------
    headline : Scenario
        The headline question.
    out : Path
        Folder to write to.
    quick : bool
        Fewer repetitions of what is run, see `collecting.run_live`.
    kept : Path, optional
        Where the evidence lies that other commands found; ``scenarios/evidence`` if not given.
    report : callable, optional
        Told the share done and what is being done.

    Returns
    -------
    Path
        The page.
    """
    # First what can be wrong, so that it is told before anything is run.
    with held_folder(out):
        found = read_stored(kept or EVIDENCE_FOLDER)
        live = run_live(headline, quick, report)
        with speaking(ENGLISH):
            evidence = Evidence(found, live, headline.titles)
            numbers = json.dumps(plain_numbers(evidence), indent=1, ensure_ascii=False, allow_nan=False)
        write_whole(out / NUMBERS, numbers)
        for language, name in PAGES.items():
            with speaking(language):
                write_whole(out / name, render_page(Evidence(found, live, headline.titles)))
    return out / PAGES[spoken()]


def plain_numbers(evidence: Evidence) -> dict[str, Any]:
    """The page's numbers as plain values; missing ones are null."""
    kept, live = evidence.kept, evidence.live
    return plain_values(
        {
            "model_version": MODEL_VERSION,
            "scorecard": [asdict(score) for score in scorecard(evidence)],
            "not_made_yet": {part: COMMANDS[part] for part in COMMANDS if getattr(kept, part) is None},
            "outdated": kept.outdated,
            "facts": _facts(evidence),
            "parameters": _parameters(evidence),
            "waves": kept.calibration["waves"] if kept.calibration else [],
            "claims": {
                name: {**share, "verdict": verdict_on(share)} for name, share in (kept.shares or {}).items()
            },
            "musiclab": _musiclab(live.musiclab),
            "musiclab_reading_down": _musiclab(live.reading_down),
            "links": _links(live.spread),
            "referred": live.referred.to_dict("records"),
            "scale": _scale(evidence),
            "mathematics": [
                {
                    "id": check.id,
                    "title": check.title,
                    "passed": check.passed,
                    "value": check.value,
                    "threshold": check.threshold,
                    "at_least": check.at_least,
                }
                for check in live.checks
            ],
        }
    )


def _facts(evidence: Evidence) -> list[dict[str, Any]]:
    if evidence.kept.calibration is None:
        return []
    return [
        {
            "id": row.fact.id,
            "use": row.fact.use,
            "lowest": row.fact.lowest,
            "highest": row.fact.highest,
            "unit": row.fact.unit,
            "mean": row.mean,
            "low": row.low,
            "high": row.high,
            "met": row.met,
            "met_in": row.met_in,
            "explanation": row.explanation,
            "source": row.fact.source,
        }
        for row in fact_table(evidence.kept.calibration, evidence.kept.facts)
    ]


def _parameters(evidence: Evidence) -> list[dict[str, Any]]:
    if evidence.kept.calibration is None:
        return []
    names = ("low", "middle", "high", "width", "coverage", "identified")
    return [
        {"key": row.factor.key, **{name: getattr(row, name) for name in names}}
        for row in parameter_rows(evidence.kept.calibration)
    ]


def _links(spread: pd.DataFrame) -> list[dict[Any, Any]]:
    """Shares of cascades, their intervals cut to what shares can be."""
    ends = {name: spread[name].clip(0.0, 1.0) for name in ("low", "high")}
    return spread.assign(**ends).to_dict("records")


def _musiclab(frame: Any) -> dict[str, Any]:
    return {
        "orderings": [
            {
                "statistic": entry.statistic,
                "lower": entry.lower,
                "higher": entry.higher,
                "holds": entry.holds,
                **asdict(entry.difference),
            }
            for entry in orderings(frame)
        ],
        "means": {
            name: {condition: asdict(value) for condition, value in summary(frame, name).items()}
            for name in (
                *STATISTICS,
                "best_below_median",
                "worst_above_median",
                "top_five_kept",
                "rank_correlation",
            )
        },
    }


def _scale(evidence: Evidence) -> dict[str, Any]:
    if evidence.kept.scale is None:
        return {}
    frame = evidence.kept.scale
    return {
        str(arm): drift(frame, str(arm)).drop(columns="trend").to_dict("records")
        for arm in frame["arm"].unique()
    }
