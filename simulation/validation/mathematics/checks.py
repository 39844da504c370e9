"""The simulator against known mathematics: seven checks that anybody can run.

In each a small world (`mathematics.worlds`) is made in which theory says what must come out
(`mathematics.laws`), and what does come out is held against it by one statistic. Thresholds are those
of the statistic's own theory and were fixed before any run: a test's p-value must exceed 0.001, a rounding
error may not exceed rounding, and what is conserved may not differ at all. A correct simulator therefore
fails one of the random checks at about one seed in 200.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from ...languages.speaking import as_sentence, sentence, template
from ...state.rules.ties import current_trust
from ...state.ties import EMPTY, fading_table
from .accounts import Meddle, accounts_by_day
from .laws import (
    COVERAGE,
    adopters_of_a_cascade,
    bass_by_days,
    beta_binomial_urn,
    chi_squared,
    in_classes,
    reinforced_urn_leader,
    trust_left,
)
from .worlds import (
    IMITATION,
    SEED,
    adopting_model,
    audiences,
    bass_parameters,
    build_model,
    cascading_model,
    finish,
    offspring_mean,
    quiet_world,
    shares_adopted,
    urns,
)

SMALLEST_P = 1e-3
"""Of tests: a correct simulator falls below it in one of a thousand seeds."""
FLOAT32_ERROR = 3 * 2.0**-24
"""Largest relative error of a product of two numbers that are each rounded to 24 binary digits."""


@dataclass(frozen=True, eq=False)
class Check:
    """What came out of one check.

    Attributes
    ----------
    id, title : str
    statement : str
        What theory says, in a sentence.
    observed : DataFrame
        Columns ``x`` and ``observed``; in the check of conservation also ``part`` (what is counted) and
        ``world``.
    expected : DataFrame
        Columns ``x`` and ``expected``, the same further ones, and, where chance is at work, ``low`` to
        ``high``, within which 95% of such worlds lie at that x.
    statistic : str
        What is compared, in words.
    value, threshold : float
        The statistic, and the mark that it may not pass.
    at_least : bool
        Whether the value must reach the threshold (a p-value), or may not exceed it (a distance).
    """

    id: str
    title: str
    statement: str
    observed: pd.DataFrame
    expected: pd.DataFrame
    statistic: str
    value: float
    threshold: float
    at_least: bool

    @property
    def passed(self) -> bool:
        """Whether the value is on the right side of the threshold; not if it is missing."""
        return bool(self.value >= self.threshold if self.at_least else self.value <= self.threshold)


def _counted(
    name: str, title: str, statement: str, counts: NDArray, chances: NDArray[np.float64], what: str
) -> Check:
    """A check of whole numbers against the chances of 0, 1, 2, ... by chi-squared over classes."""
    observed, expected = in_classes(counts, chances)
    return Check(
        name,
        title,
        statement,
        observed,
        expected,
        sentence("chi-squared p-value over classes of {what}", what=as_sentence(what)),
        chi_squared(observed, expected),
        SMALLEST_P,
        at_least=True,
    )


def poisson_audiences(seed: int = SEED, heat_exponent: float = 0.0) -> Check:
    """A uniform feed gives Poisson audiences.

    Viewers' occasions are Poisson and each leads into one of the rooms at random, so that audiences of
    rooms and days are independent and Poisson; their mean is known and not fitted.

    Parameters
    ----------
    seed : int
        Of all luck.
    heat_exponent : float
        Of the feed; the law holds for 0, where heat does not count.
    """
    visits, mean = audiences(heat_exponent, seed)
    most = int(stats.poisson.isf(1e-6, mean))
    return _counted(
        "poisson_audiences",
        sentence("A uniform feed gives Poisson audiences"),
        sentence(
            "Where every room is as likely as any other, audiences of a room and day are Poisson "
            "with mean {mean:.2f}.",
            mean=mean,
        ),
        visits.ravel(),
        stats.poisson.pmf(np.arange(most + 1), mean),
        template("audiences"),
    )


def polya_urn(seed: int = SEED, heat_exponent: float = 1.0) -> Check:
    """A feed in proportion to heat is Polya's urn.

    Four equal rooms, 20 visits, 640 urns: visits of one room follow `beta_binomial_urn`, and shares
    tend to a Dirichlet law with ones, Beta(1, 3) for each room.

    Parameters
    ----------
    seed : int
    heat_exponent : float
        Of the feed; the law holds for 1.
    """
    colours, draws = 4, 20
    first = urns(heat_exponent, colours, draws, worlds=20, seed=seed)[:, 0]
    return _counted(
        "polya_urn",
        sentence("A feed in proportion to heat is Polya's urn"),
        sentence(
            "Of {draws} visits to {colours} equal rooms, one room gets a beta-binomial number, "
            "whose share tends to Beta(1, {others}): early luck lasts.",
            draws=draws,
            colours=colours,
            others=colours - 1,
        ),
        first,
        beta_binomial_urn(draws, colours),
        template("one room's visits"),
    )


def winner_takes_all(seed: int = SEED, heat_exponent: float = 2.0) -> Check:
    """With heat squared the winner takes all.

    Two equal rooms, 100 visits, 192 urns. How many visits the leader has is held against its exact law
    (`reinforced_urn_leader`), by which it takes at least 95 of 100 in most urns already.

    Parameters
    ----------
    seed : int
    heat_exponent : float
        Of the feed; the law is that of 2.
    """
    draws = 100
    leader = urns(heat_exponent, 2, draws, worlds=6, seed=seed).max(axis=1)
    law = reinforced_urn_leader(draws, 2.0)
    return _counted(
        "winner_takes_all",
        sentence("With heat squared the winner takes all"),
        sentence(
            "Of {draws} visits to two equal rooms the leader gets at least 95 in {law:.0%} of worlds "
            "(seen: {seen:.0%}), and all from some day on.",
            draws=draws,
            law=float(law[95:].sum()),
            seen=float((leader >= 95).mean()),
        ),
        leader,
        law,
        template("the leader's visits"),
    )


def cascade_sizes(seed: int = SEED, notice: float = 0.12, expected_notice: float | None = None) -> Check:
    """Links shared among few friends make cascades of a branching process.

    On a sparse random graph with about five friends a viewer cascades are trees, and offspring is
    Poisson: `adopters_of_a_cascade`, with means from the degrees of the graph drawn (`offspring_mean`).

    Parameters
    ----------
    seed : int
    notice : float
        Chance that a friend notices a link, below about 0.2 so that cascades end.
    expected_notice : float, optional
        The chance of which the law is taken, if another one.
    """
    model = cascading_model(notice, seed)
    first, later = offspring_mean(model, notice if expected_notice is None else expected_notice)
    sizes = finish(model).cascade_sizes
    # The last class of the journal holds all larger cascades as well.
    return _counted(
        "cascade_sizes",
        sentence("Shared links make cascades of a branching process"),
        sentence(
            "Adopters of a link follow Borel's law: {adopters:.2f} on average, where a sharer wins "
            "{later:.2f} others.",
            adopters=first / (1 - later),
            later=later,
        ),
        np.repeat(np.arange(len(sizes)), sizes),
        adopters_of_a_cascade(len(sizes) - 2, first, later),
        template("adopters"),
    )


def half_life(seed: int = SEED, days: float = 9.0, expected_days: float | None = None) -> Check:
    """Ties that nothing refreshes decay exponentially.

    Trust is read from ties of a running world as the rules read it, after each of 45 days, and divided
    by what it was; the law is `trust_left`. Trust is kept in single precision.

    Parameters
    ----------
    seed : int
    days : float
        Half-life of trust.
    expected_days : float, optional
        The half-life of which the law is taken, if another one.
    """
    model = build_model(
        quiet_world(
            45,
            viewers=500,
            seed=seed,
            trust={"half_life": days},
            following={"fade_floor": 0.0, "leave_rate": 0.0, "annoyance": 0.0},
        )
    )
    model.step()
    viewers, slots = (places[:200] for places in np.nonzero(model.ties.store != EMPTY))
    start = model.ties.trust[viewers, slots].astype(float)
    fading, left = fading_table(model.rules.trust.half_life, model.days), []

    def read() -> None:
        now = [current_trust(model.ties, *tie, model.day, fading) for tie in zip(viewers, slots, strict=True)]
        left.append(np.array(now) / start)

    read()
    finish(model, read)
    table, ages = np.array(left), np.arange(1, len(left) + 1)
    law = trust_left(ages, days if expected_days is None else expected_days)
    return Check(
        "half_life",
        sentence("Ties that nothing refreshes fade exponentially"),
        sentence(
            "Without contact, trust halves every {days:g} days.",
            days=days if expected_days is None else expected_days,
        ),
        pd.DataFrame({"x": ages, "observed": table.mean(axis=1)}),
        pd.DataFrame({"x": ages, "expected": law}),
        sentence("largest relative distance from the exponential, over ties and days"),
        float(np.abs(table / law[:, np.newaxis] - 1).max(initial=0.0)) if len(start) else np.nan,
        FLOAT32_ERROR,
        at_least=False,
    )


def bass_curve(
    seed: int = SEED, imitation: float = IMITATION, expected_imitation: float | None = None
) -> Check:
    """Word of mouth in a mixed crowd gives the Bass curve.

    6,000 viewers with about a hundred friends anywhere; the law is `bass_by_days` with p and q from the
    parameters (`bass_parameters`), not fitted. Each of 60 distances in standard deviations is nearly
    normal, so that all stay below the threshold in 999 of 1,000 worlds (Bonferroni). The law is that of
    endless friends: with a hundred the last to come are late by half a standard deviation.

    Parameters
    ----------
    seed : int
    imitation : float
        q, the share of friends' links that reach somebody a day if all share.
    expected_imitation : float, optional
        The q of which the law is taken, if another one.
    """
    people, days = 6_000, 60
    model = adopting_model(seed, people, days, imitation)
    p, q = bass_parameters(model, imitation if expected_imitation is None else expected_imitation)
    share = shares_adopted(model)
    law, spread = bass_by_days(p, q, days, people)
    reach = float(stats.norm.isf((1 - COVERAGE) / 2)) * spread
    x = np.arange(days + 1)
    return Check(
        "bass_curve",
        sentence("Word of mouth in a mixed crowd gives the Bass curve"),
        sentence(
            "The share who have found the shop follows Bass (1969) with p = {p:.4f} and q = {q:.3f} a day.",
            p=float(p),
            q=float(q),
        ),
        pd.DataFrame({"x": x, "observed": share}),
        pd.DataFrame(
            {"x": x, "expected": law, "low": np.clip(law - reach, 0, 1), "high": np.clip(law + reach, 0, 1)}
        ),
        sentence("largest distance from the curve over days, in standard deviations of so large a crowd"),
        float((np.abs(share - law)[1:] / spread[1:]).max()),
        float(stats.norm.isf(SMALLEST_P / (2 * days))),
        at_least=False,
    )


def conservation(seed: int = SEED, meddle: Meddle | None = None) -> Check:
    """Visits, orders, money and ties are conserved on every day of a busy world.

    In each of `busy_models` all of `simulation.world.invariants` are looked at after every day, and
    `counted_twice` tells by how much the two counts of each part differ, in viewers and fen.

    Parameters
    ----------
    seed : int
    meddle : callable, optional
        Called with the model after each day; nothing is conserved if it changes a count.
    """
    table, broken, looked = accounts_by_day(seed, meddle)
    key = ["world", "part", "x"]
    return Check(
        "conservation",
        sentence("Nothing is lost and nothing comes from nowhere"),
        sentence(
            "Visits, orders, money and followers are the same counted with people as in the books, to the "
            "last visit and fen, and all invariants hold ({looked:,} looks).",
            looked=looked,
        ),
        table[[*key, "observed"]],
        table[[*key, "expected"]],
        sentence("largest difference between two counts, or invariants broken in a day"),
        float(max(table["gap"].max(), broken)),
        0.0,
        at_least=False,
    )


CHECKS: tuple[Callable[..., Check], ...] = (
    poisson_audiences,
    polya_urn,
    winner_takes_all,
    cascade_sizes,
    half_life,
    bass_curve,
    conservation,
)
"""All checks, as functions of a seed; the name of each is its result's ``id``."""


def run_checks(report: Callable[[float], None] | None = None, seed: int = SEED) -> list[Check]:
    """Run all `CHECKS`, which takes some ten seconds once the rules are compiled.

    Parameters
    ----------
    report : callable, optional
        Called with the share done, 0 to 1, after each check.
    seed : int
        Of all luck.
    """
    found = []
    for place, check in enumerate(CHECKS, 1):
        found.append(check(seed=seed))
        if report:
            report(place / len(CHECKS))
    return found
