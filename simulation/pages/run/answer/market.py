"""Other rules of one platform in a market: what it and its largest rival have of sales, before and after."""

from __future__ import annotations

from ....languages.speaking import counterpart, listing, phrase, sentences
from ....measures.registry import WINDOW_MARK, without_days
from ...kit.words import amount, is_number, whole
from ..about import start_of
from ..content import Content
from .asked import AT_THE_END, SETTLED, Asked
from .clauses import clauses
from .effects import Effect


def market_sentence(content: Content, asked: Asked, effects: list[Effect], option: str, base: str) -> str:
    """What happens to either platform's share, to its sales, and to the first one's own payoff."""
    said = [_opened(content, asked), *(_clause(content, name, effects) for name in asked.platforms)]
    values = {
        "option": option,
        "base": base,
        "clauses": counterpart("; ").join(filter(None, said)),
        "start": start_of(content),
        "days": whole(content.days_counted),
        "worlds": content.worlds,
    }
    if content.worlds < 2:
        return phrase(
            "With {option}, compared with {base}: {clauses} ({days} days, a single one of {start}). One "
            "world cannot tell that from luck.",
            **values,
        )
    return phrase(
        "With {option}, compared with {base}: {clauses} ({days} days, {worlds} {start}; all platforms in one "
        "market).",
        **values,
    )


def entry_sentence(content: Content, asked: Asked, effects: list[Effect], option: str, base: str) -> str:
    """Which share of visits and of sales a platform reaches with an early and a late launch, and what else
    differs."""
    platform = asked.platforms[0]
    visits, (share, _) = reached(effects, platform), of_platform(effects, platform)
    besides = [effect for effect in effects if effect not in (visits, share)]
    named = {"platform": content.names.platforms[platform], "option": option, "base": base}
    whole_run = phrase(
        "Over the whole run the later launch {clauses} ({days} days, {worlds} {start}).",
        clauses=clauses(besides, of_a_platform=True),
        start=start_of(content),
        days=whole(content.days_counted),
        worlds=content.worlds,
    )
    return sentences([_held(visits, named), _sold(share), whole_run if besides else ""])


def _held(visits: Effect | None, named: dict[str, str]) -> str:
    """The share of visits at one age, whenever it opens, or else on the same last days."""
    if visits is None:
        return ""
    level, base_level = visits.levels
    values = named | {"level": level, "base_level": base_level}
    if visits.measure.startswith(AT_THE_END) and visits.clear:
        return phrase(
            "In the last 30 days {platform} has {base_level} of the market's visits with {base} and {level} "
            "with {option}, a difference beyond luck.",
            **values,
        )
    if visits.measure.startswith(AT_THE_END):
        return phrase(
            "In the last 30 days {platform} has {base_level} of the market's visits with {base} and {level} "
            "with {option}: luck cannot tell them apart.",
            **values,
        )
    if visits.clear:
        return phrase(
            "{platform} holds {base_level} of the market's visits half a year after its launch with {base} "
            "and {level} with {option}, a difference beyond luck.",
            **values,
        )
    return phrase(
        "{platform} holds {base_level} of the market's visits half a year after its launch with {base} and "
        "{level} with {option}: luck cannot tell them apart.",
        **values,
    )


def _sold(share: Effect | None) -> str:
    """The share of sales on the same last days."""
    if share is None:
        return ""
    level, base_level = share.levels
    values = {"level": level, "base_level": base_level}
    if share.clear:
        return phrase(
            "Of the market's sales in the last 30 days it has {base_level} and {level}, a difference beyond "
            "luck.",
            **values,
        )
    return phrase(
        "Of the market's sales in the last 30 days it has {base_level} and {level}, which may be luck.",
        **values,
    )


def reached(effects: list[Effect], platform: str) -> Effect | None:
    """Share of visits that a platform reaches: half a year after its launch or, in a run that ends before, in
    the last 30 days."""
    return _of(effects, SETTLED, platform) or _of(effects, AT_THE_END, platform)


def visits_besides(content: Content, asked: Asked, share: Effect, platform: str) -> str:
    """Share of visits on both sides, of the days of a share of sales; nothing where it has no value."""
    days = without_days(share.measure)[1]
    name = f"visit_share_{platform}{WINDOW_MARK if days else ''}{days}"
    if name not in content.run.results.runs:
        return ""
    level, base = (content.level(arm.name, name) for arm in (asked.option, asked.base))
    if not (is_number(level) and is_number(base)):
        return ""
    return phrase(
        "Its share of visits: {level} against {base}.",
        level=amount(level, "share"),
        base=amount(base, "share"),
    )


def of_platform(effects: list[Effect], platform: str) -> tuple[Effect | None, Effect | None]:
    """Share of sales and sales of a platform."""
    share, sales = (_of(effects, measure, platform) for measure in ("market_share", "platform_gmv"))
    return share, sales


def share_in_words(share: Effect) -> str:
    """How far a share of sales moves, in points, and whether that may be luck."""
    values = {"difference": share.difference, "interval": share.interval}
    if not share.has_interval:
        return phrase("In the last 30 days, {difference}.", **values)
    if share.clear:
        return phrase("In the last 30 days, {difference} ({interval}, 95% interval).", **values)
    return phrase(
        "In the last 30 days, {difference}, which may be luck ({interval}, 95% interval).", **values
    )


def entry_in_words(share: Effect) -> str:
    """How far a share of visits moves with the launch, and whether that may be luck."""
    if share.measure.startswith(AT_THE_END):
        return share_in_words(share)
    values = {"difference": share.difference, "interval": share.interval}
    if not share.has_interval:
        return phrase("Half a year after the launch, {difference}.", **values)
    if share.clear:
        return phrase("Half a year after the launch, {difference} ({interval}, 95% interval).", **values)
    return phrase(
        "Half a year after the launch, {difference}, which may be luck ({interval}, 95% interval).", **values
    )


def rival_advice(content: Content, asked: Asked, effects: list[Effect]) -> list[str]:
    """That a rival that loses may answer, which none does here."""
    rivals = asked.platforms if asked.opened else asked.platforms[1:]
    losing = [
        content.names.platforms[rival]
        for rival in rivals
        if any(effect and effect.worth < 0 for effect in of_platform(effects, rival))
    ]
    if not losing:
        return []
    return [
        phrase(
            "{rival} loses by it and may answer; here it does not. Add its answer as a policy.",
            rival=losing[0],
        )
    ]


def _opened(content: Content, asked: Asked) -> str:
    """What a platform that only the option has reaches of sales."""
    if not asked.opened:
        return ""
    level = content.level(asked.option.name, content.as_claimed(f"market_share_{asked.opened}"))
    if not is_number(level):
        return ""
    platform = content.names.platforms[asked.opened]
    return phrase("{platform} reaches {level} of sales", platform=platform, level=amount(level, "share"))


def _of(effects: list[Effect], measure: str, platform: str) -> Effect | None:
    name = f"{measure}_{platform}"
    return next((effect for effect in effects if without_days(effect.measure)[0] == name), None)


def _clause(content: Content, platform: str, effects: list[Effect]) -> str:
    share, sales = of_platform(effects, platform)
    payoff = _of(effects, "platform_payoff", platform)
    found = [_share(content.names.platforms[platform], share)] if share else []
    if sales:
        found.append(_sales(sales))
    if payoff:
        found.append(_payoff(payoff))
    return listing(found)


def _share(platform: str, effect: Effect) -> str:
    level, base = effect.levels
    values = {"platform": platform, "level": level, "base": base}
    if effect.has_interval and not effect.clear:
        return phrase("{platform}'s share of sales is {level} instead of {base} (may be luck)", **values)
    if effect.apart.mean > 0:
        return phrase("{platform}'s share of sales rises from {base} to {level}", **values)
    return phrase("{platform}'s share of sales falls from {base} to {level}", **values)


def _sales(effect: Effect) -> str:
    if effect.has_interval and not effect.clear:
        return phrase("its sales show no difference beyond luck")
    if effect.apart.mean > 0:
        return phrase("its sales rise by {size}", size=effect.size)
    return phrase("its sales fall by {size}", size=effect.size)


def _payoff(effect: Effect) -> str:
    if effect.has_interval and not effect.clear:
        return phrase("its payoff (commission and advertising) shows no difference beyond luck")
    if effect.apart.mean > 0:
        return phrase("its payoff (commission and advertising) rises by {size}", size=effect.size)
    return phrase("its payoff (commission and advertising) falls by {size}", size=effect.size)
