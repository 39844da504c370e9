"""Sweeps: a scenario at many points, and what that says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..ensembles.analysis.analysis import analyse as analyse_data
from ..ensembles.analysis.findings import SweepFindings, collect_findings
from ..ensembles.analysis.verdicts import ClaimOverPoints, verdicts
from ..ensembles.execution.options import Execution
from ..ensembles.results import SweepResults
from ..ensembles.stopped import gather_what_is_there
from ..ensembles.sweep import run_sweep as run_points
from ..languages.speaking import counterpart, phrase, spoken, template
from ..scenario.reading.read import Source
from ..words import counted
from .answers import Answer, Row
from .asking import Changes, asked
from .work import Show, by_share, executor_for, shown, target_folder

if TYPE_CHECKING:
    from ..pages.kit.style import Exhibit

OFTEN = 0.5
STATUSES = ("supported", "undecided", "contradicted")


class SweepAnswer(Answer):
    """A finished sweep, read from its folder.

    Parameters
    ----------
    folder : str or Path
        The sweep's.

    Attributes
    ----------
    results : SweepResults
        To be asked by the functions of `simulation.ensembles.analysis.analysis`.
    failures : DataFrame
        Runs that ended in an error.

    Raises
    ------
    ArchiveError
        If the folder holds no sweep that has ended.
    """

    kind = template("Sweep")

    def __init__(self, folder: str | Path):
        self.folder = Path(folder).absolute()
        self.results = SweepResults.read(self.folder)
        self.scenario, self.failures = self.results.scenario, self.results.failures

    @property
    def runs(self) -> pd.DataFrame:
        """One row per point, replicate and arm, with ``against`` empty, then paired differences."""
        return self.results.data

    @property
    def points(self) -> pd.DataFrame:
        """Values of what varies, by point."""
        return self.results.points

    @cached_property
    def claims(self) -> pd.DataFrame:
        """One row per claim, by its id: title, and shares of the points in which it is of each status."""
        rows = [
            {"id": entry.claim.id, "title": entry.claim.title}
            | {status: entry.shares[status].share for status in STATUSES}
            for entry in self._verdicts
        ]
        return pd.DataFrame(rows, columns=["id", "title", *STATUSES]).set_index("id")

    @cached_property
    def _verdicts(self) -> list[ClaimOverPoints]:
        return verdicts(self.results)

    @cached_property
    def findings(self) -> SweepFindings:
        """All that the page tells: verdicts, what drives outcomes, where claims fail."""
        return collect_findings(self.results)

    @property
    def in_words(self) -> str:
        """Points and what claims come to, in a line."""
        often = self.claims.index[self.claims["supported"] >= OFTEN]
        runs = counted(len(self.failures), "run")
        names = phrase(": {names}", names=counterpart(", ").join(often)) if len(often) else ""
        return phrase(
            "{points} of {worlds}{failed}; {often} of {count} claims supported at half of them or "
            "more{names}",
            points=counted(len(self.points), "point"),
            worlds=counted(self.results.sweep.replications, "world"),
            failed=phrase(", {runs} failed", runs=runs) if len(self.failures) else "",
            often=len(often),
            count=len(self.claims),
            names=names,
        )

    @property
    def page(self) -> Path:
        """The page, in the language that is spoken; written when it is first asked for."""
        from ..pages.sweep.page import PAGES, write_page

        page = self.folder / PAGES[spoken()]
        return page if page.is_file() else write_page(self.findings, self.folder)

    def _exhibits(self) -> Sequence[Exhibit]:
        from ..pages.sweep.page import page_exhibits

        return page_exhibits(self.findings)

    def _table(self) -> tuple[Row, list[Row]]:
        from ..pages.sweep.figures.claims import claim_title

        return (phrase("claim"), *map(counterpart, STATUSES)), [
            (claim_title(entry.claim), *(f"{entry.shares[status].share:.0%}" for status in STATUSES))
            for entry in self._verdicts
        ]


def run_sweep(
    question: Source,
    changes: Changes = None,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Show = None,
    resume: bool = False,
    other_version: bool = False,
) -> SweepAnswer:
    """Run a scenario at every point of its sweep.

    Parameters
    ----------
    question, changes
        As for `run_experiment`; with a ``[sweep]``.
    folder : str or Path, optional
        ``results/<scenario>/sweep`` if not given.
    workers : int, optional
        Runs at once; as many as processors if not given. A script that runs more than one process does so
        under ``if __name__ == "__main__":``.
    cluster : str, optional
        Address of a Dask scheduler, ``tcp://host:port``; this machine if not given.
    progress : bool or callable, optional
        As for `run_experiment`.
    resume : bool
        Go on with what is in the folder.
    other_version : bool
        Go on although what is there was made by another version of the model.

    Returns
    -------
    SweepAnswer
        Verdicts over points, data, page and figures.

    Raises
    ------
    LaboratoryError
        As `simulation.ensembles.sweep.run_sweep`.
    """
    scenario = asked(question, changes)
    target = target_folder(folder, scenario, "sweep")
    executor, at_once = executor_for(workers, cluster)
    with shown(progress, phrase("Sweeping")) as tell:
        run_points(scenario, target, Execution(executor, at_once, resume, other_version, by_share(tell)))
    return SweepAnswer(target)


def analyse(sweep: str | Path | SweepAnswer) -> SweepAnswer:
    """Write what a sweep says, ``analysis.json`` and the page ``analysis.html``.

    Of one that was stopped, what its finished runs say; it can be gone on with afterwards.

    Parameters
    ----------
    sweep : str, Path or SweepAnswer
        The sweep, or its folder.

    Returns
    -------
    SweepAnswer
        With its page.

    Raises
    ------
    ArchiveError
        If there is no sweep, none of its runs has ended, or somebody works there.
    """
    from ..pages.sweep.page import write_page

    gather_what_is_there(sweep.folder if isinstance(sweep, SweepAnswer) else Path(sweep))
    answer = sweep if isinstance(sweep, SweepAnswer) else SweepAnswer(sweep)
    answer.findings = analyse_data(answer.folder)
    write_page(answer.findings, answer.folder)
    return answer
