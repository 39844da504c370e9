"""Two runs compared: what differs in what was asked, and in what came out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..archive.two_runs import TwoRuns
from ..languages.speaking import phrase, phrase_of
from ..words import counted
from .answers import Answer, Row
from .run_answer import RunAnswer

SHORT = ("conversion_rate", "gmv", "visits", "orders", "repurchase_rate_30d", "fans_gained")
"""Measures that a few lines can tell."""


class ComparisonAnswer(Answer):
    """Two runs side by side.

    Parameters
    ----------
    first, second : str or Path
        Folders of runs; differences are the second less the first.

    Attributes
    ----------
    two : TwoRuns
        Both runs.

    Raises
    ------
    ArchiveError
        If one of the folders holds no whole run.
    """

    kind = "Comparison"

    def __init__(self, first: str | Path, second: str | Path, page: str | Path | None = None):
        self.two = TwoRuns.read(first, second)
        self.folder, self.scenario = self.two.second.folder, self.two.second.scenario
        self._page = Path(page) if page else self.folder / f"compared_with_{self.two.first.folder.name}.html"

    @property
    def runs(self) -> pd.DataFrame:
        """A row per arm and measure: means of both runs, their difference, its 95% interval, ``paired``."""
        return self.two.differences

    @property
    def unlike(self) -> pd.DataFrame:
        """What differs in the two scenarios, by key."""
        rows = [(entry.key, entry.first, entry.second) for entry in self.two.unlike]
        return pd.DataFrame(rows, columns=["key", "first", "second"]).set_index("key")

    @property
    def in_words(self) -> str:
        """Keys and measures that differ, in a line."""
        from ..pages.compare.page import left_out_in_words

        keys, known = len(self.two.unlike), int(self.runs["low"].notna().sum())
        clear = int(((self.runs["low"] > 0) | (self.runs["high"] < 0)).sum())
        differ = phrase_of("{count} key differs", "{count} keys differ", keys)
        luck = phrase("on common luck") if self.two.common_luck else phrase("on luck of their own")
        return phrase(
            "{differ}; {luck}, {clear:,} of {measures} with an interval differ clearly (about one in twenty "
            "would by chance alone){left_out}",
            differ=differ,
            luck=luck,
            clear=clear,
            measures=counted(known, "measure"),
            left_out=left_out_in_words(self.two),
        )

    @property
    def page(self) -> Path:
        """The page; written when it is asked for."""
        from ..pages.compare.page import write_page

        return write_page(self.two, self._page)

    def _table(self) -> tuple[Row, list[Row]]:
        rows = self.runs[self.runs["measure"].isin(SHORT)]
        shown: list[Row] = [
            (
                str(row["arm"]),
                str(row["measure"]),
                f"{row['first']:.4g}",
                f"{row['second']:.4g}",
                phrase(
                    "{difference:+.3g} ({low:+.3g} to {high:+.3g})",
                    **{name: row[name] for name in ("difference", "low", "high")},
                ),
            )
            for _, row in rows.iterrows()
        ]
        return ("arm", "measure", "first", "second", "difference (95%)"), shown


def compare(
    first: str | Path | RunAnswer, second: str | Path | RunAnswer, *, page: str | Path | None = None
) -> ComparisonAnswer:
    """Compare two runs: what differs in their scenarios, and by how much their arms differ.

    Parameters
    ----------
    first, second : str, Path or RunAnswer
        The runs, or their folders. Worlds are paired where both have the same seed.
    page : str or Path, optional
        Where its page goes; into the folder of the second if not given.

    Returns
    -------
    ComparisonAnswer
        Differences as the second less the first, and a page.

    Raises
    ------
    ArchiveError
        If one of the folders holds no whole run.
    """
    left, right = (run.folder if isinstance(run, RunAnswer) else run for run in (first, second))
    return ComparisonAnswer(left, right, page)
