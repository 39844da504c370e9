"""The wide circle: the some 150 persons whom one knows beyond friends, computed whenever they are asked for.

Personal networks have layers of about 5, 15, 50 and 150 (Zhou, Sornette, Hill and Dunbar 2005; Dunbar 2016).
The friendship graph holds the inner two; the outermost is what a post in Moments or a large group reaches.
Nobody's is stored. Everybody is in a few *blocks* of some 30 persons (class mates, colleagues, a large group
chat) and knows all who are in one of them. Blocks of one kind are the consecutive parts of a keyed
permutation of all who live within one arc, those of the last kind of everybody, so that the persons of a
block are found without having been drawn, and who is in somebody's wide circle has them in theirs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .compiled import rule
from .luck import decision, uniform

KINDS = 5
"""Blocks that everybody is in, the last of them of persons from anywhere (assumption: a fifth)."""
MEMBERS = 31
"""Persons in a block, so that a wide circle is of ``KINDS * (MEMBERS - 1)`` = 150."""
ROUNDS = 4
BEGINNING = decision("wide circle: where arcs begin")
ORDER = decision("wide circle: order in an arc")


class WideCircles(NamedTuple):
    """All that wide circles follow from."""

    key: np.uint64  # of the replication's luck
    social: int  # viewers who know anybody; they stand first, in the order of their neighbourhoods' tastes
    arcs: int  # circumference of the circle of tastes


class Block(NamedTuple):
    """A block, and the place of a viewer in it."""

    kind: int
    turn: int  # viewers by which arcs are turned
    arc: int
    first: int  # viewer in turned order with whom the arc begins
    people: int  # in the arc
    begins: int  # first place of the block in the order within the arc
    members: int
    place: int


@rule
def wide_circle_size(circles, viewer):
    """Members of a viewer's wide circle; who shares two blocks with the viewer counts twice."""
    members = 0
    for kind in range(KINDS):
        members += block_of(circles, viewer, kind).members - 1
    return members


@rule
def wide_circle_member(circles, viewer, number):
    """The viewer who is member `number`, from 0, of the wide circle of `viewer`; -1 from its size on.

    Twice the same in a small world, where two persons may share two blocks. Takes one permutation for each
    kind of block that is passed, and one back.
    """
    for kind in range(KINDS):
        block = block_of(circles, viewer, kind)
        if number < block.members - 1:
            place = number if number < block.place else number + 1
            return block_member(circles, block, place)
        number -= block.members - 1
    return -1


@rule
def block_of(circles, viewer, kind):
    """The block of one `kind` that a viewer is in.

    Arcs, a kind's own, have ``social / arcs`` viewers, blocks ``people / round(people / MEMBERS)``.
    """
    arcs = circles.arcs if kind < KINDS - 1 else 1
    turn = int(uniform(circles.key, BEGINNING, 0, kind, 0) * circles.social)
    turned = (viewer + turn) % circles.social
    arc = turned * arcs // circles.social
    first = -(-arc * circles.social // arcs)
    people = -(-(arc + 1) * circles.social // arcs) - first
    place = scattered(circles.key, kind, arc, people, turned - first)
    blocks = max(1, (2 * people + MEMBERS) // (2 * MEMBERS))
    number = place * blocks // people
    begins = -(-number * people // blocks)
    members = -(-(number + 1) * people // blocks) - begins
    return Block(kind, turn, arc, first, people, begins, members, place - begins)


@rule
def block_member(circles, block, place):
    """The viewer at one of the places of a block."""
    person = gathered(circles.key, block.kind, block.arc, block.people, block.begins + place)
    return (block.first + person - block.turn) % circles.social


@rule
def half(people):
    """Side of the smallest square with room for as many places as there are people."""
    side = int(np.sqrt(people))
    while side * side < people:
        side += 1
    return side


@rule
def shift(key, kind, arc, turn, side, number):
    """By how much one half moves in a round, given the other."""
    return int(uniform(key, ORDER, kind * ROUNDS + turn, arc, number) * side)


@rule
def scattered(key, kind, arc, people, person):
    """Place of a person in the keyed order of `people`: a permutation of 0 to ``people - 1``.

    A Feistel network over the two digits of the number in base `side`, walked on until it comes back
    among the people (Black and Rogaway 2002).
    """
    side = half(people)
    place = person
    while True:
        high, low = place // side, place % side
        for turn in range(ROUNDS):
            high, low = low, (high + shift(key, kind, arc, turn, side, low)) % side
        place = high * side + low
        if place < people:
            return place


@rule
def gathered(key, kind, arc, people, place):
    """The person who has a place in the keyed order: the inverse of `scattered`."""
    side = half(people)
    person = place
    while True:
        high, low = person // side, person % side
        for turn in range(ROUNDS):
            before = high
            high, low = (low - shift(key, kind, arc, ROUNDS - 1 - turn, side, before)) % side, before
        person = high * side + low
        if person < people:
            return person
