"""The owner of a platform: what it earns there, in shops of its own, and by what it holds of rivals."""

from __future__ import annotations

import numpy as np

from ...state.ledger import ANYWAY, BOUGHT, FOLLOWED, OWN_ORDERS
from ..market import platform_payoff
from ..outcome import Outcome
from ..registry import ANYTHING, HIGHER, PER_PERSON, by_days, measure
from ..stickiness import MONTH, followed_up


def _counted(outcome: Outcome, column: int, platform: int | None) -> np.ndarray:
    """A count of the own shops by day, of one platform's or of all, shape (days,)."""
    counts = outcome.journal.own_shops[:, :, column]
    return np.asarray(counts.sum(axis=1) if platform is None else counts[:, platform])


def _followed_up(outcome: Outcome, column: int, platform: int | None) -> float:
    """Share of followed visitors who did what `column` counts within 30 days."""
    done, followed = (_counted(outcome, what, platform) for what in (column, FOLLOWED))
    return followed_up(done, followed, MONTH, outcome.days)


@by_days
@measure("Live visitors who buy in the owner's own shops within 30 days", split="platform", better=HIGHER)
def own_shop_buyers_30d(outcome: Outcome, platform: int | None) -> float:
    """Of visitors, those who buy in the shops of the platform's owner within 30 days from a visit on.

    A visitor is followed from a visit for 30 days, and from the first visit after them again. Whether led
    there or not. Missing where the owner has no shops, and within 30 days of the end.
    """
    return _followed_up(outcome, BOUGHT, platform)


@by_days
@measure("Live visitors who buy there only since they were led", split="platform", better=HIGHER)
def own_shop_buyers_net_30d(outcome: Outcome, platform: int | None) -> float:
    """`own_shop_buyers_30d` less those who would have bought there anyway, by the same luck."""
    return _followed_up(outcome, BOUGHT, platform) - _followed_up(outcome, ANYWAY, platform)


@by_days
@measure("Owner's income from its own shops", unit="CNY", split="platform", scales=PER_PERSON)
def own_shop_income(outcome: Outcome, platform: int | None) -> float:
    """Orders in the owner's own shops, by whomever, times what it earns of one (`own_shops.income`)."""
    chosen = range(len(outcome.platforms)) if platform is None else [platform]
    orders = {number: outcome.persons(_counted(outcome, OWN_ORDERS, number).sum()) for number in chosen}
    return sum(orders[number] * outcome.platforms[number].own_shops.income for number in chosen)


@by_days
@measure("Owner's payoff", unit="CNY", split="platform", bounds=ANYTHING, better=HIGHER, scales=PER_PERSON)
def owner_payoff(outcome: Outcome, platform: int | None) -> float:
    """Payoff of the platform and income from the owner's own shops, and its stakes' share of rivals' payoffs.

    Of all platforms together without stakes, which only say to whom the same money goes. What a platform
    costs to run is not in it, so a stake counts as a share of income.
    """
    earned = platform_payoff(outcome, platform) + own_shop_income(outcome, platform)
    if platform is None:
        return earned
    numbers = {entry.name: number for number, entry in enumerate(outcome.platforms)}
    stakes = outcome.platforms[platform].stakes
    return earned + sum(share * platform_payoff(outcome, numbers[name]) for name, share in stakes.items())
