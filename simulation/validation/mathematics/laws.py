"""The laws that small worlds must follow, and how a table of counts is held against one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]

COVERAGE = 0.95
"""Of the intervals around a law."""
ROUNDING = 1e-9
"""Chances whose sum falls short of 1 by less are all there are."""


def beta_binomial_urn(draws: int, colours: int) -> Numbers:
    """Chance of 0 .. draws draws of one colour from Polya's urn, shape (draws + 1,).

    One ball of each of k colours at the start, and one more of the colour drawn each time: draws are
    beta-binomial(n, 1, k - 1), all colours together Dirichlet-multinomial with ones, and shares tend to
    Beta(1, k - 1) (Eggenberger and Polya 1923).
    """
    return stats.betabinom(draws, 1, colours - 1).pmf(np.arange(draws + 1))


def reinforced_urn_leader(draws: int, exponent: float) -> Numbers:
    """Chance that the leader of two colours has 0 .. draws draws, shape (draws + 1,).

    With i draws of one colour so far and j of the other, the next is the first with chance
    ``(1 + i)^a / ((1 + i)^a + (1 + j)^a)``. Summed forward draw by draw, which is exact. For a > 1 one colour
    is drawn for ever from some draw on (Davis 1990).
    """
    chance = np.ones(1)
    for drawn in range(draws):
        first = np.arange(1.0, drawn + 2) ** exponent
        take = first / (first + first[::-1])
        chance = np.append(chance * (1 - take), 0.0) + np.insert(chance * take, 0, 0.0)
    folded = chance + chance[::-1]
    folded[np.arange(draws + 1) < draws / 2] = 0.0
    if draws % 2 == 0:
        folded[draws // 2] /= 2
    return folded


def adopters_of_a_cascade(most: int, first: float, later: float) -> Numbers:
    """Chance of 0 .. most adopters of a branching process, without its root; shape (most + 1,).

    ``P(j) = a (a + m j)^(j - 1) exp(-a - m j) / j!`` for Poisson offspring with mean a of the root and m < 1
    of all others (Consul and Jain 1973); with a = m it is Borel's law of j + 1 in all (Otter 1949).
    """
    adopters = np.arange(most + 1)
    rate = first + later * adopters
    return stats.poisson.pmf(adopters, rate) * first / rate


def bass_by_days(p: float, q: float, days: int, people: int) -> tuple[Numbers, Numbers]:
    """Share of adopters by day under Bass's hazard, and its standard deviation; shapes (days + 1,).

    Of those left, ``h(F) = 1 - exp(-(p + q F))`` adopt in a day, the hazard of Bass (1969) held for the day:
    ``F' = F + (1 - F) h``. Among n people chance moves F by a variance of ``(1 - F) h (1 - h) / n`` a day,
    which the law carries on by the square of its slope (the linear noise approximation of Kurtz 1971).

    Parameters
    ----------
    p, q : float
        Innovation and imitation, a day.
    days, people : int
    """
    share, variance = np.zeros(days + 1), np.zeros(days + 1)
    for day in range(days):
        left, hazard = 1 - share[day], 1 - np.exp(-(p + q * share[day]))
        slope = (1 - hazard) * (1 + left * q)
        share[day + 1] = share[day] + left * hazard
        variance[day + 1] = slope**2 * variance[day] + left * hazard * (1 - hazard) / people
    return share, np.sqrt(variance)


def trust_left(days: NDArray, half_life: float) -> Numbers:
    """Share of trust left after some days without contact: ``exp(-ln 2 t / half_life)``."""
    return np.exp(-np.log(2) * np.asarray(days, float) / half_life)


def in_classes(counts: NDArray, chances: Numbers, least: float = 10.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Whole numbers by class against a law.

    Neighbouring numbers are pooled until a class expects `least` cases, so that chi-squared holds (Cochran
    1954 asks for 5), and a fortieth of all, so that a narrow figure can show them.

    Parameters
    ----------
    counts : array of int, shape (cases,)
        What was counted, from 0.
    chances : array, shape (most + 1,)
        Chance of 0 .. most; what is missing to 1 is the chance of more.

    Returns
    -------
    observed : DataFrame
        ``x`` (the class, as text) and ``observed`` (cases).
    expected : DataFrame
        ``x``, ``expected`` (cases), and ``low`` to ``high``, the middle 95% of the binomial law of a class.
    """
    cases, more = len(counts), 1 - float(chances.sum())
    open_ended = more > ROUNDING
    expected = (np.append(chances, more) if open_ended else chances) * cases
    class_of = _classes(expected, max(least, cases / 40))
    many = int(class_of[-1]) + 1
    observed = np.bincount(class_of[np.minimum(counts, len(expected) - 1)], minlength=many)
    pooled = np.bincount(class_of, weights=expected)
    members = [np.flatnonzero((class_of == place) & (expected > 0)) for place in range(many)]
    labels = [_label(numbers, open_ended and place == many - 1) for place, numbers in enumerate(members)]
    share = np.clip(pooled / cases, 0, 1)
    low, high = stats.binom.interval(COVERAGE, cases, share)
    law = pd.DataFrame({"x": labels, "expected": pooled, "low": low, "high": high})
    return pd.DataFrame({"x": labels, "observed": observed}), law


def _classes(expected: Numbers, least: float) -> NDArray[np.int64]:
    """Class of each number, from 0: a class ends as soon as it expects `least` and so does the rest."""
    found, place, inside, rest = np.zeros(len(expected), np.int64), 0, 0.0, expected.sum()
    for number, more in enumerate(expected):
        found[number] = place
        inside, rest = inside + more, rest - more
        if inside >= least and rest >= least:
            place, inside = place + 1, 0.0
    return found


def _label(numbers: NDArray[np.int64], open_ended: bool) -> str:
    """A class in words: one number, a range, or a number and more."""
    first, last = int(numbers[0]), int(numbers[-1])
    if open_ended:
        return f"{first}+"
    return str(first) if first == last else f"{first}–{last}"


def chi_squared(observed: pd.DataFrame, expected: pd.DataFrame) -> float:
    """p-value of Pearson's chi-squared test of counts by class; no parameter has been fitted.

    Parameters
    ----------
    observed, expected : DataFrame
        Of `in_classes`.
    """
    law = expected["expected"].to_numpy()
    return float(stats.chisquare(observed["observed"], law * observed["observed"].sum() / law.sum()).pvalue)
