"""Scenario files: what a strategist edits, read and checked."""

from ..errors import Problem, ScenarioError
from .reading.read import (
    check_table,
    find_scenario,
    read_scenario,
    resolved_toml,
    scenario_files,
)
from .scenario import RULES, Arm, Scenario
from .sections.claim import Claim, ClaimTest
from .sections.platform import Platform

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
