"""The command ``sizes``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import LaboratoryError, Problem
from ..resources import RESULTS_FOLDER
from ..terminal.console import out
from .common import Settings, at_work

if TYPE_CHECKING:
    import pandas as pd

SIZES = "sizes.csv"
MOST_WORLDS = 1_000


def sizes(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file or its name.")],
    settings: Settings = None,
    grains: Annotated[
        str, typer.Option("--grains", help="Persons to an agent, the same persons at each.")
    ] = "5,20",
    scales: Annotated[
        str, typer.Option("--scales", help="Extents of the world, in multiples of the scenario's.")
    ] = "0.5,1,2",
    worlds: Annotated[int, typer.Option(min=2, max=MOST_WORLDS, help="Worlds of each size.")] = 8,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder; results/SCENARIO/sizes if not given.")
    ] = None,
) -> None:
    """Show what grain and extent of the world change.

    Prints one table each, of all rates and shares on a run's page: the ratio to the finest grain or to the
    largest world, with its 95% interval.
    """
    from ..ensembles.tasks import run_arms
    from ..laboratory.work import executor_for
    from ..pages.run.comparison_table import MEASURES
    from ..storage.files import write_csv
    from ..validation.sizes import GRAIN, SCALE, Size, comparable, compared, measure_sizes, of_grain, of_scale
    from .questions import read_question

    question = read_question(scenario, settings)
    wanted = [Size(GRAIN, of_grain(question, grain), worlds) for grain in _numbers("--grains", grains)]
    wanted += [Size(SCALE, of_scale(question, times), worlds) for times in _numbers("--scales", scales)]
    folder = out_folder or RESULTS_FOLDER / question.name / "sizes"
    executor, _ = executor_for(None, None)
    with at_work("Measuring sizes", folder, "nothing was written.") as tell, executor() as pool:
        frame = measure_sizes(wanted, pool, run_arms, lambda share: tell(share))
        folder.mkdir(parents=True, exist_ok=True)
        write_csv(folder / SIZES, frame, digits=6)
    for table in (GRAIN, SCALE):
        _show(table, compared(frame, table, comparable(MEASURES)))
    out.say_where("Worlds", folder / SIZES)


def _numbers(option: str, text: str) -> list[float]:
    """The positive numbers of a list with commas, each once and at least two."""
    try:
        found = sorted({float(part) for part in text.split(",")})
    except ValueError:
        found = []
    if len(found) < 2 or not 0 < found[0] <= found[-1] < 1e6:
        found_instead = f"'{text}'"
        raise LaboratoryError(option, [Problem(option, found_instead, "two or more positive numbers: 5,20")])
    return found


def _show(table: str, rows: pd.DataFrame) -> None:
    """Print a row a measure and arm: each size's ratio with its interval."""
    from rich.table import Table

    by = rows.columns[3]
    against, sizes = rows["against"].iloc[0], list(dict.fromkeys(rows[by]))
    shown = Table(
        title=f"{table.capitalize()}: ratios to {by} {against:,g}, 95% intervals", title_justify="left"
    )
    for heading in ("arm", "measure", *(f"{size:,g}" for size in sizes), "found"):
        shown.add_column(heading)
    for (arm, measure), of_measure in rows.groupby(["arm", "measure"], sort=False):
        ratios = [f"{row.ratio:.2f} ({row.low:.2f} to {row.high:.2f})" for row in of_measure.itertuples()]
        shown.add_row(str(arm), str(measure), *ratios, ", ".join(dict.fromkeys(of_measure["found"])))
    out.show(shown)
    found = rows["found"].value_counts()
    out.say(", ".join(f"{many} {what}" for what, many in found.items()) + f", of {len(rows)} ratios")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(sizes)
