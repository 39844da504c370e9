"""What the effect of a policy is, and what policies in force change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..languages.speaking import sentence
from ..scenario.sections.platform import Platform
from ..scenario.sections.policy import EFFECTS, Policy
from ..state.columns import OPEN, StoreColumns
from .suspensions import Suspensions

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Amount:
    """What the amount of a policy means.

    Attributes
    ----------
    meaning : str
        What the number says, for readers, after it: ``"of viewing occasions open a feed"``.
    unit : str
        As of measures: ``"share"``, ``"CNY"``; ``"times"`` for a factor.
    low, high : float
        Smallest and largest, both included.
    nothing : float, optional
        With which the policy changes nothing, if that does not depend on the platform.
    """

    meaning: str
    unit: str
    low: float
    high: float
    nothing: float | None = None

    @property
    def about(self) -> str:
        """What the amount is, without a number: ``"that many CNY a day to each merchant"``."""
        numbers = {"share": sentence("that share"), "times": sentence("that many times")}
        number = numbers.get(self.unit) or sentence("that many {unit}", unit=sentence(self.unit))
        return sentence("{number} {meaning}", number=number, meaning=sentence(self.meaning))


@dataclass(frozen=True)
class StoresToday:
    """What a policy may look at and change on a morning: the stores of an arm.

    Attributes
    ----------
    stores : StoreColumns
        One row per store: all merchants on the first platform, then all on the second.
    platforms, kinds : list of str
        Names of platforms and of kinds of merchant, in the order of their numbers.
    owners : int
        Merchants; each has a row on every platform.
    gmv : int64 array, shape (rows,)
        Sales so far, in fen.
    subsidies : int64 array, shape (rows,)
        Fen paid to each store today.
    supported : bool array, shape (rows,)
        Stores on the page of supported merchants today.
    lots : float array, shape (rows,)
        Each store's lot, from 0 to 1, the same every day.
    named : dict of str to int
        Numbers of merchants with a name.
    """

    stores: StoreColumns
    platforms: list[str]
    kinds: list[str]
    owners: int
    gmv: NDArray[np.int64]
    subsidies: NDArray[np.int64]
    supported: Mask
    suspensions: Suspensions
    day: int
    newcomer_days: int
    people_per_viewer: float
    lots: NDArray[np.float64]
    named: dict[str, int] = field(default_factory=dict)

    def of_names(self, names: list[str]) -> Mask:
        """Stores of merchants with these names, shape (rows,)."""
        rows = np.arange(len(self.stores.status))
        return np.isin(rows % self.owners, [self.named[name] for name in names])

    def platform(self, policy: Policy) -> int | None:
        """Number of the platform on which a policy acts; none if on all."""
        return self.platforms.index(policy.platform) if policy.platform else None

    def chosen(self, policy: Policy) -> Mask:
        """Open stores that a policy is for, shape (rows,); as many of all that are open if `by_lot`."""
        stores, platform = self.stores, self.platform(policy)
        chosen = stores.status == OPEN
        if platform is not None:
            chosen &= stores.platform == platform
        there = chosen.copy()
        if policy.above_fans > 0:
            chosen &= stores.fans * self.people_per_viewer >= policy.above_fans
        if policy.archetypes:
            chosen &= np.isin(stores.archetype, [self.kinds.index(name) for name in policy.archetypes])
        if policy.newcomers:
            chosen &= (stores.arrival != 0) & (self.day - stores.arrival < self.newcomer_days)
        if policy.merchants:
            chosen &= self.of_names(policy.merchants)
        return drawn_by_lot(there, int(chosen.sum()), self.lots) if policy.by_lot else chosen


def drawn_by_lot(among: Mask, many: int, lots: NDArray[np.float64]) -> Mask:
    """As `many` of the stores `among` as have the lowest `lots`."""
    drawn = np.zeros(len(among), bool)
    drawn[np.argsort(np.where(among, lots, np.inf), kind="stable")[:many]] = True
    return drawn & among


@dataclass(frozen=True)
class PolicyEffect:
    """What a kind of policy does. The file that declares one is light to load.

    Attributes
    ----------
    label : str
        For readers.
    amount : Amount, optional
        What the amount means; none for an effect that takes none.
    opens : str
        Channel to which the amount, a share of all occasions, is given; empty if none.
    rules : callable, optional
        ``rules(platform, amount)``: the platform with other rules.
    stores : callable, optional
        ``stores(today, policy)``: what is done each morning to or for stores.
    for_some, for_one : bool
        Whether it can be for some merchants only; whether it is for a single one.
    needs : tuple of str
        Channels without any of which it would change nothing; empty if none.
    refused : callable, optional
        ``refused(platform, amount)``: why a platform cannot have it, and what can be; none if it can.
    stands : callable, optional
        ``stands(platform)``: a platform's own amount, which the policy's replaces; none if it is nothing.
    """

    label: str
    amount: Amount | None = None
    opens: str = ""
    rules: Callable[[Platform, float], Platform] | None = None
    stores: Callable[[StoresToday, Policy], None] | None = None
    for_some: bool = False
    for_one: bool = False
    needs: tuple[str, ...] = ()
    refused: Callable[[Platform, float], tuple[str, str] | None] = lambda platform, amount: None
    stands: Callable[[Platform], float | None] = lambda platform: None

    def __post_init__(self) -> None:
        if not (self.opens or self.rules or self.stores):
            raise ValueError(
                sentence(
                    "the effect '{label}' does nothing; give it opens, rules or stores", label=self.label
                )
            )

    def on_rules(self, platform: Platform, amount: float) -> Platform:
        """The platform's rules with this effect."""
        if self.opens:
            mix = with_share(platform.channels, self.opens, amount)
            platform = platform.model_copy(update={"channels": mix})
        return self.rules(platform, amount) if self.rules else platform

    def is_so_anyway(self, platform: Platform, amount: float | None) -> bool:
        """Whether a policy of that amount leaves a platform as it is."""
        if self.amount is None or amount is None:
            return False
        if self.amount.nothing is not None:
            return amount == self.amount.nothing
        acts_on_rules = self.stores is None or self.rules is not None
        return acts_on_rules and self.on_rules(platform, amount) == platform


def amounts_replaced(policy: Policy, platforms: Iterable[Platform]) -> list[float]:
    """What platforms have of themselves in whose place a policy's amount comes, the least first."""
    found = {
        EFFECTS[policy.effect].stands(platform)
        for platform in platforms
        if policy.platform in ("", platform.name)
    }
    return sorted(amount for amount in found if amount is not None and amount != policy.amount)


def with_share(channels: dict[str, float], name: str, share: float) -> dict[str, float]:
    """The mix of channels once `share` of all occasions is given to channel `name` on top.

    Other weights shrink by ``1 - share``; the sum of weights stays.
    """
    total = sum(channels.values())
    mix = {channel: weight * (1.0 - share) for channel, weight in channels.items()}
    mix[name] = mix.get(name, 0.0) + share * total
    return mix


def rules_today(platform: Platform, policies: list[Policy]) -> Platform:
    """The platform's rules under those policies that are in force on it, in the order given.

    Of two that set the same number the later counts; shares of traffic and factors combine. A policy whose
    effect acts on stores as well, and that is for some of them only, leaves the rules as they are.
    """
    for policy in policies:
        effect = EFFECTS[policy.effect]
        if not (effect.rules and effect.stores and policy.is_for_some):
            platform = effect.on_rules(platform, policy.amount or 0.0)
    return platform
