"""What plausible worlds say of claims, as it is kept; for a run's page, only where it asks the same.

Every run reads this before it starts, so that it is sooner imported than what makes it (`robustness`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..claims.kept import Shares
from ..experiments.files import read_json, scenario_in
from ..experiments.sweeps.folder import SWEEP
from ..experiments.sweeps.sweep_files import About
from ..paths import EVIDENCE_FOLDER
from ..scenario.scenario import Scenario

ROBUSTNESS, SHARES = "robustness", "shares.json"
REMEDY = "run.py validate --keep-robustness SWEEP writes it again; where it is missing, nothing is said of " \
    "plausible worlds"
ROLES = ("centralised", "decentralised")


def read_shares(folder: Path | None = None) -> dict[str, dict[str, Any]] | None:
    """What `keep_robustness` found of each claim, by its id; None if nothing is kept.

    Returns
    -------
    dict of str to dict
        By claim: ``supported``, ``undecided`` and ``contradicted``, each ``count``, ``share``, ``low``,
        ``high`` (95%, Wilson); ``decided_by``, keys of the one or two factors that move its first effect
        most; ``sure``, those of them that do so beyond chance; ``fails_where``, a box in words or empty;
        ``points``, ``replications``, ``model_version``.
    """
    file = (folder or EVIDENCE_FOLDER / ROBUSTNESS) / SHARES
    if not file.is_file():
        return None
    shares: dict[str, dict[str, Any]] = read_json(file, dict[str, Shares], REMEDY)
    return shares


def shares_for(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Shares of plausible worlds by claim (see `read_shares`); empty if they are about other platforms.

    They speak of two arms, one centralised and one decentralised; a scenario that gives these parts to
    platforms of other names asks something else.

    Raises
    ------
    ScenarioError
        If what is kept is torn.
    """
    folder = EVIDENCE_FOLDER / ROBUSTNESS
    shares = read_shares(folder)
    if shares is None:
        return {}
    about = read_json(folder / SWEEP, About, REMEDY)
    asked = scenario_in(folder / SWEEP, about["scenario"], REMEDY)
    return shares if _parts(asked) == _parts(scenario) else {}


def _parts(scenario: Scenario) -> dict[str, str]:
    """Names of the platforms that play the two parts."""
    return {arm.role: arm.platform.name for arm in scenario.arms if arm.role in ROLES and arm.platform}
