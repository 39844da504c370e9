"""A merchant's groups: who joins them, and which of their links a member opens.

Groups, the counter and notes in parcels belong to the merchant and exist in every arm; a platform settles
only how hard its room is to open from there (`Platform.link_friction`).
"""

from __future__ import annotations

import math

import numpy as np

from ..state.compiled import kernel, rule
from ..state.ledger import MEMBERS_WON, ORDERS_IN_GROUPS, Ledger
from ..state.luck import decision, uniform
from ..state.rules.ties import groups_needed, persons_in_a_group
from ..state.ties import MEMBER, MOST_GROUPS, MUTED, SUBSCRIBED
from ..state.world import World

JOIN = decision("community: joining a group after a visit")
WHICH_GROUP = decision("community: which of the groups")
OPEN_GROUP = decision("community: whether a member opens the group's link")


@rule
def join_probability(by_card, bought, community):
    """Chance to join a group after a visit: ``joining (1 - (1 - way) (1 - parcel))``, at most 1.

    `way` is the rate of a visit by a friend's card or of any other visit; `parcel` counts with an order only,
    since the note lies in the parcel.
    """
    way = community.join_by_card if by_card else community.join_by_visit
    parcel = community.join_by_parcel if bought else 0.0
    return min(1.0, community.joining * (1.0 - (1.0 - way) * (1.0 - parcel)))


@rule
def chance_to_open(persons, community):
    """Chance that a member who looks opens a group's link: ``min(1, full (persons / most) ** -slope)``.

    It falls with the size of the group; `full` is the rate in a group of `most` members.
    """
    size = max(persons, 1.0) / community.most_members
    return min(1.0, community.open_rate * size**-community.open_slope)


@rule
def group_cue(orders, people_per_viewer, community):
    """What orders that a member sees in its group add to the utility of entering.

    ``order_cue * log(1 + persons of this group who ordered when the link was last posted)``.
    """
    return community.order_cue * math.log(1.0 + orders * people_per_viewer)


@rule
def opens_link(world, viewer, slot):
    """Whether a member opens the link of this tie's store today, however often it looks at its groups."""
    store = world.ties.store[viewer, slot]
    persons = persons_in_a_group(
        world.stores.members[store], world.people_per_viewer, world.chat_groups.number[store]
    )
    chance = chance_to_open(persons, world.rules.community)
    return chance >= 1.0 or uniform(world.key, OPEN_GROUP, world.day, viewer, store) < chance


@rule
def become_member(world, ledger, viewer, slot):
    """Put the viewer into one of the store's groups, drawn evenly; the tie is a subscription already."""
    ties = world.ties
    store, groups = ties.store[viewer, slot], world.chat_groups.number[ties.store[viewer, slot]]
    luck = uniform(world.key, WHICH_GROUP, world.day, viewer, store)
    ties.flags[viewer, slot] = (ties.flags[viewer, slot] | MEMBER | SUBSCRIBED) & ~MUTED
    ties.group[viewer, slot] = min(int(luck * groups), MOST_GROUPS - 1)
    ledger.stores[store, MEMBERS_WON] += 1


@rule
def joins_group(world, viewer, store, by_card, bought):
    """Whether a visitor who is in no group of the store joins one now, if it runs any."""
    if world.stores.community_work[store] == 0.0:
        return False
    chance = join_probability(by_card, bought, world.rules.community)
    return chance > 0.0 and uniform(world.key, JOIN, world.day, viewer, store) < chance


@kernel
def groups_tonight(world: World, ledger: Ledger) -> None:
    """Bring groups up to date: orders stand in a group until the store posts its next link."""
    stores, chat_groups = world.stores, world.chat_groups
    for store in range(stores.status.shape[0]):
        chat_groups.number[store] = groups_needed(
            stores.members[store], world.people_per_viewer, world.rules.community.most_members
        )
        if stores.pushing[store]:
            for group in range(chat_groups.orders.shape[1]):
                chat_groups.orders[store, group] = ledger.in_groups[store, group]


@rule
def order_in_group(world, ledger, viewer, slot):
    """A member orders by a link of its group, which the others see."""
    ties = world.ties
    store, group = ties.store[viewer, slot], ties.group[viewer, slot]
    ledger.in_groups[store, group] += 1
    ledger.stores[store, ORDERS_IN_GROUPS] += np.int64(1)
