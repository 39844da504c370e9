"""Scripts that start processes: each process imports the script first, to know the functions it defines.

What a script does outside ``if __name__ == "__main__":`` is then done again in each of them.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from ..errors import ExecutionError, Problem

UNGUARDED = 79
"""Exit status of a process in which the script began its work anew."""


_hiding = threading.Lock()


@contextmanager
def without_a_program_that_is_no_file() -> Iterator[None]:
    """Let processes that begin meanwhile import no program that was typed in (``python -``).

    They need it not: what it defines travels by value.
    """
    program = sys.modules["__main__"]
    with _hiding:
        file = getattr(program, "__file__", None)
        hidden = file is not None and not Path(file).exists()
        if hidden:
            del program.__file__
        try:
            yield
        finally:
            if hidden:
                program.__file__ = file


class Unguarded(BrokenProcessPool):
    """A process ended since the script would have begun its work in it, too."""


def end_if_imported() -> None:
    """End this process, without a word, if it is only importing the script that is its program."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        os._exit(UNGUARDED)


def unguarded(source: str) -> ExecutionError:
    """What to say of such a script."""
    return ExecutionError(
        source,
        [
            Problem(
                "the script",
                "it begins its work again in every process, as these import it first",
                'what runs, below a line if __name__ == "__main__":; or workers=1',
            )
        ],
    )
