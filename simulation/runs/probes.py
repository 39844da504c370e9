"""The arms of an experiment: those of the scenario, and probes that tests of claims need.

A probe is an arm of the scenario with something changed: a mechanism switched off (ablation) or a
parameter raised (elasticity). Probes share the cast and luck of their replication like any arm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ..languages.speaking import sentence, template
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import TESTS, Claim
from ..scenario.sections.mechanisms import changes_without
from ..scenario.sections.platform import CHANNEL_SETTINGS, Platform
from ..scenario.tables import Arm

RAISE = 1.25
"""Factor by which an elasticity probe raises a parameter."""
NO_NUMBER = template("'{key}' is not a number in arm '{name}'")
NO_RISE = template("a quarter more of '{key}', which is {value:g} in arm '{arm}', is no rise")
NO_MORE = template(
    "a quarter more of '{key}', which is {value:g} in arm '{arm}', is {raised:g}, which is not allowed"
)
NOT_RAISED = (NO_NUMBER, NO_RISE, NO_MORE)
"""Why a parameter cannot be raised."""


@dataclass(frozen=True)
class Probe:
    """An arm of the scenario with something changed.

    Attributes
    ----------
    base : str
        Name of the arm that it changes.
    without : tuple of str
        Mechanisms switched off.
    raised : str
        Parameter raised by the factor `RAISE`, or empty.
    """

    base: str
    without: tuple[str, ...] = ()
    raised: str = ""

    @property
    def name(self) -> str:
        """Name in runs.parquet."""
        words = [f"without {name}" for name in self.without]
        words += [f"{self.raised} x{RAISE:g}"] if self.raised else []
        return " ".join([self.base, *words])

    def arm(self, scenario: Scenario) -> Arm:
        """The changed arm."""
        base = scenario.arm(self.base)
        assert base is not None
        changes = dict(base.changes) | switched_off(base, self.without)
        if self.raised:
            changes[self.raised] = RAISE * current_value(scenario, base, self.raised)
        return base.model_copy(update={"changes": changes})


@dataclass(frozen=True)
class Plan:
    """All worlds of an experiment, by name in the order in which they are run.

    `windows` are measures of some of the days that claims ask for, kept beside those of whole runs.
    """

    scenario: Scenario
    arms: dict[str, Arm] = field(default_factory=dict)
    windows: tuple[str, ...] = ()

    def arms_in(self, replicate: int) -> dict[str, Arm]:
        """Arms that are run in replication number `replicate`: probes only in the first few."""
        if replicate < self.scenario.run.probe_replications:
            return self.arms
        return {arm.name: arm for arm in self.scenario.arms}

    @property
    def runs(self) -> int:
        """Worlds in all replications together."""
        return sum(len(self.arms_in(number)) for number in range(self.scenario.run.replications))


def current_value(scenario: Scenario, arm: Arm, key: str) -> float:
    """Value of the dotted parameter `key` in `arm`; see `Arm.changes` for keys.

    Raises
    ------
    KeyError, AttributeError, TypeError
        If there is no such number.
    """
    sections, platforms = scenario.arm_rules(arm)
    section, *path = key.split(".")
    at: Any
    if section == "platform" and arm.platform:
        at = platforms[0]
    elif section == "platforms" and arm.platforms:
        at = {platform.name: platform for platform in platforms}[path.pop(0)]
    else:
        at = sections[section]
    for name in path:
        at = getattr(at, name)
    return float(at)


def why_not_raised(scenario: Scenario, arm: Arm, key: str) -> str:
    """Why the dotted parameter `key` cannot be raised by the factor `RAISE` in `arm`; empty if it can."""
    try:
        value = current_value(scenario, arm, key)
    except (KeyError, AttributeError, TypeError, ValueError):
        return sentence(NO_NUMBER, key=key, name=arm.name)
    found = {"key": key, "value": value, "arm": arm.name}
    if value <= 0:
        return sentence(NO_RISE, **found)
    try:
        scenario.arm_rules(Probe(arm.name, (), key).arm(scenario))
    except ValueError:
        return sentence(NO_MORE, raised=RAISE * value, **found)
    return ""


def carries_links(arm: Arm) -> bool:
    """Whether friends' links can reach anybody on any of the arm's platforms."""
    return any(
        platform.channels.get(channel, 0) > 0
        for platform in arm.all_platforms
        for channel in ("share", "group_buy")
    )


def switched_off(arm: Arm, mechanisms: tuple[str, ...]) -> dict[str, float]:
    """Changes that switch off `mechanisms` in `arm`; of keys of a platform, on each that has it."""
    changes: dict[str, float] = {}
    for key, value in changes_without(mechanisms).items():
        section, _, rest = key.partition(".")
        if section != "platform":
            changes[key] = value
            continue
        for platform in arm.all_platforms:
            if _has(platform, rest):
                changes["platform." + rest if arm.platform else f"platforms.{platform.name}.{rest}"] = value
    return changes


def _has(platform: Platform, key: str) -> bool:
    """Whether `key` of a platform sets something there: its channel is open, and not the last to close."""
    part, _, name = key.partition(".")
    channel = name if part == "channels" else CHANNEL_SETTINGS.get(part, "")
    weight = platform.channels.get(channel, 0.0)
    return (weight > 0 and (part != "channels" or sum(platform.channels.values()) > weight)) or not channel


def effective(scenario: Scenario, arm: Arm, without: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the mechanisms that can act in `arm` at all.

    Without friends' links neither endorsement nor sharing does anything, nor does heat without a public
    surface, so that switching it off leaves the very same world.
    """
    idle = () if carries_links(arm) else ("endorsement", "sharing")
    return tuple(name for name in without if name not in idle and switched_off(arm, (name,)))


def acting(scenario: Scenario, probe: Probe) -> Probe:
    """`probe` with only those mechanisms switched off that can act in its arm at all."""
    base = scenario.arm(probe.base)
    assert base is not None
    return replace(probe, without=effective(scenario, base, probe.without))


def probes_asked(scenario: Scenario, claims: list[Claim]) -> list[Probe]:
    """Probes as the tests of `claims` name them, each once, whether or not they can make a difference."""
    wanted: list[Probe] = []
    for claim in claims:
        for test in claim.tests:
            against = scenario.arm(test.against) if test.against else None
            if against:
                wanted.append(Probe(against.name, tuple(test.against_without)))
            arm = scenario.arm(test.arm)
            if arm:
                wanted.append(Probe(arm.name, tuple(test.without)))
                wanted += [Probe(arm.name, (), str(getattr(test, name))) for name in TESTS[test.kind].raises]
    return _that_change_something(wanted)


def probes_needed(scenario: Scenario, claims: list[Claim]) -> list[Probe]:
    """Probes that have to be run for the tests of `claims`, each once."""
    return _that_change_something([acting(scenario, probe) for probe in probes_asked(scenario, claims)])


def _that_change_something(probes: list[Probe]) -> list[Probe]:
    return list(dict.fromkeys(probe for probe in probes if probe.without or probe.raised))


def planned_arms(scenario: Scenario, probes: list[Probe], windows: Iterable[str] = ()) -> Plan:
    """The scenario's arms, then `probes`, of all of which `windows` are kept."""
    arms = {arm.name: arm for arm in scenario.arms}
    arms |= {probe.name: probe.arm(scenario) for probe in dict.fromkeys(probes)}
    return Plan(scenario, arms, tuple(windows))
