"""The tables of a scenario, each right by itself: who, which platforms, how long, which claims."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from ..errors import nearest
from ..languages.speaking import sentence
from .fields import MOST_ENTRIES, Dotted, Name, Section, doubled, quantity
from .plugins import Plugins
from .sections.behaviour import Attention, Choice, Community, Following, Goods, Purchase, Sharing, Trust
from .sections.claim import Claim
from .sections.market import Market, Streams
from .sections.merchants import Merchants
from .sections.people import Friendships, People
from .sections.platform import Platform
from .sections.policy import Policy
from .sections.policy_search import PolicySearch
from .sections.shopkeeping import Shopkeeping
from .sections.sweep import Calibration, Foretelling, Sweep

RULES = (
    "choice",
    "purchase",
    "goods",
    "trust",
    "following",
    "sharing",
    "shopkeeping",
    "market",
    "attention",
    "community",
    "streams",
)
"""Sections that an arm may change: behaviour, never who the people are."""


RESERVED = (
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
)
"""Names that Windows gives to devices, so that no folder can have them."""


NO_PAST, SWITCH, OWN = "none", "switch", "own"
"""Pasts of worlds, see `WarmUp`."""


class WorldSettings(Section):
    """Size of the world."""

    viewers: int = quantity(..., "Viewers (agents).", unit="agents", low=1, high=20_000_000)
    merchants: int = quantity(..., "Merchants at the start.", unit="merchants", low=0, high=100_000)
    days: int = quantity(..., "Days simulated.", unit="days", low=1, high=3650)
    people_per_viewer: float = quantity(
        20.0,
        "Persons that one viewer stands for.",
        unit="persons",
        low=1,
        high=1e6,
        source="388e6 live shoppers to 400e3 active streamers in 2020, about 1,000 persons a merchant",
    )
    merchants_per_niche: float = quantity(
        12.5,
        "Merchants at the start who share a niche, a category within an arc of tastes: a world with more "
        "merchants has more arcs. Decides how far traffic concentrates.",
        unit="merchants",
        low=1,
        high=1e6,
        source="assumption: the world of the calibration (100 merchants, 8 categories) has one arc",
    )
    isolated_viewers: int = quantity(
        0,
        "Viewers, among the above, without friends and interests (a control group).",
        unit="agents",
        low=0,
        high=20_000_000,
    )

    @property
    def social_viewers(self) -> int:
        """Viewers who have friends; they come first."""
        return self.viewers - self.isolated_viewers

    @model_validator(mode="after")
    def _isolated_are_viewers(self) -> WorldSettings:
        if self.isolated_viewers > self.viewers:
            raise ValueError("isolated_viewers exceeds viewers; lower it")
        return self


class Run(Section):
    """How often and with which luck."""

    replications: int = quantity(10, "Worlds per arm.", low=1, high=100_000)
    probe_replications: int = quantity(
        5,
        "Worlds per probe (an arm with a mechanism off or a parameter raised), at most "
        "`replications`; probes differ little from their arm, so fewer worlds tell.",
        low=1,
        high=100_000,
    )
    seed: int = quantity(2020, "Seed of all luck.", low=0, high=2**63 - 1)
    warm_up_days: int = quantity(
        0,
        "First days of the run that are left out of whatever measures count by day, since fans and heat have "
        "yet to settle.",
        unit="days",
        low=0,
        high=3650,
    )
    record: bool = quantity(False, "Write a line list of visits, orders, ties and shares (``agents/``).")
    record_replications: int = quantity(
        1,
        "Worlds per arm of which a line list is written, the first ones; never of probes.",
        low=1,
        high=100_000,
    )


class WarmUp(Section):
    """Whether worlds begin from nothing or from the state that a long past has left."""

    past: Literal["none", "switch", "own"] = Field(
        default="none",
        description="'none': merchants open and viewers meet them on day 0; 'switch': all arms begin with "
        "the past of one platform and part on day 0; 'own': each arm begins with a past of its own.",
    )
    days: int = quantity(
        1095, "Days of the past of a template, from which worlds are cut.", unit="days", low=1, high=3650
    )
    template_arcs: int = quantity(
        12,
        "Arcs of a template: larger worlds repeat it; smaller ones are parts of it, which share people if "
        "replications need more arcs together.",
        unit="arcs",
        low=1,
        high=1000,
    )
    burn_in: int = quantity(
        30, "Days that a world lives by itself before day 0, once it is cut.", unit="days", low=1, high=365
    )
    platform: str = Field(
        default="", description="Platform of the past that all arms share; the first arm's first if empty."
    )


def check_market(arm: str, platforms: list[Platform]) -> None:
    """Platforms side by side need users, and viewers a platform from the first day."""
    if len(platforms) > 1:
        for platform in platforms:
            if not platform.daily_users:
                raise ValueError(
                    sentence(
                        "platform '{name}' has no daily_users; give them, since "
                        "they say how much attention it draws in a market",
                        name=platform.name,
                    )
                )
        if all(platform.launch_day > 0 or platform.stays_out for platform in platforms):
            raise ValueError(
                sentence(
                    "no platform of arm '{arm}' is open on day 0; let one of them have launch_day = 0",
                    arm=arm,
                )
            )
    elif platforms[0].launch_day > 0:
        raise ValueError("the only platform of an arm opens after day 0; let launch_day be 0")
    elif platforms[0].stays_out:
        raise ValueError(
            "the only platform of an arm stays out, so that nothing happens; leave out stays_out"
        )


class Arm(Section):
    """One platform, or several in one market, under which the same world is run."""

    name: Name = Field(description="Name of the arm.")
    label: str = Field(
        "", description="Name for readers; the platform's label if empty, told apart from other arms'."
    )
    label_zh: str = Field("", description="The label in Chinese.")
    role: str = Field(
        "", description="Part that it plays in claims: centralised, decentralised, hybrid or empty."
    )
    platform: Platform | None = Field(
        None, description="A preset's name or a platform written out; or else `platforms`."
    )
    platforms: list[Platform] = Field(
        default_factory=list, description="Platforms side by side in one market, each as for `platform`."
    )
    changes: Dotted[float] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES,
        description="Behaviour changed in this arm only, as dotted keys; 'platform.' reaches its platform, "
        "'platforms.<name>.' one of several.",
    )

    def __repr__(self) -> str:
        names = ", ".join(platform.name for platform in self.all_platforms)
        role = f", {self.role}" if self.role else ""
        changes = f", changes {', '.join(self.changes)}" if self.changes else ""
        return f"<Arm '{self.name}': on {names}{role}{changes}>"

    __str__ = __repr__

    @property
    def all_platforms(self) -> list[Platform]:
        """The platform, or those of the market."""
        return [self.platform] if self.platform else self.platforms

    @model_validator(mode="after")
    def _one_or_several(self) -> Arm:
        if (self.platform is None) == (not self.platforms):
            raise ValueError(
                sentence("arm '{name}' needs either platform or platforms; give one of them", name=self.name)
            )
        if twice := doubled(platform.name for platform in self.platforms):
            raise ValueError(
                sentence("platforms named twice: {twice}; rename one of them", twice=", ".join(twice))
            )
        check_market(self.name, self.all_platforms)
        return self


class ScenarioTables(Section):
    """All tables of a scenario, which need not fit together."""

    name: Name = Field(description="Short name; results go to this folder.")
    title: str = Field(description="Title of the report.")
    title_zh: str = Field("", description="The title in Chinese.")
    question: str = Field("", description="What is asked, in a sentence or two.")
    question_zh: str = Field("", description="The question in Chinese.")
    world: WorldSettings
    run: Run = Field(default_factory=Run)
    warm_up: WarmUp = Field(default_factory=WarmUp)
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
    market: Market = Field(default_factory=Market)
    attention: Attention = Field(default_factory=Attention)
    community: Community = Field(default_factory=Community)
    streams: Streams = Field(default_factory=Streams)
    arms: list[Arm] = Field(min_length=1, max_length=MOST_ENTRIES, description="What is compared.")
    policies: list[Policy] = Field(
        default_factory=list, max_length=MOST_ENTRIES, description="Dated policies."
    )
    sweep: Sweep | None = Field(None, description="What varies in a sweep.")
    policy_search: PolicySearch | None = Field(
        None, description="Levers and goals of a search for the Pareto front."
    )
    calibration: Calibration | None = Field(
        None, description="How the keys that vary in the sweep are calibrated to facts."
    )
    foretelling: Foretelling | None = Field(
        None, description="Which quarters of the calendar are kept, to be set beside what came later."
    )
    plugins: Plugins = Field(default_factory=Plugins)
    merchant_rule: str = Field(
        "feedback",
        description="How merchants adapt at a review: 'feedback', or one of plugins.merchant_rules.",
    )
    article_claims: bool = Field(True, description="Test the article's claims as well.")
    claims: list[Claim] = Field(
        default_factory=list, max_length=MOST_ENTRIES, description="Claims of your own."
    )

    @field_validator("name")
    @classmethod
    def _can_be_a_folder(cls, name: str) -> str:
        if name in RESERVED:
            raise ValueError(
                sentence("'{name}', which Windows reserves for a device; choose another name", name=name)
            )
        return name

    def arm(self, name: str) -> Arm | None:
        """The arm of that name or, failing that, of that role."""
        for attribute in ("name", "role"):
            for arm in self.arms:
                if getattr(arm, attribute) == name:
                    return arm
        return None

    @property
    def arcs(self) -> int:
        """Arcs of the circle of tastes: as many as give a niche its number of merchants, at least 1.

        ``round(merchants / (categories * merchants_per_niche))``
        """
        niches = self.world.merchants / self.world.merchants_per_niche
        return max(1, round(niches / self.people.categories))

    def arm_rules(self, arm: Arm) -> tuple[dict[str, Section], list[Platform]]:
        """Behaviour sections and platforms of `arm`, with its changes applied.

        Returns
        -------
        sections : dict of str to Section
            One entry for each name in `RULES`.
        platforms : list of Platform

        Raises
        ------
        ValueError
            If a change names no parameter, leaves its range, or leaves a market that cannot be.
        """
        check_market(arm.name, arm.all_platforms)
        sections: dict[str, Section] = {name: getattr(self, name) for name in RULES}
        if not arm.changes:
            return sections, list(arm.all_platforms)
        tables: dict[str, Any] = {name: section.model_dump() for name, section in sections.items()}
        served = {platform.name: platform.model_dump() for platform in arm.all_platforms}
        reached = {"platforms": served} if arm.platforms else {"platform": next(iter(served.values()))}
        for key, value in arm.changes.items():
            _set_existing(tables | reached, key, value)
        for name in {key.partition(".")[0] for key in arm.changes}.intersection(RULES):
            sections[name] = type(sections[name])(**tables[name])
        own = {"channels": list(self.plugins.channels)}
        platforms = [Platform.model_validate(table, context=own) for table in served.values()]
        check_market(arm.name, platforms)
        return sections, platforms

    def arm_policies(self, arm: Arm) -> list[Policy]:
        """Policies that come into force in `arm` before the last day, in the order of the file.

        Those of a platform that the arm does not have are not among them.
        """
        platforms = [platform.name for platform in arm.all_platforms]
        return [policy for policy in self.policies if policy.acts_in(arm.name, platforms, self.world.days)]


def _set_existing(tables: dict[str, Any], key: str, value: float) -> None:
    """Set the dotted `key` in nested `tables`, where it must exist already."""
    *path, last = key.split(".")
    table: Any = tables
    for part in path:
        table = table.get(part) if isinstance(table, dict) else None
    if not isinstance(table, dict) or last not in table:
        valid = [f"{section}.{name}" for section, fields in tables.items() for name in fields]
        raise ValueError(
            sentence(
                "'{key}' is not a key that an arm can change{near}; the dotted key "
                "of a number in {tables}: trust.half_life",
                key=key,
                near=nearest(key, valid),
                tables=", ".join(tables),
            )
        )
    table[last] = value
