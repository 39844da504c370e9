"""MusicLab: an experiment with visible popularity, run again with the simulator's own rules.

Salganik, Dodds and Watts (2006, Science 311:854) let 14,341 people listen to and download 48 unknown
songs, alone or seeing how often each song had been downloaded in their world, and ran eight such
worlds side by side. Seeing counts made success more unequal and less predictable; a column ranked
by counts did so more than a grid of counts. Here participants decide with `room_utility`, `pick`
and `purchase_probability`. The test is not wholly independent: that crowds act on sampling and hardly
on taking comes from a study of these data (Krumme et al. 2012). The logarithm and weights do not.

How the experiment is mapped
----------------------------
* A song is a room, listening is entering it, downloading is buying there. A participant is a viewer
  drawn by `draw_traits` (interests, taste, impulse, susceptibility to crowds) without neighbours.
* A room is chosen from a slate of at most six. Six songs from anywhere on the page make a slate, the
  same ones in grid and column; each song comes in one slate, and a slate leads to one listen or none.
  In a column a song carries ``rank_appeal`` of its place in the whole list; in a grid place has no
  effect. A slate is looked at with the same chance whatever is in it.
* The crowd cue is ``log(1 + downloads)`` of the song in this world so far, where counts are shown.
* Trust is 0 and the price the usual one. A song's quality stands where a room has its host's skill:
  it moves downloading and is unknown before listening.

What is not faithful
--------------------
* People in the experiment listened in any order and came back to a song; here a slate is left for
  good. Names of bands and songs have no appeal of their own.
* Nobody reads a column in slates scattered over it. With slates that go down the list
  (`Experiment.reads_down`) a top song is never weighed against a bottom one, and every stretch of the
  list leads to about one listen; then a stronger crowd cue makes a ranked column *more* equal, and
  from a `choice.crowd_weight` of about 0.4 on it is more equal than a grid of counts. So what is found
  for the column rests on this choice; what is found for the grid does not.
* In a ranked column place itself follows downloads, so success feeds on itself without any crowd cue:
  the column tests the rule of rank, and only the grid tests the crowd cue alone.
* Downloads were free. The level of downloading (`Experiment.download_intercept`) is set to the
  independent participants' downloads a head; nothing is fitted to the worlds with counts.
* `Experiment.attention` and `Experiment.quality_spread` are assumptions. The level of inequality and
  how closely success follows quality depend on the latter; the orderings do not (tried: 0 to 3).
* Each independent population is compared in random halves of a world's size, for inequality as well:
  shares of fewer people are more unequal by chance alone. (The paper does so for unpredictability.)
* Changes that an arm makes to rules are not used; the scenario's own `choice` and `purchase` are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ...measures.concentration import gini
from ...measures.registry import FRACTION
from ...runs.comparison import Estimate, estimate, within
from ...scenario.scenario import Scenario
from ...state.luck import decision, replicate_key, uniform_array
from ...state.rule_numbers import ChoiceNumbers, PurchaseNumbers
from ...world.cast.viewers import draw_traits
from .statistics import Shares, market_shares, split_shares, unpredictability
from .visits import Page, Participants, Site, Songs, visits

STYLE = decision("musiclab: style of a song")
QUALITY = decision("musiclab: quality of a song")
HALVES = decision("musiclab: halves of the independent participants")

INDEPENDENT, COUNTS_IN_GRID = "independent", "counts_in_grid"
INDEPENDENT_IN_COLUMN, RANKED_BY_COUNTS = "independent_in_column", "ranked_by_counts"
CONDITIONS = (INDEPENDENT, COUNTS_IN_GRID, INDEPENDENT_IN_COLUMN, RANKED_BY_COUNTS)
ALONE = {COUNTS_IN_GRID: INDEPENDENT, RANKED_BY_COUNTS: INDEPENDENT_IN_COLUMN}
"""Each condition with counts, and the independent one of the same experiment."""


@dataclass(frozen=True)
class Experiment:
    """Size of the experiment, its songs and its participants.

    Attributes
    ----------
    songs, people, worlds, independent_people : int
        Songs; participants in each world; worlds with counts; participants who see no counts.
    attention : float
        Chance that a participant looks at a slate of the page (assumption).
    download_intercept : float
        Log-odds of downloading with nothing in favour, in the place of `purchase.intercept`.
    quality_spread : float
        Width of the uniform distribution of quality around 0.5 (assumption; 1 fills the range of skills).
    splits : int
        Random halvings of the independent participants.
    reads_down : bool
        Whether slates of a column go down the list, instead of lying all over the page.

    Raises
    ------
    ValueError
        If a size is too small for the statistics, or a share lies outside 0..1.
    """

    songs: int = 48
    people: int = 700
    worlds: int = 8
    independent_people: int = 1400
    attention: float = 0.55
    download_intercept: float = -1.3
    quality_spread: float = 1.0
    splits: int = 100
    reads_down: bool = False

    def __post_init__(self) -> None:
        if self.worlds < 2 or self.songs < 2 or self.splits < 1:
            raise ValueError("needs two worlds, two songs and one split or more")
        if self.people < 1 or self.independent_people < 2:
            raise ValueError("needs one participant a world and two independent ones or more")
        if not 0.0 <= self.attention <= 1.0 or self.quality_spread < 0.0:
            raise ValueError("attention is a share, from 0 to 1, and quality_spread is not negative")


@dataclass(frozen=True)
class Condition:
    """What happened in one condition.

    Attributes
    ----------
    shares : array, shape (worlds, songs)
        Market shares; one row where participants saw no counts.
    gini_by_world : array, shape (worlds,) or (2 * splits,)
        Gini coefficient of market shares in each world, or in each half of independent people.
    unpredictability : float
        Mean difference in market share between worlds, or between halves of independent people.
    listens_per_person, downloads_per_person : float
    """

    name: str
    shares: Shares
    gini_by_world: np.ndarray
    unpredictability: float
    listens_per_person: float
    downloads_per_person: float

    @property
    def gini(self) -> float:
        """Mean Gini coefficient over worlds, or over halves."""
        return float(self.gini_by_world.mean())

    @property
    def inequality(self) -> Estimate:
        """Mean Gini coefficient with its interval over worlds; none over halves, which overlap."""
        ginis = self.gini_by_world if len(self.shares) > 1 else np.array([self.gini])
        return within(estimate(ginis), FRACTION)


@dataclass(frozen=True)
class MusicLab:
    """One run of the whole experiment: the same songs in all conditions."""

    experiment: Experiment
    songs: Songs
    conditions: dict[str, Condition]

    @cached_property
    def success(self) -> pd.DataFrame:
        """Success against quality: one row per condition with counts and song, best song first.

        Columns: condition, song, quality_rank (1 is best), quality (independent market share),
        and mean, lowest, highest (market share over worlds), best_rank, worst_rank (in a world).
        """
        return pd.concat(
            [_success_table(self.conditions[name], self.conditions[alone]) for name, alone in ALONE.items()],
            ignore_index=True,
        )


def run_musiclab(
    scenario: Scenario, seed: int, experiment: Experiment | None = None, repetition: int = 0
) -> MusicLab:
    """Run both experiments of the paper once, with their independent conditions.

    Parameters
    ----------
    scenario : Scenario
        Gives `choice`, `purchase` and `people`.
    seed, repetition : int
        Of all luck; each repetition has its own songs and participants.
    experiment : Experiment, optional
        The paper's sizes if left out.
    """
    experiment = experiment or Experiment()
    key = replicate_key(seed, repetition)
    people = draw_participants(scenario, experiment, key)
    songs = draw_songs(experiment, people.interest.shape[1], key)
    choice = ChoiceNumbers(**scenario.choice.model_dump())
    free = scenario.purchase.model_copy(update={"intercept": experiment.download_intercept})
    purchase = PurchaseNumbers(**free.model_dump())
    conditions = {}
    for name in CONDITIONS:
        counts = name in ALONE
        column = name in (INDEPENDENT_IN_COLUMN, RANKED_BY_COUNTS)
        page = Page(counts, column, experiment.reads_down, experiment.attention)
        if counts:
            groups = [(world * experiment.people, experiment.people) for world in range(experiment.worlds)]
        else:
            groups = [(experiment.worlds * experiment.people, experiment.independent_people)]
        site = Site(people, songs, page, choice, purchase, key)
        found = [visits(site, first, visitors) for first, visitors in groups]
        conditions[name] = _condition(name, found, experiment, key)
    return MusicLab(experiment, songs, conditions)


def draw_participants(scenario: Scenario, experiment: Experiment, key: np.uint64) -> Participants:
    """Participants of all worlds, then the independent ones; the same people in both experiments.

    They are drawn like viewers, without neighbourhoods: assignment to worlds was at random.
    """
    many = experiment.worlds * experiment.people + experiment.independent_people
    strangers = scenario.people.model_copy(update={"homophily": 0.0})
    traits = draw_traits(strangers, scenario.friendships, many, 1, key)
    return Participants(traits.interest, traits.taste, traits.impulse, traits.crowd)


def draw_songs(experiment: Experiment, genres: int, key: np.uint64) -> Songs:
    """Songs: genres in turn, style and quality uniform."""
    many = experiment.songs
    spread = uniform_array(key, QUALITY, 0, many, 0) - 0.5
    return Songs(
        genre=(np.arange(many) % genres).astype(np.int16),
        style=uniform_array(key, STYLE, 0, many, 0).astype(np.float32),
        quality=(0.5 + experiment.quality_spread * spread).astype(np.float32),
    )


def _condition(name: str, found: list, experiment: Experiment, key: np.uint64) -> Condition:
    """Statistics of a condition from the listens and downloads of each world's participants."""
    listens, downloads = zip(*found, strict=True)
    shares = market_shares(np.array([world.sum(axis=0) for world in downloads]))
    if name in ALONE:
        ginis, apart = np.array([gini(world) for world in shares]), unpredictability(shares)
    else:
        many = len(downloads[0])
        luck = np.array([uniform_array(key, HALVES, 0, many, split) for split in range(experiment.splits)])
        halves = split_shares(downloads[0], luck)
        ginis = np.array([gini(half) for half in halves.reshape(-1, experiment.songs)])
        apart = float(np.mean([unpredictability(pair) for pair in halves]))
    heads = sum(len(world) for world in downloads)
    return Condition(
        name,
        shares,
        ginis,
        apart,
        sum(world.sum() for world in listens) / heads,
        sum(world.sum() for world in downloads) / heads,
    )


def _success_table(found: Condition, alone: Condition) -> pd.DataFrame:
    shares, quality = found.shares, alone.shares[0]
    ranks = pd.DataFrame(-shares.T).rank(method="min")
    table = pd.DataFrame(
        {
            "condition": found.name,
            "song": np.arange(len(quality)),
            "quality_rank": pd.Series(-quality).rank(method="min").astype(int),
            "quality": quality,
            "mean": shares.mean(axis=0),
            "lowest": shares.min(axis=0),
            "highest": shares.max(axis=0),
            "best_rank": ranks.min(axis=1).astype(int),
            "worst_rank": ranks.max(axis=1).astype(int),
        }
    )
    return table.sort_values(["quality_rank", "song"])
