"""Whether the workers of a cluster can do the work: the same code, and the same files from outside."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor
from functools import cache
from typing import Any, Protocol, runtime_checkable

from ...errors import ExecutionError, Problem, ScenarioError
from ...languages.speaking import sentence
from ...measures.registry import check_processes
from ...resources import IN_CHECKOUT, PACKAGE_FOLDER, PROJECT_FOLDER, SCENARIOS_FOLDER
from ...runs.workers import Workers
from ...scenario.identity import check_files
from ...storage.manifest import MODEL_VERSION
from ..tasks import opened

CODE = (".py", ".toml")
STARTED = (
    sentence("with PYTHONPATH={project_folder} or a copy of it", project_folder=PROJECT_FOLDER)
    if IN_CHECKOUT
    else "where it is installed"
)
SAME_CODE = sentence("the same package as here; start the worker again {started}", started=STARTED)
SAME_FILES = "the same files, under the same paths as here"
NEEDED = (
    (
        sentence(
            "a worker that can import this package: install what its requirements.txt names there, and start "
            "it {started}",
            started=STARTED,
        )
    )
    if IN_CHECKOUT
    else "a worker in whose environment this package is installed"
)


@runtime_checkable
class OnManyMachines(Protocol):
    """An executor whose workers were started by others, and may lack what they need."""

    def ask_every_worker(self, function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        """What `function` gives on each worker, by its address; an exception where it cannot be run."""

    def check_alive(self) -> None:
        """Raise `ExecutionError` if runs that were handed out can never come back."""

    def not_its_own(self, error: BaseException) -> Exception | None:
        """What an error of a call means that is not the call's own; None if it is."""


def check_workers(pool: Executor, base: str) -> None:
    """Try on every worker of a cluster whether it could run a scenario, before anything is begun.

    Parameters
    ----------
    pool : Executor
        One whose processes begin from this program needs no trying.
    base : str
        See `as_sent`.

    Raises
    ------
    ExecutionError
        If a worker cannot import this package, has another version of it, or lacks a file from outside.
    """
    if isinstance(pool, Workers | OnManyMachines):
        check_processes("measures")
    if not isinstance(pool, OnManyMachines):
        return
    answers = pool.ask_every_worker(what_is_wrong_here, MODEL_VERSION, code_version(), base)
    if problems := [_problem(worker, answer) for worker, answer in answers.items() if answer]:
        raise ExecutionError("cluster=", problems)


def what_is_wrong_here(version: str, code: str, base: str) -> tuple[str, str] | None:
    """Why this process could not run what was sent from one with that model version and code.

    Returns
    -------
    found, allowed : str
        None if it could.
    """
    if version != MODEL_VERSION:
        return sentence(
            "model version {model_version}; here it is {version}",
            model_version=MODEL_VERSION,
            version=version,
        ), SAME_CODE
    if code != code_version():
        return sentence(
            "model version {version}, but its code differs from the code here", version=version
        ), SAME_CODE
    try:
        check_files(*opened(base))
    except ScenarioError as error:
        return "; ".join(f"{problem.key}: {problem.found}" for problem in error.problems), SAME_FILES
    return None


@cache
def code_version() -> str:
    """Hash of the package's sources, wherever it is installed; of what was first asked for in a process."""
    digest = hashlib.blake2b(digest_size=10)
    files = (file for ending in CODE for file in PACKAGE_FOLDER.rglob(f"*{ending}"))
    for file in sorted(file for file in files if SCENARIOS_FOLDER not in file.parents):
        digest.update(file.relative_to(PACKAGE_FOLDER).as_posix().encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _problem(worker: str, answer: Any) -> Problem:
    if isinstance(answer, TimeoutError | CancelledError):
        return Problem(worker, "no answer", "a worker that answers and is not busy with something else")
    if isinstance(answer, BaseException):
        return Problem(worker, f"{type(answer).__name__}: {answer}", NEEDED)
    return Problem(worker, *answer)
