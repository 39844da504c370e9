"""Processes that are killed as they run, and take all runs that are out along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool

from ...errors import ExecutionError, Problem
from ...languages.speaking import sentence
from ...runs.scripts import Unguarded, unguarded
from ..tasks import Finished, Task

MOST_IN_A_ROW = 4
"""Breakdowns one after another without a single result."""


class Breakdowns:
    """Finds the run that kills its process among those that were out.

    They are run again one at a time; one whose process is killed again has failed. As long as nothing has
    come back at all it may be no fault of theirs.

    Parameters
    ----------
    wanted : dict of str to Task
        Runs to be made, by identity; those that have failed are taken from it.
    keep : callable
        Puts a result on disk.

    Attributes
    ----------
    suspects : list of Task
        To be run one at a time, before all others.
    """

    def __init__(self, wanted: dict[str, Task], keep: Callable[[Finished], None]):
        self._wanted, self._keep = wanted, keep
        self.suspects: list[Task] = []
        self._held: list[Finished] = []
        self._in_a_row, self._anything = 0, False

    def over(self) -> None:
        """A run has come back: whoever killed its process before has failed by its own fault."""
        self._in_a_row, self._anything = 0, True
        self._keep_held()

    def _keep_held(self) -> None:
        for failed in self._held:
            self._keep(failed)
        self._held = []

    def take(self, error: BrokenProcessPool, out: Sequence[Task], alone: bool) -> None:
        """A process was killed while these tasks were out, or the only one that was out.

        Raises
        ------
        ExecutionError
            If that happens again and again, whatever is run.
        """
        if isinstance(error, Unguarded):
            raise unguarded("sweep") from None
        self._in_a_row += 1
        if alone:
            self._held += [Finished.from_task(task, error) for task in out]
            for task in out:
                self._wanted.pop(task.identity)
            if self._anything:
                self._keep_held()
        else:
            self.suspects = list(out)
        self.suspects = [task for task in self.suspects if task.identity in self._wanted]
        if self._in_a_row > MOST_IN_A_ROW or (self._held and not self._wanted):
            raise ExecutionError(
                "workers=",
                [
                    Problem(
                        "processes",
                        sentence("they were killed repeatedly: {error}", error=error),
                        "fewer workers or smaller worlds, if memory runs out; "
                        "a script that runs sweeps under "
                        'if __name__ == "__main__"; finished runs are kept',
                    )
                ],
            ) from None
