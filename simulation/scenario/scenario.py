"""A scenario: who, which platforms, how long, which claims."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from .claim import Claim
from .people import Friendships, People
from .platform import Platform
from .problems import nearest
from .quantities import Section, quantity
from .rules import Choice, Following, Goods, Purchase, Sharing, Trust
from .shops import Merchants, Shopkeeping

RULES = ("choice", "purchase", "goods", "trust", "following", "sharing", "shopkeeping")
"""Sections that an arm may change: behaviour, never who the people are."""


class World(Section):
    """Size of the world."""

    viewers: int = quantity(..., "Viewers (agents).", unit="agents", low=1, high=5_000_000)
    merchants: int = quantity(..., "Merchants at the start.", unit="merchants", low=0, high=100_000)
    days: int = quantity(..., "Days simulated.", unit="days", low=1, high=3650)
    people_per_viewer: float = quantity(
        20.0, "Persons that one viewer stands for.", unit="persons", low=1, high=1e6,
        source="388e6 live shoppers to 400e3 active streamers in 2020, about 1,000 persons a merchant",
    )
    isolated_viewers: int = quantity(
        0, "Viewers, among the above, without friends and interests (a control group).",
        unit="agents", low=0, high=5_000_000,
    )

    @model_validator(mode="after")
    def _isolated_are_viewers(self) -> World:
        if self.isolated_viewers > self.viewers:
            raise ValueError("isolated_viewers exceeds viewers; lower it")
        return self


class Run(Section):
    """How often and with which luck."""

    replications: int = quantity(10, "Worlds per arm.", low=1, high=100_000)
    probe_replications: int = quantity(
        5, "Worlds per probe (an arm with a mechanism off or a parameter raised), at most "
        "`replications`; probes differ little from their arm, so fewer worlds tell.",
        low=1, high=100_000,
    )
    seed: int = quantity(2020, "Seed of all luck.", low=0, high=2**63 - 1)


class Arm(Section):
    """One platform under which the same world is run."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name of the arm.")
    label: str = Field("", description="Name for readers; the platform's label if empty.")
    role: str = Field(
        "", description="Part that it plays in claims: centralised, decentralised, hybrid or empty."
    )
    platform: Platform = Field(description="A preset's name or a platform written out.")
    changes: dict[str, float] = Field(
        default_factory=dict,
        description="Behaviour changed in this arm only, as dotted keys; 'platform.' reaches its platform.",
    )

    @property
    def title(self) -> str:
        """Name for readers."""
        return self.label or self.platform.label


class Scenario(Section):
    """A question to the laboratory, complete."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Short name; results go to this folder.")
    title: str = Field(description="Title of the report.")
    question: str = Field("", description="What is asked, in a sentence or two.")
    world: World
    run: Run = Field(default_factory=Run)
    people: People = Field(default_factory=People)
    friendships: Friendships = Field(default_factory=Friendships)
    merchants: Merchants = Field(default_factory=Merchants)
    choice: Choice = Field(default_factory=Choice)
    purchase: Purchase = Field(default_factory=Purchase)
    goods: Goods = Field(default_factory=Goods)
    trust: Trust = Field(default_factory=Trust)
    following: Following = Field(default_factory=Following)
    sharing: Sharing = Field(default_factory=Sharing)
    shopkeeping: Shopkeeping = Field(default_factory=Shopkeeping)
    arms: list[Arm] = Field(min_length=1)
    article_claims: bool = Field(True, description="Test the article's claims as well.")
    claims: list[Claim] = Field(default_factory=list, description="Claims of your own.")

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        _unique("arms", [arm.name for arm in self.arms])
        _unique("claims", [claim.id for claim in self.claims])
        for arm in self.arms:
            self.rules_of(arm)
        names = {arm.name for arm in self.arms} | {arm.role for arm in self.arms if arm.role}
        for claim in self.claims:
            for test in claim.tests:
                for name in filter(None, (test.arm, test.against)):
                    if name not in names:
                        raise ValueError(
                            f"claim '{claim.id}' speaks of arm '{name}', which is none"
                            f"{nearest(name, names)}; the arms and roles are {', '.join(sorted(names))}"
                        )
        return self

    def arm(self, name: str) -> Arm | None:
        """The arm of that name or, failing that, of that role."""
        for attribute in ("name", "role"):
            for arm in self.arms:
                if getattr(arm, attribute) == name:
                    return arm
        return None

    def rules_of(self, arm: Arm) -> tuple[dict[str, Section], Platform]:
        """Behaviour sections and platform of `arm`, with its changes applied.

        Returns
        -------
        sections : dict of str to Section
            One entry for each name in `RULES`.
        platform : Platform

        Raises
        ------
        ValueError
            If a change names no parameter or leaves its range.
        """
        tables = {name: getattr(self, name).model_dump() for name in RULES}
        tables["platform"] = arm.platform.model_dump()
        for key, value in arm.changes.items():
            _set_existing(tables, key, value)
        sections = {name: type(getattr(self, name))(**tables[name]) for name in RULES}
        return sections, Platform(**tables["platform"])


def _unique(what: str, names: list[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ValueError(f"{what} named twice: {', '.join(doubled)}; rename one of them")


def _set_existing(tables: dict[str, Any], key: str, value: float) -> None:
    """Set the dotted `key` in nested `tables`, where it must exist already."""
    *path, last = key.split(".")
    table: Any = tables
    for part in path:
        table = table.get(part) if isinstance(table, dict) else None
    if not isinstance(table, dict) or last not in table:
        valid = [f"{section}.{name}" for section, fields in tables.items() for name in fields]
        raise ValueError(f"'{key}' is nothing that an arm can change{nearest(key, valid)}")
    table[last] = value
