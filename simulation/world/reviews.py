"""Merchants whose review is due: by the rule ``feedback``, or by one plugged in."""

from __future__ import annotations

from collections.abc import Callable

from ..behaviour.merchants.adapting import adapt_by_feedback
from ..behaviour.merchants.beginning import begin_efforts
from ..platforms.review import ReviewDay
from ..scenario.plugins import plugged_in_rule
from ..scenario.scenario import Scenario
from ..state.columns import Longs
from .world_state import WorldState


def own_rule(scenario: Scenario) -> Callable[..., None] | None:
    """How merchants adapt, if not by our rule."""
    name, plugins = scenario.merchant_rule, scenario.plugins.merchant_rules
    return plugged_in_rule(name, plugins[name]) if name in plugins else None


def review_merchants(model: WorldState, due: Longs, plugged_in: Callable[..., None] | None) -> None:
    """Stores of the rows that are `due` adapt, and begin what they have not tried."""
    stores, shopkeeping, market = model.stores, model.rules.shopkeeping, model.marketplace
    if plugged_in is None and len(due) == 0:
        return
    if plugged_in is None:
        adapt_by_feedback(stores, due, shopkeeping)
    else:
        names, many = model.archetypes, model.merchant_count
        today = ReviewDay(model.day, model.key, market.today, names, many, model.people_per_viewer)
        plugged_in(stores, due, shopkeeping, today)
    begin_efforts(stores, due, shopkeeping, model.key, market.opens_today("paid"))
