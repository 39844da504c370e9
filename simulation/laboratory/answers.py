"""What all answers have in common: a folder, a page with figures, and how they show themselves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..claims.whole import WORDS
from ..errors import AnalysisError, Problem, nearest
from ..languages.speaking import counterpart, own, phrase, sentence, template
from ..scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

    from ..pages.kit.style import Exhibit, View

Row = tuple[str, ...]


class Answer(ABC):
    """What was found, in a folder.

    Attributes
    ----------
    folder : Path
        Where everything lies.
    scenario : Scenario
        What was asked.
    """

    kind = template("Answer")
    folder: Path
    scenario: Scenario

    def __repr__(self) -> str:
        return phrase(
            "<{kind} '{name}': {words}; in {folder}>",
            kind=counterpart(self.kind),
            name=self.scenario.name,
            words=self.in_words,
            folder=self.folder,
        )

    @property
    @abstractmethod
    def in_words(self) -> str:
        """What was found, in a line."""

    @property
    def claims(self) -> pd.DataFrame:
        """One row per claim, or per reading of it, by the claim's id."""
        raise self._nothing("claims", template("none is tested by it"))

    @property
    def runs(self) -> pd.DataFrame:
        """Measures, one row per world and arm."""
        raise self._nothing("runs", template("none are kept in one table"))

    @property
    def daily(self) -> pd.DataFrame:
        """Days of each world and arm."""
        why = template("only runs keep days: run one of its worlds with run_experiment")
        raise self._nothing("daily", why)

    @property
    def page(self) -> Path:
        """The page, which opens offline."""
        raise self._nothing("page", template("it has none of its own; see the command validate"))

    def _nothing(self, name: str, why: str) -> AttributeError:
        return AttributeError(
            phrase(
                "{kind} '{name}' has no {what}: {why}",
                kind=counterpart(self.kind.lower()),
                name=self.scenario.name,
                what=name,
                why=counterpart(why),
            )
        )

    def _exhibits(self) -> Sequence[Exhibit]:
        """Figures of the page, in its order."""
        return ()

    @cached_property
    def _views(self) -> dict[str, list[View]]:
        """By figure that could be drawn, its views."""
        return {exhibit.id: exhibit.views for exhibit in self._exhibits() if exhibit.views}

    @property
    def figures(self) -> dict[str, list[str]]:
        """Names of the page's figures, and of the views of each; a single view may have an empty name."""
        return {name: [view.label for view in views] for name, views in self._views.items()}

    def figure(self, name: str, view: str | None = None) -> Figure:
        """One of the page's figures.

        Parameters
        ----------
        name : str
            One of `figures`.
        view : str, optional
            One of its views; the first if not given.

        Raises
        ------
        AnalysisError
            If there is none of that name.
        """
        views = self._one(self._views, name, "figure")
        shown = views[0] if view is None else self._one({each.label: each for each in views}, view, "view")
        return type(shown.figure)(shown.figure)

    def _one(self, entries: dict[str, Any], name: str, what: str) -> Any:
        if name in entries:
            return entries[name]
        known = ", ".join(map(repr, entries))
        raise AnalysisError(
            str(self.folder),
            [
                Problem(
                    what,
                    sentence("'{name}'{near}", name=name, near=nearest(name, entries)),
                    sentence("one of {known}", known=known)
                    if known
                    else sentence("none: a {kind} draws none", kind=sentence(self.kind.lower())),
                )
            ],
        )

    def _table(self) -> tuple[Row, list[Row]]:
        """Head and rows of what a notebook shows."""
        return (phrase("folder"),), [(str(self.folder),)]

    def _repr_html_(self) -> str:
        from ..pages.kit.notebook import card

        return card(own(self.scenario, "title"), self.in_words, *self._table(), self._link())

    def _link(self) -> Path | None:
        return self.page


def counted_words(claims: Sequence[dict[str, Any]]) -> str:
    """``claims: 3 holds as he meant it, 1 fails``."""
    found = [claim["word"] for claim in claims]
    numbers = [
        phrase("{count} {word}", count=found.count(word), word=counterpart(word))
        for word in WORDS
        if word in found
    ]
    return (
        phrase("claims: {numbers}", numbers=counterpart(", ").join(numbers))
        if numbers
        else phrase("no claims")
    )
