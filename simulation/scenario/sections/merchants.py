"""Parameters of merchants: their archetypes, and how shops are run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ConfigDict, Field, model_validator

from ...errors import nearest
from ...languages.speaking import own, sentence
from ...words import plain
from ..fields import CALIBRATED, MOST_ENTRIES, NAME_PATTERN, Name, Section, limits_of, quantity
from .market import HOURS_SOURCE

STREAMS_SOURCE = "10e6 sessions by 400e3 streamers in half a year are 0.96 a week (MOFCOM, H1 2020)"


class Archetype(Section):
    """One kind of merchant. Money in CNY; fans in persons."""

    label: str | None = Field(default=None, description="Name for readers; the short name if not given.")
    label_zh: str | None = Field(default=None, description="The label in Chinese.")
    share: float = quantity(..., "Share of merchants.", low=0, high=1)
    fanless_share: float = quantity(..., "Share that starts without a private domain.", low=0, high=1)
    fans_median: float = quantity(
        ..., "Starting private domain, median of those who have one.", unit="persons", low=0, high=1e9
    )
    fans_sigma: float = quantity(..., "Spread of its logarithm (lognormal).", low=0, high=5)
    fans_trust: float = quantity(..., "Mean trust of starting fans.", low=0, high=1)
    local: bool = quantity(False, "Starting fans are neighbours in the friendship graph.")
    radius: float = quantity(
        0.0,
        "How many persons, the nearest, a local merchant delivers to, at least all of its neighbourhood; "
        "0 is everywhere.",
        unit="persons",
        low=0,
        high=1e9,
        source="no published figure: a stall's customers live around it (assumption)",
    )
    price_median: float = quantity(..., "Median price of an order.", unit="CNY", low=0.01, high=1e6)
    price_sigma: float = quantity(0.4, "Spread of the logarithm of price.", low=0, high=3)
    margin: float = quantity(..., "Gross margin of a kept order.", low=-1, high=1)
    quality: float = quantity(..., "Mean quality of goods.", low=0, high=1)
    host_skill: float = quantity(..., "Mean skill of the host.", low=0, high=1)
    community_skill: float = quantity(..., "Mean skill at running groups.", low=0, high=1)
    streams_per_week: float = quantity(
        ..., "Streams at the start.", unit="streams/week", low=0, high=7, source=STREAMS_SOURCE
    )
    hours: float = quantity(
        4.4, "Hours of a stream, median.", unit="hours", low=0.1, high=24, source=HOURS_SOURCE
    )
    products: int = quantity(1, "Products in its assortment.", unit="products", low=1, high=10_000)
    stream_cost: float = quantity(..., "Cost of a stream of mean length.", unit="CNY", low=0, high=1e7)
    daily_cost: float = quantity(
        ...,
        "Standing cost of selling live, beyond what the shop costs anyhow.",
        unit="CNY/day",
        low=0,
        high=1e7,
    )
    cash: float = quantity(
        ...,
        "Cash at the start, median.",
        unit="CNY",
        low=0,
        high=1e10,
        source="assumption: about 100 days of the archetype's costs",
    )
    walk_in_members: float = quantity(
        ...,
        "People won for the group outside the platform, at community skill 1.",
        unit="persons/week",
        low=0,
        high=1e6,
    )
    ad_budget: float = quantity(
        0.0,
        "Budget for advertisements at the start, where the platform sells any.",
        unit="CNY/day",
        low=0,
        high=1e7,
    )


def _archetype(**changes: Any) -> Archetype:
    return Archetype(**changes)


MOST_ARCHETYPES = 50


class Archetypes(Section):
    """Kinds of merchant: the four that the article speaks of, and any others, each a table of its own."""

    model_config = ConfigDict(extra="allow")
    if not TYPE_CHECKING:
        __pydantic_extra__: dict[str, Archetype]
    others: ClassVar[type[Section]] = Archetype
    """What a key that is not declared holds."""

    community_vendor: Archetype = _archetype(
        share=0.25,
        fanless_share=0.05,
        fans_median=200,
        fans_sigma=0.6,
        fans_trust=0.6,
        local=True,
        price_median=40,
        margin=0.35,
        quality=0.70,
        host_skill=0.40,
        community_skill=0.60,
        streams_per_week=1.0,
        stream_cost=30,
        daily_cost=10,
        cash=1_500,
        walk_in_members=15,
    )
    ordinary_shop: Archetype = _archetype(
        share=0.55,
        fanless_share=0.85,
        fans_median=100,
        fans_sigma=1.0,
        fans_trust=0.35,
        price_median=80,
        margin=0.35,
        quality=0.60,
        host_skill=0.40,
        community_skill=0.20,
        streams_per_week=0.7,
        stream_cost=120,
        daily_cost=20,
        cash=3_000,
        walk_in_members=5,
    )
    brand: Archetype = _archetype(
        share=0.15,
        fanless_share=0.10,
        fans_median=1_500,
        fans_sigma=1.0,
        fans_trust=0.40,
        price_median=150,
        margin=0.45,
        quality=0.75,
        host_skill=0.55,
        community_skill=0.50,
        streams_per_week=1.5,
        stream_cost=1_000,
        daily_cost=200,
        cash=40_000,
        walk_in_members=60,
        ad_budget=60,
    )
    influencer: Archetype = _archetype(
        share=0.05,
        fanless_share=0.0,
        fans_median=8_000,
        fans_sigma=1.0,
        fans_trust=0.45,
        price_median=90,
        margin=0.30,
        quality=0.65,
        host_skill=0.80,
        community_skill=0.80,
        streams_per_week=3.0,
        stream_cost=2_500,
        daily_cost=800,
        cash=180_000,
        walk_in_members=60,
        ad_budget=150,
    )

    @model_validator(mode="before")
    @classmethod
    def _keep_what_is_not_changed(cls, tables: Any) -> Any:
        """A file may change some keys of one of ours; the others stay at their defaults."""
        if not isinstance(tables, dict):
            return tables
        completed = dict(tables)
        for name in tables.keys() - cls.model_fields.keys():
            _check_new(name, tables[name], list(cls.model_fields))
        if len(tables.keys() | cls.model_fields.keys()) > MOST_ARCHETYPES:
            raise ValueError(
                sentence(
                    "there are more than {most_archetypes} kinds of merchant; drop some",
                    most_archetypes=MOST_ARCHETYPES,
                )
            )
        for name, field in cls.model_fields.items():
            if isinstance(tables.get(name), dict):
                completed[name] = field.default.model_dump() | tables[name]
        return completed

    def by_name(self) -> dict[str, Archetype]:
        """All archetypes by name: ours, then others in the order of the file."""
        ours = {name: getattr(self, name) for name in type(self).model_fields}
        return ours | dict(self.__pydantic_extra__ or {})


def _check_new(name: str, table: Any, ours: list[str]) -> None:
    """An archetype that is not one of ours must have a name that columns can have, and be complete."""
    if not isinstance(name, str) or not re.match(NAME_PATTERN, name):
        raise ValueError(
            sentence(
                "'{name}' is not a name for a kind of merchant; use lower-case letters, digits and _",
                name=name,
            )
        )
    needed = [key for key, field in Archetype.model_fields.items() if field.is_required()]
    missing = [key for key in needed if isinstance(table, dict) and key not in table]
    if missing:
        raise ValueError(
            sentence(
                "'{name}' is not an existing kind of merchant{near}, and lacks "
                "{missing}; the existing ones are {ours}, and a new one needs "
                "all of these",
                name=name,
                near=nearest(name, ours),
                missing=", ".join(missing),
                ours=", ".join(ours),
            )
        )


OF_ITS_KIND = "its kind's if not given"


def _as_its_kind(name: str, about: str = "") -> Any:
    """A number of a named merchant that its kind has as well: the same unit and range, the kind's value."""
    declared = Archetype.model_fields[name]
    assert isinstance(declared.json_schema_extra, dict)
    return Field(
        None,
        description=about or declared.description,
        json_schema_extra=declared.json_schema_extra | {"source": OF_ITS_KIND},
        **limits_of(declared),
    )


class NamedMerchant(Section):
    """One merchant with a name, in every arm and replication, beside those that are drawn.

    It is the same in every replication but for the viewers who are its members, its neighbourhood and its
    style. Money in CNY; members in persons.
    """

    name: Name = Field(description="Short name, by which it is found in results.")
    label: str | None = Field(default=None, description="Name for readers; the short name if not given.")
    label_zh: str | None = Field(default=None, description="The label in Chinese.")
    kind: str = Field(
        description="Its kind: one of the archetypes, whose numbers it has where it gives none."
    )
    category: int | None = quantity(
        None,
        "Which of people.categories kinds of goods it sells, numbered from 0; each world draws one if not "
        "given. A number stands for no goods in particular: with purchase.cycle at 0 all are alike, and "
        "another is another draw of rivals and of who is interested; above 0 lower ones are needed again "
        "sooner.",
        low=0,
        high=31,
    )
    arrival_day: int = quantity(0, "Day on which it opens.", unit="days", low=0, high=3649)
    members: float | None = _as_its_kind(
        "fans_median", "Members of its group when it opens, its kind's median if not given."
    )
    members_trust: float | None = _as_its_kind("fans_trust", "Mean trust of these members.")
    local: bool | None = _as_its_kind("local", "These members are neighbours in the friendship graph.")
    radius: float | None = _as_its_kind("radius")
    price: float | None = _as_its_kind(
        "price_median", "Price of an order; the usual price of its kind if not given."
    )
    margin: float | None = _as_its_kind("margin")
    quality: float | None = _as_its_kind("quality", "Quality of its goods.")
    host_skill: float | None = _as_its_kind("host_skill", "Skill of its host.")
    community_skill: float | None = _as_its_kind("community_skill", "Skill at running its group.")
    streams_per_week: float | None = _as_its_kind("streams_per_week")
    hours: float | None = _as_its_kind("hours")
    products: int | None = _as_its_kind("products")
    stream_cost: float | None = _as_its_kind("stream_cost")
    daily_cost: float | None = _as_its_kind("daily_cost")
    cash: float | None = _as_its_kind("cash", "Cash at the start.")
    walk_in_members: float | None = _as_its_kind("walk_in_members")
    ad_budget: float | None = _as_its_kind("ad_budget")

    @property
    def title(self) -> str:
        """Name for readers."""
        return own(self, "label") or plain(self.name)


class Merchants(Section):
    """Traits of merchants, drawn once and identical in every arm."""

    archetypes: Archetypes = Field(default_factory=Archetypes)
    without: list[str] | None = Field(
        default=None, description="Archetypes that this world does not have; shares of the others sum to 1."
    )
    price_level: float = quantity(
        0.65, "Multiplies the median prices of all archetypes.", low=0.01, high=100, source=CALIBRATED
    )
    trait_spread: float = quantity(
        0.12, "Standard deviation of quality and skills around the archetype's mean.", low=0, high=1
    )
    cash_sigma: float = quantity(0.8, "Spread of the logarithm of cash at the start.", low=0, high=3)
    largest_private_domain: float = quantity(
        0.25, "Largest starting private domain as a share of all viewers.", low=0, high=1
    )

    counter_share: float = quantity(
        0.5,
        "Share of merchants without a private domain who have customers at the counter, to be won for a "
        "group; the others are entirely new.",
        low=0,
        high=1,
        source="no published figure; the article speaks of shops that have such customers (assumption)",
    )
    without_community: float = quantity(
        1.0,
        "Share of merchants without a private domain who run no group at first; 0 if all begin with one.",
        low=0,
        high=1,
        source="the article: they have no sense for fans (assumption: none of them has)",
    )

    named: list[NamedMerchant] | None = Field(
        default=None,
        max_length=MOST_ENTRIES,
        description="Merchants with a name, who join those that are drawn and are followed through results.",
    )

    @property
    def named_merchants(self) -> list[NamedMerchant]:
        """Merchants with a name, in the order of the file."""
        return self.named or []

    def named_numbers(self, merchants: int) -> dict[str, int]:
        """Numbers of merchants with a name, by name: the last of `merchants` in all."""
        first = merchants - len(self.named_merchants)
        return {entry.name: first + place for place, entry in enumerate(self.named_merchants)}

    @property
    def kinds(self) -> dict[str, Archetype]:
        """Archetypes of this world by name, in the order in which merchants are coded."""
        return {
            name: kind for name, kind in self.archetypes.by_name().items() if name not in (self.without or ())
        }

    @model_validator(mode="after")
    def _consistent(self) -> Merchants:
        known = self.archetypes.by_name()
        for name in self.without or ():
            if name not in known:
                raise ValueError(
                    sentence(
                        "there is no archetype '{name}'{near} to go without; the archetypes are {known}",
                        name=name,
                        near=nearest(name, known),
                        known=", ".join(known),
                    )
                )
        if not self.kinds:
            raise ValueError("there is no kind of merchant left; keep at least one archetype")
        total = sum(kind.share for kind in self.kinds.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(
                sentence("the shares of the archetypes sum to {total:g}; let them sum to 1", total=total)
            )
        return self
