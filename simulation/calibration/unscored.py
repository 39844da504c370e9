"""What is published and never scored: what sets a default or a form, and what has no like in the model."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from ..scenario.fields import LastDay, Name, Section
from .facts import read_tables


class UnscoredFact(Section):
    """One figure that no world is held to."""

    id: Name = Field(description="Short name.")
    figure: str = Field(description="The figure, in words if it is several.")
    unit: str = Field(description="Unit of the figure.")
    use: Literal["input", "form", "unscored"] = Field(
        description="Whether it sets a default, or the form of a rule, or has no like in the model."
    )
    sets: list[str] = Field(default_factory=list, description="Parameters that it sets or bounds.")
    why: str = Field(description="Why it is not scored.")
    population: str = Field("", description="Of whom or what.")
    period: str = Field("", description="When.")
    date: LastDay | None = Field(None, description="Last day of what it is of.")
    source: str = Field(description="Where it stands.")
    confidence: Literal["high", "medium", "low", ""] = Field("", description="How far to trust it.")


def read_unscored(path: Path) -> list[UnscoredFact]:
    """Read them from a TOML file with one ``[[unscored]]`` each.

    Raises
    ------
    ScenarioError
        With all problems found.
    """
    return read_tables(path, UnscoredFact, "unscored")
