"""What to do, as far as a run can tell it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ....languages.speaking import phrase, phrase_of
from ....runs.bounds import base_measure
from ...kit.words import threshold
from .effects import Effect, named_effects
from .own_claims import OwnClaim, own_choice

TOLD = 0.05
"""A difference in sales that is worth telling from none, relative to them."""
SALES = ("gmv", "platform_gmv")
"""Measures that everybody calls sales."""
MOST_WORLDS = 500


@dataclass(frozen=True)
class Weighed:
    """What an answer rests on.

    Attributes
    ----------
    effects : list of Effect
        All that was asked about, of a shop its own figures.
    sales : Effect, optional
        That of sales, or of what stands for them, if it has a value.
    claims : list of OwnClaim
        The scenario's own, which decide before anything else.
    of_a_shop : bool
        Whether whoever asks has one shop, and has opened it nowhere yet.
    """

    effects: list[Effect]
    sales: Effect | None
    claims: list[OwnClaim] = field(default_factory=list)
    of_a_shop: bool = False


def advice(weighed: Weighed, option: str, base: str, first: str = "") -> list[str]:
    """Two or three sentences: what to choose, what else to look at, and what is missing to be surer.

    Parameters
    ----------
    weighed : Weighed
    option, base : str
        What was weighed against what.
    first : str
        What to look at first: another arm that sells more than both, beyond luck.
    """
    told = [claim for claim in weighed.claims if claim.is_wish and claim.effect.has_interval]
    found = own_choice(told, weighed.effects, option) if told else [_choice(weighed, option, base)]
    if first:
        found.append(first)
    return [*found, _surer(weighed, told)]


def _choice(weighed: Weighed, option: str, base: str) -> str:
    """What to choose, from sales and from whatever else is won or lost beyond luck."""
    sales = weighed.sales
    gains, losses = (
        [effect for effect in weighed.effects if effect is not sales and effect.worth == side]
        for side in (1, -1)
    )
    values = {"option": option, "base": base, "sales": _called(sales)}
    values |= {"gains": named_effects(gains), "losses": named_effects(losses)}
    worth = sales.worth if sales else 0
    if worth > 0:
        if losses:
            return phrase("Choose {option} if you go by {sales}, and watch what is lost: {losses}.", **values)
        return phrase(
            "Choose {option} over {base}: it wins {sales}, and nothing asked about gets worse.", **values
        )
    if worth < 0 and gains:
        return phrase("Do not choose {option} for {sales}; choose it only for the sake of {gains}.", **values)
    if weighed.of_a_shop and (worth < 0 or (losses and not gains)):
        values["losses"] = named_effects([*([sales] if sales and worth < 0 else []), *losses])
        return phrase(
            "Choose {base} rather than {option}, which loses {losses}; nothing asked about gets better.",
            **values,
        )
    if worth < 0:
        return phrase(
            "Stay with {base}: {option} loses {sales}, and nothing asked about gets better.", **values
        )
    if gains and not losses:
        return phrase("{option} loses nothing that shows in {sales}, and wins {gains}: try it.", **values)
    if losses and not gains:
        return phrase(
            "Stay with {base}: {option} wins nothing that shows in {sales}, and loses {losses}.", **values
        )
    if gains:
        return phrase("It is not decided by {sales}: {option} wins {gains} and loses {losses}.", **values)
    return _undecided(weighed.effects)


def _undecided(effects: list[Effect]) -> str:
    """Nothing is won or lost; what differs beyond luck may still be what is wanted, such as equality."""
    changed = [effect for effect in effects if effect.clear]
    if changed:
        return phrase(
            "Nothing asked about is won or lost beyond luck; decide by what changes: {changes}.",
            changes=named_effects(changed),
        )
    return phrase("Do not decide on this run: nothing asked about differs beyond luck.")


def _called(sales: Effect | None) -> str:
    """Sales, or what stands for them, within a sentence."""
    if sales is None or base_measure(sales.measure) in SALES:
        return phrase("sales")
    return sales.name


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


def _surer(weighed: Weighed, claims: list[OwnClaim]) -> str:
    """How many worlds would tell, or where else to look before money is spent."""
    worlds = max((effect.apart.replications for effect in weighed.effects), default=0)
    if worlds < 2:
        return phrase("Run it in several worlds: one cannot tell luck from effect.")
    effect, told = weighed.sales, TOLD
    if claims:
        left = next((claim for claim in claims if not claim.is_sure and claim.margin), None)
        effect, told = (left.effect, abs(left.margin)) if left else (None, 0.0)
    needed = worlds_needed(effect, told) if effect and (claims or not effect.clear) else 0
    if effect and needed > worlds:
        return phrase_of(
            "Run it in {count} world to tell a difference of {told} in {label} from luck.",
            "Run it in {count} worlds to tell a difference of {told} in {label} from luck.",
            needed,
            told=threshold(told, effect.unit, effect.relative).lstrip("+"),
            label=_called(effect),
        )
    return phrase(
        "Before money is spent, see whether it holds with other assumptions too: this run rests on one set."
    )


def worlds_needed(effect: Effect, told: float = TOLD) -> int:
    """Worlds in which half an interval is `told`: half widths fall with the root of their number."""
    if not effect.has_interval or (not effect.relative and told == TOLD):
        return 0
    half = (effect.apart.high - effect.apart.low) / 2
    return min(math.ceil(effect.apart.replications * (half / told) ** 2), MOST_WORLDS)
