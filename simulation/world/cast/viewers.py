"""Viewers' traits, drawn once per replication and identical in every arm."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...scenario.sections.people import Friendships as FriendshipSettings
from ...scenario.sections.people import People
from ...state.columns import NEVER, Floats, ViewerColumns
from ...state.ledger import FIT_CLASSES
from ...state.luck import decision, uniform_array
from ...state.niches import WIDTH
from .quantiles import beta_quantiles, gamma_quantiles

NEIGHBOURHOOD_TASTE_SPREAD = 0.15
"""Width of the tastes of those who are alike in one neighbourhood, in arcs (assumption)."""


class Traits(NamedTuple):
    """Traits that never change; arrays of shape (viewers,) unless said otherwise."""

    activity: Floats  # occasions/day
    interest: Floats  # (viewers, categories)
    taste: Floats
    price_sensitivity: Floats
    impulse: Floats
    sharing: Floats
    trusting: Floats
    crowd: Floats


def draw_traits(
    people: People, friendships: FriendshipSettings, viewers: int, arcs: int, key: np.uint64
) -> Traits:
    """Draw the traits of `viewers` viewers, all of whom have interests.

    Each trait of each viewer is the quantile of its distribution at that viewer's own luck, so a
    further viewer changes nobody else's traits.
    """

    def luck(name: str, whom: int = 0) -> np.ndarray:
        return uniform_array(key, decision(f"traits: {name}"), 0, viewers, whom)

    def gamma(name: str, shape: float, mean: float = 1.0) -> Floats:
        return gamma_quantiles(luck(name), shape, mean).astype(np.float32)

    def beta(name: str, concentration: float) -> Floats:
        return beta_quantiles(luck(name), concentration, concentration).astype(np.float32)

    main, taste = _main_interest_and_taste(people, friendships, viewers, arcs, key)
    interest = np.empty((viewers, people.categories), np.float32)
    for category in range(people.categories):
        interest[:, category] = people.side_interest * luck("interest in a side category", category)
    interest[np.arange(viewers), main] = 0.7 + 0.3 * luck("interest in the main category")
    activity = gamma("activity", people.activity_shape, people.activity_mean)
    return Traits(
        activity=activity,
        interest=interest,
        taste=taste,
        price_sensitivity=gamma(
            "price sensitivity", people.price_sensitivity_shape, people.price_sensitivity_mean
        ),
        impulse=beta("impulse", people.impulse_concentration),
        sharing=gamma("willingness to share", people.sharing_shape),
        trusting=beta("inclination to trust", people.trust_propensity_concentration),
        crowd=gamma("susceptibility to crowds", people.crowd_shape),
    )


def without_interests(traits: Traits, isolated: int) -> None:
    """Take all interests and occasions from the last `isolated` viewers."""
    first = len(traits.taste) - isolated
    traits.interest[first:] = 0.0
    traits.activity[first:] = 0.0


def _main_interest_and_taste(
    people: People, friendships: FriendshipSettings, viewers: int, arcs: int, key: np.uint64
) -> tuple[np.ndarray, Floats]:
    """Main category and taste: the neighbourhood's with chance `homophily`, else one's own."""
    neighbourhood = np.arange(viewers) // friendships.neighbourhood_size
    count = int(neighbourhood[-1]) + 1

    def luck(name: str, many: int) -> np.ndarray:
        return uniform_array(key, decision(f"traits: {name}"), 0, many, 0)

    alike = luck("like the neighbours", viewers) < people.homophily
    own_main = luck("main category", viewers)
    shared_main = luck("main category of a neighbourhood", count)[neighbourhood]
    own_taste = luck("taste", viewers)
    shared_taste = neighbourhood_tastes(count, arcs, key)[neighbourhood]
    nearby = shared_taste + NEIGHBOURHOOD_TASTE_SPREAD * (own_taste - 0.5)
    if arcs > 1:
        own_taste = shared_taste + WIDTH * (own_taste - 0.5)
    main = (np.where(alike, shared_main, own_main) * people.categories).astype(np.int64)
    taste = np.where(alike, nearby, own_taste) % float(arcs)
    return np.minimum(main, people.categories - 1), taste.astype(np.float32)


def neighbourhood_tastes(count: int, arcs: int, key: np.uint64) -> np.ndarray:
    """Taste around which each of `count` neighbourhoods lies, shape (count,), 0 to `arcs`.

    With more than one arc neighbourhoods stand in the order of their tastes, so that friends of friends
    are as near to one another in taste in a large world as in a small one.
    """
    luck = uniform_array(key, decision("traits: taste of a neighbourhood"), 0, count, 0)
    return luck if arcs == 1 else arcs * (np.arange(count) + luck) / count


def viewer_columns(traits: Traits, platforms: int) -> ViewerColumns:
    """Columns of one arm: a copy of the traits, and state as it is before the first day.

    Parameters
    ----------
    traits : Traits
        Shared between arms, so never written to.
    platforms : int
        Number of platforms in the market.
    """
    viewers = len(traits.taste)
    return ViewerColumns(
        **{name: column.copy() for name, column in traits._asdict().items()},
        fan_ties=np.zeros(viewers, np.int16),
        share_left=np.zeros((viewers, platforms), np.uint8),
        rooms_today=np.zeros(viewers, np.uint8),
        last_active=np.full(viewers, NEVER, np.int16),
        seen_on=np.full((viewers, platforms), NEVER, np.int16),
        habit=np.zeros((viewers, platforms), np.float32),
        visited_by=np.zeros(viewers, np.uint64),
        bought_by=np.zeros(viewers, np.uint64),
        satisfied_on=np.full(traits.interest.shape, NEVER, np.int16),
        offered_fit=np.full(viewers, NEVER, np.int16),
        last_order=np.full(viewers, NEVER, np.int16),
        by_card=np.zeros((viewers, FIT_CLASSES, 2, 2), np.uint16),
    )
