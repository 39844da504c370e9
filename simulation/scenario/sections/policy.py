"""Dated policies: what a platform does from one day to another, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from ...languages.speaking import own, sentence
from ..fields import Name, Section, quantity
from ..registry import Registry
from .platform import Platform

EFFECTS: Registry[Any] = Registry("platforms/policies", "EFFECT", "PolicyEffect")
"""By name, what a policy can do."""

if TYPE_CHECKING:
    EffectName = str
else:
    EffectName = EFFECTS.choice


def effects_that(attribute: str) -> str:
    """Names of the effects that have something, as a list for readers."""
    return ", ".join(name for name in EFFECTS if getattr(EFFECTS[name], attribute))


class Policy(Section):
    """One policy. It acts on days `start` to `end` (not included); then the old rule is back."""

    name: Name = Field(description="Short name.")
    label: str = Field("", description="Name for readers, as in figures.")
    label_zh: str = Field("", description="The label in Chinese.")
    effect: EffectName = Field(description="What it does.")
    start: int = quantity(0, "First day.", unit="days", low=0, high=100_000)
    end: int | None = quantity(None, "First day without it; never ends if not given.", unit="days", low=1)
    arms: list[str] = Field(default_factory=list, description="Arms in which it acts; all if none is named.")
    platform: str = Field("", description="Platform on which it acts; all of the arm's if not named.")
    amount: float | None = quantity(None, "How much; its meaning depends on the effect.")
    above_fans: float = quantity(
        0.0, "Only for merchants with at least this many followers.", unit="persons", low=0, high=1e10
    )
    archetypes: list[str] = Field(default_factory=list, description="Only for these kinds of merchant.")
    newcomers: bool = Field(False, description="Only for merchants that have just opened.")
    merchants: list[str] = Field(
        default_factory=list,
        description="Only for these merchants with a name; whom to remove, if it removes.",
    )
    by_lot: bool = Field(
        False, description="Not for these merchants but for as many, drawn by lot among all that are open."
    )
    merchant: int | None = quantity(None, "Number of the merchant to remove.", low=0, high=10_000_000)
    top: int | None = quantity(
        None, "Remove the merchant of this rank by sales so far, 1 being the first.", low=1, high=100_000
    )

    @property
    def title(self) -> str:
        """Name for readers."""
        return own(self, "label") or self.name.replace("_", " ")

    @property
    def is_for_some(self) -> bool:
        """Whether it is for some merchants only."""
        return self.above_fans > 0 or bool(self.archetypes or self.newcomers or self.merchants)

    def acts_on(self, day: int) -> bool:
        """Whether the policy is in force on `day`."""
        return self.start <= day and (self.end is None or day < self.end)

    def acts_in(self, arm: str, platforms: list[str], days: int) -> bool:
        """Whether it comes into force within `days` days in an arm that has those platforms."""
        here = (not self.arms or arm in self.arms) and self.platform in ("", *platforms)
        return here and self.start < days

    @model_validator(mode="after")
    def _complete(self) -> Policy:
        if self.end is not None and self.end <= self.start:
            raise ValueError(
                sentence(
                    "policy '{name}' ends on day {end}, before it does anything; "
                    "let end be after start ({start})",
                    name=self.name,
                    end=self.end,
                    start=self.start,
                )
            )
        effect = EFFECTS[self.effect]
        named = (self.merchant is not None, self.top is not None, bool(self.merchants))
        if effect.for_one and sum(named) != 1:
            raise ValueError(
                sentence(
                    "policy '{name}' must say whom it removes; "
                    "give either merchant (a number), merchants (names) or top (a rank)",
                    name=self.name,
                )
            )
        self._check_amount()
        if not effect.for_one and (self.merchant is not None or self.top is not None):
            raise ValueError(
                sentence(
                    "policy '{name}' names a merchant; only a policy of the effect {effects_that} takes one",
                    name=self.name,
                    effects_that=effects_that("for_one"),
                )
            )
        chosen = self.is_for_some and not (effect.for_one and self.merchants)
        if chosen and not effect.for_some:
            able = effects_that("for_some")
            raise ValueError(
                sentence(
                    "policy '{name}' is for some merchants only; only the effects {able} "
                    "can be: leave out above_fans, archetypes, newcomers, merchants",
                    name=self.name,
                    able=able,
                )
            )
        if self.by_lot and not chosen:
            raise ValueError(
                sentence(
                    "policy '{name}' draws by lot as many merchants as there are, which are all; say how "
                    "many by above_fans, archetypes, newcomers or merchants",
                    name=self.name,
                )
            )
        return self

    def _check_amount(self) -> None:
        """An amount must be given where the effect takes one, in its range."""
        meant = EFFECTS[self.effect].amount
        if meant is None:
            if self.amount is not None:
                raise ValueError(
                    sentence(
                        "policy '{name}' has an amount; leave it out for '{effect}'",
                        name=self.name,
                        effect=self.effect,
                    )
                )
        elif self.amount is None or not meant.low <= self.amount <= meant.high:
            found = "no amount" if self.amount is None else sentence("amount {amount:g}", amount=self.amount)
            raise ValueError(
                sentence(
                    "policy '{name}' has {found}; for '{effect}' it is a number "
                    "from {low:g} to {high:g}: {about}",
                    name=self.name,
                    found=found,
                    effect=self.effect,
                    low=meant.low,
                    high=meant.high,
                    about=meant.about,
                )
            )


def channels_ever_open(platform: Platform, policies: list[Policy]) -> list[str]:
    """Channels that have weight at some time: from the start, then those that policies open."""
    names = [name for name, weight in platform.channels.items() if weight > 0]
    opened = [
        EFFECTS[policy.effect].opens
        for policy in policies
        if EFFECTS[policy.effect].opens and policy.platform in ("", platform.name)
    ]
    return list(dict.fromkeys([*names, *opened]))
