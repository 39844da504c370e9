"""A policy search: the strategist's levers, and the goals between which a front is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from ...languages.speaking import sentence
from ..fields import MOST_ENTRIES, Section, doubled, quantity
from ..registry import Registry
from .sweep import Factor

OPTIMISERS: Registry[Any] = Registry("ensembles/search/optimisers", "OPTIMISER", "Optimiser")
"""By name, how settings can be proposed."""

if TYPE_CHECKING:
    OptimiserName = str
else:
    OptimiserName = OPTIMISERS.choice

MOST_GOALS = 4
"""More goals than that, and nearly every setting is on the front."""


class Lever(Factor):
    """A key that the strategist can set, over a range or choices."""

    kind: Literal["uncertainty", "lever"] = Field("lever", description="Always 'lever' in a search.")
    label: str = Field("", description="Name for readers; the key if empty.")
    label_zh: str = Field("", description="The label in Chinese.")


class Goal(Section):
    """A measure in an arm that is to be higher or lower, or its difference to another arm."""

    measure: str = Field(min_length=1, description="Name of a measure.")
    arm: str = Field(min_length=1, description="Arm in which it is taken, by name or role.")
    against: str | None = Field(
        None, description="Arm that is subtracted, on the same luck; none for the measure itself."
    )
    direction: Literal["higher", "lower"] = Field("higher", description="Which way is better.")
    label: str = Field("", description="Name for readers; the measure's if empty.")
    label_zh: str = Field("", description="The label in Chinese.")
    why: str = Field("", description="Why it is a goal.")

    @property
    def name(self) -> str:
        """Column of the goal in ``candidates.parquet``: ``gmv.tencent_live``."""
        return ".".join(filter(None, (self.measure, self.arm, self.against and f"minus.{self.against}")))


class PolicySearch(Section):
    """Settings of the levers among which the Pareto front is looked for."""

    levers: list[Lever] = Field(
        default_factory=list, max_length=MOST_ENTRIES, description="What the strategist can set."
    )
    goals: list[Goal] = Field(default_factory=list, description="One to four goals.")
    optimiser: OptimiserName = Field("nsga2", description="How settings are proposed.")
    population: int = quantity(32, "Settings in a generation.", low=4, high=10_000)
    generations: int = quantity(12, "Generations.", low=1, high=10_000)
    replications: int = quantity(3, "Worlds per setting, the same for all.", low=1, high=100_000)
    seed: int = quantity(1, "Seed of the optimiser.", low=0, high=2**31 - 1)

    @model_validator(mode="after")
    def _complete(self) -> PolicySearch:
        if not self.levers:
            raise ValueError("the search has no levers; add [[policy_search.levers]] with a key and a range")
        if not self.goals:
            raise ValueError("the search has no goals; add [[policy_search.goals]] with a measure and an arm")
        if len(self.goals) > MOST_GOALS:
            raise ValueError(
                sentence(
                    "the search has {count} goals; keep at most {most_goals}, "
                    "since with more nearly every setting is on the front",
                    count=len(self.goals),
                    most_goals=MOST_GOALS,
                )
            )
        for what, names in (
            ("levers", [lever.key for lever in self.levers]),
            ("goals", [goal.name for goal in self.goals]),
        ):
            if twice := doubled(names):
                raise ValueError(
                    sentence(
                        "{what} named twice: {twice}; drop one of each", what=what, twice=", ".join(twice)
                    )
                )
        for lever in self.levers:
            if lever.kind != "lever":
                raise ValueError(
                    sentence(
                        "'{key}' is an uncertainty, which nobody can set; "
                        'let kind be "lever", or vary it in a [sweep]',
                        key=lever.key,
                    )
                )
        return self
