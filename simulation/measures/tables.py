"""The tables of a run: by day, by merchant, by channel. Counts in persons, money in CNY."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..state.ledger import COUNTS
from .community.members import starting_fans
from .daily import DAILY_MEASURES
from .market import counts_by_day, sales_by_day
from .outcome import FEN, Outcome

CHANNELS_AFTER = "gmv"
"""Column of the daily table after which visits by channel stand."""


def daily_table(outcome: Outcome) -> pd.DataFrame:
    """One row per day. `fan_survival` and `merchant_survival` are by age: the share still there so
    many days after joining or opening (Kaplan-Meier)."""
    by_channel, scale = outcome.journal.channels, outcome.people_per_viewer
    columns: dict[str, np.ndarray] = {"day": np.arange(outcome.days, dtype=np.int32)}
    for name, measure in DAILY_MEASURES.items():
        columns[name] = measure.compute(outcome)
        if name == CHANNELS_AFTER:
            for index, channel in enumerate(outcome.channels):
                columns[f"visits_{channel}"] = by_channel[:, index, COUNTS.index("visits")] * scale
    columns["fan_survival"] = fan_survival(outcome)
    columns["merchant_survival"] = merchant_survival(outcome)
    return pd.DataFrame(columns)


def merchant_table(outcome: Outcome) -> pd.DataFrame:
    """One row per merchant that ever arrived; `name` is missing but for those with a name.

    Visits, orders, sales and profit are those of days that are counted.
    """
    outcome = outcome.counted
    merchants, scale = outcome.merchants, outcome.people_per_viewer
    brought, back = starting_fans(outcome)
    names = np.array(outcome.archetypes)
    called = pd.Series(pd.NA, index=range(len(merchants.archetype)), dtype="string")
    called[list(outcome.named.values())] = list(outcome.named)
    return pd.DataFrame(
        {
            "merchant": np.arange(len(merchants.archetype), dtype=np.int32),
            "name": called,
            "archetype": names[merchants.archetype],
            "arrival_day": merchants.arrival.astype(np.int32),
            "starting_fans": merchants.starting_fans,
            "visits": outcome.merchant_counts("visits") * scale,
            "orders": outcome.merchant_counts("orders") * scale,
            "gmv": outcome.merchant_counts("gmv") * scale / FEN,
            "profit": merchants.profit / FEN,
            "fans": merchants.fans * scale,
            "starting_fans_brought": brought * scale,
            "starting_fans_back": back * scale,
            "first_order_day": _day_or_missing(merchants.first_order),
            "last_day": _day_or_missing(merchants.last_day),
            "in_business": merchants.status == 1,
        }
    )


def channel_table(outcome: Outcome) -> pd.DataFrame:
    """One row per channel of the platform, with counts of days that are counted."""
    outcome = outcome.counted
    scale = outcome.people_per_viewer
    return pd.DataFrame(
        {
            "channel": outcome.channels,
            "private": outcome.private_channels,
            "reach": [outcome.count("reach", c) * scale for c in range(len(outcome.channels))],
            "visits": [outcome.count("visits", c) * scale for c in range(len(outcome.channels))],
            "orders": [outcome.count("orders", c) * scale for c in range(len(outcome.channels))],
            "gmv": [outcome.cny(outcome.count("gmv", c)) for c in range(len(outcome.channels))],
        }
    )


def platform_table(outcome: Outcome) -> pd.DataFrame:
    """One row per platform and day: users (of the last 30 days, missing with a single platform),
    stores, share of attention expected, visits, orders, GMV."""
    journal, names = outcome.journal, [platform.name for platform in outcome.platforms]
    scale, days = outcome.people_per_viewer, outcome.days
    users = journal.users * scale if len(names) > 1 else np.full((days, 1), np.nan)
    return pd.DataFrame(
        {
            "platform": np.tile(names, days),
            "day": np.repeat(np.arange(days, dtype=np.int32), len(names)),
            "users": users.ravel(),
            "stores": journal.stores.ravel(),
            "attention": journal.attention.ravel(),
            "visits": counts_by_day(outcome, "visits").ravel() * scale,
            "orders": counts_by_day(outcome, "orders").ravel() * scale,
            "gmv": sales_by_day(outcome).ravel(),
        }
    )


def move_table(outcome: Outcome) -> pd.DataFrame:
    """Who moves where: stores opened on a further platform and given up, by day and merchant; and
    viewers (persons) whose favourite platform is another than a month ago."""
    journal, names = outcome.journal, [platform.name for platform in outcome.platforms]
    kinds = np.array(outcome.archetypes)[outcome.merchants.archetype]
    rows: list[tuple] = []
    for what, moves in (("opened", journal.opened), ("left", journal.closed)):
        for day, merchant, platform in moves:
            ends = ("", names[platform]) if what == "opened" else (names[platform], "")
            rows.append((day, what, merchant, kinds[merchant], *ends, 1.0))
    for day, left, right, viewers in journal.switched:
        rows.append((day, "viewers", None, "", names[left], names[right], outcome.persons(viewers)))
    columns = ["day", "what", "merchant", "archetype", "from", "to", "count"]
    table = pd.DataFrame(rows, columns=columns).sort_values("day", kind="stable", ignore_index=True)
    for name in ("what", "archetype", "from", "to"):
        table[name] = table[name].astype("string")
    return table.astype({"day": "int32", "merchant": "Int32", "count": "float64"})


def kaplan_meier(ended: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """Survival to each age: product over ages up to it of ``1 - ended / at risk``."""
    hazard = np.divide(ended, at_risk, out=np.zeros(len(ended)), where=at_risk > 0)
    survival = np.cumprod(1.0 - hazard)
    survival[at_risk <= 0] = np.nan
    return survival


def fan_survival(outcome: Outcome) -> np.ndarray:
    """Share of fans who have not left by days since they began, shape (days,).

    Whose merchant has closed has not left it, and is looked at no longer.
    """
    days = outcome.days
    lost = outcome.journal.lost_at_age[:days].astype(float)
    still = np.bincount(np.clip(outcome.fan_ages(), 0, days - 1), minlength=days)
    closed = outcome.journal.closed_at_age[:days]
    at_risk = np.cumsum((lost + closed + still)[::-1])[::-1]
    return kaplan_meier(lost, at_risk)


def merchant_survival(outcome: Outcome) -> np.ndarray:
    """Share of merchants still in business by days since opening, shape (days,)."""
    days = outcome.days
    ages, closed = outcome.closing_ages()
    ages = np.clip(ages - 1, 0, days - 1).astype(int)
    ended = np.bincount(ages[closed], minlength=days).astype(float)
    every = np.bincount(ages, minlength=days)
    at_risk = np.cumsum(every[::-1])[::-1]
    return kaplan_meier(ended, at_risk)


def _day_or_missing(days: np.ndarray) -> pd.Series:
    return pd.Series(days.astype("int32"), dtype="Int32").mask(pd.Series(days < 0))
