"""What a difference in each measure comes to, as what an arm does: "sells 92% less"."""

from __future__ import annotations

from dataclasses import dataclass

from ....languages.speaking import counterpart, listing, phrase, template
from ....measures.registry import without_days
from ....runs.bounds import base_measure
from .effects import Effect


@dataclass(frozen=True)
class Clause:
    """Templates for more and for less; values ``size`` and ``label``."""

    more: str
    less: str


ANY = Clause(template("has {size} more of “{label}”"), template("has {size} less of “{label}”"))
SALES = Clause(template("sells {size} more"), template("sells {size} less"))
NEWCOMERS = Clause(
    template("brings newcomers {size} more visits in their first week"),
    template("brings newcomers {size} fewer visits in their first week"),
)
CLAUSES = {
    "gmv": SALES,
    "conversion_rate": Clause(
        template("turns visits into orders {size} more often"),
        template("turns visits into orders {size} less often"),
    ),
    "fan_half_life_days": Clause(
        template("holds fans {size} longer"), template("holds fans {size} less long")
    ),
    "fans_back_31_60": Clause(
        template("brings new fans back after a month {size} more often"),
        template("brings new fans back after a month {size} less often"),
    ),
    "revisit_rate_7d": Clause(
        template("brings visitors back within a week {size} more often"),
        template("brings visitors back within a week {size} less often"),
    ),
    "newcomer_first_week_visits": NEWCOMERS,
    "counter_newcomer_first_week_visits": NEWCOMERS,
    "profitable_merchant_share": Clause(
        template("leaves {size} more merchants in profit"),
        template("leaves {size} fewer merchants in profit"),
    ),
    "gmv_gini": Clause(
        template("makes sales {size} more unequal"), template("makes sales {size} more equal")
    ),
    "audience_gini": Clause(
        template("makes audiences {size} more unequal"), template("makes audiences {size} more equal")
    ),
    "top1_audience_share": Clause(
        template("gives the largest merchant {size} more of all visits"),
        template("gives the largest merchant {size} less of all visits"),
    ),
    "top1pct_audience_share": Clause(
        template("gives the top 1% of merchants {size} more of all visits"),
        template("gives the top 1% of merchants {size} less of all visits"),
    ),
    "top1pct_gmv_share": Clause(
        template("gives the top 1% of merchants {size} more of all sales"),
        template("gives the top 1% of merchants {size} less of all sales"),
    ),
    "unreached_demand_share": Clause(
        template("leaves {size} more viewers without a fitting room"),
        template("leaves {size} fewer viewers without a fitting room"),
    ),
    "settled_share": Clause(
        template("holds {size} more of the visits half a year after the launch"),
        template("holds {size} less of the visits half a year after the launch"),
    ),
    "merchants_served": Clause(
        template("serves {size} more merchants"), template("serves {size} fewer merchants")
    ),
    "named_profit": Clause(
        template("earns the shop {size} more a month"), template("earns the shop {size} less a month")
    ),
    "named_orders": Clause(
        template("brings the shop {size} more orders"), template("brings the shop {size} fewer orders")
    ),
    "named_members": Clause(
        template("leaves the shop {size} more members and followers"),
        template("leaves the shop {size} fewer members and followers"),
    ),
}
"""By measure, in the words of whoever asks; any other is called by its label."""


ALL_SHOPS = Clause(
    template("lets all merchants together sell {size} more"),
    template("lets all merchants together sell {size} less"),
)
"""Sales of everybody, where the question is about one shop."""


OF_PLATFORM = "platform_gmv"
"""Sales of one platform of a market."""


def clauses(effects: list[Effect], of_a_shop: bool = False, of_a_platform: bool = False) -> str:
    """What differences come to, each in a few words; last what luck cannot be told from.

    Parameters
    ----------
    effects : list of Effect
    of_a_shop, of_a_platform : bool
        Whether the sentence is about one shop, or about one platform of a market.
    """
    open_ = [effect for effect in effects if effect.has_interval and not effect.clear]
    found = [_clause(effect, of_a_shop, of_a_platform) for effect in effects if effect not in open_]
    labels = listing([effect.name for effect in open_])
    if open_ and found:
        done = counterpart(", ").join(found)
        return phrase("{done} and shows no difference beyond luck in {labels}", done=done, labels=labels)
    return phrase("shows no difference beyond luck in {labels}", labels=labels) if open_ else all_of(found)


def all_of(found: list[str]) -> str:
    """What an arm does, one thing after another; Chinese has no “and” between clauses."""
    if len(found) < 2:
        return "".join(found)
    return phrase("{done} and {last}", done=counterpart(", ").join(found[:-1]), last=found[-1])


def _clause(effect: Effect, of_a_shop: bool, of_a_platform: bool) -> str:
    measure = base_measure(without_days(effect.measure)[0])
    words = SALES if of_a_platform and measure == OF_PLATFORM else CLAUSES.get(measure, ANY)
    if of_a_shop and words is SALES:
        words = ALL_SHOPS
    chosen = words.more if effect.apart.mean > 0 else words.less
    return phrase(chosen, size=effect.size, label=effect.name)
