"""What a finished sweep says: ``SweepResults.read(folder)``, then a question to it.

    results = SweepResults.read(Path("results/tencent_live_2020/sweep"))
    indices(results, "conversion_rate", "tencent_live", against="taobao_live")
    {verdict.claim.id: verdict.shares["supported"].share for verdict in verdicts(results)}
    failure_box(results, "no_superstars")
    analyse(Path("results/tencent_live_2020/sweep")).as_table()

Its page is written by `simulation.laboratory.analyse`.
"""

from __future__ import annotations

import json
from pathlib import Path

from ...storage.files import write_whole
from ..results import SweepResults
from .effects import convergence, partial_dependence, replications_needed
from .findings import SweepFindings, collect_findings
from .sensitivity import given_data_indices, indices, ranking, sobol_indices
from .verdicts import failure_box, flip_map, verdicts

__all__ = [
    "SweepFindings",
    "SweepResults",
    "analyse",
    "convergence",
    "failure_box",
    "flip_map",
    "given_data_indices",
    "indices",
    "partial_dependence",
    "ranking",
    "replications_needed",
    "sobol_indices",
    "verdicts",
]

JSON = "analysis.json"


def analyse(folder: Path) -> SweepFindings:
    """Ask the sweep in `folder` what its page asks, and write the answers to ``analysis.json``.

    Returns
    -------
    Findings
        The claims over all points, and what moves a handful of outcomes.

    Raises
    ------
    ArchiveError
        If `folder` holds no sweep that has ended.
    """
    findings = collect_findings(SweepResults.read(folder))
    text = json.dumps(findings.as_table(), indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(Path(folder) / JSON, text)
    return findings
