"""What plausible worlds say of claims, as it is kept; for a run's page, only where it asks the same.

Every run reads this before it starts, so that it is sooner imported than what makes it (`robustness`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..claims.catalogue import answerable_claims
from ..claims.stored import StoredShares
from ..ensembles.folder import SWEEP
from ..ensembles.sweep_files import About
from ..errors import Remedy
from ..resources import EVIDENCE_FOLDER
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import Claim, ClaimTest
from ..storage.files import read_json, scenario_in
from ..storage.manifest import MODEL_VERSION, same_results
from .same_question import changes_at_work, depends_on, differences, fingerprint

ROBUSTNESS, SHARES = "robustness", "shares.json"
REMEDY = Remedy("keep_robustness")
NOTHING_KEPT = "nothing is kept of what plausible worlds say"
NOT_WEIGHED = "they were not weighed over plausible worlds"


def read_shares(folder: Path | None = None) -> dict[str, dict[str, Any]] | None:
    """What `keep_robustness` found of each claim, by its id; None if nothing is kept.

    Returns
    -------
    dict of str to dict
        By claim: ``supported``, ``undecided`` and ``contradicted``, each ``count``, ``share``, ``low``,
        ``high`` (95%, Wilson); ``decided_by``, keys of the one or two factors that move its first effect
        most; ``sure``, those of them that do so beyond chance; ``fails_where``, a box in words or empty;
        ``points``, ``replications``, ``model_version``; ``tests``, by which it was weighed.
    """
    file = (folder or EVIDENCE_FOLDER / ROBUSTNESS) / SHARES
    if not file.is_file():
        return None
    shares: dict[str, dict[str, Any]] = read_json(file, dict[str, StoredShares], REMEDY)
    return shares


def shares_for(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """What plausible worlds say of each claim that `scenario` can test, where they say anything of it.

    Returns
    -------
    dict of str to dict
        By claim: ``shares`` (see `read_shares`), None unless all that the verdict depends on is the same
        in the scenario from which the plausible worlds were made; and ``why_not``, empty if it is.

    Raises
    ------
    ArchiveError
        If what is kept is torn.
    """
    folder = EVIDENCE_FOLDER / ROBUSTNESS
    shares = read_shares(folder)
    claims = answerable_claims(scenario)
    if shares is None:
        return {claim.id: _none(NOTHING_KEPT) for claim in claims}
    about = read_json(folder / SWEEP, About, REMEDY)
    asked = scenario_in(folder / SWEEP, about["scenario"], REMEDY)
    return {claim.id: _of_claim(claim, scenario, asked, shares.get(claim.id)) for claim in claims}


def _of_claim(
    claim: Claim, scenario: Scenario, asked: Scenario, kept: dict[str, Any] | None
) -> dict[str, Any]:
    """Shares of one claim, if plausible worlds were made of a world like that of `scenario`."""
    if kept is None:
        return _none(NOT_WEIGHED)
    world = asked.world
    weighed = (
        f"they were weighed over {kept['points']} plausible worlds of {world.viewers:,} viewers, "
        f"{world.merchants:,} merchants and {world.days:,} days"
    )
    tests = [ClaimTest.model_validate(test) for test in kept["tests"]]
    if fingerprint(asked, tests) != fingerprint(scenario, claim.tests):
        others = differences(depends_on(asked, tests), depends_on(scenario, claim.tests))
        return _none(f"{weighed}, which differ from this one in: {others}")
    if not same_results(kept["model_version"], MODEL_VERSION, changes_at_work(scenario, claim.tests)):
        return _none(
            f"{weighed} by model version {kept['model_version']}, whose results are not those of "
            f"{MODEL_VERSION}"
        )
    return {"shares": kept, "why_not": ""}


def _none(why_not: str) -> dict[str, Any]:
    return {"shares": None, "why_not": why_not}
