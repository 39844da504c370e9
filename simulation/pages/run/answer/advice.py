"""What to do, as far as a run can tell it."""

from __future__ import annotations

import math

from ....languages.speaking import listing, phrase, phrase_of
from .effects import Effect

TOLD = 0.05
"""A difference in sales that is worth telling from none, relative to them."""
MOST_WORLDS = 500
FEW = 5


def advice(effects: list[Effect], sales: Effect | None, option: str, base: str, first: str = "") -> list[str]:
    """Two or three sentences: what to choose, what else to look at, and what is missing to be surer.

    Parameters
    ----------
    effects : list of Effect
        All that was asked about.
    sales : Effect, optional
        That of sales, if it has a value.
    option, base : str
        What was weighed against what.
    first : str
        What to look at first: another arm that sells more than both, beyond luck.
    """
    found = [_choice(effects, sales, option, base)]
    if first:
        found.append(first)
    return [*found, _surer(effects, sales)]


def _choice(effects: list[Effect], sales: Effect | None, option: str, base: str) -> str:
    """What to choose, from sales and from whatever else is won or lost beyond luck."""
    worth = sales.worth if sales else 0
    gains, losses = (
        [effect for effect in effects if effect is not sales and effect.worth == side] for side in (1, -1)
    )
    names = {"option": option, "base": base}
    values = names | {"gains": _named(gains), "losses": _named(losses)}
    if worth > 0:
        if losses:
            return phrase("Choose {option} if sales count most, and watch what is lost: {losses}.", **values)
        return phrase(
            "Choose {option} over {base}: it wins sales, and nothing asked about gets worse.", **values
        )
    if worth < 0:
        if gains:
            return phrase(
                "Do not choose {option} for its sales; choose it only for the sake of {gains}.", **values
            )
        return phrase(
            "Stay with {base}: {option} loses sales, and nothing asked about gets better.", **values
        )
    if gains and not losses:
        return phrase("{option} costs no sales that show, and wins {gains}: try it.", **values)
    if losses and not gains:
        return phrase("Stay with {base}: {option} wins no sales that show, and loses {losses}.", **values)
    if gains:
        return phrase("Sales do not decide: {option} wins {gains} and loses {losses}.", **values)
    return _undecided(effects)


def _undecided(effects: list[Effect]) -> str:
    """Nothing is won or lost; what differs beyond luck may still be what is wanted, such as equality."""
    changed = [effect for effect in effects if effect.clear]
    if changed:
        return phrase(
            "Nothing asked about is won or lost beyond luck; decide by what changes: {changes}.",
            changes=_named(changed),
        )
    return phrase("Do not decide on this run: nothing asked about differs beyond luck.")


def entry_advice(share: Effect, sales: Effect | None) -> list[str]:
    """Whether to hurry, from the share that a platform holds at one age whenever it opens."""
    if share.worth < 0:
        found = [phrase("Do not wait: who opens late holds {size} less of the visits.", size=share.size)]
    elif share.worth > 0:
        found = [
            phrase("There is no hurry: who opens late holds {size} more of the visits.", size=share.size)
        ]
    else:
        found = [phrase("No window shows: luck cannot tell what a late launch costs in share of visits.")]
    if sales and sales.worth < 0:
        found.append(
            phrase("What is sold until then is lost all the same: {difference}.", difference=sales.difference)
        )
    return found


def another_past() -> str:
    """That platforms with another past than these may come out otherwise, where claims ask for one."""
    return phrase(
        "Run it with the past that its claims ask for as well: settled platforms may come out otherwise."
    )


def _named(effects: list[Effect]) -> str:
    return listing(
        [phrase("{label} ({part})", label=effect.name, part=effect.difference) for effect in effects]
    )


def _surer(effects: list[Effect], sales: Effect | None) -> str:
    """How many worlds would tell, or where else to look before money is spent."""
    worlds = max((effect.apart.replications for effect in effects), default=0)
    if worlds < 2:
        return phrase("Run it in several worlds: one cannot tell luck from effect.")
    needed = worlds_needed(sales) if sales and not sales.clear else 0
    if needed > worlds:
        return phrase_of(
            "Run it in {count} world to tell a difference of {told} in sales from luck.",
            "Run it in {count} worlds to tell a difference of {told} in sales from luck.",
            needed,
            told=f"{TOLD:.0%}",
        )
    return phrase(
        "Before money is spent, see whether it holds with other assumptions too: this run rests on one set."
    )


def worlds_needed(effect: Effect) -> int:
    """Worlds in which half an interval is `TOLD`: half widths fall with the root of their number."""
    if not effect.has_interval or not effect.relative:
        return 0
    half = (effect.apart.high - effect.apart.low) / 2
    return min(math.ceil(effect.apart.replications * (half / TOLD) ** 2), MOST_WORLDS)
