"""What must hold after any day of counts that are kept for measures alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...state.ledger import (
    BUYER_FOLLOWS,
    BUYER_JOINS,
    COUNTER_JOINS,
    FAN_REPEAT_ORDERS,
    FIT,
    FIT_UNIT,
    JOINS,
    MEMBERS_WON,
    ORDERS,
    PRIVATE_ORDERS,
    PRIVATE_VISITS,
    REPEAT_ORDERS,
    STRANGERS,
    TOTALS,
    VISITS,
)
from .invariant import invariant, require

if TYPE_CHECKING:
    from ..model import LiveCommerceModel


@invariant
def parts_are_no_more_than_the_whole(model: LiveCommerceModel) -> None:
    """Private visits, visits by strangers, repeat orders and so on are some of all."""
    stores, totals = model.ledger.stores, model.ledger.totals
    for part, whole in ((PRIVATE_VISITS, VISITS), (PRIVATE_ORDERS, ORDERS), (STRANGERS, VISITS)):
        require(stores[:, part] <= stores[:, whole], "more than all", stores[:, part], stores[:, whole])
    require(totals[FAN_REPEAT_ORDERS] <= totals[REPEAT_ORDERS], "more repeat orders of fans than of all")
    require(totals[BUYER_FOLLOWS] <= stores[:, ORDERS].sum(), "more followers who bought than orders")
    surfaces = model.ledger.surfaces
    require(surfaces[:, JOINS] <= surfaces[:, VISITS], "more join than visit", surfaces)
    joined = surfaces[:, JOINS].sum() + totals[COUNTER_JOINS]
    require(joined <= stores[:, MEMBERS_WON].sum(), "more join than become members", joined)
    require(totals[BUYER_JOINS] <= surfaces[:, JOINS].sum(), "more buyers join than visitors", totals)
    require(surfaces[:, FIT] <= FIT_UNIT * surfaces[:, VISITS], "a fit above one", surfaces)


@invariant
def strata_hold_every_visit_and_order(model: LiveCommerceModel) -> None:
    """By merchant and by person, strata add up to visits and orders."""
    journal = model.journal
    known = journal.sums.known.sum(axis=(1, 2))
    require(known == journal.by_store[:, [VISITS, ORDERS]], "strata of merchants")
    by_card = model.viewers.by_card.sum(axis=(0, 1, 2))
    require(by_card == known.sum(axis=0), "strata of persons", by_card, known.sum(axis=0))


@invariant
def months_add_up(model: LiveCommerceModel) -> None:
    """Counts by month are those of the run; nobody buys again who has not bought before."""
    journal = model.journal
    require(journal.stores_by_month.sum(axis=0) == journal.by_store, "stores by month")
    require(journal.known_by_month.sum(axis=0) == journal.sums.known, "strata by month")
    require(journal.rebuyers_by_month <= journal.buyers_by_month, "more bought again than bought")
    public = journal.totals[:, TOTALS.index("public_orders")]
    require(journal.public_rebought_30 <= public, "more repeat orders than orders of those met in public")
    require(journal.back_60 <= journal.joined.sum(axis=1), "more back than joined", journal.back_60)
