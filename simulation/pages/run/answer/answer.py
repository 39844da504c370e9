"""The answer on a run's first screen: a sentence, three numbers, a picture, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from ....languages.speaking import own, phrase, sentences, template
from ...kit.first_screen import FirstScreen, Number
from ...kit.words import whole
from ..about import start_of
from ..content import Content
from .advice import Weighed, advice, another_past, entry_advice
from .alone import alone
from .asked import AT_THE_END, Asked, what_is_asked
from .clauses import clauses
from .effects import Effect, paired_effect
from .lineup import lineup_advice, lineup_sentence
from .market import entry_sentence, market_sentence, rival_advice
from .numbers import cost, of_entry, of_lineup, of_market, sure, won
from .own_claims import OwnClaim, claims_in_words, how_sure, own_claims
from .picture import effects_picture, effects_table

MOST_ROWS = 12
CAPTION = template(
    "The dot is the difference, the line its 95% interval; right is more. ▲ better and ▼ worse beyond luck."
)
"""Of the picture."""
SALES_TOLD = ("platforms", "arms")
"""Kinds of question whose third number is sales, unless one of the others is."""


@dataclass(frozen=True)
class Answer(FirstScreen):
    """What stands on the first screen of a run; `effects` are in the picture, of what was `asked`."""

    question: str = ""
    effects: list[Effect] = field(default_factory=list)
    asked: Asked | None = None


def answer(content: Content) -> Answer:
    """What a run answers to its scenario's question."""
    asked = what_is_asked(content)
    scenario = content.run.scenario
    question = own(scenario, "question") or own(scenario, "title")
    if asked is None:
        return Answer(*alone(content), question=question)
    effects = _effects(content, asked)
    sales, main = (
        next((effect for effect in effects if effect.measure == name), None)
        for name in (asked.sales, asked.main)
    )
    option, base = (_called(content, arm.label) for arm in (asked.option, asked.base))
    lineup = asked.kind == "lineup"
    claims = _claims(content, asked)
    own_effects = [effect for effect in effects if effect.measure in (asked.own or asked.measures)]
    weighed = Weighed(own_effects, sales, claims, asked.kind == "shop")
    todo = advice(weighed, option, base, _look_first(content, asked))
    if asked.kind == "entry" and main:
        todo = [*entry_advice(main, sales), todo[-1]]
    if asked.kind == "market":
        todo[-1:-1] = rival_advice(content, asked, effects)
    if any(entry.get("provisional") for entry in content.claims["claims"]):
        todo.insert(-1, another_past())
    if lineup:
        todo = lineup_advice(content, asked) + todo[-1:]
    sentence = lineup_sentence(content, asked) if lineup else _told(content, asked, effects, claims)
    numbers = _numbers(asked, effects, weighed, main)
    if asked.kind == "market":
        numbers = of_market(content, asked, effects) + numbers[len(asked.platforms) :]
    if asked.kind == "entry" and main:
        numbers = of_entry(content, asked, effects, numbers)
    if lineup:
        numbers = of_lineup(content, asked) or numbers
    rows = _rows(content, asked, effects)
    return Answer(
        sentence,
        numbers,
        todo,
        _picture_title(asked, base),
        phrase(CAPTION),
        drawn=(effects_picture(rows, asked), effects_table(rows, asked)),
        question=question,
        effects=rows,
        asked=asked,
    )


def _numbers(asked: Asked, effects: list[Effect], weighed: Weighed, main: Effect | None) -> list[Number]:
    """What is won, what it costs and how sure."""
    sales, claims = weighed.sales, weighed.claims
    untold = sales and not sales.worth and any(effect.worth < 0 for effect in weighed.effects)
    told = sales if asked.kind in SALES_TOLD and untold else main
    last = how_sure(claims[0]) if claims and claims[0].effect.has_interval else sure(effects, told)
    return [won(weighed), cost(weighed), last]


def _claims(content: Content, asked: Asked) -> list[OwnClaim]:
    """The scenario's own claims that decide: of a shop those about it, of many platforms none."""
    if asked.kind == "lineup":
        return []
    found = own_claims(content, asked.option, asked.base)
    return [claim for claim in found if asked.kind != "shop" or claim.effect.measure in asked.own]


def _told(content: Content, asked: Asked, effects: list[Effect], claims: list[OwnClaim]) -> str:
    """The sentence that answers, where two arms are compared; what is claimed of them comes first."""
    option, base = (_called(content, arm.label) for arm in (asked.option, asked.base))
    main = next((effect for effect in effects if effect.measure == asked.main), None)
    if asked.kind == "entry" and main and content.worlds > 1:
        sentence = entry_sentence(content, asked, effects, option, base)
    elif asked.kind == "market" and effects:
        sentence = market_sentence(content, asked, effects, option, base)
    else:
        return _sentence(content, effects, claims, option, base)
    return sentences([_by_own_margins(claims, option), sentence]) if claims else sentence


def _by_own_margins(claims: list[OwnClaim], option: str) -> str:
    return phrase("By your own margins {option} {clauses}.", option=option, clauses=claims_in_words(claims))


def _called(content: Content, label: str) -> str:
    """An arm in a sentence: a platform by its name, anything else in quotation marks."""
    return label if content.names.are_platforms else phrase("“{label}”", label=label)


def _effects(content: Content, asked: Asked) -> list[Effect]:
    found = (paired_effect(content, asked.option, asked.base, measure) for measure in asked.measures)
    return [effect for effect in found if effect]


def _clauses(content: Content, effects: list[Effect], claims: list[OwnClaim]) -> str:
    """What an arm does: first in what is claimed of it, then in whatever else is asked about."""
    told = {claim.effect.measure for claim in claims}
    others = [effect for effect in effects if effect.measure not in told]
    said = clauses(others, bool(content.names.named)) if others else ""
    if claims and said:
        return phrase("{claimed}; besides, it {others}", claimed=claims_in_words(claims), others=said)
    return claims_in_words(claims) if claims else said


def _sentence(content: Content, effects: list[Effect], claims: list[OwnClaim], option: str, base: str) -> str:
    if not effects:
        return phrase("Nothing that was asked about has a value in this run, so there is no answer.")
    values = {
        "option": option,
        "base": base,
        "clauses": _clauses(content, effects, claims),
        "start": start_of(content),
        "days": whole(content.days_counted),
        "worlds": content.worlds,
    }
    if content.worlds < 2:
        return phrase(
            "Compared with {base}, {option} {clauses} ({days} days, a single one of {start}); one world "
            "cannot tell that from luck.",
            **values,
        )
    if content.names.is_market:
        return phrase(
            "Compared with {base}, {option} {clauses} ({days} days, {worlds} {start}; all platforms in one "
            "market).",
            **values,
        )
    if content.names.are_platforms:
        return phrase(
            "Compared with {base}, {option} {clauses} ({days} days, {worlds} {start}; each platform alone).",
            **values,
        )
    return phrase("Compared with {base}, {option} {clauses} ({days} days, {worlds} {start}).", **values)


def _rows(content: Content, asked: Asked, effects: list[Effect]) -> list[Effect]:
    """What the picture shows: all that was asked of the option, and sales of every other arm."""
    if asked.kind in ("lineup", "entry", "policies"):
        arms = (asked.option, *asked.others)
        if asked.kind == "entry":
            arms = (*asked.others, asked.option)
        found = [paired_effect(content, arm, asked.base, asked.main) for arm in arms]
        if asked.kind == "lineup":
            arms = (asked.base, *asked.others)
            found = [paired_effect(content, arm, asked.option, asked.sales) for arm in arms]
        return [effect for effect in found if effect][:MOST_ROWS]
    others = [paired_effect(content, arm, asked.base, asked.sales) for arm in asked.others]
    return [*effects, *(effect for effect in others if effect)][:MOST_ROWS]


def _picture_title(asked: Asked, base: str) -> str:
    if asked.kind == "lineup":
        return phrase("Sales against those of the best, {best}", best=asked.option.label)
    if asked.kind == "policies":
        return phrase("Sales against {base}", base=base)
    if asked.kind == "entry" and asked.main.startswith(AT_THE_END):
        return phrase("Share of visits in the last 30 days, against {base}", base=base)
    if asked.kind == "entry":
        return phrase("Share of visits half a year after the launch, against {base}", base=base)
    return phrase("Difference from {base}, pair by pair of worlds", base=base)


def _best(content: Content, asked: Asked) -> Effect | None:
    """The arm that sells most, where that is neither side and it beats the better of them beyond luck."""
    sides = (asked.option, asked.base)
    known = {arm: content.level(arm.name, asked.sales) for arm in (*sides, *asked.others)}
    top = max(known, key=lambda arm: known[arm] if known[arm] == known[arm] else -1.0)
    if top in sides:
        return None
    effect = paired_effect(content, top, max(sides, key=lambda arm: known[arm]), asked.sales)
    return effect if effect and effect.worth > 0 else None


def _look_first(content: Content, asked: Asked) -> str:
    """That another arm is worth a look before the two; empty where none sells more."""
    best = _best(content, asked)
    if not best:
        return ""
    return phrase(
        "Look at {arm} first: it sells {size} more than {base}.",
        arm=_called(content, best.arm.label),
        size=best.size,
        base=_called(content, best.base.label),
    )
