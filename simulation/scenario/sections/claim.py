"""How a claim is written down: sentence, tests, smallest effect that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from ...errors import nearest
from ..fields import MOST_ENTRIES, Name, Section
from ..registry import Registry
from .mechanisms import MECHANISMS

TESTS: Registry[Any] = Registry("claims/tests", "KIND", "Kind")
"""By name, what a test can compare with what."""

if TYPE_CHECKING:
    TestKind = str
else:
    TestKind = TESTS.choice


OF_SOME_KINDS = ("against", "against_without", "reference", "factor", "against_factor")
"""Settings of a test that not every kind of test takes."""


class ClaimTest(Section):
    """One test of a claim."""

    measure: str = Field(description="Measure, named as in runs.parquet.")
    kind: TestKind = Field("difference", description="What is compared with what.")
    arm: str = Field(description="Arm, by its name or its role.")
    against: str | None = Field(None, description="Arm to compare with, by name or role.")
    against_without: list[str] = Field(
        default_factory=list, description="Mechanisms switched off in the arm compared with."
    )
    reference: float = Field(0.0, description="Number to compare with (level, merchants).")
    factor: str | None = Field(None, description="Parameter raised by a quarter (elasticity).")
    against_factor: str | None = Field(None, description="Parameter to compare with (elasticity).")
    direction: Literal["higher", "lower"] = Field(description="What the claim says.")
    margin: float = Field(ge=0, description="Smallest effect that matters.")
    relative: bool = Field(
        False,
        description=("Effect and margin are ratios minus one; only of measures that cannot be negative."),
    )
    why: str = Field(min_length=3, description="Why this size matters.")

    @property
    def takes_a_ratio(self) -> bool:
        """Whether the effect is a percent change, which only what is never negative has."""
        return bool(self.relative or TESTS[self.kind].is_ratio)

    @model_validator(mode="after")
    def _complete(self) -> ClaimTest:
        kind = TESTS[self.kind]
        if missing := [name for name in kind.needs if not getattr(self, name)]:
            needed = " and ".join(f"'{name}'" for name in missing)
            raise ValueError(f"a test of kind '{self.kind}' needs {needed}; it is of {kind.about}")
        for name in OF_SOME_KINDS:
            if name not in kind.settings and getattr(self, name):
                takes = " and ".join(f"'{taken}'" for taken in kind.settings) or "none of its like"
                raise ValueError(
                    f"a test of kind '{self.kind}' makes no use of '{name}'; leave it out (it takes {takes})"
                )
        if self.relative and kind.is_ratio:
            raise ValueError(
                f"an effect of kind '{self.kind}' is percent per percent already; leave out relative"
            )
        if self.relative and kind.has_reference and self.reference <= 0:
            raise ValueError(
                f"the test is relative to {self.reference:g}, to which nothing has a ratio; "
                "give a reference above 0, or leave out relative and give the margin in the "
                "measure's unit"
            )
        for name in self.against_without:
            if name not in MECHANISMS:
                raise ValueError(
                    f"there is no mechanism '{name}'{nearest(name, MECHANISMS)}; "
                    f"the mechanisms are {', '.join(MECHANISMS)}"
                )
        return self


class Claim(Section):
    """A sentence that can come out true, false or undecided."""

    id: Name = Field(description="Short name.")
    title: str = Field(description="The claim in a few plain words.")
    title_zh: str = Field("", description="The same in Chinese.")
    quote: str = Field("", description="The article's sentence, exactly as it stands there.")
    mechanism: str = Field("", description="What would make it true.")
    tests: list[ClaimTest] = Field(min_length=1, max_length=MOST_ENTRIES, description="All must hold.")
