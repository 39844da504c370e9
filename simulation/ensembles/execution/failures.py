"""What ended a run, as a sentence that is kept with it and told in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from ...errors import MOST_SHOWN, LaboratoryError, Problem
from ...languages.python_errors import error_in_words
from ...languages.speaking import Sentence, chained, sentence
from ...languages.stored import as_stored, from_stored


def in_a_sentence(error: BaseException) -> str:
    """What ended a run, to be told.

    Errors of ours are said in full; of any other, what its kind means, with its own words as they are.
    """
    if isinstance(error, LaboratoryError):
        return chained(map(_problem, error.problems[:MOST_SHOWN]))
    if isinstance(error, MemoryError):
        return sentence("not enough memory")
    if isinstance(error, BrokenProcessPool):
        return sentence("its process was killed, as happens where memory runs out")
    if error.args and isinstance(error.args[0], Sentence):
        return error.args[0]
    return error_in_words(error)


def kept_words(error: BaseException) -> str:
    """As `in_a_sentence`, as it is kept with the run."""
    return as_stored(in_a_sentence(error))


def reason_of(run: Mapping[Any, Any]) -> str:
    """Why a run on disk, or a row of the table of failures, ended in an error, to be told.

    What an earlier version kept has its English text alone.
    """
    said = run.get("said")
    return from_stored(said) if said and isinstance(said, str) else str(run["error"])


def _problem(problem: Problem) -> str:
    if not problem.allowed:
        return sentence("{key}: {found}", key=problem.key, found=problem.found)
    return sentence(
        "{key}: {found}; needed: {allowed}", key=problem.key, found=problem.found, allowed=problem.allowed
    )
