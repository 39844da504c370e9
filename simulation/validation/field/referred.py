"""Referred customers: are those whom a friend brought worth more, and do they stay?

Schmitt, Skiera and Van den Bulte (2011, Referral programs and customer value, Journal of Marketing
75(1):46) followed nearly 10,000 customers of a German bank for almost three years: referred ones were
worth at least 16% more than others of similar demographics and time of acquisition, and stayed longer.

Here a customer is a viewer and a merchant. What is not alike: the bank's customers were matched and these
are not; the bank paid for referrals; value there was the contribution margin, here it is sales; and an
account is left for good, while a room can be visited again at any time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...measures.registry import AMOUNT, FRACTION
from ...runs.comparison import Estimate, estimate, within
from ...scenario.scenario import Scenario
from .spread_of_links import WORLD, arms_named, line_lists

VALUE_RATIO = 1.16
"""Value of a referred customer over that of others (Schmitt et al. 2011: "at least 16% higher")."""
ARMS = ("tencent_live", "tencent_live_plus_feed")
"""Where friends' links exist."""
BY_FRIENDS = ("share", "group_buy")
"""Channels by which friends' links arrive."""
WINDOW = 90
"""Days from the first visit over which a customer's value is counted."""
STAYING_FROM = 60
"""Days after the first visit from which on a visit, within the window, counts as staying."""
STARTING = "starting"
PAIR = [*WORLD, "viewer", "merchant"]


def customers(visits: pd.DataFrame, ties: pd.DataFrame, days: int) -> pd.DataFrame:
    """Customers of a line list: pairs of a viewer and a merchant with an order within `WINDOW` days.

    Orders count within the window only, so that a pair whose first visit was early has no more time to
    become a customer than a late one.

    Parameters
    ----------
    visits, ties : DataFrame
        Of the line list, of one world or several, in the order in which things happened.
    days : int
        Length of the run. Pairs whose first visit is less than `WINDOW` days before its end are left out.

    Returns
    -------
    DataFrame
        One row per customer who is not in the merchant's starting private domain: ``arm``, ``replicate``,
        ``viewer``, ``merchant``, ``first_day``; ``referred``, whether the first visit came by a friend's
        link; ``value``, CNY of orders in the days 0 to 89 from the first visit, before returns;
        ``stayed``, whether there is a visit in days 60 to 89.
    """
    visits = visits.sort_values(["day", "wave"], kind="stable")
    first = visits.drop_duplicates(PAIR)[[*PAIR, "day", "channel"]].rename(columns={"day": "first_day"})
    first = first[first["first_day"] + WINDOW <= days]
    starting = ties.loc[ties["event"] == STARTING, PAIR].drop_duplicates()
    first = first.merge(starting, how="left", on=PAIR, indicator="known")
    first = first[first["known"] == "left_only"].drop(columns="known")
    later = visits[[*PAIR, "day", "ordered", "price"]].merge(first, on=PAIR)
    later["age"] = later["day"] - later["first_day"]
    later = later[later["age"] < WINDOW]
    later["price"] = later["price"].where(later["ordered"], 0.0)
    later["late"] = later["age"] >= STAYING_FROM
    pairs = later.groupby(PAIR, as_index=False).agg(
        first_day=("first_day", "first"),
        channel=("channel", "first"),
        value=("price", "sum"),
        orders=("ordered", "sum"),
        stayed=("late", "any"),
    )
    pairs = pairs[pairs["orders"] > 0].reset_index(drop=True)
    pairs["referred"] = pairs["channel"].isin(BY_FRIENDS)
    return pairs[[*PAIR, "first_day", "referred", "value", "stayed"]]


def referred_against_others(found: pd.DataFrame, arms: Sequence[str] | None = None) -> pd.DataFrame:
    """What referred customers are worth beside others, and which of them stay, by arm.

    Parameters
    ----------
    found : DataFrame
        Of `customers`, of several worlds one below the other.
    arms : sequence of str, optional
        Names of arms in order; those with customers if not given.

    Returns
    -------
    DataFrame
        One row per arm: ``arm``; ``referred`` and ``others``, their numbers in all worlds; ``worlds``
        with both; ``value_referred`` and ``value_others``, means over all customers in CNY;
        ``ratio`` of means, the mean over replications, with its 95% t-interval ``ratio_low`` and
        ``ratio_high``; ``stayed_referred``, ``stayed_others``, shares of all customers; and
        ``staying``, ``staying_low``, ``staying_high``, their difference in the same way. Missing where
        there are no such customers, intervals with fewer than two worlds.
    """
    names = list(arms) if arms is not None else [str(name) for name in found["arm"].unique()]
    return pd.DataFrame([_row(name, found[found["arm"] == name]) for name in names])


def _row(arm: str, found: pd.DataFrame) -> dict[str, str | float]:
    referred, others = found[found["referred"]], found[~found["referred"]]
    worlds = [_apart(world) for _, world in found.groupby("replicate")]
    ratio, staying = (
        within(estimate(np.array([world[place] for world in worlds])), bounds)
        for place, bounds in enumerate((AMOUNT, FRACTION.for_differences))
    )
    return {
        "arm": arm,
        "referred": len(referred),
        "others": len(others),
        "worlds": ratio.replications,
        "value_referred": _mean(referred["value"]),
        "value_others": _mean(others["value"]),
        **_named("ratio", ratio),
        "stayed_referred": _mean(referred["stayed"]),
        "stayed_others": _mean(others["stayed"]),
        **_named("staying", staying),
    }


def _apart(world: pd.DataFrame) -> tuple[float, float]:
    """Ratio of mean values and difference in staying, of one world."""
    referred, others = world[world["referred"]], world[~world["referred"]]
    return (
        _mean(referred["value"]) / _mean(others["value"]),
        _mean(referred["stayed"]) - _mean(others["stayed"]),
    )


def _mean(values: pd.Series) -> float:
    return float(values.mean()) if len(values) else np.nan


def _named(name: str, value: Estimate) -> dict[str, float]:
    return {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}


def measure_referred(
    scenario: Scenario, arms: Sequence[str] | None = None, replications: int | None = None, threads: int = 1
) -> pd.DataFrame:
    """Run the scenario and compare referred customers with others.

    Parameters
    ----------
    scenario : Scenario
        Of more than `WINDOW` days.
    arms : sequence of str, optional
        Names or roles; those of `ARMS` that the scenario has if not given.
    replications : int, optional
        Worlds an arm; as many as the scenario asks for if not given.
    threads : int
        Threads of each world.

    Returns
    -------
    DataFrame
        Of `referred_against_others`.

    Raises
    ------
    AnalysisError
        If the scenario has no such arm.
    """
    wanted = [name for name in ARMS if scenario.arm(name)] if arms is None else arms
    names = [arm.name for arm in arms_named(scenario, wanted)]
    worlds = line_lists(scenario, names, replications, threads)
    found = [customers(world.visits, world.ties, scenario.world.days) for world in worlds]
    return referred_against_others(pd.concat(found, ignore_index=True), names)
