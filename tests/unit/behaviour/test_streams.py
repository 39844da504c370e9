"""Hours of streams and what they do; assortments and what a price does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulation.behaviour.buying import Cues, purchase_probability
from simulation.behaviour.merchants.assortment import chance_among, price_step, product_price
from simulation.behaviour.merchants.bookkeeping import COSTS
from simulation.behaviour.merchants.streaming import hours_today, relative_length
from simulation.measures import Outcome
from simulation.measures.streams.sessions import sessions, within_stores
from simulation.platforms.channels.recommend import slots_by_hours
from simulation.scenario.reading.read import changed_scenario
from simulation.scenario.scenario import Scenario
from simulation.state.luck import four_uniforms, replicate_key
from simulation.state.rule_numbers import rule_numbers
from simulation.validation.mathematics.worlds import NO_ADAPTATION, PURE_FEED
from tests.support.worlds import build_model, finished, platform, preset, same_shops, scenario

KEY = replicate_key(3, 0)
DRAWS = 20_000


def many_hours(sigma: float) -> np.ndarray:
    lucks = [four_uniforms(KEY, np.uint64(1), 0, who, 0) for who in range(DRAWS)]
    return np.array([hours_today(luck[2], luck[3], 4.4, sigma) for luck in lucks])


def test_hours_are_lognormal_around_the_stores_median_and_fit_in_a_day() -> None:
    hours = many_hours(0.76)
    below = np.log(hours[hours < 24.0] / 4.4)
    assert np.median(hours) == pytest.approx(4.4, rel=0.02) and hours.max() == 24.0
    assert np.quantile(below, 0.1587) == pytest.approx(-0.76, abs=0.03)
    assert np.mean(hours == 24.0) == pytest.approx(0.0128, abs=0.003)  # ln(24 / 4.4) / .76 = 2.23 sd


def test_a_stream_is_as_long_as_the_mean_but_for_the_hours_beyond_a_day() -> None:
    """The mean of a lognormal number cut at c, over that of one that is not: Phi(ln(c / u) / s - s) and, of
    those cut, c over the mean times what lies beyond."""
    u, s, cut = 4.4, 0.76, math.log(24 / 4.4) / 0.76
    whole = stats.norm.cdf(cut - s) + 24 / (u * math.exp(s * s / 2)) * stats.norm.sf(cut)
    assert whole == pytest.approx(0.982, abs=0.0005)
    lengths = [relative_length(hours, u, s) for hours in many_hours(s)]
    assert np.mean(lengths) == pytest.approx(whole, abs=0.015)
    assert relative_length(hours_today(0.1, 0.9, 4.4, 0.0), 4.4, 0.0) == 1.0


def test_slots_go_by_hours_and_a_category_by_the_mean_hours_of_what_it_shows() -> None:
    """Half and half, one twice and one half as long as usual: 4 to 1, and a weight of 1.25."""
    shares, weight = slots_by_hours(np.array([0, 0]), np.array([0.5, 0.5]), np.array([2.0, 0.5]))
    assert shares == pytest.approx([0.8, 0.2]) and weight.tolist() == [1.25]
    shares, weight = slots_by_hours(np.array([0, 0]), np.array([0.3, 0.7]), np.array([1.0, 1.0]))
    assert shares.tolist() == [0.3, 0.7] and weight.tolist() == [1.0]
    shares, weight = slots_by_hours(np.array([0, 1, 0]), np.array([0.5, 1.0, 0.5]), np.array([2.0, 3.0, 0.5]))
    assert shares == pytest.approx([0.8, 1.0, 0.2]) and weight.tolist() == [1.25, 3.0]


def shops(sigma: float = 0.76, **settings: Any) -> Scenario:
    """Twenty shops, all alike but for what `settings` say of them, that stream daily."""
    traits = settings.pop("traits", {})
    return scenario(
        settings.pop("platforms"),
        shops=settings.pop("shops", 20),
        merchants=same_shops(**traits),
        shopkeeping=NO_ADAPTATION | settings.pop("shopkeeping", {}),
        streams={"hours_sigma": sigma} | settings.pop("streams", {}),
        **settings,
    )


FEED = {"a": platform({"recommend": 1.0}, feed=PURE_FEED | {"heat_exponent": 0.0})}


def test_a_store_has_the_median_hours_of_its_kind_and_others_on_another_day() -> None:
    settings = shops(platforms=FEED, traits={"hours": 2.0})
    settings = changed_scenario(settings, {"merchants.archetypes.brand.hours": 4.0})
    model = build_model(settings)
    usual = np.where(model.stores.archetype == 2, 4.0, 2.0)
    assert (model.stores.usual_hours == usual).all()
    assert model.stores.relative_hours == pytest.approx(usual / 2.5)  # three kinds of two hours, one of four
    model.run()
    model.close()
    hours = model.journal.hours
    assert ((hours > 0) == model.journal.live).all() and np.unique(hours[:, 0]).size == 20
    assert np.exp(model.stores.on_air) == pytest.approx(hours[-1] / (2.5 * math.exp(0.5 * 0.76**2)), rel=1e-6)


def test_hours_bring_visits_from_the_feed_in_proportion() -> None:
    """Slots go to 20 shops by their hours alone: exponent 1, less what a shop takes from itself (1 in 20)."""
    outcome = Outcome.from_model(finished(shops(platforms=FEED, viewers=4_000)))
    found = sessions(outcome)
    assert within_stores(found, found.visits) == pytest.approx(0.95, abs=0.06)


def test_hours_do_nothing_to_links_in_groups() -> None:
    """The same visits to the last one where there are only groups, however long streams are."""
    groups = {"a": platform({"push": 1.0})}
    fans = {"fanless_share": 0.0, "fans_median": 2_000.0, "walk_in_members": 100.0}
    pushing = {"push_per_stream": 1.0}
    visits = [
        finished(shops(sigma, platforms=groups, traits=fans, shopkeeping=pushing)).journal.visits
        for sigma in (0.0, 0.76)
    ]
    assert visits[0].sum() > 100 and np.array_equal(*visits)


def test_a_stream_costs_in_proportion_to_its_hours() -> None:
    model = finished(shops(platforms=FEED, traits={"stream_cost": 100.0}))
    lengths = model.journal.hours / (4.4 * math.exp(0.5 * 0.76**2))
    costs = model.journal.books[:, 0, COSTS]
    assert costs == pytest.approx(10_000 * lengths.sum(axis=1), abs=20)
    assert costs.std() > 10_000  # of 200,000 fen a day


def test_prices_of_an_assortment_stand_evenly_around_the_merchants_price() -> None:
    steps = [price_step(luck, 4, 0.3) for luck in (0.1, 0.3, 0.6, 0.9)]
    assert steps == pytest.approx(0.3 * math.sqrt(3) * np.array([-0.75, -0.25, 0.25, 0.75]))
    assert np.std(
        [price_step(luck, 1_000, 0.3) for luck in np.linspace(0.0005, 0.9995, 1000)]
    ) == pytest.approx(0.3, rel=1e-3)
    assert price_step(0.9, 1, 0.3) == 0.0 == price_step(0.9, 7, 0.0)
    assert product_price(1_001, 0.0) == 1_001 and product_price(1_000, math.log(1.2)) == 1_200
    assert product_price(1, -3.0) == 1


def test_a_chance_a_product_makes_a_chance_a_visit() -> None:
    """Four times as long, twice as many products, each ordered with chance .1: .19."""
    assert chance_among(0.1, 4.0, 0.5) == pytest.approx(0.19)
    assert chance_among(0.1, 4.0, 0.0) == 0.1 and chance_among(0.1, 1.0, 0.5) == pytest.approx(0.1)
    assert chance_among(0.0, 4.0, 0.5) == 0.0 and chance_among(1.0, 0.25, 0.5) == 1.0


def test_one_product_is_the_same_whatever_the_spread_and_many_sell_at_their_own_prices() -> None:
    def prices(**settings: Any) -> np.ndarray:
        products = {"products": settings.pop("products")}
        model = finished(
            shops(platforms=FEED, traits=products, streams=settings, purchase={"intercept": 0.0})
        )
        sold = model.journal.orders > 0
        return model.journal.gmv[sold] / model.journal.orders[sold]

    usual = 100 * 50 * 0.65
    assert (prices(products=1, price_spread=1.0) == usual).all()
    many = prices(products=30, price_spread=0.3)
    assert many.min() < 0.8 * usual and many.max() > 1.2 * usual


def test_what_a_price_does_to_orders() -> None:
    """Own price elasticity where orders are few: minus the price weight, .97, against -.53 between the
    products of a host in the field; with a price weight of .53 it would be that."""
    settings = scenario({"a": preset("taobao_live")})
    usual = rule_numbers(settings.arm_rules(settings.arms[0])[0]).purchase
    sensitivity = stats.gamma.ppf((np.arange(2_000) + 0.5) / 2_000, 4.0, scale=0.25)

    def orders(price: float, purchase: Any) -> float:
        cues = [Cues(0.5, 0.5, price, float(each), 0.0) for each in sensitivity]
        return float(np.mean([purchase_probability(0.7, 0.2, cue, purchase) for cue in cues]))

    def elasticity(purchase: Any) -> float:
        return math.log(orders(0.01, purchase) / orders(-0.01, purchase)) / 0.02

    assert orders(0.0, usual) == pytest.approx(0.03, abs=0.01)
    assert elasticity(usual) == pytest.approx(-0.97, abs=0.05)
    assert elasticity(usual._replace(price_weight=0.53)) == pytest.approx(-0.53, abs=0.03)
