"""The commands ``calibrate`` and ``validate``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..ensembles.execution.options import Execution
from ..errors import LaboratoryError, Problem
from ..languages.speaking import phrase, sentence
from ..resources import COMMAND, EVIDENCE_FOLDER, IN_CHECKOUT, RESULTS_FOLDER
from ..terminal.console import err, out
from .common import AtOnce, Cluster, OtherVersion, Resume, Settings, TrustPlugins, at_work, how_to_go_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..calibration.calibrate import PlausibleWorlds
    from ..ensembles.bookkeeping import Progress
    from ..terminal.progress import Teller

FACTS_AT = (1.0, 0.25, 5.0)
"""Sizes at which the facts are set beside the model, as multiples of the headline's."""
SCALE_DAYS = 60
"""Days of the worlds in which scale is measured; the largest holds a million viewers."""

BeginWith = Annotated[
    Path | None,
    typer.Option(
        help="Folder of an earlier calibration with its waves' tables, such as scenarios/evidence: they are "
        "not run again, and what is wanted more is."
    ),
]


def calibrate(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario file with [calibration] and [sweep].")
    ] = "calibration",
    facts: Annotated[
        Path | None,
        typer.Option(
            help="Facts of your own (.toml, .csv or .xlsx), or a table of sessions, not the scenario's."
        ),
    ] = None,
    begin_with: BeginWith = None,
    settings: Settings = None,
    resume: Resume = False,
    other_version: OtherVersion = False,
    trust_plugins: TrustPlugins = False,
    workers: AtOnce = None,
    cluster: Cluster = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder; results/SCENARIO/calibration if not given.")
    ] = None,
    ship: Annotated[
        bool,
        typer.Option("--ship", help="Keep what was found in scenarios/evidence/, as part of the project."),
    ] = False,
) -> None:
    """Find the worlds that look like the facts.

    It may be stopped at any time, and goes on with --resume.
    """
    from ..calibration.calibrate import calibrate_to_facts
    from ..calibration.plausible_worlds import WORLDS, keep, ship_waves
    from ..laboratory.work import executor_for
    from .questions import read_question

    _check_can_keep("--ship" if ship else "")
    question = read_question(scenario, settings, trusted=trust_plugins)
    folder = out_folder or RESULTS_FOLDER / question.name / "calibration"
    executor, at_once = executor_for(workers, cluster)
    with at_work(phrase("Calibrating"), folder, how_to_go_on(folder, begin_with)) as tell:
        how = Execution(executor, at_once, resume, other_version, _by_stage(tell))
        found = calibrate_to_facts(question, facts, folder, how, begin_with)
    out.say(_calibration_in_words(found))
    if ship:
        keep(EVIDENCE_FOLDER, found.worlds, found.findings)
        ship_waves(folder, EVIDENCE_FOLDER)
    out.say_where(phrase("Worlds"), folder / WORLDS)
    if facts:
        _write_own_page(folder)


def _write_own_page(folder: Path) -> None:
    """Write the evidence page on a calibration to one's own facts, beside its worlds."""
    from ..pages.evidence.validate import validate as write_page
    from .questions import HEADLINE, read_question

    kept = phrase("worlds are kept, but no page was written.")
    with at_work(phrase("Validating"), folder, kept) as tell:
        headline = read_question(HEADLINE)
        page = write_page(headline, folder, True, folder, lambda share, words: tell(share, f", {words}"))
    out.say_where(phrase("Page   "), page)


def _by_stage(tell: Teller) -> Callable[[str, Progress], None]:
    """`tell` for whoever tells a stage and the progress within it."""
    return lambda stage, progress: tell(progress.share, f", {stage}{progress.failures}")


def _calibration_in_words(found: PlausibleWorlds) -> str:
    """How many worlds are plausible, facts met and parameters identified."""
    facts, parameters = found.findings["at_default"], found.findings["recovery"]
    met = sum(bool(entry["met"]) for entry in facts)
    identified = sum(bool(entry["identified"]) for entry in parameters)
    return (
        f"{len(found.worlds)} plausible worlds; the default one meets {met} of {len(facts)} facts; "
        f"{identified} of {len(parameters)} parameters identified."
    )


def validate(
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer repetitions: sooner, with wide intervals.")
    ] = False,
    scale: Annotated[
        bool, typer.Option("--scale", help="Run worlds of all sizes again and keep what is found (slow).")
    ] = False,
    facts: Annotated[
        bool, typer.Option("--facts", help="Set the facts beside today's model again and keep it.")
    ] = False,
    keep_robustness: Annotated[
        Path | None,
        typer.Option(
            "--keep-robustness",
            metavar="SWEEP",
            help="Folder of a sweep over plausible worlds, or over the prior, whose verdicts to keep as part "
            "of the project; alone, no page is written.",
        ),
    ] = None,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Try supposed reasons of misses again and keep what is found.")
    ] = False,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder; results/evidence if not given.")
    ] = None,
) -> None:
    """Write the page on why to believe the model, and where not to."""
    from ..pages.evidence.validate import validate as write_page
    from .questions import HEADLINE, read_question

    keeps = {"--keep-robustness": keep_robustness, "--scale": scale, "--facts": facts, "--reasons": reasons}
    _check_can_keep(next((option for option, given in keeps.items() if given), ""))
    headline = read_question(HEADLINE)
    if keep_robustness:
        _keep_verdicts(keep_robustness)
        if not (scale or facts or reasons):
            return
    if scale:
        _measure_scale(EVIDENCE_FOLDER)
    if scale or facts:
        _measure_facts(EVIDENCE_FOLDER)
    if reasons:
        _try_reasons(EVIDENCE_FOLDER)
    folder = out_folder or RESULTS_FOLDER / "evidence"
    with at_work(phrase("Validating"), folder, phrase("no page was written.")) as tell:
        page = write_page(headline, folder, quick, report=lambda share, words: tell(share, f", {words}"))
    out.say_where(phrase("Numbers"), page.with_name("evidence.json"))
    out.say_where(phrase("Page   "), page)


def _keep_verdicts(sweep_folder: Path) -> None:
    """Keep what a sweep says of claims; the page, which takes minutes, is written where it is asked for."""
    from ..validation.prior_mass import keep_verdicts

    err.say(phrase("Weighing the claims in every world; takes a minute or two."))
    out.say_where(phrase("Kept"), keep_verdicts(sweep_folder))
    out.say(phrase("{command} validate writes the page that shows it.", command=COMMAND))


def _check_can_keep(option: str) -> None:
    """Refuse, before anything is run, an option by which evidence that is shipped would be changed."""
    if option and not IN_CHECKOUT:
        raise LaboratoryError(
            option,
            [
                Problem(
                    option,
                    sentence(
                        "an installed package, whose evidence stays as it is: {evidence_folder}",
                        evidence_folder=EVIDENCE_FOLDER,
                    ),
                    "the same command in a checkout of the project",
                )
            ],
        )


def _try_reasons(folder: Path) -> None:
    """Change the supposed cause of each miss in small worlds, and keep in `folder` whether it shrinks."""
    from ..calibration.facts import read_facts
    from ..claims.reading import read_scenario
    from ..scenario import find_scenario
    from ..storage.files import write_csv
    from ..validation.collecting import FACTS
    from ..validation.reasons import REASONS, SMALL, TRIED, read_reasons, try_reasons

    known = read_facts(folder / FACTS)
    supposed = read_reasons(folder / REASONS, known)
    small = read_scenario(find_scenario("calibration"), dict(SMALL))
    with at_work("Trying reasons", folder, "what was kept before is still there.") as tell:
        write_csv(folder / TRIED, try_reasons(small, known, supposed, report=tell), digits=4)
    out.say_where(phrase("Kept"), folder / TRIED)


def foretell(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="A calibration, to choose worlds among its runs by what was known; or a sweep over these.",
        ),
    ],
) -> None:
    """Keep what worlds of August 2021 foretell of later years.

    First of a calibration, then of a sweep of after_2020; validate writes the page.
    """
    from ..storage.folders import SWEEP
    from ..validation.foretelling.foretold import foretelling_of, keep_foretold
    from ..validation.foretelling.known_worlds import WORLDS, choose_known
    from .questions import read_question

    _check_can_keep("foretell")
    if (folder / SWEEP).is_file():
        for file in keep_foretold(folder, EVIDENCE_FOLDER):
            out.say_where(phrase("Kept"), file)
        return
    until = foretelling_of(read_question("after_2020")).facts_until
    found = choose_known(folder, EVIDENCE_FOLDER, until)
    out.say(
        phrase(
            "{worlds} of {looked_at:,} worlds miss at most {missed} of the {facts} facts dated up to "
            "{until}.",
            worlds=found.worlds,
            looked_at=found.looked_at,
            missed=found.missed_at_most,
            facts=len(found.facts),
            until=until,
        )
    )
    out.say_where(phrase("Kept"), EVIDENCE_FOLDER / WORLDS)
    sweep, foretell = f"{COMMAND} sweep after_2020", f"{COMMAND} foretell results/after_2020/sweep"
    out.say(phrase("Next: {sweep}, then {foretell}", sweep=sweep, foretell=foretell))


def _measure_scale(folder: Path) -> None:
    """Run the headline's worlds of several sizes, and keep in `folder` what comes out."""
    from ..runs.execution import usable_processors
    from ..validation.collecting import SCALE
    from ..validation.scale import measure_scale, write_scale
    from .questions import HEADLINE, read_question

    kept = phrase("what was kept before is still there.")
    with at_work(phrase("Measuring scale"), folder, kept) as tell:
        frame = measure_scale(
            read_question(HEADLINE, days=SCALE_DAYS), threads=usable_processors(), report=tell
        )
        write_scale(frame, folder / SCALE)
    out.say_where(phrase("Kept"), folder / SCALE)


def _measure_facts(folder: Path) -> None:
    """Set the facts beside worlds of the headline's size, a quarter and five times of it, and keep what comes
    out."""
    from ..calibration.asked import calibration_settings
    from ..calibration.facts import read_facts
    from ..calibration.facts_by_size import (
        measure_facts_by_size,
        measure_without,
        met_in_words,
        resized,
        write_facts_by_size,
    )
    from ..validation.collecting import FACTS_BY_SIZE, WITHOUT
    from .questions import HEADLINE, read_question

    kept, calibration = phrase("what was kept before is still there."), read_question("calibration")
    with at_work(phrase("Setting facts beside worlds of three sizes"), folder, kept) as tell:
        facts = read_facts(Path(calibration_settings(calibration).facts))
        headline = read_question(HEADLINE).world
        sizes = [resized(headline, times) for times in FACTS_AT]
        table = measure_facts_by_size(calibration, facts, sizes, report=lambda share: tell(0.7 * share))
        off = measure_without(calibration, facts, headline, lambda share: tell(0.7 + 0.3 * share))
        write_facts_by_size(table, folder / FACTS_BY_SIZE)
        write_facts_by_size(off, folder / WITHOUT)
    out.say(phrase("Facts tuned to: met {met}.", met=met_in_words(table, "target")))
    out.say(phrase("Facts never tuned to: met {met}.", met=met_in_words(table, "check")))
    out.say_where(phrase("Kept"), folder / FACTS_BY_SIZE)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(calibrate)
    app.command()(validate)
    app.command()(foretell)
