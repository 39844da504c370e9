"""What a policy search found, in sentences and numbers with units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...ensembles.search.candidates import TODAY, oriented, reason_told
from ...languages.speaking import ENGLISH, counterpart, listing, own, phrase, spoken
from ...runs.bounds import is_signed, measure_unit
from ...scenario.labels import told_apart
from ...scenario.scenario import Scenario
from ...scenario.sections.policy_search import Goal, Lever, PolicySearch
from ...words import counted, plain
from ..kit.names import Names, factor_label, measure_name
from ..kit.words import POINTS, SCALES, after, amount, decimals_for, fixed, precision_width, three_digits

PRICES = (0.0, 0.1, 0.25)
"""Largest losses of other goals, as shares of today's values, for which the best setting is looked for.
Of goals that have no shares (see `has_shares`), nothing may be lost at any of them."""


@dataclass(frozen=True)
class SearchFindings:
    """A finished search as its page tells it.

    Attributes
    ----------
    scenario : Scenario
    search : PolicySearch
    table : DataFrame
        See `candidate_table`; `done` holds its candidates that did not fail.
    """

    scenario: Scenario
    search: PolicySearch
    table: pd.DataFrame

    @property
    def done(self) -> pd.DataFrame:
        """Settings that have all goals."""
        return self.table[self.table["reason"] == ""]

    @property
    def front(self) -> pd.DataFrame:
        """Settings on the front, best in the first goal first."""
        first = self.search.goals[0]
        return self.table[self.table["on_front"]].sort_values(
            [first.name, "candidate"], ascending=[first.direction == "lower", True]
        )

    @property
    def today(self) -> pd.Series | None:
        """Today's setting, unless it failed."""
        rows = self.done[self.done["candidate"] == TODAY]
        return rows.iloc[0] if len(rows) else None

    def gains(self) -> np.ndarray:
        """Changes of all goals from today's, positive where better, shape (settings done, goals)."""
        columns = [f"{goal.name}.change" for goal in self.search.goals]
        return oriented(self.done[columns].to_numpy(float), self.search.goals)

    def goal_name(self, goal: Goal) -> str:
        """A goal for readers; no two are called alike."""
        names = told_apart(
            (entry.name, own(entry, "label"), self._words(entry)) for entry in self.search.goals
        )
        return names[goal.name]

    def lever_name(self, lever: Lever) -> str:
        """A lever for readers: its label, or the last parts of its key, or more if another has the same."""
        return told_apart(
            (entry.key, own(entry, "label"), _key_in_words(entry.key)) for entry in self.search.levers
        )[lever.key]

    def reason(self, reason: str) -> str:
        """Why a setting failed, with its goals by their names."""
        goals = {goal.name: self.goal_name(goal) for goal in self.search.goals}
        return reason_told(reason, goals)

    def _words(self, goal: Goal) -> str:
        name, names = measure_name(goal.measure), Names(self.scenario)
        if goal.against:
            return phrase(
                "{name}: {arm} minus {arm_2}",
                name=name,
                arm=names.arm(goal.arm),
                arm_2=names.arm(goal.against),
            )
        if len(self.scenario.arms) == 1:
            return name
        return phrase("{measure}, {arm}", measure=name, arm=names.arm(goal.arm))


def _key_in_words(key: str) -> str:
    """The last parts of a key: ``Channels recommend``; its whole name in other languages."""
    last = key.split(".")[-2:]
    return " ".join(map(plain, last)).capitalize() if spoken() == ENGLISH else factor_label(key)


def lever_text(value: Any) -> str:
    """A lever's value with three significant digits."""
    if isinstance(value, bool | np.bool_ | str):
        return str(value)
    return three_digits(float(value))


def goal_text(goal: Goal, value: float) -> str:
    """A goal's value with its unit."""
    return amount(value, measure_unit(goal.measure))


def change_text(goal: Goal, row: pd.Series) -> str:
    """How far a goal is from today's, in its unit, with the interval: ``+5.1 points (+3.0 to +7.2)``."""
    middle, low, high = (
        float(row.get(f"{goal.name}.{end}", np.nan)) for end in ("change", "change_low", "change_high")
    )
    if not np.isfinite(middle):
        return ""
    share = measure_unit(goal.measure) == "share"
    ends = [end for end in (low, high) if np.isfinite(end)]
    # All three in the same scale, or their sizes could not be compared.
    largest = max(abs(value) for value in (middle, *ends))
    scale, word = (
        (0.01, counterpart(POINTS))
        if share
        else next((entry for entry in SCALES[spoken()] if largest >= entry[0]), (1.0, ""))
    )
    decimals = decimals_for((precision_width(low, high) if ends else largest) / scale)
    middle_text, *shown = [fixed(value / scale, decimals, sign=True) for value in (middle, *ends)]
    return f"{middle_text}{after(middle_text, word)}" + (
        phrase(" ({shown} to {shown_2})", shown=shown[0], shown_2=shown[1]) if shown else ""
    )


def in_short(found: SearchFindings) -> list[str]:
    """The answer in a few sentences, all computed from the search."""
    done, front = found.done, found.front
    if done.empty:
        return [phrase("No setting has a value for all goals; the reasons are below.")]
    said = {"tried": len(done), "front": len(front)}
    best = phrase(
        "Of {tried:,} settings tried, {front:,} are on the front: none of the others is as good in every "
        "goal and better in one.",
        **said,
    )
    if found.today is None:
        return [best, phrase("Today's setting failed, so nothing can be compared with it.")]
    on_front = bool(found.today["on_front"])
    today = (
        phrase("Today's setting is on the front itself.")
        if on_front
        else phrase("Today's setting is not on the front.")
    )
    return [_all_at_once(found), _at_most(found), best, today]


def _all_at_once(found: SearchFindings) -> str:
    """Whether any setting betters all goals."""
    goals = found.search.goals
    better: NDArray[np.bool_] = np.all(found.gains() > 0, axis=1)
    what = phrase("improves all goals at once") if len(goals) > 1 else phrase("improves the goal")
    if not better.any():
        return phrase("No setting tried {what}: something of today's has to be given up.", what=what)
    ends = ["change_low" if goal.direction == "higher" else "change_high" for goal in goals]
    columns = [f"{goal.name}.{end}" for goal, end in zip(goals, ends, strict=True)]
    sure = (oriented(found.done[columns].to_numpy(float), goals) > 0).all(axis=1)
    many = int(better.sum())
    verb = what if many == 1 else what.replace("improves", "improve")
    return phrase(
        "{settings} of {count:,} {verb}, {sure:,} of them with every 95% interval clear of zero.",
        settings=counted(many, "setting"),
        count=len(better),
        verb=verb,
        sure=int(sure.sum()),
    )


def has_shares(goal: Goal) -> bool:
    """Whether a share of a goal has a meaning: not of what can be negative, as differences of arms can."""
    return not goal.against and not is_signed(goal.measure)


@dataclass(frozen=True)
class Offer:
    """The best that the first goal can be at some price: which setting brings it."""

    price: str
    row: pd.Series


def offers(found: SearchFindings) -> list[Offer]:
    """The settings best in the first goal, if others may lose nothing, something, or anything."""
    if found.today is None:
        return []
    others = found.search.goals[1:]
    gains, done = found.gains(), found.done
    today = np.abs([float(found.today[goal.name]) if has_shares(goal) else 0.0 for goal in others])
    kept = [found.goal_name(goal) for goal in others if not has_shares(goal)]
    shares = [share for share in PRICES if share == 0 or len(kept) < len(others)] if others else []
    made = []
    for share in (*shares, np.inf):
        allowed = np.full(len(done), True)
        if np.isfinite(share):
            allowed = np.all(gains[:, 1:] >= -share * today, axis=1)
        # Today's setting loses nothing, so that there is always one.
        best = done[allowed].iloc[int(np.argmax(gains[allowed, 0]))]
        made.append(Offer(price_text(share, kept), best))
    return made


def price_text(share: float, kept: list[str]) -> str:
    """A price for readers; of the goals `kept` there are no shares."""
    if share == 0:
        return phrase("Nothing lost elsewhere")
    if not np.isfinite(share):
        return phrase("Whatever it costs")
    rest = phrase(", nothing of {value}", value=listing([f"“{name}”" for name in kept])) if kept else ""
    return phrase("At most {share:.0%} lost of any other goal{rest}", share=share, rest=rest)


def _at_most(found: SearchFindings) -> str:
    """How far the first goal can go, and what becomes of the others then."""
    first, *others = found.search.goals
    *_, last = offers(found)
    today = found.today
    assert today is not None  # or there would be no offers
    if int(last.row["candidate"]) == TODAY:
        return phrase("“{goal_name}” is best as it is today.", goal_name=found.goal_name(first))
    moves = [
        phrase(
            "“{goal_name}” goes from {goal_text} to {goal_text_2}",
            goal_name=found.goal_name(goal),
            goal_text=goal_text(goal, today[goal.name]),
            goal_text_2=goal_text(goal, last.row[goal.name]),
        )
        for goal in others
    ]
    reach = phrase(
        "“{goal_name}” can go from {goal_text} to {goal_text_2}",
        goal_name=found.goal_name(first),
        goal_text=goal_text(first, today[first.name]),
        goal_text_2=goal_text(first, last.row[first.name]),
    )
    return phrase("{reach}; then {moves}.", reach=reach, moves=listing(moves)) if moves else f"{reach}."


def lowered(text: str) -> str:
    """A name inside a sentence: ``sales (GMV)``, but ``GMV``."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
