"""How a claim is written down: sentence, readings, tests, smallest effect that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from ...errors import nearest
from ...languages.speaking import counterpart, sentence, template
from ..fields import MOST_ENTRIES, Name, Section, doubled
from ..registry import Registry
from .mechanisms import MECHANISMS

TESTS: Registry[Any] = Registry("claims/tests", "KIND", "Kind")
"""By name, what a test can compare with what."""

if TYPE_CHECKING:
    TestKind = str
else:
    TestKind = TESTS.choice


OF_SOME_KINDS = ("against", "without", "against_without", "part", "reference", "factor", "against_factor")
"""Settings of a test that not every kind of test takes."""

READINGS: dict[str, str] = {
    "literal": template("as written"),
    "accept": template("as he meant it"),
    "strict": template("strictly"),
}
"""How an author's sentence can be read, from the wording to what would convince a sceptic."""

ONLY = ""
"""The reading of a claim that has one and gives it no name."""


def reading_label(name: str) -> str:
    """What a reading is called, in the language that is spoken; nothing if it is a claim's only one."""
    return "" if name == ONLY else counterpart(READINGS[name])


class ClaimTest(Section):
    """One test of a claim."""

    measure: str = Field(description="Measure, named as in runs.parquet.")
    kind: TestKind = Field("difference", description="What is compared with what.")
    arm: str = Field(description="Arm, by its name or its role.")
    against: str | None = Field(None, description="Arm to compare with, by name or role.")
    without: list[str] = Field(default_factory=list, description="Mechanisms switched off in the arm.")
    against_without: list[str] = Field(
        default_factory=list, description="Mechanisms switched off in the arm compared with."
    )
    part: float = Field(0.0, ge=0, le=1, description="Share of a gap that is to be explained (part).")
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
            raise ValueError(
                sentence(
                    "a test of kind '{kind}' needs {needed}; it is of {about}",
                    kind=self.kind,
                    needed=needed,
                    about=kind.about,
                )
            )
        for name in OF_SOME_KINDS:
            if name not in kind.settings and getattr(self, name):
                takes = " and ".join(f"'{taken}'" for taken in kind.settings) or "none of its like"
                raise ValueError(
                    sentence(
                        "a test of kind '{kind}' makes no use of '{name}'; leave it out (it takes {takes})",
                        kind=self.kind,
                        name=name,
                        takes=takes,
                    )
                )
        if self.relative and kind.is_ratio:
            raise ValueError(
                sentence(
                    "an effect of kind '{kind}' is percent per percent already; leave out relative",
                    kind=self.kind,
                )
            )
        if self.relative and kind.has_reference and self.reference <= 0:
            raise ValueError(
                sentence(
                    "the test is relative to {reference:g}, to which nothing has a ratio; "
                    "give a reference above 0, or leave out relative and give the margin in the "
                    "measure's unit",
                    reference=self.reference,
                )
            )
        _known_mechanisms([*self.without, *self.against_without])
        return self


def _known_mechanisms(names: list[str]) -> None:
    for name in names:
        if name not in MECHANISMS:
            raise ValueError(
                sentence(
                    "there is no mechanism '{name}'{near}; the mechanisms are {mechanisms}",
                    name=name,
                    near=nearest(name, MECHANISMS),
                    mechanisms=", ".join(MECHANISMS),
                )
            )


MOST_WORDS_OF_NO_ARGUMENT = 8
"""Fewer words than these are no sentence that could say why no world can turn a reading."""


class Reading(Section):
    """One way to read a claim, and what shows whether it holds that way."""

    id: Literal["literal", "accept", "strict"] = Field(
        description="As written, as its author meant it, or as a sceptic would have it."
    )
    says: str = Field(min_length=3, description="What it says, in a sentence.")
    says_zh: str = Field("", description="The same in Chinese.")
    population: str = Field("", description="Of whom or of what it speaks.")
    past: Literal["switch", "own", "none"] = Field(
        "none",
        description="How arms begin: all with one platform's past (switch), each with its own, or with none.",
    )
    run: str = Field(
        "", description="A scenario that comes with the project and tests this reading, if not the claim's."
    )
    horizon: int = Field(
        0,
        ge=0,
        le=3650,
        description="Days that a run must have, if its measures do not say; 0 for any number.",
    )
    mechanism: list[str] = Field(
        default_factory=list, description="Mechanisms without which it should no longer hold."
    )
    structure: str = Field(
        "",
        description="Argument why no world can turn it: a definition, a conservation law, or what a "
        "variable can be. It then counts for nothing.",
    )
    lacks: str = Field(
        "",
        description="What the laboratory lacks for a test of it. With tests as well these are necessary and "
        "not sufficient: they can contradict it, not support it.",
    )
    tests: list[ClaimTest] = Field(
        default_factory=list, max_length=MOST_ENTRIES, description="All must hold."
    )

    @model_validator(mode="after")
    def _can_be_weighed(self) -> Reading:
        if not (self.tests or self.lacks):
            raise ValueError(
                sentence("reading '{id}' needs tests, or else what it lacks for them; give one", id=self.id)
            )
        if self.structure and len(self.structure.split()) < MOST_WORDS_OF_NO_ARGUMENT:
            raise ValueError(
                sentence(
                    "reading '{id}' is decided by structure, and '{structure}' is no argument; "
                    "say in a sentence which definition, conservation law or support of a variable "
                    "decides it",
                    id=self.id,
                    structure=self.structure,
                )
            )
        _known_mechanisms(self.mechanism)
        return self


class Claim(Section):
    """A sentence that can come out true, false or undecided, in each way to read it."""

    id: Name = Field(description="Short name.")
    title: str = Field(description="The claim in a few plain words.")
    title_zh: str = Field("", description="The same in Chinese.")
    quote: str = Field("", description="The article's sentence, exactly as it stands there.")
    mechanism: str = Field("", description="What would make it true.")
    run: str = Field("", description="A scenario that comes with the project and tests it.")
    tests: list[ClaimTest] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES,
        description="All must hold. The short form of a claim with a single reading.",
    )
    readings: list[Reading] = Field(
        default_factory=list, max_length=len(READINGS), description="Ways to read it, instead of tests."
    )

    @model_validator(mode="after")
    def _tests_or_readings(self) -> Claim:
        if bool(self.tests) == bool(self.readings):
            raise ValueError(
                sentence("claim '{id}' needs tests, or else readings that have them; give one", id=self.id)
            )
        if twice := doubled(reading.id for reading in self.readings):
            raise ValueError(
                sentence("readings given twice: {twice}; drop one of each", twice=", ".join(twice))
            )
        return self

    @property
    def lacks(self) -> str:
        """What the laboratory lacks to support a claim of one reading; empty if nothing."""
        return self.readings[0].lacks if len(self.readings) == 1 else ""

    @property
    def horizon(self) -> int:
        """Days that a run must have to test a claim of one reading; 0 for any number."""
        return self.readings[0].horizon if len(self.readings) == 1 else 0

    @property
    def each(self) -> list[Claim]:
        """The claim by its readings: as many claims of one reading, with the tests of that reading.

        Their ids are ``claim.reading``, or the claim's own if it has tests and no readings.
        """
        if not self.readings:
            return [self]
        return [
            self.model_copy(
                update={
                    "id": f"{self.id}.{reading.id}",
                    "title": f"{self.title} ({READINGS[reading.id]})",
                    "run": reading.run or self.run,
                    "tests": reading.tests,
                    "readings": [reading],
                }
            )
            for reading in self.readings
        ]

    @property
    def keyed_tests(self) -> list[tuple[str, ClaimTest]]:
        """All tests, each with its dotted key in a scenario."""
        own = [(f"claims.{self.id}.tests", self.tests)] if not self.readings else []
        read = [(f"claims.{self.id}.readings.{entry.id}.tests", entry.tests) for entry in self.readings]
        return [(f"{key}.{number}", test) for key, tests in own + read for number, test in enumerate(tests)]
