"""Outcomes of tiny worlds with an empty journal, for a test to write down by hand what happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulation.measures import MEASURES, Outcome
from simulation.state.ledger import STORE_COUNTS, SURFACE_COUNTS, TOTALS
from simulation.world.journal import MONTH, Journal
from tests.support.worlds import finished, preset, scenario

HOURS = 4.4
"""Of each stream, if nothing else is written down."""

PERSONS = 10
"""Persons that an agent stands for."""


def blank(name: str = "tencent_live_plus_feed", shops: int = 4, days: int = 60, viewers: int = 50) -> Outcome:
    """A world of shops that all opened on the first day, with nothing written down.

    The channels are, in this order, push, share and recommend, of which the first two are private.
    """
    settings = scenario(
        {"arm": preset(name)},
        shops=shops,
        days=days,
        viewers=viewers,
        world={"people_per_viewer": PERSONS},
        shopkeeping={"arrivals": 0.0},
    )
    outcome = Outcome.from_model(finished(settings))
    journal = Journal(days, shops, len(outcome.channels))
    journal.days_done = days
    outcome.ties.flags[:] = 0
    return replace(outcome, journal=journal)


def write(outcome: Outcome, day: int, shop: int, channel: str = "", **counts: int) -> None:
    """Write down counts of one shop on one day: ``write(outcome, 3, 0, "push", visits=5, orders=1)``."""
    journal = outcome.journal
    for name, count in counts.items():
        column = STORE_COUNTS.index(name)
        journal.flows[day, column] += count
        journal.stores_by_month[day // MONTH, shop, column] += count
        journal.sums.stores[shop, column] += count
        if channel and name in SURFACE_COUNTS:
            journal.channels[day, outcome.channels.index(channel), SURFACE_COUNTS.index(name)] += count
        if name in ("visits", "orders", "gmv"):
            getattr(journal, name)[day, shop] += count
            journal.live[day, shop] = True
            journal.hours[day, shop] = HOURS


def write_total(outcome: Outcome, day: int, **totals: int) -> None:
    """Write down further counts of one day: ``write_total(outcome, 3, share_follows=2)``."""
    for name, count in totals.items():
        outcome.journal.totals[day, TOTALS.index(name)] += count


def value(outcome: Outcome, name: str, *part: Any) -> float:
    """A measure of `outcome`, of the whole or of a part given by its number."""
    entry = MEASURES[name]
    return float(entry.compute(outcome, *(part or ((None,) if entry.split else ()))))
