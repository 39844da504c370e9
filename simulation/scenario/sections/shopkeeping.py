"""How shops are run: plans, reviews, costs of groups and of advertising, arrivals."""

from __future__ import annotations

from ..fields import UNTOLD, Section, quantity


class Shopkeeping(Section):
    """How merchants plan, adapt, leave and arrive."""

    push_per_stream: float = quantity(
        0.9, "Chance to push a link into the own groups before a stream, at community skill 1.", low=0, high=1
    )
    review_days: int = quantity(
        14, "Days between two reviews of the streaming plan.", unit="days", low=1, high=365
    )
    stream_step: float = quantity(0.15, "Relative change of streams a week at a review.", low=0, high=1)
    min_streams: float = quantity(0.25, "Fewest streams a week.", unit="streams/week", low=0, high=7)
    max_streams: float = quantity(7.0, "Most streams a week.", unit="streams/week", low=0, high=7)
    group_cost: float = quantity(
        0.11,
        "Cost of looking after one group member.",
        unit="CNY/person/month",
        low=0,
        high=1000,
        source=UNTOLD,
    )
    arrivals: float = quantity(
        0.6,
        "New merchants a year relative to those at the start.",
        unit="1/year",
        low=0,
        high=100,
        source="no reliable figure exists: sweep",
    )
    newcomer_days: int = quantity(
        14, "Days for which a merchant counts as new to a cold-start quota.", unit="days", low=1, high=365
    )
    ad_step: float = quantity(0.25, "Relative change of the ad budget at a review.", low=0, high=1)
    ad_prior: float = quantity(
        0.004,
        "Orders that a merchant expects of one impression before it has seen any.",
        low=0,
        high=1,
        source="orders per view of about 0.02, one impression in five entered",
    )
    ad_prior_weight: float = quantity(
        2_000.0,
        "Impressions' worth of experience that this expectation counts for.",
        unit="persons",
        low=1,
        high=1e9,
    )
    work_step: float = quantity(0.2, "Relative change of community work at a review.", low=0, high=1)
    recruit_cost: float = quantity(
        2.0,
        "Cost of winning one member for the group outside the platform.",
        unit="CNY/person",
        low=0,
        high=10_000,
        source="no reliable figure exists: sweep",
    )
    arrival_response: float = quantity(
        0.5,
        "Share of would-be newcomers that all newcomers' failing would keep away; 0 is none.",
        low=0,
        high=1,
        source="no reliable figure exists: sweep",
    )
    ads_first: float = quantity(
        0.5,
        "Chance that a merchant without a private domain or a group, when it first makes a loss, buys "
        "traffic before it runs a group, where both can be had.",
        low=0,
        high=1,
        source="no published figure: sweep",
    )
    first_ad_budget: float = quantity(
        20.0,
        "What it spends on advertisements when it begins to.",
        unit="CNY/day",
        low=0,
        high=1e6,
        source="about what a small shop's stream costs it a day (assumption)",
    )
