"""What an optimiser of a policy search is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...scenario.sections.policy_search import PolicySearch


@dataclass(frozen=True)
class Optimiser:
    """How settings are proposed, a generation at a time. The file that declares one is light to load.

    Attributes
    ----------
    label : str
        For readers.
    sampler : callable
        ``sampler(search)``: an Optuna sampler that proposes the same each time from ``search.seed``.
    after : callable
        ``after(sampler, succeeded)`` is told after each generation how many of its settings have all goals.
    """

    label: str
    sampler: Callable[[PolicySearch], Any]
    after: Callable[[Any, int], None] = lambda sampler, succeeded: None
