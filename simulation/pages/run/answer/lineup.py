"""Many platforms side by side: which sells most, which is best elsewhere, and which cannot be told apart."""

from __future__ import annotations

from ....languages.speaking import counterpart, listing, phrase, phrase_of
from ...kit.names import NamedArm
from ...kit.words import is_number, whole
from ..about import start_of
from ..content import Content
from .asked import Asked
from .effects import Effect, direction, paired_effect

MOST_NAMED = 3


def lineup_sentence(content: Content, asked: Asked) -> str:
    """Who sells most, whether luck can tell, and who is best beyond luck in what else was asked."""
    near = _near(content, asked)
    first: dict[NamedArm, list[str]] = {}
    for measure in asked.measures:
        if measure != asked.sales and direction(measure) and (best := _best(content, measure)):
            first.setdefault(best, []).append(_name(content, measure))
    elsewhere = [
        phrase("{arm} in {name}", arm=arm.label, name=listing(names)) for arm, names in first.items()
    ]
    values = {
        "count": len(content.arms),
        "best": asked.option.label,
        "others": counterpart("; ").join(elsewhere),
        "near": named(near),
        "start": start_of(content),
        "days": whole(content.days_counted),
        "worlds": content.worlds,
    }
    if (near or content.worlds < 2) and elsewhere:
        return phrase(
            "Of {count} platforms {best} sells most, but luck cannot tell {near} from it. Best beyond luck "
            "elsewhere: {others} ({days} days, {worlds} {start}; each platform alone).",
            **values,
        )
    if near or content.worlds < 2:
        return phrase(
            "Of {count} platforms {best} sells most, but luck cannot tell {near} from it, nor which is best "
            "elsewhere ({days} days, {worlds} {start}; each platform alone).",
            **values,
        )
    if elsewhere:
        return phrase(
            "Of {count} platforms {best} sells most, beyond luck. Best beyond luck elsewhere: {others} "
            "({days} days, {worlds} {start}; each platform alone).",
            **values,
        )
    return phrase(
        "Of {count} platforms {best} sells most, beyond luck; which is best elsewhere luck cannot tell "
        "({days} days, {worlds} {start}; each platform alone).",
        **values,
    )


def lineup_advice(content: Content, asked: Asked) -> list[str]:
    """What sales do not decide, and what to leave."""
    found = []
    if near := _near(content, asked):
        found.append(
            phrase(
                "Do not choose between {best} and {near} by sales: luck cannot tell them apart.",
                best=asked.option.label,
                near=named(near),
            )
        )
    worst = against_the_best(content, asked)[-1:]
    if worst and worst[0].clear:
        found.append(
            phrase(
                "Leave {arm} if sales count: it sells {size} less than {best}.",
                arm=worst[0].arm.label,
                size=worst[0].size,
                best=asked.option.label,
            )
        )
    return found


def named(arms: list[NamedArm]) -> str:
    """A few arms by their labels, of many how many there are."""
    if len(arms) <= MOST_NAMED:
        return listing([arm.label for arm in arms])
    return phrase_of("{count} other", "{count} others", len(arms))


def against_the_best(content: Content, asked: Asked) -> list[Effect]:
    """All others against the one that sells most, in its order."""
    found = (paired_effect(content, arm, asked.option, asked.sales) for arm in (asked.base, *asked.others))
    return [effect for effect in found if effect]


def _near(content: Content, asked: Asked) -> list[NamedArm]:
    return [effect.arm for effect in against_the_best(content, asked) if not effect.clear]


def _best(content: Content, measure: str) -> NamedArm | None:
    """The arm that is best in `measure`, if it beats the next one beyond luck."""
    values = {arm: content.estimate(arm, measure).mean for arm in content.arms}
    known = [arm for arm, value in values.items() if is_number(value)]
    if len(known) < 2:
        return None
    best, second, *_ = sorted(known, key=lambda arm: -direction(measure) * values[arm])
    apart = paired_effect(content, best, second, measure)
    return best if apart and apart.clear else None


def _name(content: Content, measure: str) -> str:
    label = content.names.measure(measure)
    return label[:1].lower() + label[1:]
