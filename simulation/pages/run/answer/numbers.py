"""The three numbers of a first screen: what is won, what it costs, how sure; or else two platforms' own."""

from __future__ import annotations

from collections.abc import Sequence

from ....languages.speaking import phrase, phrase_of, sentences
from ...kit.first_screen import Number
from ..content import Content
from .advice import Weighed
from .asked import Asked
from .effects import Effect
from .lineup import against_the_best
from .market import entry_in_words, of_platform, reached, share_in_words, visits_besides
from .own_claims import too_small


def won(weighed: Weighed) -> Number:
    """What reaches one's own margin, or else sales if they rise beyond luck, or else the surest gain.

    Of a shop, of its own figures alone. What lies short of one's own margin is no gain.
    """
    title = phrase("What is won")
    asked = [claim.effect for claim in weighed.claims if claim.is_wish and claim.holds]
    if asked:
        return Number("gain", title, asked[0].difference, _levels_of(asked[0]))
    short = [claim.effect.measure for claim in weighed.claims if claim.is_wish and claim.fails]
    gains = [effect for effect in _of(weighed.effects, 1) if effect.measure not in short]
    if not gains:
        said = phrase("Nothing asked about gets better beyond luck.")
        if weighed.of_a_shop:
            said = phrase("None of the shop's own figures gets better beyond luck.")
        return Number("none", title, phrase("Nothing"), too_small(weighed.claims) or said)
    best = weighed.sales
    if best not in gains:
        best = max(gains, key=lambda effect: effect.least)
    return Number("gain", title, best.difference, _levels_of(best))


def cost(weighed: Weighed) -> Number:
    """Sales if they fall beyond luck, or else the surest loss; of a shop, of its own figures alone."""
    title, sales, losses = phrase("What it costs"), weighed.sales, _of(weighed.effects, -1)
    if losses:
        worst = sales if sales in losses else max(losses, key=lambda effect: effect.least)
        return Number("loss", title, worst.difference, _levels_of(worst))
    if sales and not sales.worth:
        return Number("none", title, phrase("No clear loss"), _levels_of(sales))
    said = phrase("Nothing asked about gets worse beyond luck.")
    if weighed.of_a_shop:
        said = phrase("None of the shop's own figures gets worse beyond luck.")
    return Number("none", title, phrase("Nothing"), said)


def _of(effects: Sequence[Effect], side: int) -> list[Effect]:
    return [effect for effect in effects if effect.worth == side]


def of_market(content: Content, asked: Asked, effects: list[Effect]) -> list[Number]:
    """What either platform of a market has of sales, before and after, and what it sells."""
    found = []
    for platform in asked.platforms:
        share, sales = of_platform(effects, platform)
        if share:
            title = phrase("{platform}'s share of sales", platform=content.names.platforms[platform])
            besides = [_sales_of(sales), visits_besides(content, asked, share, platform)]
            found.append(_share(title, share, share_in_words(share), besides))
    return found


def of_entry(content: Content, asked: Asked, effects: list[Effect], numbers: list[Number]) -> list[Number]:
    """What a platform reaches early and late of visits and of sales, in place of what is won and lost."""
    platform = asked.platforms[0]
    named = content.names.platforms[platform]
    visits, (share, sales) = reached(effects, platform), of_platform(effects, platform)
    if visits is None:
        return numbers
    title = phrase("{platform}'s share of visits", platform=named)
    if share is None:
        return [_share(title, visits, entry_in_words(visits), [_sales_of(sales)]), *numbers[1:]]
    of_sales = phrase("{platform}'s share of sales", platform=named)
    return [
        _share(title, visits, entry_in_words(visits), []),
        _share(of_sales, share, share_in_words(share), [_sales_of(sales)]),
        *numbers[2:],
    ]


def _share(title: str, share: Effect, said: str, besides: list[str]) -> Number:
    level, base = share.levels
    kind = {1: "gain", -1: "loss"}.get(share.worth, "none")
    return Number(
        kind, title, phrase("{base} → {level}", base=base, level=level), sentences([said, *besides])
    )


def _sales_of(sales: Effect | None) -> str:
    """Sales of the platform that a number is about, on both sides; nothing where they have no value."""
    if sales is None:
        return ""
    level, base = sales.levels
    if sales.has_interval:
        return phrase(
            "Its sales: {level} against {base} ({interval}).", level=level, base=base, interval=sales.interval
        )
    return phrase("Its sales: {level} against {base}.", level=level, base=base)


def of_lineup(content: Content, asked: Asked) -> list[Number]:
    """Who sells most, who sells least, and how sure that is; none without worlds enough."""
    others = against_the_best(content, asked)
    if not others or others[0].apart.replications < 2:
        return []
    second, last = others[0], others[-1]
    best, worlds = asked.option.label, second.apart.replications
    values = {"best": best, "arm": second.arm.label, "interval": second.interval, "size": second.size}
    if second.clear:
        text = phrase(
            "agree that {arm} sells less than {best}: by {size} ({interval}, 95% interval).", **values
        )
    else:
        text = phrase(
            "agree that {arm} sells less than {best}: by {size}, which may be luck ({interval}, 95% "
            "interval).",
            **values,
        )
    agree = phrase_of("{agree} of {count} world", "{agree} of {count} worlds", worlds, agree=second.agree)
    level, top = last.levels
    apart = phrase(
        "{level}: {difference} against {best} ({interval}, 95% interval)",
        level=level,
        difference=last.difference,
        best=best,
        interval=last.interval,
    )
    next_ = phrase("{level}; next {arm} with {next}", level=top, arm=second.arm.label, next=second.levels[0])
    return [
        Number("gain" if second.clear else "none", phrase("Sells most"), best, next_),
        Number("loss" if last.clear else "none", phrase("Sells least"), last.arm.label, apart),
        Number("sure" if second.clear else "unsure", phrase("How sure"), agree, text),
    ]


def _levels_of(effect: Effect) -> str:
    """The measure on both sides, with the interval of the difference."""
    level, base = effect.levels
    values = {"label": effect.label, "level": level, "base": base, "interval": effect.interval}
    if effect.has_interval:
        return phrase("{label}: {level} against {base} (difference {interval}, 95% interval)", **values)
    return phrase("{label}: {level} against {base}", **values)


def sure(effects: list[Effect], main: Effect | None) -> Number:
    """In how many worlds what decides comes out alike, and its interval."""
    title = phrase("How sure")
    told = main or (effects[0] if effects else None)
    if told is None or told.apart.replications < 2:
        return Number("none", title, phrase("1 world"), phrase("One world cannot tell luck from effect."))
    worlds = told.apart.replications
    value = phrase_of("{agree} of {count} world", "{agree} of {count} worlds", worlds, agree=told.agree)
    if not told.apart.mean and not told.clear and told.apart.low == told.apart.high:
        return Number("sure", title, value, phrase("show no difference at all in {label}.", label=told.name))
    if told.clear:
        text = phrase("agree on {label}: {difference} ({interval}, 95% interval).", **_ends(told))
    elif told.apart.mean > 0:
        text = phrase(
            "are higher in {label}; on average {difference}, which may be luck ({interval}, 95% interval).",
            **_ends(told),
        )
    else:
        text = phrase(
            "are lower in {label}; on average {difference}, which may be luck ({interval}, 95% interval).",
            **_ends(told),
        )
    return Number("sure" if told.clear else "unsure", title, value, text)


def _ends(effect: Effect) -> dict[str, str]:
    return {"label": effect.name, "difference": effect.difference, "interval": effect.interval}
