"""What arms, platforms, levers and goals are called by readers: no two alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from ..errors import Problem
from ..languages.speaking import own, sentence
from .tables import Arm, ScenarioTables


def told_apart(entries: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Names for readers by short name, of entries of which some have a label of their own.

    Parameters
    ----------
    entries : iterable of (str, str, str)
        Short name, label (may be empty), and what stands in for the label.

    Returns
    -------
    dict of str to str
        The label or what stands in for it. Of those without a label that would be called like another
        the short name is added: ``Tencent Live (links_only)``.
    """
    entries = list(entries)
    names = {name: seen(label) or seen(instead) or seen(name) for name, label, instead in entries}
    many = Counter(names.values())
    own = {name for name, label, _ in entries if seen(label)}
    return {
        name: title if name in own or many[title] == 1 else f"{title} ({name})"
        for name, title in names.items()
    }


def seen(label: str) -> str:
    """A label as it is seen: spaces that stand together are one, and none stand at its ends."""
    return " ".join(label.split())


def arm_titles(arms: Iterable[Arm]) -> dict[str, str]:
    """Names of arms for readers by short name: the label, the platform's, or the short name in words."""
    return told_apart(
        (
            arm.name,
            own(arm, "label"),
            own(arm.platform, "label") if arm.platform else arm.name.replace("_", " "),
        )
        for arm in arms
    )


def platform_titles(arms: Iterable[Arm]) -> dict[str, str]:
    """Names of the platforms of all arms for readers by short name, told apart, as labels may be presets'."""
    served = {platform.name: own(platform, "label") for arm in arms for platform in arm.all_platforms}
    return told_apart((name, "", label) for name, label in served.items())


def label_problems(scenario: ScenarioTables) -> Iterator[Problem]:
    """Labels that say the same of two arms, levers or goals."""
    titles = arm_titles(scenario.arms)
    yield from _alike(
        sentence("arm"), ((f"arms.{arm.name}.label", arm.name, titles[arm.name]) for arm in scenario.arms)
    )
    search = scenario.policy_search
    if search:
        yield from _alike(
            sentence("lever"),
            (
                (f"policy_search.levers.{lever.key}.label", lever.key, seen(lever.label))
                for lever in search.levers
            ),
        )
        yield from _alike(
            sentence("goal"),
            (
                (f"policy_search.goals.{place}.label", goal.name, seen(goal.label))
                for place, goal in enumerate(search.goals)
            ),
        )


def _alike(what: str, labels: Iterable[tuple[str, str, str]]) -> Iterator[Problem]:
    """Problems of entries (key, name, label) that have the label of one before them; empty ones have none."""
    first: dict[str, str] = {}
    for key, name, label in labels:
        if label and first.setdefault(label, name) != name:
            yield Problem(
                key,
                sentence(
                    "'{label}', which {what} '{first}' is called already",
                    label=label,
                    what=what,
                    first=first[label],
                ),
                "another label, so that readers can tell them apart",
            )
