"""What ``claims.json`` must hold for whoever reads it; numbers that have no value are null there."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, model_validator

from ..scenario.sections.claim import ClaimTest
from .whole import Status

Number = float | None


class StoredShare(BaseModel):
    """A share of plausible worlds with its interval."""

    count: int
    share: float
    low: float
    high: float


class StoredHold(BaseModel):
    """A share of plausible worlds, were luck averaged out, with its interval."""

    share: float
    low: float
    high: float


class StoredShares(BaseModel):
    """In what share of plausible worlds a claim comes out how."""

    supported: StoredShare
    undecided: StoredShare
    contradicted: StoredShare
    decided_by: list[str]
    sure: list[str]
    fails_where: str
    points: int
    replications: int
    model_version: str
    tests: list[ClaimTest]
    viewers: int | None = None
    merchants: int | None = None
    independent: int | None = None
    holds: StoredHold | None = None


class Robustness(BaseModel):
    """What plausible worlds say of a claim, or why they say nothing; runs of before have neither."""

    shares: StoredShares | None = None
    why_not: str = ""


class StoredArm(BaseModel):
    """An arm of the scenario."""

    name: str
    label: str


class Test(BaseModel):
    """One test of a claim; see `verdict.TestVerdict`."""

    test: ClaimTest
    label: str
    arm_value: Number
    other: str
    other_value: Number
    effect: Number
    low: Number
    high: Number
    status: Status
    in_words: str


class StoredReading(BaseModel):
    """What came of one way to read a claim; see `verdict.ReadingVerdict`."""

    id: str
    says: str
    says_zh: str
    population: str
    past: str
    mechanism: list[str]
    structure: str
    status: Status
    reason: str
    tests: list[Test]
    provisional: bool = False
    robustness: Robustness | None = None


class StoredVerdict(BaseModel):
    """A claim's outcome; see `verdict.Verdict`."""

    id: str
    title: str
    title_zh: str
    quote: str
    mechanism: str
    source: str
    word: str
    decides: str
    status: Status
    reason: str
    readings: list[StoredReading] = Field(min_length=1)
    provisional: bool = False

    @model_validator(mode="after")
    def _decided_by_one_of_them(self) -> StoredVerdict:
        if self.decides not in {reading.id for reading in self.readings}:
            raise ValueError(f"it is decided by a reading that does not exist: '{self.decides}'")
        return self


class StoredEffect(BaseModel):
    """A number with its interval."""

    effect: Number
    low: Number
    high: Number


class StoredPart(StoredEffect):
    """A part of the gap in conversion; see `decomposition.Part`."""

    label: str


class StoredDecomposition(BaseModel):
    """The gap in conversion; see `decomposition.Decomposition`."""

    measure: str = "conversion_rate"
    arm: str
    against: str
    gap: StoredPart
    parts: list[StoredPart]


class StoredContribution(StoredEffect):
    """What goes when a mechanism goes; see `decomposition.Contribution`."""

    arm: str
    mechanism: str
    label: str
    measure: str


class Difference(BaseModel):
    """A mean difference with its interval."""

    mean: Number
    low: Number
    high: Number


class StoredComparison(BaseModel):
    """One measure of two arms; see `runs.comparison.Comparison`."""

    measure: str
    arm: str
    against: str
    arm_mean: Number
    against_mean: Number
    difference: Difference
    correlation: Number
    variance_reduction: Number


class Claims(BaseModel):
    """The whole file."""

    arms: list[StoredArm] = Field(min_length=1)
    claims: list[StoredVerdict]
    decomposition: StoredDecomposition | None
    mechanisms: list[StoredContribution]
    comparisons: list[StoredComparison]

    @model_validator(mode="after")
    def _of_these_arms(self) -> Claims:
        names = {arm.name for arm in self.arms}
        split: Any = self.decomposition
        if split and not {split.arm, split.against} <= names:
            raise ValueError(f"the gap is between arms that do not exist: {split.arm}, {split.against}")
        return self
