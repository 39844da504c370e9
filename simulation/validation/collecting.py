"""Everything the evidence page rests on: what is kept in ``scenarios/evidence/``, and what is run again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..calibration.facts import Fact, read_facts
from ..calibration.facts_by_size import read_facts_by_size, read_without
from ..calibration.plausible_worlds import read_findings
from ..claims.catalogue import scenario_readings
from ..ensembles.results import SweepResults
from ..languages.speaking import sentence
from ..resources import COMMAND, EVIDENCE_FOLDER
from ..scenario.reading.read import changed_scenario
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import ClaimTest
from ..scenario.tables import WorldSettings
from ..storage.manifest import MODEL_VERSION, same_results
from ..storage.plain_values import plain_values
from .field.referred import ARMS, customers, referred_against_others
from .field.spread_of_links import cascades, line_lists, spread_of_links
from .foretelling.foretold import Foretold, read_foretold
from .mathematics.checks import Check, run_checks
from .musiclab.experiment import Experiment
from .musiclab.repetitions import repeat_musiclab
from .prior_mass import read_prior
from .reasons import read_tried
from .same_question import changes_at_work, fingerprint
from .scale import read_scale
from .shares import REMEDY, ROBUSTNESS, SHARES, read_shares
from .specifications import read_specifications

FACTS, SCALE, FACTS_BY_SIZE = "facts.toml", "scale.csv", "facts_by_size.csv"
WITHOUT = "mechanisms_off.csv"
SHIPPED = "shipped"
"""What ``default_is`` says of defaults that are not the calibration's medoid."""


def _sweep(scenario: str) -> str:
    """What makes a sweep and keeps what it says of claims."""
    return sentence(
        "{command} sweep {scenario}, then {command} validate --keep-robustness results/{scenario}/sweep",
        command=COMMAND,
        scenario=scenario,
    )


COMMANDS = {
    "calibration": f"{COMMAND} calibrate --ship",
    "robustness": _sweep("plausible_worlds"),
    "prior": _sweep("prior_worlds"),
    "specifications": _sweep("specifications"),
    "scale": f"{COMMAND} validate --scale",
    "facts_by_size": f"{COMMAND} validate --facts",
    "foretold": sentence(
        "{command} foretell CALIBRATION, {command} sweep after_2020 and {command} foretell SWEEP",
        command=COMMAND,
    ),
}
"""What makes each part that is kept."""
OWN = f"{COMMAND} calibrate --facts FILE"
"""What writes such a page on figures of one's own."""
REPETITIONS, QUICK_REPETITIONS = 20, 4
WORLDS, QUICK_WORLDS = 5, 2
SMALL = {"world.viewers": 8_000, "world.merchants": 160, "world.days": 180}
QUICK_SMALL = {"world.viewers": 1_500, "world.merchants": 30, "world.days": 100}
"""The headline's world in which links and customers are followed one by one."""
PARTS = (("mathematics", 0.15), ("musiclab", 0.25), ("links", 0.60))
"""Parts that are run, and about their share of the time."""


@dataclass(frozen=True)
class Kept:
    """What other commands found and left in ``scenarios/evidence/``; None where nothing is kept.

    Attributes
    ----------
    calibration : dict or None
        See `plausible_worlds.findings`; its ``at_default`` is of the defaults shipped, if they were set
        beside the facts (`with_shipped_defaults`).
    facts : list of Fact
        Those of the calibration, with the explanations that the file of facts has today.
    shares : dict or None
        See `shares.read_shares`.
    robustness : SweepResults or None
        The claims over plausible worlds.
    scale : DataFrame or None
        Of `scale.measure_scale`.
    facts_by_size : DataFrame or None
        Of `facts_by_size.measure_facts_by_size`.
    outdated : list of str
        What is kept but no longer fits the model or the facts, in sentences.
    foretold : Foretold or None
        What worlds that knew nothing later foretell, beside what was published later.
    tried : DataFrame or None
        Of `reasons.try_reasons`.
    prior, specifications : DataFrame or None
        Of `prior_mass.prior_mass` and `specifications.specification_curve`.
    others : list
        Claims of other scenarios over plausible worlds: results and shares.
    """

    calibration: dict[str, Any] | None
    facts: list[Fact]
    shares: dict[str, dict[str, Any]] | None
    robustness: SweepResults | None
    scale: pd.DataFrame | None
    facts_by_size: pd.DataFrame | None
    outdated: list[str]
    foretold: Foretold | None = None
    tried: pd.DataFrame | None = None
    prior: pd.DataFrame | None = None
    specifications: pd.DataFrame | None = None
    others: list[tuple[SweepResults, dict[str, dict[str, Any]]]] = field(default_factory=list)


@dataclass(frozen=True)
class Live:
    """What is run again each time the page is written.

    Attributes
    ----------
    checks : list of Check
        Against known mathematics.
    musiclab, reading_down : DataFrame
        Of `repeat_musiclab`, with slates all over the page and with slates down the list.
    spread, referred : DataFrame
        Of `spread_of_links` and `referred_against_others`, on the same recorded worlds.
    links : str
        Of which worlds, in words.
    """

    checks: list[Check]
    musiclab: pd.DataFrame
    reading_down: pd.DataFrame
    spread: pd.DataFrame
    referred: pd.DataFrame
    links: str


@dataclass(frozen=True)
class Evidence:
    """All of it; `labels` are those of the headline's arms by name."""

    kept: Kept
    live: Live
    labels: dict[str, str]


def read_stored(folder: Path | None = None) -> Kept:
    """Read what is kept; what is not there is None.

    Raises
    ------
    ArchiveError
        If a file of it is torn or holds something else.
    """
    folder = folder or EVIDENCE_FOLDER
    scale, by_size = folder / SCALE, folder / FACTS_BY_SIZE
    calibration = read_findings(folder)
    used = [Fact.model_validate(fact) for fact in calibration["facts"]] if calibration else []
    today = _facts_of(folder / FACTS)
    shares = read_shares(folder / ROBUSTNESS)
    robustness = SweepResults.read(folder / ROBUSTNESS, REMEDY) if shares is not None else None
    facts = [
        fact.model_copy(update={"miss": today[fact.id].miss}) if fact.id in today else fact for fact in used
    ]
    sizes = read_facts_by_size(by_size) if by_size.is_file() else None
    off = read_without(folder / WITHOUT) if (folder / WITHOUT).is_file() else None
    return Kept(
        with_shipped_defaults(calibration, sizes, off),
        facts,
        shares,
        robustness,
        read_scale(scale) if scale.is_file() else None,
        sizes,
        _outdated(calibration, used, today)
        + (_outdated_shares(shares, robustness.scenario) if shares and robustness else []),
        read_foretold(folder),
        read_tried(folder),
        read_prior(folder / ROBUSTNESS),
        read_specifications(folder / ROBUSTNESS),
        _others(folder / ROBUSTNESS),
    )


def with_shipped_defaults(
    calibration: dict[str, Any] | None, sizes: pd.DataFrame | None, off: pd.DataFrame | None
) -> dict[str, Any] | None:
    """What a calibration found, but for the defaults that are shipped, which need not be its medoid.

    Of the facts ``at_default`` comes from the first of `sizes`, the headline's, of so many ``viewers``, and
    ``without``, the same with one mechanism off, from `off`; the medoid's would be of another world.
    """
    if calibration is None or sizes is None:
        return calibration
    first = sizes[sizes["viewers"] == sizes["viewers"].iloc[0]]
    shipped: dict[str, Any] = {
        "default_is": SHIPPED,
        "viewers": int(first["viewers"].iloc[0]),
        "at_default": plain_values(first[["fact", "mean", "low", "high", "met"]].to_dict("records")),
    }
    if off is not None:
        shipped["without"] = plain_values(off[["mechanism", "target", "check"]].to_dict("records"))
    return {name: entry for name, entry in calibration.items() if name != "without"} | shipped


def _others(folder: Path) -> list[tuple[SweepResults, dict[str, dict[str, Any]]]]:
    """Claims of other scenarios than the headline over plausible worlds."""
    there = sorted(file.parent for file in folder.glob(f"*/{SHARES}"))
    return [(SweepResults.read(one, REMEDY), read_shares(one) or {}) for one in there]


def _facts_of(path: Path) -> dict[str, Fact]:
    return {fact.id: fact for fact in read_facts(path)} if path.is_file() else {}


def _outdated(calibration: dict[str, Any] | None, used: list[Fact], today: dict[str, Fact]) -> list[str]:
    """What was found by another model version, or with other facts."""
    found = []
    if calibration and str(calibration["model_version"]) != MODEL_VERSION:
        found.append(
            sentence(
                "The calibration was made by model version {version}; this is {now}. {command} makes it "
                "again.",
                version=calibration["model_version"],
                now=MODEL_VERSION,
                command=COMMANDS["calibration"],
            )
        )
    if today and used:
        figures = {(fact.id, fact.lowest, fact.highest, fact.measure, fact.use) for fact in used}
        now = {(fact.id, fact.lowest, fact.highest, fact.measure, fact.use) for fact in today.values()}
        changed = sorted({entry[0] for entry in figures ^ now})
        if changed:
            found.append(
                sentence(
                    "Facts have changed since the calibration ({facts}). {command} makes it again.",
                    facts=", ".join(changed),
                    command=COMMANDS["calibration"],
                )
            )
    return found


def _outdated_shares(shares: dict[str, dict[str, Any]], asked: Scenario) -> list[str]:
    """What was weighed by a model version with other results, or by other tests than today's."""
    found, again = [], COMMANDS["robustness"]
    tests = {
        name: [ClaimTest.model_validate(test) for test in entry["tests"]] for name, entry in shares.items()
    }
    versions = sorted(
        {
            entry["model_version"]
            for name, entry in shares.items()
            if not same_results(entry["model_version"], MODEL_VERSION, changes_at_work(asked, tests[name]))
        }
    )
    if versions:
        found.append(
            sentence(
                "The claims were weighed by model version {versions}; this is {now}. {command} weighs them "
                "again.",
                versions=", ".join(versions),
                now=MODEL_VERSION,
                command=again,
            )
        )
    today = {claim.id: claim.tests for claim in scenario_readings(asked)}
    changed = sorted(
        name for name in tests if fingerprint(asked, tests[name]) != fingerprint(asked, today.get(name, []))
    )
    if changed:
        found.append(
            sentence(
                "Tests of claims have changed since they were weighed ({claims}). {command} weighs "
                "them again.",
                claims=", ".join(changed),
                command=again,
            )
        )
    return found


def run_live(
    headline: Scenario, quick: bool = False, report: Callable[[float, str], None] | None = None
) -> Live:
    """Run the checks that take a minute or less.

    Parameters
    ----------
    headline : Scenario
        Gives the rules, and the arms in which friends share links.
    quick : bool
        Fewer repetitions and smaller worlds, whose intervals are wide.
    report : callable, optional
        Told the share done and what is being done.
    """
    tell = _teller(report)
    checks = run_checks(lambda share: tell("mathematics", share, "known mathematics"))
    many = QUICK_REPETITIONS if quick else REPETITIONS
    labs = []
    for place, reads_down in enumerate((False, True)):
        labs.append(repeat_musiclab(headline, many, headline.run.seed, Experiment(reads_down=reads_down)))
        tell("musiclab", (place + 1) / 2, "MusicLab")
    small = changed_scenario(headline, dict(QUICK_SMALL if quick else SMALL), "validate")
    worlds = QUICK_WORLDS if quick else WORLDS
    spread, referred = _links(small, worlds, lambda share: tell("links", share, "shared links"))
    return Live(checks, labs[0], labs[1], spread, referred, worlds_in_words(worlds, small.world))


def worlds_in_words(worlds: int, world: WorldSettings) -> str:
    """``5 worlds of 8,000 viewers, 160 merchants and 180 days``, to be told."""
    return sentence(
        "{worlds} worlds of {viewers:,} viewers, {merchants:,} merchants and {days} days",
        worlds=worlds,
        viewers=world.viewers,
        merchants=world.merchants,
        days=world.days,
    )


def _teller(report: Callable[[float, str], None] | None) -> Callable[[str, float, str], None]:
    """Tells the share of everything that is done, from the share of one part."""
    before = {name: sum(share for _, share in PARTS[:place]) for place, (name, _) in enumerate(PARTS)}

    def tell(part: str, share: float, words: str) -> None:
        if report:
            report(before[part] + dict(PARTS)[part] * share, words)

    return tell


def _links(
    scenario: Scenario, worlds: int, tell: Callable[[float], None]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How far links spread and what referred customers are worth, from the same recorded worlds."""
    arms = [name for name in ARMS if scenario.arm(name)]
    spread, bought = [], []
    for place, world in enumerate(line_lists(scenario, arms, worlds), 1):
        spread.append(cascades(world.visits, world.shares))
        bought.append(customers(world.visits, world.ties, scenario.world.days))
        tell(place / (worlds * len(arms)))
    return (
        spread_of_links(pd.concat(spread, ignore_index=True)),
        referred_against_others(pd.concat(bought, ignore_index=True), arms),
    )
