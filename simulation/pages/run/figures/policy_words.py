"""Policies in words; free of what simulates and of figures, since `check` speaks of policies too."""

from __future__ import annotations

from collections.abc import Sequence

from ....languages.speaking import counterpart, listing, phrase
from ....platforms.policy import amounts_replaced
from ....scenario.scenario import Scenario
from ....scenario.sections.policy import EFFECTS, Policy
from ...kit.words import amount


def replaced_by(scenario: Scenario, policy: Policy) -> list[float]:
    """What a policy's amount comes in place of, on the platforms of arms in which it acts."""
    arms = [arm for arm in scenario.arms if policy in scenario.arm_policies(arm)]
    return amounts_replaced(policy, [entry for arm in arms for entry in scenario.arm_rules(arm)[1]])


def amounts_in_words(scenario: Scenario) -> list[str]:
    """Of each policy whose amount comes in place of another, both, before anything is run."""
    return [
        phrase(
            "Policy {name}: {amount} {meaning}.",
            name=policy.name,
            amount=amount_in_words(policy, replaced),
            meaning=counterpart(EFFECTS[policy.effect].amount.meaning),
        )
        for policy in scenario.policies
        if (replaced := replaced_by(scenario, policy))
    ]


def amount_in_words(policy: Policy, replaced: Sequence[float] = ()) -> str:
    """A policy's amount in its unit, and what it comes in place of; empty if it takes none."""
    unit = EFFECTS[policy.effect].amount
    if not unit or policy.amount is None:
        return ""
    if not replaced:
        return plain_amount(policy.amount, unit.unit)
    return phrase(
        "{amount} instead of {standing}",
        amount=plain_amount(policy.amount, unit.unit),
        standing=listing([plain_amount(value, unit.unit) for value in replaced]),
    )


def plain_amount(value: float, unit: str) -> str:
    """An amount that somebody has set, as it was written."""
    return f"{100 * value:.6g}%" if unit == "share" else amount(value, unit)


def in_words(policy: Policy, replaced: Sequence[float] = ()) -> str:
    """A policy with its effect, its amount in its unit and what that comes in place of, and its days."""
    effect = EFFECTS[policy.effect]
    told = {
        "title": policy.title,
        "effect": counterpart(effect.label),
        "first": policy.start,
        "last": policy.end - 1 if policy.end is not None else "",
        "amount": amount_in_words(policy, replaced),
        "meaning": counterpart(effect.amount.meaning) if effect.amount else "",
    }
    if effect.amount and policy.end is None:
        return phrase("“{title}” ({effect}): {amount} {meaning}, from day {first} on", **told)
    if effect.amount:
        return phrase("“{title}” ({effect}): {amount} {meaning}, from day {first} to {last}", **told)
    if policy.end is None:
        return phrase("“{title}” ({effect}), from day {first} on", **told)
    return phrase("“{title}” ({effect}), from day {first} to {last}", **told)
