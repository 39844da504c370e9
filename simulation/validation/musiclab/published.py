"""What is known of the MusicLab experiments' results in numbers, and where from.

Salganik, Dodds and Watts (2006) show inequality and unpredictability as bars. Numbers stand here only
where a source gives them; for unpredictability and for the independent participants' inequality none
was found, so there only the orderings can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...languages.speaking import template
from .experiment import COUNTS_IN_GRID, INDEPENDENT, INDEPENDENT_IN_COLUMN, RANKED_BY_COUNTS

PAPER = "Salganik, Dodds and Watts 2006, Science 311:854, doi 10.1126/science.1121066"
RECOMPUTED = (
    "mean over eight worlds, computed by others (github.com/dkrse/symmetry-breaking-amplifier) from the "
    "counts that Salganik released (doi 10.34770/y56c-ym90); secondary, not checked against the counts"
)
COUNTED = "downloads in the released counts, by the same analysis; people: about 1,400 (supporting material)"
BOOK = "Watts 2011, Everything Is Obvious: a song of the top five in quality had a 50% chance to stay there"


@dataclass(frozen=True)
class Published:
    """One number of the experiments.

    Attributes
    ----------
    statistic, condition : str
        As in the frame of `repeat_musiclab`.
    value : float
        In that statistic's unit.
    source : str
        Where the number is from, and how it was come by.
    """

    statistic: str
    condition: str
    value: float
    source: str


PUBLISHED = (
    Published("gini", COUNTS_IN_GRID, 0.34, RECOMPUTED),
    Published("gini", RANKED_BY_COUNTS, 0.50, RECOMPUTED),
    Published("rank_correlation", COUNTS_IN_GRID, 0.765, RECOMPUTED),
    Published("rank_correlation", RANKED_BY_COUNTS, 0.651, RECOMPUTED),
    Published("top_five_kept", RANKED_BY_COUNTS, 0.50, BOOK),
    Published("downloads_per_person", INDEPENDENT, 1578 / 1400, COUNTED),
    Published("downloads_per_person", INDEPENDENT_IN_COLUMN, 2192 / 1400, COUNTED),
)
ORDERINGS_SOURCE = PAPER
"""Of the orderings in `repetitions.EXPECTED`: counts raise both statistics, a ranked column more so."""
UNKNOWN = template(
    "No number was found for unpredictability, for the inequality of independent participants, or for "
    "listens a person; there only orderings are compared."
)


def published(statistic: str, condition: str) -> Published | None:
    """The number of the experiments for a statistic in a condition; None if none is known."""
    for entry in PUBLISHED:
        if (entry.statistic, entry.condition) == (statistic, condition):
            return entry
    return None
