"""The commands ``sizes`` and ``steadiness``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import LaboratoryError, Problem
from ..languages.speaking import ENGLISH, counterpart, phrase, phrase_of, sentence, spoken, template
from ..resources import RESULTS_FOLDER
from ..terminal.console import out
from .common import Settings, TrustPlugins, at_work

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario

SIZES, STEADINESS = "sizes.csv", "steadiness.csv"
MOST_WORLDS = 1_000
TITLES = {
    "grain": template("Grain: ratios to people_per_viewer {against:,g} with 95% intervals"),
    "scale": template("Scale: ratios to persons {against:,g} with 95% intervals"),
}
"""Of what is printed, by table."""


def sizes(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file or its name.")],
    settings: Settings = None,
    trust_plugins: TrustPlugins = False,
    grains: Annotated[
        str, typer.Option("--grains", help="Persons to an agent, the same persons at each; none if empty.")
    ] = "5,20",
    scales: Annotated[
        str, typer.Option("--scales", help="Extents of the world, in multiples of the scenario's; as above.")
    ] = "0.5,1,2",
    worlds: Annotated[
        int, typer.Option(min=2, max=MOST_WORLDS, help="Worlds of each size, or templates.")
    ] = 8,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder; results/SCENARIO/sizes if not given.")
    ] = None,
) -> None:
    """Show what grain and extent of the world change.

    Prints one table each, of all rates and shares on a run's page: the ratio to the finest grain or to the
    largest world, with its 95% interval. Worlds of another grain have the same merchants; so have those of
    another extent if they begin with a past (--set warm_up.past=own): it takes far fewer to tell.
    """
    from ..ensembles.tasks import run_arms
    from ..laboratory.work import executor_for
    from ..pages.run.comparison_table import MEASURES
    from ..storage.files import write_csv
    from ..validation import sizes as sizing
    from .questions import read_question

    question = read_question(scenario, settings, trusted=trust_plugins)
    by_grain = sizing.grain_sizes(question, _numbers("--grains", grains), worlds)
    by_scale = sizing.scale_sizes(question, _numbers("--scales", scales), worlds)
    sizing.check_apart("--grains", by_grain)
    sizing.check_apart("--scales", by_scale)
    folder = out_folder or RESULTS_FOLDER / question.name / "sizes"
    executor, _ = executor_for(None, None)
    with (
        at_work(phrase("Measuring sizes"), folder, phrase("nothing was written.")) as tell,
        executor() as pool,
    ):
        frame = sizing.measure_sizes([*by_grain, *by_scale], pool, run_arms, lambda share: tell(share))
        folder.mkdir(parents=True, exist_ok=True)
        write_csv(folder / SIZES, frame, digits=6)
    for table in frame["table"].unique():
        _show(table, sizing.compared(frame, table, sizing.comparable(MEASURES)), question)
    out.say_where(phrase("Worlds"), folder / SIZES)


def steadiness(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file or its name.")],
    settings: Settings = None,
    trust_plugins: TrustPlugins = False,
    worlds: Annotated[int, typer.Option(min=2, max=MOST_WORLDS, help="Worlds of each arm.")] = 8,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder; results/SCENARIO/steadiness if not given.")
    ] = None,
) -> None:
    """Show whether the last days of a run are like its first.

    Prints the ratio of the last 60 days to the first 60 of all rates and shares on a run's page, with its 95%
    interval. A world that begins with a past (--set warm_up.past=own) should be steady.
    """
    from ..laboratory.work import executor_for
    from ..pages.run.comparison_table import MEASURES
    from ..storage.files import write_csv
    from ..validation.steadiness import ends_of, measure_steadiness, steady_measures
    from .questions import read_question

    question = read_question(scenario, settings, trusted=trust_plugins)
    first, last = ends_of(question)
    folder = out_folder or RESULTS_FOLDER / question.name / "steadiness"
    executor, _ = executor_for(None, None)
    with (
        at_work(phrase("Measuring steadiness"), folder, phrase("nothing was written.")) as tell,
        executor() as pool,
    ):
        rows = measure_steadiness(
            question, steady_measures(MEASURES), worlds, pool, lambda share: tell(share)
        )
        folder.mkdir(parents=True, exist_ok=True)
        write_csv(folder / STEADINESS, rows, digits=6)
    _show_ends(rows, (str(first), str(last)), worlds, question)
    _count(rows["found"])
    out.say_where(phrase("Ratios"), folder / STEADINESS)


def _show_ends(rows: pd.DataFrame, ends: tuple[str, str], worlds: int, question: Scenario) -> None:
    """Print a row an arm and measure: the last days, called by one of `ends`, against the first."""
    first, last = ends
    title = phrase(
        "Days {last} against days {first}: ratios with 95% intervals, {worlds} worlds",
        first=first,
        last=last,
        worlds=worlds,
    )
    days = [phrase("days {days}", days=window) for window in ends]
    headings = [phrase("arm"), phrase("measure"), *days, phrase("ratio"), phrase("found")]
    lines = [
        [
            *_named(row.arm, row.measure, question),
            f"{row.first:.4g}",
            f"{row.last:.4g}",
            _interval(row),
            counterpart(str(row.found)),
        ]
        for row in rows.itertuples()
    ]
    _show_table(title, headings, lines)


def _interval(row: Any) -> str:
    """A ratio with its interval in words."""
    values = {"ratio": row.ratio, "low": row.low, "high": row.high}
    return phrase("{ratio:.2f} ({low:.2f} to {high:.2f})", **values)


def _named(arm: object, measure: object, question: Scenario) -> tuple[str, str]:
    """An arm and a measure as a table has them: by their keys or, in another language, by their names."""
    if spoken() == ENGLISH:
        return str(arm), str(measure)
    from ..pages.kit.names import Names

    names = Names(question)
    return names.arm(str(arm)), names.measure(str(measure))


def _numbers(option: str, text: str) -> list[float]:
    """The positive numbers of a list with commas, each once and at least two, or none."""
    if not text.strip():
        return []
    try:
        found = sorted({float(part) for part in text.split(",")})
    except ValueError:
        found = []
    if len(found) < 2 or not all(1e-3 <= number <= 1e6 for number in found):
        found_instead = sentence("'{value}'", value=text)
        raise LaboratoryError(option, [Problem(option, found_instead, "two or more positive numbers: 5,20")])
    return found


def _show(table: str, rows: pd.DataFrame, question: Scenario) -> None:
    """Print a row a measure and arm: each size's ratio with its interval."""
    by = rows.columns[3]
    against, sizes = rows["against"].iloc[0], list(dict.fromkeys(rows[by]))
    title = phrase(TITLES[table], against=against)
    lines = [
        [
            *_named(arm, measure, question),
            *(_interval(row) for row in of_measure.itertuples()),
            counterpart(", ").join(map(counterpart, dict.fromkeys(of_measure["found"]))),
        ]
        for (arm, measure), of_measure in rows.groupby(["arm", "measure"], sort=False)
    ]
    headings = [phrase("arm"), phrase("measure"), *(f"{size:,g}" for size in sizes), phrase("found")]
    _show_table(title, headings, lines)
    _count(rows["found"])


def _show_table(title: str, headings: list[str], lines: list[list[str]]) -> None:
    """Print a table."""
    from rich.table import Table

    shown = Table(title=title, title_justify="left")
    for heading in headings:
        shown.add_column(heading)
    for line in lines:
        shown.add_row(*line)
    out.show(shown)


def _count(found: pd.Series) -> None:
    """Print how many ratios are within the margin, and how many are not."""
    numbers = [
        phrase("{many} {what}", many=many, what=counterpart(str(what)))
        for what, many in found.value_counts().items()
    ]
    out.say(
        phrase_of(
            "{numbers}, of {count} ratio",
            "{numbers}, of {count} ratios",
            len(found),
            numbers=counterpart(", ").join(numbers),
        )
    )


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(sizes)
    app.command()(steadiness)
