"""How the runs of a sweep, a search or a calibration are carried out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # tasks import the model, which help does not need
    from ..tasks import RunFunction

OpenExecutor = Callable[[], AbstractContextManager[Executor]]
"""Opens the executor on which runs execute."""


@dataclass(frozen=True)
class Execution:
    """How runs are carried out.

    Attributes
    ----------
    executor : callable
        Opens the executor on which runs execute: ``lambda: local_executor(2)``, ``lambda:
        dask_executor(address)``, or any other of the same kind. Opened anew when its processes die.
    workers : int
        How many runs it executes at once.
    resume : bool
        Go on with what is in the folder.
    other_version : bool
        Go on although what is there was made by another version of the model.
    report : callable, optional
        Told the progress.
    model : callable, optional
        What is run, if not our model.
    """

    executor: OpenExecutor
    workers: int
    resume: bool = False
    other_version: bool = False
    report: Callable[..., Any] | None = None
    model: RunFunction | None = None
