"""What a user did wrong, said so that it can be put right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from ..visible import visible


def nearest(name: str, valid: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` for the valid name most like `name`, or nothing."""
    close = difflib.get_close_matches(name, list(valid), n=1, cutoff=0.5)
    return f" (did you mean '{close[0]}'?)" if close else ""


MOST_SHOWN = 7
"""Problems that fit on one screen."""


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what was found and what is allowed."""

    key: str
    found: str
    allowed: str
    line: int | None = None


class ScenarioError(Exception):
    """A scenario that cannot be run, with all its problems at once.

    Parameters
    ----------
    source : str
        File (or command-line option) in which the problems are.
    problems : list of Problem
        At least one.
    """

    def __init__(self, source: str, problems: list[Problem]):
        self.source = source
        self.problems = problems
        super().__init__(self.as_text())

    def as_text(self) -> str:
        """One screen of text: file, key path, what was found, what is allowed."""
        count = len(self.problems)
        lines = [f"{self.source}: {count} problem{'s' if count > 1 else ''}"]
        for problem in self.problems[:MOST_SHOWN]:
            where = f" (line {problem.line})" if problem.line else ""
            lines.append(f"  {problem.key}{where}")
            lines.append(f"    found:   {problem.found}")
            lines.append(f"    allowed: {problem.allowed}")
        if count > MOST_SHOWN:
            lines.append(f"  ... and {count - MOST_SHOWN} more; put these right first")
        return "\n".join(visible(line) for line in lines)
