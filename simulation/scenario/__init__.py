"""Scenario files: what a strategist edits, read and checked."""

from .claim import Claim, ClaimTest
from .platform import Platform
from .problems import Problem, ScenarioError
from .reading import (
    check_table,
    find_scenario,
    read_scenario,
    resolved_toml,
    scenario_files,
)
from .scenario import RULES, Arm, Scenario

__all__ = [
    "RULES",
    "Arm",
    "Claim",
    "ClaimTest",
    "Platform",
    "Problem",
    "Scenario",
    "ScenarioError",
    "check_table",
    "find_scenario",
    "read_scenario",
    "resolved_toml",
    "scenario_files",
]
