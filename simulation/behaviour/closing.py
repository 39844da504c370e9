"""Phase 4, the end of the day for groups: full ones buy at their price, others alone or not."""

from __future__ import annotations

from ..state.columns import Longs
from ..state.compiled import kernel
from ..state.ledger import GROUP_ORDERS, LATE_ORDERS
from ..state.luck import short_unit
from ..state.world import Shard, World
from .buying import order_probability, record_order
from .grouping import group_price, is_full
from .merchants.assortment import product_price, product_seen


@kernel
def fill_groups(world: World, shard: Shard, members: Longs) -> None:
    """Turn waiting into orders; `members` is the size of each waiting visitor's group."""
    pending, stores, groups = shard.pending, world.stores, world.groups
    for row in range(pending.rows[0]):
        store = pending.chosen[row]
        platform, step = stores.platform[store], product_seen(world, pending.viewer[row], store)
        price = product_price(stores.price[store], step)
        if is_full(members[row], groups.size[platform]):
            record_order(world, shard.ledger, pending, row, group_price(price, groups.discount[platform]))
            shard.ledger.totals[GROUP_ORDERS] += 1
            shard.ledger.totals[LATE_ORDERS] += 1
        elif short_unit(pending.luck[0, row]) < order_probability(world, pending, row, step):
            record_order(world, shard.ledger, pending, row, price)
            shard.ledger.totals[LATE_ORDERS] += 1
