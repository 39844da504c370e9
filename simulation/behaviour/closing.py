"""Phase 4, the end of the day for groups: full ones buy at their price, others alone or not."""

from __future__ import annotations

from ..state.compiled import kernel
from ..state.ledger import GROUP_ORDERS
from ..state.luck import short_unit
from .buying import order_probability, record_order
from .grouping import group_price, is_full


@kernel
def fill_groups(
    viewers, merchants, ties, pending, members, ledger, surfaces, groups, rules, day
):
    """Turn waiting into orders; `members` is the size of each waiting visitor's group."""
    for row in range(pending.rows[0]):
        merchant = pending.chosen[row]
        platform = merchants.platform[merchant]
        price = merchants.price[merchant]
        if is_full(members[row], groups.size[platform]):
            price = group_price(price, groups.discount[platform])
            record_order(viewers, ties, ledger, surfaces, pending, row, price, day)
            ledger.totals[GROUP_ORDERS] += 1
        elif short_unit(pending.luck[0, row]) < order_probability(
            viewers, merchants, pending, row, rules, 0.0
        ):
            record_order(viewers, ties, ledger, surfaces, pending, row, price, day)
