"""Parameters of viewers: who they are, and who their friends are."""

from __future__ import annotations

from pydantic import model_validator

from ...languages.speaking import sentence
from ..fields import CALIBRATED, Section, quantity


class People(Section):
    """Traits of viewers, drawn once and identical in every arm."""

    activity_mean: float = quantity(
        0.66,
        "Openings of an app a day without habit, mean over viewers.",
        unit="occasions/day",
        low=0,
        high=20,
        source=CALIBRATED,
    )
    activity_shape: float = quantity(
        0.9,
        "Shape of the gamma distribution of activity; lower is more unequal.",
        low=0.1,
        high=100,
        source=CALIBRATED,
    )
    max_occasions: int = quantity(
        6, "Most occasions that one person has in a day.", unit="occasions/day", low=1, high=20
    )
    categories: int = quantity(8, "Product categories.", low=1, high=32)
    side_interest: float = quantity(
        0.35,
        "Largest interest in a category that is not a viewer's main one (main is 0.7 to 1).",
        low=0,
        high=1,
    )
    homophily: float = quantity(
        0.4, "Chance that main interest and taste follow those of the neighbourhood.", low=0, high=1
    )
    price_sensitivity_mean: float = quantity(1.0, "Price sensitivity, mean over viewers.", low=0, high=10)
    price_sensitivity_shape: float = quantity(
        4.0, "Shape of the gamma distribution of price sensitivity.", low=0.1, high=100
    )
    impulse_concentration: float = quantity(
        4.0, "Beta(a, a) of impulse around 0.5; higher means more alike.", low=0.1, high=100
    )
    trust_propensity_concentration: float = quantity(
        4.0, "Beta(a, a) of the inclination to trust around 0.5.", low=0.1, high=100
    )
    sharing_shape: float = quantity(
        1.0, "Shape of the gamma distribution (mean 1) of willingness to share.", low=0.1, high=100
    )
    crowd_shape: float = quantity(
        2.0, "Shape of the gamma distribution (mean 1) of susceptibility to crowd cues.", low=0.1, high=100
    )
    remembered_rooms: int = quantity(
        12,
        "Merchants that one viewer can hold ties with or remember at once.",
        unit="merchants",
        low=2,
        high=64,
    )

    @model_validator(mode="after")
    def _memory_outlasts_a_day(self) -> People:
        if self.remembered_rooms <= self.max_occasions:
            raise ValueError(
                sentence(
                    "remembered_rooms is {remembered_rooms}; let it exceed max_occasions "
                    "({max_occasions}), so that a day's visits are never forgotten within the day",
                    remembered_rooms=self.remembered_rooms,
                    max_occasions=self.max_occasions,
                )
            )
        return self


class Friendships(Section):
    """The friendship graph: small-world neighbourhoods joined by long ties."""

    neighbourhood_size: int = quantity(
        150,
        "Viewers in one neighbourhood (one community of the graph).",
        unit="viewers",
        low=3,
        high=10_000,
        source="outer layer of 150 of personal networks (Zhou, Sornette, Hill, Dunbar 2005)",
    )
    local_ties: int = quantity(
        10,
        "Mean number of friends inside the neighbourhood (even).",
        unit="friends",
        low=0,
        high=100,
        source="about 15 strong ties a person (Zhou et al. 2005); the split is an assumption",
    )
    rewiring: float = quantity(
        0.1,
        "Chance that an end of a neighbourhood tie is moved to another neighbour (Watts and Strogatz 1998).",
        low=0,
        high=1,
    )
    long_ties: float = quantity(
        5.0,
        "Mean number of friends anywhere, drawn in proportion to sociability.",
        unit="friends",
        low=0,
        high=100,
        source="about 15 strong ties a person (Zhou et al. 2005); the split is an assumption",
    )
    long_ties_shape: float = quantity(
        1.2, "Shape of the gamma distribution of sociability; lower is more unequal.", low=0.1, high=100
    )
    close_share: float = quantity(
        0.5,
        "Share of neighbourhood ties that are close ones.",
        low=0,
        high=1,
        source="5 of 15 ties are in the closest layer (Zhou et al. 2005)",
    )
    close_strength: float = quantity(0.75, "Mean strength of a close tie.", low=0, high=1)
    loose_strength: float = quantity(0.30, "Mean strength of any other tie.", low=0, high=1)
