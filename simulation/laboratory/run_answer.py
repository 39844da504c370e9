"""What an experiment answers: verdicts on claims, all its tables, a page with figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..archive.archive import StoredRun, read_run
from ..languages.speaking import counterpart, own_entry, phrase, template
from ..measures.daily import DAILY_MEASURES
from ..runs.monthly import counted_days, monthly_table
from ..words import counted
from .answers import Answer, Row, counted_words

if TYPE_CHECKING:
    from ..pages.kit.style import Exhibit

COLUMNS = ("title", "word", "reading", "decides", "status", "effect", "low", "high", "in_words")
"""Of the table of claims."""


class RunAnswer(Answer):
    """A finished run, read from its folder.

    Parameters
    ----------
    folder : str or Path
        The run's, as ``results/<scenario>/<run id>``.

    Attributes
    ----------
    runs, daily, merchants, channels, platforms, moves : DataFrame
        Its tables; see ``results/README.md``.
    manifest : dict
        Versions, seed, times.

    Raises
    ------
    ArchiveError
        If the folder holds no whole run.
    """

    kind = template("Experiment")

    def __init__(self, folder: str | Path):
        self.folder = Path(folder).absolute()
        self.stored: StoredRun = read_run(self.folder)
        self.scenario, self.manifest = self.stored.scenario, self.stored.manifest
        tables = self.stored.results
        self.merchants, self.channels = tables.merchants, tables.channels
        self.platforms, self.moves = tables.platforms, tables.moves

    @property
    def runs(self) -> pd.DataFrame:
        """Measures, one row per arm and world, probes of claims included."""
        return self.stored.results.runs

    @property
    def daily(self) -> pd.DataFrame:
        """One row per arm, world and day."""
        return self.stored.results.daily

    @cached_property
    def months(self) -> pd.DataFrame:
        """Effects of arms against the first by months of 30 days, with the course that each takes (``lasts``,
        ``grows``, ``fades``, ``turns``, ``comes``, ``unseen``), one row per daily measure, arm and month."""
        measures = [name for name in DAILY_MEASURES if name in self.daily]
        daily = counted_days(self.daily, self.scenario.run.warm_up_days)
        return monthly_table(daily, [arm.name for arm in self.scenario.arms], measures)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """One row per reading of a claim, by the claim's id: title, the word for the whole claim, whether the
        reading decides that, its status, and its first test's effect, low, high and what that is in words."""
        rows = [
            self._reading(claim, reading)
            for claim in self.stored.claims["claims"]
            for reading in claim["readings"]
        ]
        return pd.DataFrame(rows, columns=["id", *COLUMNS]).set_index("id")

    @staticmethod
    def _reading(claim: dict[str, Any], reading: dict[str, Any]) -> dict[str, Any]:
        test = reading["tests"][0] if reading["tests"] else {"in_words": reading["reason"]}
        about = {name: claim[name] for name in ("id", "title", "word")}
        found = {name: test.get(name) for name in ("effect", "low", "high", "in_words")}
        says = {"reading": reading["id"], "decides": reading["id"] == claim["decides"]}
        return about | says | {"status": reading["status"]} | found

    @property
    def in_words(self) -> str:
        """Worlds, arms and verdicts, in a line; and which measures were added after it was made."""
        words = phrase(
            "{worlds} of {arms}; {claims}",
            worlds=counted(self.scenario.run.replications, "world"),
            arms=counterpart(", ").join(arm.name for arm in self.scenario.arms),
            claims=counted_words(self.stored.claims["claims"]),
        )
        lacking = counterpart(", ").join(self.stored.results.lacking)
        later = phrase("; made before these were measured: {lacking}", lacking=lacking) if lacking else ""
        return words + later

    @property
    def page(self) -> Path:
        """The page, in the language that is spoken; written again if it is gone."""
        from ..pages.run.page import page_of, write_report

        page = page_of(self.folder)
        return page if page.is_file() else write_report(self.folder)

    def _exhibits(self) -> Sequence[Exhibit]:
        from ..pages.run.content import Content
        from ..pages.run.page import page_exhibits

        return page_exhibits(Content(self.stored))

    def _table(self) -> tuple[Row, list[Row]]:
        from ..claims.catalogue import reason_told

        tested = [
            (claim, reading)
            for claim in self.stored.claims["claims"]
            for reading in claim["readings"]
            if reading["id"] == claim["decides"] and reading["status"] != "not tested"
        ]
        heads = template("verdict"), template("claim"), template("why")
        return tuple(map(counterpart, heads)), [
            (
                counterpart(claim["word"]),
                own_entry(claim, "title"),
                reason_told(str(self._reading(claim, reading)["in_words"] or "")),
            )
            for claim, reading in tested
        ]
