"""The command ``search``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..ensembles.execution.options import Execution
from ..languages.speaking import phrase
from ..resources import RESULTS_FOLDER
from ..terminal.console import out
from .common import AtOnce, Cluster, OtherVersion, Resume, Settings, TrustPlugins, at_work, how_to_go_on

if TYPE_CHECKING:
    import pandas as pd


def search(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario file with a [policy_search].")
    ],
    settings: Settings = None,
    resume: Resume = False,
    other_version: OtherVersion = False,
    trust_plugins: TrustPlugins = False,
    workers: AtOnce = None,
    cluster: Cluster = None,
    out_folder: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the search; results/SCENARIO/policy_search if not given."),
    ] = None,
) -> None:
    """Look for the best compromises between goals.

    It may be stopped at any time, and goes on with --resume.
    """
    from ..ensembles.search.policy_search import CANDIDATES, search_policies
    from ..laboratory.work import executor_for
    from ..pages.search.page import write_page
    from .questions import read_question

    question = read_question(scenario, settings, trusted=trust_plugins)
    folder = out_folder or RESULTS_FOLDER / question.name / "policy_search"
    executor, at_once = executor_for(workers, cluster)
    with at_work(phrase("Searching"), folder, how_to_go_on(folder)) as tell:
        table = search_policies(
            question,
            folder,
            Execution(
                executor,
                at_once,
                resume,
                other_version,
                lambda progress: tell(progress.share, progress.failures),
            ),
        )
        page = write_page(question, table, folder)
    _say_front(table)
    out.say_where(phrase("Data"), folder / CANDIDATES)
    out.say_where(phrase("Page"), page)


def _say_front(table: pd.DataFrame) -> None:
    """How many settings were tried, are on the front, and failed."""
    failed = int((table["reason"] != "").sum())
    out.say(
        phrase(
            "{count:,} settings tried, {on_front:,} on the front",
            count=len(table),
            on_front=int(table["on_front"].sum()),
        )
        + (phrase(", {failed:,} failed", failed=failed) if failed else "")
    )


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(search)
