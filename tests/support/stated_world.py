"""Values that a test states whose answer depends on how its world comes out.

The defaults of these parameters are what calibration finds, so that they change whenever it is run again. A
test whose subject does not change then starts from this world instead: one in which its answer is known.
"""

from __future__ import annotations

from typing import Any

STATED: dict[str, float] = {
    "people.activity_mean": 0.66,
    "people.activity_shape": 0.9,
    "people.crowd_shape": 2.0,
    "people.impulse_concentration": 4.0,
    "merchants.price_level": 0.65,
    "merchants.trait_spread": 0.12,
    "merchants.cash_sigma": 0.8,
    "choice.enter_bias": -0.76,
    "choice.fit_weight": 2.0,
    "choice.trust_weight": 1.9,
    "choice.friend_weight": 2.1,
    "choice.crowd_weight": 0.38,
    "choice.rank_weight": 0.4,
    "purchase.intercept": -5.8,
    "purchase.trust_weight": 3.5,
    "purchase.fit_weight": 2.3,
    "purchase.skill_weight": 1.9,
    "purchase.impulse_weight": 1.0,
    "purchase.price_weight": 0.97,
    "purchase.cycle": 0.0,
    "goods.satisfaction_offset": 0.074,
    "goods.satisfaction_slope": 6.0,
    "goods.return_impulse": 0.15,
    "goods.overpromise": 0.15,
    "trust.half_life": 78.0,
    "trust.watch_gain": 0.02,
    "trust.purchase_gain": 0.15,
    "trust.initial_follow": 0.25,
    "following.base_rate": 0.009,
    "following.purchase_boost": 9.9,
    "following.trust_boost": 3.0,
    "following.leave_rate": 0.004,
    "following.tenure_slope": 0.3,
    "following.trust_hold": 0.5,
    "following.annoyance": 0.015,
    "sharing.base_rate": 0.048,
    "sharing.targeting": 2.9,
    "sharing.purchase_boost": 3.0,
    "sharing.direct_share": 0.6,
    "sharing.direct_notice": 0.58,
    "sharing.broadcast_notice": 0.15,
    "sharing.wide_notice": 0.03,
    "sharing.group_share": 0.02,
    "shopkeeping.group_cost": 0.11,
    "attention.notice_pull": 0.25,
    "attention.card_pull": 0.25,
    "community.join_by_parcel": 0.1,
    "community.order_cue": 0.2,
    "streams.products_by_hours": 0.0,
    "streams.price_spread": 0.3,
}
"""Key of a scenario -> value, of every parameter that a calibration of the project has varied."""


def over(tables: dict[str, Any], sections: dict[str, Any]) -> dict[str, Any]:
    """Sections of a scenario file in which `sections` have the last word, key by key."""
    both = {name: tables[name] | given for name, given in sections.items() if name in tables}
    return tables | sections | both


def stated(**sections: Any) -> dict[str, Any]:
    """The sections of `STATED` as in a scenario file, in which `sections` have the last word."""
    tables: dict[str, dict[str, float]] = {}
    for key, value in STATED.items():
        section, name = key.split(".")
        tables.setdefault(section, {})[name] = value
    return over(tables, sections)
