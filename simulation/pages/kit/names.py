"""Names for readers: arms, probes, measures, channels, archetypes, parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...ensembles.analysis.wording import factor_name
from ...languages.speaking import counterpart, listing, own, phrase, template, told
from ...measures import MEASURES
from ...measures.daily import DAILY_MEASURES
from ...measures.registry import PAIRED_MEASURES, without_days
from ...platforms.channel import find_channel
from ...runs.bounds import base_measure
from ...scenario.labels import platform_titles
from ...scenario.reading.presets import preset_label
from ...scenario.scenario import Scenario
from ...scenario.sections.mechanisms import MECHANISM_LABELS
from ...scenario.sections.platform import known_channels
from ...words import plain
from .colours import PALETTE, arm_colours, channel_colours, platform_colours

PARAMETER_NAMES = {
    "trust.tie_strength": template("stronger ties"),
    "platform.pool": template("a larger traffic pool"),
}


FEW = 3
"""Arms of which a sentence gives every value; of more, it gives the highest and the lowest."""


@dataclass(frozen=True)
class NamedArm:
    """One arm as the page shows it: `name` in tables, `label` for readers, `place` in order, its colour."""

    name: str
    label: str
    place: int
    colour: str = PALETTE[0]


class Names:
    """Arms of a run by name or role, and readable names of everything derived from them."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._labels = scenario.titles
        colours = arm_colours(scenario)
        self.arms = [
            NamedArm(name, label, place, colours[name])
            for place, (name, label) in enumerate(self._labels.items())
        ]
        single = [arm.platform.name for arm in scenario.arms if arm.platform]
        self.are_platforms = len(set(single)) == len(scenario.arms)
        """Whether every arm is one platform that no other arm is, so that arms can be called platforms."""
        self.is_market = any(len(arm.platforms) > 1 for arm in scenario.arms)
        self.platforms = platform_titles(scenario.arms)
        """Labels of platforms by name, in order."""
        self.archetypes = {
            name: own(kind, "label") or counterpart(plain(name))
            for name, kind in scenario.merchants.kinds.items()
        }
        """Labels of kinds of merchant by name, in order."""
        self.named = {entry.name: entry.title for entry in scenario.merchants.named_merchants}
        """Labels of merchants with a name, by name, in order."""
        self.platform_colours = platform_colours(scenario)
        self.channel_colours = channel_colours(scenario.plugins.channels)

    @property
    def noun(self) -> str:
        """What an arm is called: a platform where it is one."""
        return "platform" if self.are_platforms else "arm"

    def on(self, label: str) -> str:
        """``on Taobao Live`` or, of an arm that is no platform, ``in “No plan”``."""
        return (
            phrase("on {label}", label=label) if self.are_platforms else phrase("in “{label}”", label=label)
        )

    def across(self, values: dict[NamedArm, float], show: Callable[[float], str]) -> str:
        """Values of arms in a sentence: each of a few, the highest and the lowest of many."""
        if len(values) <= FEW:
            return listing(
                [
                    phrase("{value} {where}", value=show(value), where=self.on(arm.label))
                    for arm, value in values.items()
                ]
            )
        top, low = max(values, key=lambda arm: values[arm]), min(values, key=lambda arm: values[arm])
        told = {"high": show(values[top]), "low": show(values[low]), "count": len(values)}
        if told["low"] == told["high"]:
            if self.are_platforms:
                return phrase("{high} on all {count}", **told)
            return phrase("{high} in all {count}", **told)
        return phrase(
            "from {low} {where_low} to {high} {where_high}",
            where_low=self.on(low.label),
            where_high=self.on(top.label),
            **told,
        )

    def channel(self, name: str) -> str:
        """Label of a channel; in a market, of which platform: ``Tencent Live: group link``."""
        platform, kind = self.channel_parts(name)
        if not platform:
            return channel_name(kind)
        return phrase("{label}: {arm}", label=self.platforms[platform], arm=channel_name(kind))

    def channel_parts(self, name: str) -> tuple[str, str]:
        """Platform (empty where arms have one each) and kind of a channel."""
        if self.is_market:
            for platform in sorted(self.platforms, key=len, reverse=True):
                if name.startswith(f"{platform}_"):
                    return platform, name.removeprefix(f"{platform}_")
        return "", name

    def measure(self, name: str) -> str:
        """As `measure_name`, with platforms and their channels by their labels."""
        name, days = without_days(name)
        if days:
            return of_days(self.measure(name), days)
        base = base_measure(name)
        part = name.removeprefix(base).removeprefix("_")
        if base and part in self.platforms:
            return of_part(measure_name(base), self.platforms[part])
        if base and part in self.archetypes:
            return of_part(measure_name(base), self.archetypes[part])
        if base and part in self.named:
            return of_part(measure_name(base), self.named[part])
        if base and part and (self.channel_parts(part)[0] or by_channel(base)):
            return of_part(measure_name(base), self.channel(part))
        return measure_name(name)

    def asked_measure(self, name: str) -> str:
        """As `measure`, but ``Its orders a month`` where the only named shop is what a question is about."""
        base, days = without_days(name)
        kind = base_measure(base)
        if len(self.named) != 1 or base.removeprefix(kind).removeprefix("_") not in self.named:
            return self.measure(name)
        return of_days(measure_name(kind), days) if days else measure_name(kind)

    def arm(self, name: str) -> str:
        """Label of an arm given by its name or its role."""
        if name in self._labels:
            return self._labels[name]
        found = self.scenario.arm(name)
        return self._labels[found.name] if found else plain(name)

    def side(self, name: str) -> str:
        """Label of an arm or of a probe such as ``"tencent_live without own_trust"``."""
        for base in sorted(self._labels, key=len, reverse=True):
            if name.startswith(f"{base} without "):
                return self.without(base, name.removeprefix(base).split(" without ")[1:])
        return self.arm(name)

    def without(self, arm: str, mechanisms: Sequence[str]) -> str:
        """Label of an arm in which some mechanisms, or none, are switched off."""
        absent = [counterpart(MECHANISM_LABELS.get(name, plain(name))) for name in mechanisms]
        if not absent:
            return self.arm(arm)
        return phrase("{arm} without {mechanisms}", arm=self.arm(arm), mechanisms=listing(absent))


def factor_label(key: str) -> str:
    """A factor in the language that is spoken, as the title of an axis or a row has it."""
    return told(factor_name(key)).capitalize()


def of_days(label: str, days: str) -> str:
    """Label of a measure that is taken of some days: ``Sales (GMV), days 31 to 180``."""
    first, _, last = days.partition("-")
    return phrase("{label}, days {first} to {last}", label=label, first=first, last=last)


def of_part(label: str, part: str) -> str:
    """Label of a measure that is taken of a part: ``Profit per merchant (community vendor)``."""
    return phrase("{label} ({part})", label=label, part=part)


def measure_name(name: str) -> str:
    """Label of a measure, its part in brackets: ``Profit per merchant (community vendor)``."""
    name, days = without_days(name)
    if days:
        return of_days(measure_name(name), days)
    base = base_measure(name)
    if not base:
        return counterpart(DAILY_MEASURES[name].label) if name in DAILY_MEASURES else plain(name).capitalize()
    label = counterpart(MEASURES[base].label if base in MEASURES else PAIRED_MEASURES[base].label)
    part = name.removeprefix(base).removeprefix("_")
    if not part:
        return label
    if by_channel(base):
        return of_part(label, channel_name(part))
    return of_part(label, preset_label(part) if by_platform(base) else counterpart(plain(part)))


def by_platform(base: str) -> bool:
    """Whether parts of a measure are platforms."""
    return base in MEASURES and MEASURES[base].split == "platform"


def by_channel(base: str) -> bool:
    """Whether parts of a measure are channels."""
    return base in MEASURES and MEASURES[base].split == "channel"


def channel_name(name: str) -> str:
    """Label of one of our channels; any other is called by its name."""
    if name not in known_channels():  # a channel of the scenario's own, or of another version
        return plain(name)
    return counterpart(find_channel(name, {}).label)


def parameter_name(key: str) -> str:
    """A parameter raised in an elasticity, in words."""
    if key in PARAMETER_NAMES:
        return counterpart(PARAMETER_NAMES[key])
    return phrase("more {parameter}", parameter=plain(key.rpartition(".")[2]))
