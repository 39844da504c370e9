"""What a scenario asks: which arm against which, in what, and what sales are here."""

from __future__ import annotations

from dataclasses import dataclass

from ...kit.names import NamedArm
from ..content import Content
from ..figures.entry import entry_lines
from ..figures.platforms import LEAST
from ..figures.policies import arms_without

SALES = "gmv"
OF_PLATFORMS: tuple[tuple[str, ...], ...] = (
    ("conversion_rate",),
    ("fans_back_31_60", "fan_half_life_days"),
    ("counter_newcomer_first_week_visits", "newcomer_first_week_visits"),
    ("profitable_merchant_share",),
)
"""Measures of what is asked of platforms: of each the first at which claims look, or else the last."""
OF_POLICIES: tuple[tuple[str, ...], ...] = (
    ("gmv_gini",),
    ("profitable_merchant_share",),
    ("newcomer_first_week_visits",),
    ("conversion_rate",),
)
OF_SHOPS = ("named_orders", "named_profit", "named_members")
OF_ENTRY = ("settled_share", "merchants_served")
MOST = 5
"""Measures in an answer; who asks for more looks at the tables."""


@dataclass(frozen=True)
class Asked:
    """A comparison that answers a scenario's question.

    Attributes
    ----------
    kind : str
        ``"platforms"``, ``"lineup"``, ``"policies"``, ``"shop"``, ``"entry"`` or ``"arms"``.
    option, base : NamedArm
        What is weighed, and against what.
    sales : str
        The measure that is sales here.
    main : str
        The measure that decides: sales, unless these cannot be compared as they are.
    measures : tuple of str
        All that is asked about, sales first.
    others : tuple of NamedArm
        Further arms that can be set against `base`.
    """

    kind: str
    option: NamedArm
    base: NamedArm
    sales: str
    main: str
    measures: tuple[str, ...]
    others: tuple[NamedArm, ...]


def what_is_asked(content: Content) -> Asked | None:
    """The comparison on which a run's answer rests; None where a single arm was run."""
    if len(content.arms) < 2:
        return None
    for find in (_entry, _policies, _shop, _lineup, _arms):
        if found := find(content):
            return found
    return None


def _entry(content: Content) -> Asked | None:
    lines = entry_lines(content)
    if not lines:
        return None
    first, *later = lines[0].arms.values()
    of = lines[0].platform
    sales = f"platform_gmv_{of}"
    main, *more = (f"{measure}_{of}" for measure in OF_ENTRY)
    return Asked("entry", later[-1], first, sales, main, (main, sales, *more), tuple(later[:-1]))


def _policies(content: Content) -> Asked | None:
    pairs = arms_without(content)
    if not pairs:
        return None
    option, base = next(iter(pairs.items()))
    others = tuple(arm for arm, other in pairs.items() if arm != option and other == base)
    sales, measures = _measures(content, OF_POLICIES)
    return Asked("policies", option, base, sales, sales, measures, others)


def _shop(content: Content) -> Asked | None:
    if not content.names.named:
        return None
    base, option, *others = content.arms
    name = next(iter(content.names.named))
    _, own = _measures(content, ())
    sales, *more = (f"{measure}_{name}" for measure in OF_SHOPS)
    measures = tuple(dict.fromkeys((sales, *more, *own)))[:MOST]
    return Asked("shop", option, base, sales, sales, measures, tuple(others))


def _lineup(content: Content) -> Asked | None:
    if not content.names.are_platforms or len(content.arms) < LEAST:
        return None
    sales = content.as_claimed(SALES)
    measures = (sales, *(content.as_claimed(*choices) for choices in OF_PLATFORMS))
    known = [arm for arm in content.arms if content.estimate(arm, sales).replications]
    if len(known) < 2:
        return None
    option, base, *others = sorted(known, key=lambda arm: -content.estimate(arm, sales).mean)
    return Asked("lineup", option, base, sales, sales, measures, tuple(others))


def _arms(content: Content) -> Asked | None:
    base, option, *others = content.arms
    kind = "platforms" if content.names.are_platforms else "arms"
    sales, measures = _measures(content, OF_PLATFORMS)
    return Asked(kind, option, base, sales, sales, measures, tuple(others))


def _measures(content: Content, usual: tuple[tuple[str, ...], ...]) -> tuple[str, tuple[str, ...]]:
    """Sales, and all that is asked about: what the scenario's own claims look at, and what is usual."""
    sales = content.as_claimed(SALES)
    own = [test.measure for claim in content.run.scenario.claims for _, test in claim.keyed_tests]
    found = [sales, *own, *(content.as_claimed(*choices) for choices in usual)]
    return sales, tuple(dict.fromkeys(found))[:MOST]
