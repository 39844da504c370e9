"""Robustness of verdicts for a run's page: only where the run asks what was asked of plausible worlds."""

from __future__ import annotations

import json
from typing import Any

from ..experiments.sweeps.folder import SWEEP
from ..scenario.scenario import Scenario
from .plausible import EVIDENCE_FOLDER
from .robustness import ROBUSTNESS, read_shares

ROLES = ("centralised", "decentralised")


def shares_for(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Shares of plausible worlds by claim (see `read_shares`); empty if they are about other platforms.

    They speak of two arms, one centralised and one decentralised; a scenario that gives these parts to
    platforms of other names asks something else.
    """
    folder = EVIDENCE_FOLDER / ROBUSTNESS
    shares = read_shares(folder)
    if shares is None:
        return {}
    asked = json.loads((folder / SWEEP).read_text(encoding="utf-8"))["scenario"]["arms"]
    wanted = {arm["role"]: arm["platform"]["name"] for arm in asked if arm.get("role") in ROLES}
    given = {arm.role: arm.platform.name for arm in scenario.arms if arm.role in ROLES and arm.platform}
    return shares if given == wanted else {}
