"""All invariants together: one list, shared by tests and tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Importing the files puts their invariants on the list.
from . import further_counts, market, viewers_and_books  # noqa: F401
from .invariant import INVARIANTS, InvariantError

if TYPE_CHECKING:
    from ..model import LiveCommerceModel


def check_invariants(model: LiveCommerceModel) -> None:
    """Check all invariants of `model` as it stands after a day.

    Raises
    ------
    InvariantError
        At the first that is broken, with its name, the day and what was found.
    """
    for invariant in INVARIANTS:
        try:
            invariant(model)
        except InvariantError as error:
            raise InvariantError(f"{invariant.__name__}, after {model.day} days: {error}") from None
