"""The answer on a run's first screen: a sentence, three numbers, a picture, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from ....languages.speaking import own, phrase, phrase_of
from ....runs.bounds import measure_unit
from ...kit.words import amount, whole
from ..about import start_of
from ..content import Content
from .advice import advice, another_past, entry_advice
from .asked import Asked, what_is_asked
from .clauses import clauses
from .effects import Effect, paired_effect
from .lineup import lineup_advice, lineup_sentence
from .picture import effects_picture, effects_table

MOST_ROWS = 12


@dataclass(frozen=True)
class Number:
    """One of the three numbers: what it is of, the number, and what it says; `kind` is how it is shown."""

    kind: str
    title: str
    value: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What stands on the first screen; `rows` are the differences in the picture, of what was `asked`."""

    question: str
    sentence: str
    numbers: list[Number]
    picture: Markup
    picture_title: str
    table: Markup
    advice: list[str]
    rows: list[Effect] = field(default_factory=list)
    asked: Asked | None = None


def answer(content: Content) -> Answer:
    """What a run answers to its scenario's question."""
    asked = what_is_asked(content)
    scenario = content.run.scenario
    question = own(scenario, "question") or own(scenario, "title")
    if asked is None:
        return _levels(content, question)
    effects = _effects(content, asked)
    sales, main = (
        next((effect for effect in effects if effect.measure == name), None)
        for name in (asked.sales, asked.main)
    )
    option, base = (_called(content, arm.label) for arm in (asked.option, asked.base))
    rows = _rows(content, asked, effects)
    lineup = asked.kind == "lineup"
    todo = advice(effects, sales, option, base, _best(content, asked))
    if asked.kind == "entry" and main:
        todo = [*entry_advice(main, sales), todo[-1]]
    if any(entry.get("provisional") for entry in content.claims["claims"]):
        todo.insert(-1, another_past())
    if lineup:
        todo = lineup_advice(content, asked) + todo[-1:]
    return Answer(
        question,
        lineup_sentence(content, asked) if lineup else _sentence(content, effects, option, base),
        [_won(effects, sales), _cost(effects, sales), _sure(effects, main)],
        effects_picture(rows, asked),
        _picture_title(asked, base),
        effects_table(rows, asked),
        todo,
        rows,
        asked,
    )


def _called(content: Content, label: str) -> str:
    """An arm in a sentence: a platform by its name, anything else in quotation marks."""
    return label if content.names.are_platforms else phrase("“{label}”", label=label)


def _effects(content: Content, asked: Asked) -> list[Effect]:
    found = (paired_effect(content, asked.option, asked.base, measure) for measure in asked.measures)
    return [effect for effect in found if effect]


def _sentence(content: Content, effects: list[Effect], option: str, base: str) -> str:
    if not effects:
        return phrase("Nothing that was asked about has a value in this run, so there is no answer.")
    values = {
        "option": option,
        "base": base,
        "clauses": clauses(effects, bool(content.names.named)),
        "start": start_of(content),
        "days": whole(content.days_counted),
        "worlds": content.worlds,
    }
    if content.worlds < 2:
        return phrase(
            "In a single one of {start} ({days} days), {option}, compared with {base}, {clauses}; one world "
            "cannot tell that from luck.",
            **values,
        )
    if content.names.is_market:
        return phrase(
            "In {start} ({days} days, {worlds} worlds), {option}, compared with {base}, {clauses}: beside "
            "rivals in one market, with the same people, shops and luck.",
            **values,
        )
    if content.names.are_platforms:
        return phrase(
            "In {start} ({days} days, {worlds} worlds), {option}, compared with {base}, {clauses}: each "
            "alone with the same people, shops and luck.",
            **values,
        )
    return phrase(
        "In {start} ({days} days, {worlds} worlds), {option}, compared with {base}, {clauses}: with the "
        "same people, shops and luck.",
        **values,
    )


def _won(effects: list[Effect], sales: Effect | None) -> Number:
    title = phrase("What is won")
    gains = [effect for effect in effects if effect.worth > 0]
    if not gains:
        return Number(
            "none", title, phrase("Nothing"), phrase("Nothing asked about gets better beyond luck.")
        )
    best = sales if sales in gains else max(gains, key=lambda effect: effect.least)
    return Number("gain", title, best.difference, _levels_of(best))


def _cost(effects: list[Effect], sales: Effect | None) -> Number:
    title = phrase("What it costs")
    losses = [effect for effect in effects if effect.worth < 0]
    if losses:
        worst = sales if sales in losses else max(losses, key=lambda effect: effect.least)
        return Number("loss", title, worst.difference, _levels_of(worst))
    if sales and not sales.worth:
        return Number("none", title, phrase("No clear loss"), _levels_of(sales))
    return Number("none", title, phrase("Nothing"), phrase("Nothing asked about gets worse beyond luck."))


def _levels_of(effect: Effect) -> str:
    """The measure on both sides, with the interval of the difference."""
    level, base = effect.levels
    values = {"label": effect.label, "level": level, "base": base, "interval": effect.interval}
    if effect.has_interval:
        return phrase("{label}: {level} against {base} (difference {interval}, 95% interval)", **values)
    return phrase("{label}: {level} against {base}", **values)


def _sure(effects: list[Effect], main: Effect | None) -> Number:
    title = phrase("How sure")
    told = main or (effects[0] if effects else None)
    if told is None or told.apart.replications < 2:
        return Number("none", title, phrase("1 world"), phrase("One world cannot tell luck from effect."))
    worlds = told.apart.replications
    value = phrase_of("{agree} of {count} world", "{agree} of {count} worlds", worlds, agree=told.agree)
    if told.clear:
        text = phrase("agree on {label}: {difference} ({interval}, 95% interval).", **_ends(told))
    else:
        text = phrase(
            "agree on {label}: {difference}, which may be luck ({interval}, 95% interval).", **_ends(told)
        )
    return Number("sure" if told.clear else "unsure", title, value, text)


def _ends(effect: Effect) -> dict[str, str]:
    return {"label": effect.name, "difference": effect.difference, "interval": effect.interval}


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


def _levels(content: Content, question: str) -> Answer:
    """Of a single arm there is nothing to compare, so that its levels are told."""
    arm = content.arms[0]
    names = ("gmv", "conversion_rate", "profitable_merchant_share")
    numbers = [
        Number("none", content.names.measure(name), amount(found.mean, measure_unit(name)), arm.label)
        for name in map(content.as_claimed, names)
        if (found := content.estimate(arm, name)).replications
    ]
    sentence = phrase(
        "In {start} ({days} days), {arm} was run alone: what follows says what happened, compared with "
        "nothing.",
        start=start_of(content),
        arm=arm.label,
        days=whole(content.days_counted),
    )
    todo = [phrase("Add a second arm, without what you ask about, to have something to compare with.")]
    return Answer(question, sentence, numbers, Markup(""), "", Markup(""), todo)
