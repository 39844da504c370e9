"""What plausible worlds say of claims, as it is kept; for a run's page, only where it asks the same.

Every run reads this before it starts, so that it is sooner imported than what makes it (`robustness`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyarrow.parquet import read_schema

from ..claims.catalogue import answerable_claims
from ..claims.stored import StoredShares
from ..ensembles.sweep_files import About
from ..errors import Remedy
from ..languages.retelling import retold
from ..languages.speaking import template
from ..resources import EVIDENCE_FOLDER
from ..scenario.reading.read import changed_scenario, default_at
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import Claim, ClaimTest
from ..storage.files import read_json, reading, scenario_in
from ..storage.folders import DATA, SWEEP
from ..storage.manifest import MODEL_VERSION, same_results
from .same_question import (
    DIFFERENCES,
    WORDS,
    changes_at_work,
    depends_on,
    differences,
    keys_told,
    without_size,
)

ROBUSTNESS, SHARES = "robustness", "shares.json"
REMEDY = Remedy("keep_robustness")
NOTHING_KEPT = template("nothing is kept of what plausible worlds say")
NOT_WEIGHED = template("they were not weighed over plausible worlds")
WEIGHED = template(
    "they were weighed over {points} plausible worlds of {viewers} viewers, {merchants} merchants and {days} "
    "days"
)
OTHER_WORLDS = template("{weighed}, which differ from this one in: {others}")
OTHER_RESULTS = template("{weighed} by model version {version}, whose results are not those of {today}")


def read_shares(folder: Path | None = None) -> dict[str, dict[str, Any]] | None:
    """What `keep_robustness` found of each claim, by its id; None if nothing is kept.

    Returns
    -------
    dict of str to dict
        By claim: ``supported``, ``undecided`` and ``contradicted``, each ``count``, ``share``, ``low``,
        ``high`` (95%, Wilson); ``holds``, the share in which it would be supported if luck were averaged
        out, with ``low`` and ``high``, None where that is not known; ``decided_by``, keys of the one or
        two factors that move its first effect most; ``sure``, those of them that do so beyond chance;
        ``fails_where``, a box in words or empty; ``points``, ``replications``, ``model_version``;
        ``tests``, by which it was weighed.
    """
    file = (folder or EVIDENCE_FOLDER / ROBUSTNESS) / SHARES
    if not file.is_file():
        return None
    shares: dict[str, dict[str, Any]] = read_json(file, dict[str, StoredShares], REMEDY)
    return shares


@dataclass(frozen=True)
class Weighed:
    """Claims of one scenario over plausible worlds, as they are kept.

    Attributes
    ----------
    scenario : Scenario
        Of the sweep.
    shares : dict
        See `read_shares`.
    """

    scenario: Scenario
    shares: dict[str, dict[str, Any]]


def read_weighed(folder: Path | None = None) -> list[Weighed]:
    """All that is kept of what plausible worlds say: of the headline's claims, then of other questions.

    Those of another scenario lie in a folder of its name.

    Raises
    ------
    ArchiveError
        If a file of it is torn.
    """
    root = folder or EVIDENCE_FOLDER / ROBUSTNESS
    found = []
    for there in [root, *sorted(file.parent for file in root.glob(f"*/{SHARES}"))]:
        if shares := read_shares(there):
            about = read_json(there / SWEEP, About, REMEDY)
            asked = scenario_in(there / SWEEP, about["scenario"], REMEDY)
            found.append(Weighed(_at_defaults(asked, there / DATA), shares))
    return found


def _at_defaults(asked: Scenario, data: Path) -> Scenario:
    """A scenario of a sweep with what varied there at today's defaults: what it had there was never run."""
    with reading(data, REMEDY):
        there = read_schema(data).names
    varied = [name for name in there if "." in name and name.partition(".")[0] in Scenario.model_fields]
    return changed_scenario(asked, {key: default_at(key) for key in varied})


def shares_for(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """What plausible worlds say of each claim that `scenario` can test, where they say anything of it.

    Returns
    -------
    dict of str to dict
        By claim: ``shares`` (see `read_shares`), None unless all that the verdict depends on, but for the
        size of the world, is the same in a scenario that was run in plausible worlds; where they are of
        another size, with their ``viewers`` and ``merchants``; and ``why_not``, empty if there are shares.

    Raises
    ------
    ArchiveError
        If what is kept is torn.
    """
    weighed = read_weighed()
    claims = answerable_claims(scenario)
    if not weighed:
        return {claim.id: _none(NOTHING_KEPT) for claim in claims}
    return {claim.id: _of_claim(claim, scenario, weighed) for claim in claims}


def _of_claim(claim: Claim, scenario: Scenario, weighed: list[Weighed]) -> dict[str, Any]:
    """The first shares of a claim that are of a world like that of `scenario`, or why none are."""
    answers = [_of_one(claim, scenario, one) for one in weighed if claim.id in one.shares]
    return next((one for one in answers if one["shares"]), answers[0] if answers else _none(NOT_WEIGHED))


def _of_one(claim: Claim, scenario: Scenario, weighed: Weighed) -> dict[str, Any]:
    asked, kept = weighed.scenario, weighed.shares[claim.id]
    world = asked.world
    said = WEIGHED.format(
        points=kept["points"],
        viewers=f"{world.viewers:,}",
        merchants=f"{world.merchants:,}",
        days=f"{world.days:,}",
    )
    tests = [ClaimTest.model_validate(test) for test in kept["tests"]]
    there, here = depends_on(asked, tests), depends_on(scenario, claim.tests)
    if without_size(there) != without_size(here):
        return _none(
            OTHER_WORLDS.format(weighed=said, others=differences(without_size(there), without_size(here)))
        )
    if not same_results(kept["model_version"], MODEL_VERSION, changes_at_work(scenario, claim.tests)):
        version = kept["model_version"]
        return _none(OTHER_RESULTS.format(weighed=said, version=version, today=MODEL_VERSION))
    size = {} if there == here else {"viewers": world.viewers, "merchants": world.merchants}
    return {"shares": kept | size, "why_not": ""}


def why_not_told(reason: str) -> str:
    """Why nothing is said of a claim, of claims.json, in the language that is spoken."""
    reason = re.sub(r"(?<=[:;] )merchants \(", f"{WORDS['merchants']} (", reason)  # as earlier versions said
    said = retold(reason, (OTHER_WORLDS, OTHER_RESULTS, WEIGHED), DIFFERENCES, ("keys",))
    return keys_told(reason, said)


def _none(why_not: str) -> dict[str, Any]:
    return {"shares": None, "why_not": why_not}
