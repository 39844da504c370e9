"""Small worlds in which all but one rule is switched off or made alike, so that a known law holds."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...claims.reading import check_table
from ...resources import PLATFORMS_FOLDER
from ...scenario import Scenario
from ...world.cast.cast import Cast, draw_cast
from ...world.journal import Journal
from ...world.model import LiveCommerceModel
from .steady import STEADY_ATTENTION

SEED = 7
KINDS = ("community_vendor", "ordinary_shop", "brand", "influencer")
ALWAYS = 20.0
"""Utility that makes entering a room all but certain (leaving has chance exp(-20))."""

SAME_SHOP: dict[str, Any] = {
    "fanless_share": 1.0,
    "fans_median": 0.0,
    "fans_sigma": 0.0,
    "fans_trust": 0.5,
    "local": False,
    "price_median": 50.0,
    "price_sigma": 0.0,
    "margin": 0.5,
    "quality": 0.7,
    "host_skill": 0.5,
    "community_skill": 1.0,
    "streams_per_week": 7.0,
    "stream_cost": 0.0,
    "daily_cost": 0.0,
    "cash": 1e8,
    "walk_in_members": 0.0,
}
"""A shop that streams daily, never closes, and is like every other."""
PURE_FEED = {"slate_size": 1, "quality_weight": 0.0, "exploration": 0.0, "cold_start_quota": 0.0}
NO_ADAPTATION = {"stream_step": 0.0, "arrivals": 0.0, "push_per_stream": 0.0, "group_cost": 0.0}
EVERYONE_ENTERS = {
    "enter_bias": ALWAYS,
    "crowd_weight": 0.0,
    "trust_weight": 0.0,
    "friend_weight": 0.0,
    "fatigue_weight": 0.0,
}
AMPLE_ATTENTION = {
    "activity_mean": 20.0,
    "activity_shape": 100.0,
    "max_occasions": 20,
    "remembered_rooms": 64,
    "categories": 1,
    "side_interest": 0.0,
}
URNS = 32
"""Urns in one world: one a category, each with one viewer who is interested in nothing else."""
INNOVATION, IMITATION, FRIENDS, SHARERS = 0.004, 0.10, 100.0, 0.2
"""Of the world that adopts: p and q of Bass a day, friends a viewer, visits passed on."""


def preset(name: str) -> dict[str, Any]:
    """A platform of the project, as a table."""
    return tomllib.loads((PLATFORMS_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def platform(channels: dict[str, float], **settings: Any) -> dict[str, Any]:
    """A platform written out, as a table."""
    return {"name": "small_platform", "label": "Small platform", "channels": channels, **settings}


def same_shops(**traits: Any) -> dict[str, Any]:
    """Section ``merchants`` in which all archetypes are the same shop, apart from their names."""
    shop = SAME_SHOP | traits
    archetypes = {kind: {"share": 0.25, **shop} for kind in KINDS}
    return {"archetypes": archetypes, "trait_spread": 0.0, "cash_sigma": 0.0}


ONE_ARC = 1e6
"""Merchants in a niche of worlds that have one arc of tastes, whatever their size: laws hold in one."""


def small_scenario(
    arms: list[dict[str, Any]],
    viewers: int = 300,
    shops: int = 20,
    days: int = 20,
    replications: int = 1,
    seed: int = SEED,
    **sections: Any,
) -> Scenario:
    """A scenario from tables, in which an order leaves the wish to buy as it was unless `sections` say else.

    Parameters
    ----------
    arms : list of dict
        Tables as under ``[[arms]]`` in a scenario file.
    viewers, shops, days, replications, seed : int
        Of ``[world]`` and ``[run]``; `shops` are merchants.
    **sections
        Further sections as in a scenario file, among them ``world`` with further keys, and ``name``.

    Raises
    ------
    AnalysisError
        If the tables make no scenario.
    """
    name = sections.setdefault("name", "small_world")
    for section, steady in STEADY_ATTENTION.items():
        sections[section] = steady | sections.get(section, {})
    size = {"viewers": viewers, "merchants": shops, "days": days, "merchants_per_niche": ONE_ARC}
    table = {
        "title": name.replace("_", " ").capitalize(),
        "article_claims": False,
        "world": size,
        "run": {"replications": replications, "seed": seed},
        "arms": arms,
    }
    sections["purchase"] = {"cycle": 0.0} | sections.get("purchase", {})
    return check_table(table | sections | {"world": size | sections.get("world", {})}, name)


def build_model(scenario: Scenario, arm: int = 0, cast: Cast | None = None) -> LiveCommerceModel:
    """A model of one arm before its first day."""
    return LiveCommerceModel(scenario, scenario.arms[arm], cast or draw_cast(scenario))


def finish(model: LiveCommerceModel, after_day: Callable[[], None] | None = None) -> Journal:
    """Run all days of `model`, with a look at it after each, and let go of it."""
    try:
        while model.day < model.days:
            model.step()
            if after_day:
                after_day()
        return model.journal
    finally:
        model.close()


def feed_world(heat_exponent: float, feed: dict[str, Any] | None = None, **settings: Any) -> Scenario:
    """Identical shops that stream daily, shown one at a time by a feed and entered by all.

    Heat remembers every visit (`heat_memory` 0), so that it counts an urn's balls.
    """
    rules = platform(
        {"recommend": 1.0},
        heat_memory=0.0,
        pool=settings.pop("pool", 1.0),
        feed=PURE_FEED | {"heat_exponent": heat_exponent} | (feed or {}),
    )
    return small_scenario(
        [{"name": "feed", "platform": rules}],
        merchants=same_shops(),
        shopkeeping=NO_ADAPTATION,
        choice={"enter_bias": ALWAYS, "crowd_weight": 0.0, "trust_weight": 0.0},
        friendships={"local_ties": 0, "long_ties": 0.0},
        **settings,
    )


def audiences(heat_exponent: float, seed: int = SEED) -> tuple[NDArray[np.int32], float]:
    """Visits by day and room, shape (40 days, 60 rooms), and the mean of a room and day in theory.

    Occasions are Poisson and every one leads into a room, so the mean is all viewers' occasions a
    day over rooms.
    """
    rooms = 60
    model = build_model(
        feed_world(
            heat_exponent,
            viewers=4_000,
            shops=rooms,
            days=40,
            seed=seed,
            people={"categories": 1, "activity_mean": 0.06, "max_occasions": 11},
        )
    )
    mean = float(model.viewers.activity.sum()) / rooms
    return finish(model).visits, mean


def urns(
    heat_exponent: float, colours: int, draws: int, worlds: int, seed: int = SEED, **feed: float
) -> NDArray[np.int64]:
    """Draws of each colour in many urns, shape (worlds * URNS, colours); rows sum to `draws`.

    A room is a colour, a category an urn. One viewer in each category watches exactly once a day
    and always enters: one draw a day.

    Parameters
    ----------
    heat_exponent : float
        Of the feed; 1 is Polya's urn.
    colours, draws, worlds : int
        Rooms a category, days, and runs of new luck.
    seed : int
    **feed
        Further settings of the feed.

    Raises
    ------
    RuntimeError
        If some day an urn was not drawn from, or more than once.
    """
    scenario = feed_world(
        heat_exponent,
        feed=dict(feed),
        viewers=URNS,
        shops=URNS * colours,
        days=draws,
        pool=100.0,
        seed=seed,
        people={
            "categories": URNS,
            "max_occasions": 1,
            "remembered_rooms": colours + 1,
            "activity_mean": 20.0,
            "activity_shape": 100.0,
        },
    )
    found = []
    for world in range(worlds):
        model = build_model(scenario, cast=draw_cast(scenario, world))
        model.viewers.interest[:] = np.eye(URNS)
        model.stores.category[:] = np.arange(len(model.stores.category)) % URNS
        visits = finish(model).visits.reshape(draws, colours, URNS)
        if not (visits.sum(axis=1) == 1).all():
            raise RuntimeError("an urn was not drawn from exactly once a day")
        found.append(visits.sum(axis=0).T)
    return np.concatenate(found)


def spreading_world(channels: dict[str, float], friends: float, **settings: Any) -> Scenario:
    """Identical shops; whoever sees a room enters it; nobody buys; links are broadcast.

    Friends live anywhere, and all have the same expected number, so that degrees are nearly Poisson.
    """
    sharing = {"base_rate": 1.0, "direct_share": 0.0} | settings.pop("sharing")
    rules = platform(channels, pool=5.0, feed={"slate_size": 1, "heat_exponent": 0.0})
    return small_scenario(
        [{"name": "arm", "platform": rules}],
        merchants=same_shops(),
        people=AMPLE_ATTENTION,
        friendships={"local_ties": 0, "long_ties": friends, "long_ties_shape": 100.0},
        choice=EVERYONE_ENTERS,
        purchase={"intercept": -20.0},
        sharing=sharing,
        shopkeeping={"push_per_stream": 1.0, "stream_step": 0.0, "arrivals": 0.0, "group_cost": 0.0},
        **settings,
    )


def with_equal_willingness(scenario: Scenario, willingness: float) -> LiveCommerceModel:
    """A model whose viewers all pass a link on with the same chance."""
    model = build_model(scenario)
    model.viewers.sharing[:] = willingness
    return model


def cascading_model(
    notice: float,
    seed: int = SEED,
    viewers: int = 20_000,
    shops: int = 100,
    days: int = 40,
    max_waves: int = 1000,
) -> LiveCommerceModel:
    """Rare chance visits, each shared with all friends, who pass the link on if they notice it.

    Parameters
    ----------
    notice : float
        Chance that a friend notices a link.
    max_waves : int
        Waves after which links of a day stop.
    """
    return with_equal_willingness(
        spreading_world(
            {"recommend": 1e-4, "share": 1.0},
            friends=5.0,
            viewers=viewers,
            shops=shops,
            days=days,
            seed=seed,
            sharing={"broadcast_notice": notice, "max_waves": max_waves},
        ),
        1.0,
    )


def offspring_mean(model: LiveCommerceModel, notice: float) -> tuple[float, float]:
    """Mean links noticed from the first sharer, ``n E[d]``, and from those who came by a link.

    Who comes by a link is chosen in proportion to friends d, and its own sharer gains nothing by a
    link back, hence ``n E[d (d - 1)] / E[d]``.
    """
    degrees = np.diff(model.friendships.start).astype(float)
    return notice * degrees.mean(), notice * (degrees * (degrees - 1)).mean() / degrees.mean()


def adopting_model(
    seed: int = SEED, viewers: int = 12_000, days: int = 60, imitation: float = IMITATION
) -> LiveCommerceModel:
    """A crowd that finds the only shop by chance or by a friend's link.

    Innovators find it in a feed that few look at (chance p a day). Visitors join its group at once,
    come back daily by its link, and each day pass the link on with chance s to all friends, who
    notice it with chance n: with k friends a share ``q = k s n`` of links reaches anybody.
    """
    return with_equal_willingness(
        spreading_world(
            {"recommend": INNOVATION / 20, "push": 0.4, "share": 0.6},
            friends=FRIENDS,
            viewers=viewers,
            shops=1,
            days=days,
            seed=seed,
            sharing={"broadcast_notice": imitation / (FRIENDS * SHARERS), "max_waves": 1},
            following={"fade_floor": 0.0, "leave_rate": 0.0, "annoyance": 0.0},
            community=STEADY_ATTENTION["community"] | {"join_by_visit": 1.0, "join_by_card": 1.0},
        ),
        SHARERS,
    )


def shares_adopted(model: LiveCommerceModel) -> NDArray[np.float64]:
    """Share of viewers who ever visited, by day (0 before the first), shape (days + 1,)."""
    ever = [0]
    finish(model, lambda: ever.append(int(np.count_nonzero(model.viewers.visited_by))))
    return np.array(ever) / len(model.viewers.visited_by)


def bass_parameters(model: LiveCommerceModel, imitation: float = IMITATION) -> tuple[float, float]:
    """p and q of Bass's model from the parameters and the mean number of friends drawn, a day.

    Innovators of a day share on that very day, so that links come from a share ``F + p (1 - F)``
    of viewers: with chance p' of finding the shop and q' of a link if all share, the hazard
    ``p' + (1 - p') q' (F + p' (1 - F))`` is Bass's with the p and q returned, up to order p' squared.
    """
    by_link = float(np.diff(model.friendships.start).mean()) * imitation / FRIENDS
    by_chance = 1 - (1 - INNOVATION / 20) ** 20
    return by_chance * (1 + by_link), by_link * (1 - by_chance) ** 2


def quiet_world(days: int, walk_ins: float = 0.0, **settings: Any) -> Scenario:
    """Fans of shops that nobody ever watches, so that no tie is refreshed."""
    return small_scenario(
        [{"name": "arm", "platform": platform({"push": 1.0, "follow": 1.0})}],
        days=days,
        merchants=same_shops(fanless_share=0.0, fans_median=4_000.0, walk_in_members=walk_ins),
        people={"activity_mean": 0.0},
        shopkeeping={"stream_step": 0.0, "arrivals": 0.0, "group_cost": 0.0},
        **{"viewers": 3_000, "shops": 24} | settings,
    )


def busy_models(seed: int = SEED, days: int = 24) -> Iterator[tuple[str, LiveCommerceModel]]:
    """Models in which everything happens that moves visits, orders, money and ties, with a title.

    A central platform, a share-driven one, and a market of both with a feed, advertisements and group
    buying, in which a platform is launched, a subsidy paid and a merchant removed.
    """
    arms: list[dict[str, Any]] = [
        {"name": "central", "label": "Taobao Live", "platform": preset("taobao_live")},
        {"name": "links", "label": "Tencent Live", "platform": preset("tencent_live")},
        {
            "name": "market",
            "label": "Market of four",
            "platforms": [
                preset("taobao_live"),
                preset("kuaishou"),
                preset("pinduoduo"),
                preset("tencent_live") | {"launch_day": days // 3, "carry_over": 0.5},
            ],
        },
    ]
    policies = [
        {"name": "help", "effect": "subsidy", "arms": ["market"], "amount": 50.0, "start": 3, "end": 12},
        {"name": "ban", "effect": "remove", "arms": ["market"], "top": 1, "start": days // 2},
    ]
    scenario = small_scenario(
        arms,
        viewers=1_200,
        shops=80,
        days=days,
        seed=seed,
        policies=policies,
        world={"isolated_viewers": 20},
        purchase={"intercept": -2.0},
        shopkeeping={"review_days": 5},
    )
    cast = draw_cast(scenario)
    for number, title in enumerate(scenario.titles.values()):
        yield title, build_model(scenario, number, cast)
