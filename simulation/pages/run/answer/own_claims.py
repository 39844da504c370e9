"""What the scenario's own claims come to, against the margins that it gives itself: they lead an answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....languages.speaking import counterpart, listing, phrase, phrase_of
from ....runs.comparison import replicate_values
from ...kit.first_screen import Number
from ...kit.names import NamedArm
from ...kit.words import threshold
from ..content import Content
from .clauses import all_of
from .effects import Effect, named_effects, paired_effect


@dataclass(frozen=True)
class OwnClaim:
    """One test of the scenario's own that compares the two arms that are asked about.

    Attributes
    ----------
    effect : Effect
        In the unit of the test.
    margin : float
        The smallest effect that matters, negative where the claim is of a lower value.
    status : str
        As on the claim's card: "supported", "contradicted" or "undecided".
    beyond : int
        Worlds in which the difference lies beyond the margin.
    """

    effect: Effect
    margin: float
    status: str
    beyond: int

    @property
    def side(self) -> int:
        """1 of a higher value that is claimed, -1 of a lower one; of no margin by what the test says."""
        return -1 if np.signbit(self.margin) else 1

    @property
    def bound(self) -> str:
        """The margin in the unit of the effect, without a plus."""
        return threshold(self.margin, self.effect.unit, self.effect.relative).lstrip("+")

    @property
    def is_wish(self) -> bool:
        """Whether what is claimed is no change for the worse, which nobody would choose."""
        return self.effect.better in (0, self.side)

    @property
    def is_sure(self) -> bool:
        """Whether luck leaves nothing open, be it a firm no."""
        return self.status != "undecided"

    @property
    def fails(self) -> bool:
        """Whether the effect surely lies short of the margin."""
        return self.status == "contradicted"

    @property
    def holds(self) -> bool:
        """Whether the effect surely lies beyond the margin."""
        return self.status == "supported"


def own_claims(content: Content, option: NamedArm, base: NamedArm) -> list[OwnClaim]:
    """Tests of the scenario's own claims that set `option` against `base`, with effects that have a value.

    A claim that compares anything else stands on its card alone.
    """
    found: dict[str, OwnClaim] = {}
    for entry in content.own_tests:
        test = entry["test"]
        sides = [content.run.scenario.arm(test[side] or "") for side in ("arm", "against")]
        if test["kind"] != "difference" or [side and side.name for side in sides] != [option.name, base.name]:
            continue
        if test.get("without") or test.get("against_without"):
            continue
        effect = paired_effect(content, option, base, test["measure"])
        if effect is None or effect.relative != test["relative"]:
            continue
        margin = test["margin"] if test["direction"] == "higher" else -test["margin"]
        beyond = _worlds_beyond(content, effect, margin)
        found.setdefault(test["measure"], OwnClaim(effect, margin, entry["status"], beyond))
    return list(found.values())


def claimed_pair(content: Content) -> tuple[NamedArm, NamedArm] | None:
    """The arms that the first of the scenario's own tests with two sets against each other; else none."""
    for entry in content.own_tests:
        test = entry["test"]
        sides = [content.run.scenario.arm(test[side] or "") for side in ("arm", "against")]
        arms = {arm.name: arm for arm in content.arms}
        named = [arms[side.name] for side in sides if side and side.name in arms]
        if len(named) == 2 and named[0] != named[1]:
            return named[0], named[1]
    return None


def _worlds_beyond(content: Content, effect: Effect, margin: float) -> int:
    """Worlds in which an arm exceeds what it is compared with by more than `margin`, in its direction."""
    runs = content.run.results.runs
    side, other = (replicate_values(runs, arm.name, effect.measure) for arm in (effect.arm, effect.base))
    needed = other * (1.0 + margin) if effect.relative else other + margin
    return int((((side - needed) * (-1 if np.signbit(margin) else 1)) > 0).sum())


def claims_in_words(claims: list[OwnClaim]) -> str:
    """What an arm does to each measure that is claimed about, and on which side of its margin that lies."""
    return all_of([_in_words(claim) for claim in claims])


def _in_words(claim: OwnClaim) -> str:
    effect = claim.effect
    told = {"label": effect.name, "difference": effect.difference, "verdict": _verdict(claim)}
    if not effect.has_interval:
        return phrase("changes {label} by {difference}", **told)
    return phrase("changes {label} by {difference} ({verdict})", **told)


def _verdict(claim: OwnClaim) -> str:
    """On which side of the margin an effect lies, as far as luck can tell."""
    told = {"margin": claim.bound}
    if not claim.margin:
        if claim.is_sure:
            return phrase("beyond luck, as you claim") if claim.holds else phrase("surely not what you claim")
        return phrase("which may be luck")
    if claim.effect.apart.beyond_luck == -claim.side:
        return phrase("the opposite of your claim, beyond luck")
    if not claim.is_sure:
        return phrase("which may or may not reach your {margin}", **told)
    if claim.holds and claim.side > 0:
        return phrase("surely over your {margin}", **told)
    if claim.holds:
        return phrase("surely beyond your {margin}", **told)
    if claim.side > 0:
        return phrase("surely under your {margin}", **told)
    return phrase("surely short of your {margin}", **told)


def how_sure(claim: OwnClaim) -> Number:
    """In how many worlds the effect lies on its side of the margin; a firm no is as sure as a firm yes."""
    effect, worlds = claim.effect, claim.effect.apart.replications
    many = worlds - claim.beyond if claim.fails else claim.beyond
    value = phrase_of("{many} of {count} world", "{many} of {count} worlds", worlds, many=many)
    told = {"label": effect.name, "difference": effect.difference, "interval": effect.interval}
    told |= {"margin": claim.bound}
    if claim.fails:
        text = phrase(
            "stay short of your {margin} in {label}; on average {difference} ({interval}, 95% interval).",
            **told,
        )
    elif claim.holds:
        text = phrase(
            "go beyond your {margin} in {label}; on average {difference} ({interval}, 95% interval).", **told
        )
    else:
        text = phrase(
            "go beyond your {margin} in {label}; on average {difference}, and luck leaves open on which side "
            "of it the truth lies ({interval}, 95% interval).",
            **told,
        )
    return Number("sure" if claim.is_sure else "unsure", phrase("How sure"), value, text)


def too_small(claims: list[OwnClaim]) -> str:
    """Gains beyond luck that lie short of the margins, in words; empty if there are none."""
    found = [claim for claim in claims if claim.is_wish and claim.fails and claim.effect.worth > 0]
    if not found:
        return ""
    parts = [
        phrase(
            "{label} {difference} ({interval}, 95% interval), short of your {margin}",
            label=claim.effect.name,
            difference=claim.effect.difference,
            interval=claim.effect.interval,
            margin=claim.bound,
        )
        for claim in found
    ]
    return phrase("Nothing that reaches your margins: {parts}.", parts=counterpart("; ").join(parts))


def own_choice(claims: list[OwnClaim], effects: list[Effect], option: str) -> list[str]:
    """What to do by one's own margins, and for the sake of what else."""
    own = {claim.effect.measure for claim in claims}
    others = [effect for effect in effects if effect.measure not in own]
    gains, losses = (named_effects([one for one in others if one.worth == side]) for side in (1, -1))
    holds, fails, opens = (
        listing([claim.effect.name for claim in claims if claim.status == status])
        for status in ("supported", "contradicted", "undecided")
    )
    told = {"option": option, "gains": gains, "losses": losses}
    told |= {"holds": holds, "fails": fails, "opens": opens}
    if opens:
        found = [
            phrase(
                "Do not decide yet: luck leaves open whether {option} does what you ask of {opens}.", **told
            )
        ]
        if fails:
            found.append(phrase("It surely does not do what you ask of {fails}.", **told))
        return found
    if holds and fails:
        found = [
            phrase("{option} does what you ask of {holds}, and surely not what you ask of {fails}.", **told)
        ]
    elif holds:
        found = [phrase("Choose {option}: it does what you ask of {holds}.", **told)]
    else:
        found = [phrase("Do not choose {option} for {fails}: it surely does not do what you ask.", **told)]
    if fails and gains:
        found.append(phrase("What else it wins beyond luck: {gains}.", **told))
    if losses:
        found.append(phrase("Watch what is lost: {losses}.", **told))
    return found
