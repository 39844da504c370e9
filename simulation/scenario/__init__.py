"""Scenario files: what a strategist edits. They are read by `simulation.claims.reading.read_scenario`."""

from ..errors import Problem, ScenarioError
from .reading.read import find_scenario, resolved_toml, scenario_files
from .scenario import Scenario
from .sections.claim import Claim, ClaimTest
from .sections.platform import Platform
from .tables import RULES, Arm

__all__ = [
    "RULES",
    "Arm",
    "Claim",
    "ClaimTest",
    "Platform",
    "Problem",
    "Scenario",
    "ScenarioError",
    "find_scenario",
    "resolved_toml",
    "scenario_files",
]
