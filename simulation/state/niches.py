"""Niches: a category within an arc of the circle of tastes.

Tastes and styles lie on a circle whose circumference is a whole number of arcs. A world with more merchants
has more arcs, so that as many merchants share a niche whatever the size of the world: what decides who
competes with whom must not depend on how much of the market is simulated.
"""

from __future__ import annotations

from .compiled import rule

WIDTH = 1.0
"""Arcs over which the tastes of a neighbourhood's members vary, and over which their long ties reach."""


@rule
def taste_distance(taste, style, arcs):
    """Distance of a taste and a style on the circle, in arcs; half an arc counts as any greater one."""
    distance = abs(taste - style)
    distance = min(distance, float(arcs) - distance)
    return min(distance, 0.5)


@rule
def own_arc(position, arcs):
    """Number of the arc in which a taste or style lies."""
    return min(int(position), arcs - 1)


@rule
def catchment(neighbourhood, style, arcs, neighbourhood_size, social):
    """Among whom a store finds customers outside the platform: the first viewer, and the number.

    A local store (`neighbourhood` of 0 or more) finds them in its neighbourhood, any other in an arc around
    its style. Viewers stand in the order of their neighbourhoods' tastes; the last `social` of them is
    followed by the first.
    """
    if neighbourhood >= 0:
        first = neighbourhood * neighbourhood_size
        return first, min(neighbourhood_size, social - first)
    if arcs == 1:
        return 0, social
    count = max(1, social // arcs)
    return (int(style / arcs * social) - count // 2 + social) % social, count


@rule
def candidate(luck, first, count, social):
    """One of `count` viewers from `first` on, drawn evenly."""
    return (first + min(int(luck * count), count - 1)) % social
