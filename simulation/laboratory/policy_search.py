"""Policy searches: the best compromises between goals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..ensembles.execution.options import Execution
from ..ensembles.search.policy_search import search_policies
from ..languages.speaking import phrase, spoken, template
from ..scenario.reading.read import Source
from ..scenario.scenario import Scenario
from .answers import Answer, Row
from .asking import Changes, asked
from .work import Show, by_share, executor_for, shown, target_folder

if TYPE_CHECKING:
    from ..pages.kit.style import Exhibit

MOST_ROWS = 12


class SearchAnswer(Answer):
    """A finished policy search.

    Parameters
    ----------
    scenario : Scenario
        With its ``[policy_search]``.
    table : DataFrame
        One row per setting; see `simulation.ensembles.search.candidates.candidate_table`.
    folder : Path
        Where it lies.
    """

    kind = template("Search")

    def __init__(self, scenario: Scenario, table: pd.DataFrame, folder: Path):
        self.scenario, self.candidates, self.folder = scenario, table, folder

    @property
    def runs(self) -> pd.DataFrame:
        """The settings tried, a row each; the same as `candidates`."""
        return self.candidates

    @property
    def front(self) -> pd.DataFrame:
        """Settings that none of the others beats in every goal."""
        return self.candidates[self.candidates["on_front"]]

    @property
    def in_words(self) -> str:
        """Settings tried and left, in a line."""
        failed = int((self.candidates["reason"] != "").sum())
        tried = phrase(
            "{count:,} settings tried, {on_front:,} on the front",
            count=len(self.candidates),
            on_front=len(self.front),
        )
        return tried + (phrase(", {failed:,} failed", failed=failed) if failed else "")

    @property
    def page(self) -> Path:
        """The page, in the language that is spoken; written again if it is gone."""
        from ..pages.search.page import PAGES, write_page

        page = self.folder / PAGES[spoken()]
        return page if page.is_file() else write_page(self.scenario, self.candidates, self.folder)

    def _exhibits(self) -> Sequence[Exhibit]:
        from ..pages.search.page import page_exhibits, search_findings

        return page_exhibits(search_findings(self.scenario, self.candidates))

    def _table(self) -> tuple[Row, list[Row]]:
        from ..pages.search.page import search_findings

        found = search_findings(self.scenario, self.candidates)
        levers, goals = found.search.levers, found.search.goals
        heads = [*map(found.lever_name, levers), *map(found.goal_name, goals)]
        rows = self.front[[*(lever.key for lever in levers), *(goal.name for goal in goals)]].head(MOST_ROWS)
        return tuple(heads), [
            tuple(f"{value:.3g}" if isinstance(value, float) else str(value) for value in row)
            for row in rows.itertuples(index=False)
        ]


def search(
    question: Source,
    changes: Changes = None,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Show = None,
    resume: bool = False,
    other_version: bool = False,
) -> SearchAnswer:
    """Look for the best compromises between the goals of a scenario.

    Parameters are those of `run_sweep`; the scenario has a ``[policy_search]``, and the folder is
    ``results/<scenario>/policy_search`` if not given.

    Returns
    -------
    SearchAnswer
        Settings, the front, page and figures.

    Raises
    ------
    LaboratoryError
        As `simulation.ensembles.search.policy_search.search_policies`.
    """
    from ..pages.search.page import write_page

    scenario = asked(question, changes)
    target = target_folder(folder, scenario, "policy_search")
    executor, at_once = executor_for(workers, cluster)
    with shown(progress, phrase("Searching")) as tell:
        table = search_policies(
            scenario, target, Execution(executor, at_once, resume, other_version, by_share(tell))
        )
    write_page(scenario, table, target)
    return SearchAnswer(scenario, table, target)
