"""What a finished sweep says: ``SweepResults.read(folder)``, then a question to it.

    results = SweepResults.read(Path("results/tencent_live_2020/sweep"))
    indices(results, "conversion_rate", "tencent_live", against="taobao_live")
    {verdict.claim.id: verdict.shares["supported"].share for verdict in verdicts(results)}
    failure_box(results, "no_superstars")
    analyse(Path("results/tencent_live_2020/sweep"))
"""

from __future__ import annotations

import json
from pathlib import Path

from ...storage.files import write_whole
from ..results import SweepResults
from .effects import convergence, partial_dependence, replications_needed
from .sensitivity import given_data_indices, indices, ranking, sobol_indices
from .verdicts import failure_box, flip_map, verdicts

__all__ = [
    "SweepResults", "analyse", "convergence", "failure_box", "flip_map", "given_data_indices", "indices",
    "partial_dependence", "ranking", "replications_needed", "sobol_indices", "verdicts",
]

JSON, PAGE = "analysis.json", "analysis.html"


def analyse(folder: Path) -> Path:
    """Write ``analysis.json`` and ``analysis.html`` for the sweep in `folder`.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ScenarioError
        If `folder` holds no sweep that has ended.
    """
    # Pages draw on the whole report, which a reader of numbers alone need not load.
    from ...pages.sweep.page import page_of
    from .findings import findings_of

    results = SweepResults.read(folder)
    findings = findings_of(results)
    text = json.dumps(findings.as_table(), indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(Path(folder) / JSON, text)
    page = Path(folder) / PAGE
    write_whole(page, page_of(findings))
    return page
