"""Phase 4, viewers buy or not: the product that a visitor sees, and how many it can order."""

from __future__ import annotations

import math

from ...state.compiled import rule
from ...state.luck import decision, uniform

PRODUCT = decision("assortment: the product that a visitor sees")


@rule
def price_step(luck, products, price_spread):
    """Log price of one of `products` over the merchant's price, each as likely as any other.

    Product j of n stands at ``price_spread sqrt(3) (2 j + 1 - n) / n``: evenly on the logarithmic scale, with
    the standard deviation ``price_spread sqrt(1 - 1 / n^2)``; the only one of an assortment stands at 0.
    """
    product = math.floor(luck * products)
    return price_spread * math.sqrt(3.0) * (2.0 * product + 1.0 - products) / products


@rule
def product_seen(world, viewer, store):
    """`price_step` of the product that a visitor of a store sees today."""
    products = world.stores.products[store]
    if products <= 1:
        return 0.0
    luck = uniform(world.key, PRODUCT, world.day, viewer, store)
    return price_step(luck, products, world.rules.streams.price_spread)


@rule
def product_price(price, step):
    """Price of a product in whole fen, at least 1: ``price exp(step)``."""
    return price if step == 0.0 else max(1, round(price * math.exp(step)))


@rule
def chance_among(chance, length, products_by_hours):
    """Chance of an order where a stream shows more products or fewer than usual: ``1 - (1 - chance)^k``.

    ``k = length ** products_by_hours`` times as many as in a stream of mean length, each of which is ordered
    with the same chance.
    """
    if products_by_hours == 0.0:
        return chance
    return 1.0 - (1.0 - chance) ** (length**products_by_hours)
