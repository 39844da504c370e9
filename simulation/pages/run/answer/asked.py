"""What a scenario asks: which arm against which, in what, and what sales are here."""

from __future__ import annotations

from dataclasses import dataclass

from ...kit.names import NamedArm
from ...kit.words import is_number
from ..content import Content
from ..figures.entry import entry_lines
from ..figures.platforms import LEAST
from ..figures.policies import arms_without
from .own_claims import claimed_pair

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
OF_ENTRY = ("market_share", "merchants_served")
SETTLED, AT_THE_END = "settled_share", "visit_share"
"""Shares of visits of a platform that enters; the latter where runs end within half a year of its launch."""
OF_RULED = ("market_share", "platform_gmv", "platform_payoff")
OF_RIVAL = ("market_share", "platform_gmv")
"""Of a platform whose rules change in a market, and of its largest rival; share of sales first."""
MOST = 5
"""Measures in an answer; who asks for more looks at the tables."""
OF_ONE_CLAIM = 2
"""Of them, those of the article's claim that a scenario is about."""


@dataclass(frozen=True)
class Asked:
    """A comparison that answers a scenario's question.

    Attributes
    ----------
    kind : str
        ``"platforms"``, ``"lineup"``, ``"policy"``, ``"policies"``, ``"market"``, ``"shop"``, ``"entry"`` or
        ``"arms"``.
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
    own : tuple of str
        Those of `measures` by which whoever asks decides, such as the shop's own; all if empty.
    platforms : tuple of str
        In a market the platform whose rules change, and its largest rival; or the one that enters; or, where
        a platform is `opened`, the two that sell most without it.
    opened : str
        The platform that only one side has.
    """

    kind: str
    option: NamedArm
    base: NamedArm
    sales: str
    main: str
    measures: tuple[str, ...]
    others: tuple[NamedArm, ...]
    own: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    opened: str = ""


def what_is_asked(content: Content) -> Asked | None:
    """The comparison on which a run's answer rests; None where a single arm was run."""
    if len(content.arms) < 2:
        return None
    for find in (_entry, _market, _opening, _policies, _shop, _lineup, _arms):
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
    known = all(is_number(content.level(arm.name, f"{SETTLED}_{of}")) for arm in (first, later[-1]))
    main = f"{SETTLED if known else AT_THE_END}_{of}"
    more = (f"{measure}_{of}" for measure in OF_ENTRY)
    return Asked("entry", later[-1], first, sales, main, (main, sales, *more), tuple(later[:-1]), (), (of,))


def _market(content: Content) -> Asked | None:
    """Other rules of one platform in a market, by a policy or from the start: what it and its rival sell."""
    if not content.names.is_market:
        return None
    pairs = arms_without(content)
    base, option = content.arms[:2]
    if pairs:
        option, base = next(iter(pairs.items()))
    elif content.names.named:
        return None
    ruled = _ruled(content, option, base)
    rival = _largest_rival(content, ruled, base)
    if not ruled or not rival:
        return None
    share, sales, payoff = (content.as_claimed(f"{measure}_{ruled}") for measure in OF_RULED)
    rivals = (content.as_claimed(f"{measure}_{rival}") for measure in OF_RIVAL)
    whole = content.as_claimed(SALES)
    found = dict.fromkeys((sales, share, payoff, *rivals, whole, *_claimed(content)))
    against = {arm: pairs.get(arm) if pairs else base for arm in content.arms if arm not in (option, base)}
    others = tuple(arm for arm, other in against.items() if other == base)
    own, both = (share, sales, payoff), (ruled, rival)
    return Asked("market", option, base, sales, share, tuple(found), others, own, both)


def _ruled(content: Content, option: NamedArm, base: NamedArm) -> str:
    """The one platform in both arms on which a policy of `option` acts, or whose rules differ; else none."""
    scenario = content.run.scenario
    this, other = (scenario.arm(arm.name) for arm in (option, base))
    if not this or not other:
        return ""
    there = {entry.name: entry for entry in other.all_platforms}
    here = {entry.name: entry for entry in this.all_platforms if entry.name in there}
    found = {policy.platform for policy in scenario.arm_policies(this)}
    if this.all_platforms != other.all_platforms:
        found = {name for name, entry in here.items() if entry != there[name]}
    return found.pop() if len(found) == 1 and found <= set(here) else ""


def _opening(content: Content) -> Asked | None:
    """A platform that only one of two markets has: from whom it takes sales."""
    if not content.names.is_market or content.names.named:
        return None
    base, option, *others = content.arms
    there, here = (set(_platforms_of(content, arm)) for arm in (base, option))
    rivals = [name for name in _by_sales(content, base) if name in here & there][:2]
    if len(here ^ there) != 1 or not rivals:
        return None
    measures = [content.as_claimed(f"{measure}_{rival}") for rival in rivals for measure in OF_RIVAL]
    whole, claimed = content.as_claimed(SALES), _claimed(content)
    found, own = tuple(dict.fromkeys((*measures, whole, *claimed))), tuple(dict.fromkeys((whole, *claimed)))
    opened = (here ^ there).pop()
    return Asked("market", option, base, whole, measures[0], found, tuple(others), own, tuple(rivals), opened)


def _platforms_of(content: Content, arm: NamedArm) -> list[str]:
    entry = content.run.scenario.arm(arm.name)
    return [platform.name for platform in entry.all_platforms] if entry else []


def _by_sales(content: Content, arm: NamedArm) -> list[str]:
    """Platforms that have sales in an arm, the largest first."""
    sold = {name: content.level(arm.name, f"platform_gmv_{name}") for name in content.names.platforms}
    return sorted((name for name in sold if is_number(sold[name])), key=lambda name: -sold[name])


def _largest_rival(content: Content, ruled: str, base: NamedArm) -> str:
    """The platform other than `ruled` that sells most in `base`."""
    return next((name for name in _by_sales(content, base) if name != ruled), "")


def _policies(content: Content) -> Asked | None:
    pairs = arms_without(content)
    if not pairs:
        return None
    option, base = next(iter(pairs.items()))
    others = tuple(arm for arm, other in pairs.items() if arm != option and other == base)
    sales, measures = _measures(content, OF_POLICIES)
    return Asked("policies" if others else "policy", option, base, sales, sales, measures, others)


def _shop(content: Content) -> Asked | None:
    if not content.names.named:
        return None
    base, option, *others = content.arms
    name = next(iter(content.names.named))
    own = tuple(content.as_claimed(f"{measure}_{name}") for measure in OF_SHOPS)
    measures = tuple(dict.fromkeys((*own, *_claimed(content))))[:MOST]
    return Asked("shop", option, base, own[0], own[0], measures, tuple(others), own)


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
    base, option, *_ = content.arms
    option, base = claimed_pair(content) or (option, base)
    others = [arm for arm in content.arms if arm not in (option, base)]
    kind = "platforms" if content.names.are_platforms else "arms"
    sales, measures = _measures(content, OF_PLATFORMS)
    claimed = _claimed(content) or _of_the_one_claim(content)
    if claimed:
        measures = tuple(dict.fromkeys((*claimed, *measures)))[:MOST]
        measures = measures if sales in measures else (*measures[:-1], sales)
    return Asked(kind, option, base, sales, claimed[0] if claimed else sales, measures, tuple(others))


def _of_the_one_claim(content: Content) -> list[str]:
    """Measures of the only reading of the article's claims that can be tested here: it is what is asked."""
    readings = [reading for claim in content.claims["claims"] for reading in claim["readings"]]
    tested = [reading for reading in readings if reading["tests"]]
    return content.tested[:OF_ONE_CLAIM] if len(tested) == 1 else []


def _measures(content: Content, usual: tuple[tuple[str, ...], ...]) -> tuple[str, tuple[str, ...]]:
    """Sales, and all that is asked about: what the scenario's own claims look at, and what is usual."""
    sales = content.as_claimed(SALES)
    found = [sales, *_claimed(content), *(content.as_claimed(*choices) for choices in usual)]
    return sales, tuple(dict.fromkeys(found))[:MOST]


def _claimed(content: Content) -> list[str]:
    """Measures at which the scenario's own claims look."""
    return [test.measure for claim in content.run.scenario.claims for _, test in claim.keyed_tests]
