"""Two runs compared: what differs in what was asked, and in what came out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..archive.two_runs import TwoRuns
from ..languages.speaking import counterpart, phrase, phrase_of, template
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

    kind = template("Comparison")

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
    def sentence(self) -> str:
        """What differs most, and how surely."""
        from ..pages.compare.answer import sentence_on
        from ..pages.kit.names import Names

        return sentence_on(self.two, Names(self.scenario))

    @property
    def page(self) -> Path:
        """The page, in the language that is spoken; written in each language when it is asked for."""
        from ..pages.compare.page import write_page

        return write_page(self.two, self._page)

    def _table(self) -> tuple[Row, list[Row]]:
        from ..pages.compare.answer import arm_title
        from ..pages.compare.page import NO_INTERVAL, lines_of
        from ..pages.kit.names import Names

        names, shown = Names(self.scenario), list[Row]()
        for arm, rows in self.runs[self.runs["measure"].isin(SHORT)].groupby("arm", sort=False):
            for line in lines_of(rows, names):
                apart = line.difference
                if line.interval != NO_INTERVAL:
                    apart = phrase("{label} ({part})", label=apart, part=line.interval)
                shown.append((arm_title(self.two, str(arm)), line.measure, line.first, line.second, apart))
        heads = template("Arm"), template("Measure"), template("First"), template("Second")
        return (*map(counterpart, heads), phrase("Difference (95% interval)")), shown


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
