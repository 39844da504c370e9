"""A sweep of the headline's claims over plausible worlds, kept small beside the other evidence.

A sweep's data set holds every measure of every arm; the tests of claims look at a few of them. What is
kept gives each claim the same verdict at every point, which is looked at before it is written.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..calibration.over_plausible_worlds import are_plausible
from ..claims.catalogue import answerable_claims
from ..claims.kind import Reads
from ..ensembles.analysis.beyond_luck import weighed
from ..ensembles.analysis.sensitivity import leading_index, outcome_indices
from ..ensembles.analysis.verdicts import (
    ClaimOverPoints,
    claim_over_points,
    failure_box,
    independent_points,
    verdicts,
)
from ..ensembles.analysis.wording import where_it_fails
from ..ensembles.claim_worlds import needed_columns
from ..ensembles.folder import DATA, SWEEP, SweepFolder
from ..ensembles.results import INDEX, SweepResults
from ..errors import AnalysisError, Problem
from ..resources import EVIDENCE_FOLDER
from ..scenario.sections.claim import TESTS
from ..storage.drafts import replacing
from ..storage.files import write_whole
from ..storage.plain_values import plain_values
from .shares import ROBUSTNESS, SHARES
from .shares import read_shares as read_shares

COMPRESSION, LEVEL = "zstd", 19
HEADLINE_WORLDS = "plausible_worlds"
"""Scenario that asks the headline's claims of plausible worlds."""


def keep_robustness(sweep_folder: Path, target: Path | None = None) -> Path:
    """Keep a sweep's claims: ``sweep.json``, a slim ``sweep.parquet`` and ``shares.json``.

    Parameters
    ----------
    sweep_folder : Path
        A sweep that has ended, with ``sweep.all_claims = true`` so that every claim can be weighed.
    target : Path, optional
        Where to; ``scenarios/evidence/robustness`` if not given.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    AnalysisError
        If `sweep_folder` holds no sweep that has ended.
    """
    target = target or EVIDENCE_FOLDER / ROBUSTNESS
    results, about = SweepResults.read(sweep_folder), SweepFolder(Path(sweep_folder)).about()
    slim = slimmed(results)
    target.mkdir(parents=True, exist_ok=True)
    write_whole(target / SWEEP, json.dumps(_without_place(about), indent=1, ensure_ascii=False))
    _write(slim, target / DATA)
    shares = claim_shares(results, str(about["model_version"]))
    write_whole(target / SHARES, json.dumps(shares, indent=1, ensure_ascii=False, allow_nan=False))
    return target


def folder_of(scenario: str) -> Path:
    """Where verdicts of a scenario over plausible worlds are kept; of `HEADLINE_WORLDS`, above all others."""
    root = EVIDENCE_FOLDER / ROBUSTNESS
    return root if scenario == HEADLINE_WORLDS else root / scenario


def check_plausible(points: pd.DataFrame, source: Path) -> None:
    """Refuse points of a sweep that are not among the plausible worlds kept.

    Raises
    ------
    AnalysisError
        If any value is that of no world.
    """
    if not are_plausible(points):
        found, allowed = (
            "points that are none of the plausible worlds kept",
            "a sweep with --plausible, or of plausible_worlds",
        )
        raise AnalysisError(str(source), [Problem("sweep", found, allowed)])


def claim_shares(results: SweepResults, model_version: str) -> dict[str, dict[str, Any]]:
    """Of every claim that a sweep can weigh, what `read_shares` gives back."""
    return {entry.claim.id: _shares_of(entry, results, model_version) for entry in verdicts(results)}


def _shares_of(found: ClaimOverPoints, results: SweepResults, model_version: str) -> dict[str, Any]:
    decided_by, sure = _movers(found, results)
    box = failure_box(results, found.claim.id)
    return plain_values(
        {
            **weighed(found, results.points),
            "decided_by": decided_by,
            "sure": sure,
            "fails_where": where_it_fails(box),
            "points": len(found.status),
            "independent": independent_points(results, found.status.index),
            "replications": results.sweep.replications,
            "model_version": model_version,
            "tests": [test.model_dump(mode="json", exclude_none=True) for test in found.claim.tests],
        }
    )


def _movers(found: ClaimOverPoints, results: SweepResults) -> tuple[list[str], list[str]]:
    """The one or two factors that move a claim's first effect most, and those of them that surely do.

    A factor surely moves it if its delta lies above zero and its PAWN index above what a factor without
    any effect would reach, or its total order above zero in a Sobol design.
    """
    effect = found.effects[0].mean(axis=1).dropna()
    try:
        table = outcome_indices(results, effect, found.claim.id)
    except AnalysisError:  # too few points, or an effect that is the same at all of them
        return [factor.key for factor in results.factors[:2]], []
    index = leading_index(table)
    first = table.sort_values(index, ascending=False, kind="stable").head(2)
    stand_out = first[f"{index}_low"] > 0
    if "floor" in first:
        stand_out &= first["pawn"] > first["floor"]
    return [str(key) for key in first.index], [str(key) for key in first.index[stand_out]]


def slimmed(results: SweepResults) -> pd.DataFrame:
    """The data that tests of claims look at, with as many digits as change no verdict.

    Measures are kept in single precision, that is with seven digits, or in double precision if that
    would change the verdict on any claim at any point.
    """
    slim = _looked_at(results)
    measures = [name for name in slim if name not in INDEX and name not in results.keys]
    short = slim.astype(dict.fromkeys(measures, "float32"))
    return short if _same_verdicts(results, short) else slim


def _looked_at(results: SweepResults) -> pd.DataFrame:
    """Rows of arms and probes, and pairs of arms in which merchants are paired; columns of tests."""
    tests = [test for claim in answerable_claims(results.scenario) for test in claim.tests]
    wanted = dict.fromkeys(name for test in tests for name in needed_columns(test))
    measures = [name for name in wanted if name in results.measures]
    paired = [
        test.measure for test in tests if TESTS[test.kind].reads is Reads.PAIRS and test.measure in measures
    ]
    data, columns = results.data, [*INDEX, *results.keys, *measures]
    rows = (data["against"] == "") | data[paired].notna().any(axis=1)
    slim = data.loc[rows, columns].reset_index(drop=True)
    # The rest of a pair's row is the difference of two rows that are kept.
    others = [name for name in measures if name not in paired]
    slim.loc[slim["against"] != "", others] = float("nan")
    return slim


def _same_verdicts(results: SweepResults, slim: pd.DataFrame) -> bool:
    kept = SweepResults(results.scenario, slim, results.failures, results.source)
    return all(
        found.status.equals(claim_over_points(found.claim, kept).status) for found in verdicts(results)
    )


def _without_place(about: dict[str, Any]) -> dict[str, Any]:
    """What a sweep is, without the folder from which its list of points was read."""
    sweep = about["scenario"].get("sweep", {})
    if not sweep.get("csv"):
        return about
    return about | {"scenario": about["scenario"] | {"sweep": sweep | {"csv": Path(sweep["csv"]).name}}}


def _write(slim: pd.DataFrame, path: Path) -> None:
    """Write with the best compression: numbers by their bytes, repeated values by their numbers."""
    numbers = [str(name) for name in slim if slim[name].dtype.kind == "f"]
    others = [str(name) for name in slim if name not in numbers]
    with replacing(path) as draft:
        pq.write_table(
            pa.Table.from_pandas(slim, preserve_index=False),
            draft,
            compression=COMPRESSION,
            compression_level=LEVEL,
            use_dictionary=others,
            use_byte_stream_split=numbers,
        )
