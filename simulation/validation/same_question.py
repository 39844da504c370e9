"""Whether a claim means the same in two scenarios: whether all that its verdict depends on is the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

from ..ensembles.analysis.wording import factor_name
from ..languages.speaking import ENGLISH, counterpart, phrase, spoken, template, told
from ..platforms.policy import rules_today
from ..scenario.identity import Table, as_table, fingerprints, hash_values, unlike, what_decides
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import ClaimTest
from ..scenario.sections.policy import Policy
from ..scenario.tables import RULES, Arm

MOST_KEYS = 3
"""Keys that are named of what differs."""
WORDS = {
    "world": template("size of the world"),
    "warm_up": template("warm up"),
    "merchant_rule": template("merchants' rule"),
    "people": template("people"),
    "friendships": template("friendships"),
    "merchants": template("kinds of merchants"),
    "platforms": template("platforms"),
    "plugins": template("channels of one's own"),
    "policies": template("policies"),
    "rules": template("rules"),
    "tests": template("what the claim's tests ask"),
    "first_days_left_out": template("first days that are left out"),
}
"""What is called otherwise than by its name, or has a name in other languages."""
KEYS_OF, MORE_KEYS_OF = template("{name} ({keys})"), template("{name} ({keys} and {count} more)")
DIFFERENCES = ("{first}; {last}", MORE_KEYS_OF, KEYS_OF)
"""What `differences` is made of."""
TABLES = (template("channels"), template("stakes"), template("named"))
"""Tables of keys of a scenario's own, which have no names in catalogues as single keys do."""
KINDS = "archetypes: "
"""Before the name of a kind of merchants in keys of it."""
SIZE = ("viewers", "merchants", "people_per_viewer")
"""Keys of how large a world is."""


def fingerprint(scenario: Scenario, tests: Sequence[ClaimTest]) -> str:
    """Hash of `depends_on`: equal where a claim with these tests means the same."""
    return hash_values(depends_on(scenario, tests))


def depends_on(scenario: Scenario, tests: Sequence[ClaimTest]) -> Table:
    """Everything that a verdict by `tests` depends on, but luck and the version of the model.

    That is what decides the results (`what_decides`: size, people, friendships, merchants, plugins), and of
    each arm that the tests speak of, known by the part that it plays, its rules and platforms with the
    arm's changes applied and the policies that act there; and the tests. Not among it are seeds and
    replications, other arms, and how anything is called.

    Parameters
    ----------
    scenario : Scenario
        With every arm that `tests` speak of.
    tests : sequence of ClaimTest
        Of the claim.

    Raises
    ------
    ScenarioError
        If a plugin's file cannot be read.
    """
    parts = _parts(scenario, tests)
    resolved = {part: scenario.arm_rules(arm) for part, arm in parts.items()}
    played = [
        arm.model_copy(
            update={"name": part, "changes": {}}
            | ({"platform": resolved[part][1][0]} if arm.platform else {"platforms": resolved[part][1]})
        )
        for part, arm in parts.items()
    ]
    asked = scenario.model_copy(update={"arms": played, "policies": []})
    found = what_decides(as_table(asked), fingerprints(asked))
    arms = found.pop("arms")
    return {key: value for key, value in found.items() if key not in (*RULES, "run")} | {
        "rules": {
            part: {name: section.model_dump(mode="json") for name, section in sections.items()}
            for part, (sections, _) in resolved.items()
        },
        "platforms": {
            part: {entry["name"]: entry for entry in arm["platforms"]} for part, arm in arms.items()
        },
        "policies": {
            part: [_of_policy(policy) for policy in scenario.arm_policies(arm)] for part, arm in parts.items()
        },
        "tests": [test.model_dump(mode="json", exclude={"why"}) for test in tests],
    }


def without_size(found: Table) -> Table:
    """A result of `depends_on` without how large the world is.

    How many merchants share a niche stays, and how many days there are: worlds that are unlike in these meet
    other facts, where those with more niches and people do not (see the ODD, "How parameters were set").
    """
    world = {key: value for key, value in found["world"].items() if key not in SIZE}
    return found | {"world": world}


def _of_policy(policy: Policy) -> Table:
    return policy.model_dump(mode="json", exclude={"name", "label", "arms"})


def changes_at_work(scenario: Scenario, tests: Sequence[ClaimTest]) -> set[str]:
    """Which of the model's `storage.manifest.CHANGES` act in what `tests` of a scenario look at."""
    acting = {"cap": caps_exposure(scenario, tests), "arcs": scenario.arcs > 1}
    return {name for name, acts in acting.items() if acts}


def caps_exposure(scenario: Scenario, tests: Sequence[ClaimTest]) -> bool:
    """Whether a feed's exposure is capped in any arm that `tests` speak of, from the start or by a policy."""
    return any(
        platform.feed.exposure_cap < 1
        or any(rules_today(platform, [policy]).feed.exposure_cap < 1 for policy in scenario.arm_policies(arm))
        for arm in _parts(scenario, tests).values()
        for platform in scenario.arm_rules(arm)[1]
    )


def _parts(scenario: Scenario, tests: Sequence[ClaimTest]) -> dict[str, Arm]:
    """Arms that `tests` speak of, by the name or role under which they do."""
    return {
        part: arm
        for test in tests
        for part in (test.arm, test.against)
        if part and (arm := scenario.arm(part))
    }


def differences(there: Table, here: Table) -> str:
    """In what two results of `depends_on` differ: ``size of the world (viewers); people (homophily)``."""
    keys: dict[str, list[str]] = {}
    for key in unlike(there, here):
        head, _, rest = key.partition(".")
        keys.setdefault(head, []).append(_short(head, rest))
    return "; ".join(_named(head, list(dict.fromkeys(found))) for head, found in keys.items())


def _short(head: str, rest: str) -> str:
    """A key for readers, without the part that an arm plays."""
    if head in ("rules", "platforms", "policies"):
        rest = rest.partition(".")[2]
    return ": ".join(part.replace("_", " ") for part in rest.split(".") if part)


def _named(head: str, found: list[str]) -> str:
    shown, name = [key for key in found if key], WORDS.get(head, head.replace("_", " "))
    if not shown:
        return name
    keys, more = ", ".join(shown[:MOST_KEYS]), len(shown) - MOST_KEYS
    return (MORE_KEYS_OF if more > 0 else KEYS_OF).format(name=name, keys=keys, count=more)


def keys_told(reason: str, said: str) -> str:
    """`said`, a `reason` with `differences` in the language that is spoken, with keys by their names."""
    if spoken() == ENGLISH:
        return said
    sections = {str(name): section for section, name in WORDS.items()}
    heads = "|".join(map(re.escape, sections))
    for head, keys in re.findall(rf"({heads}) \(([^()]*?)(?: and \d+ more)?\)", reason):
        names = [_key_told(sections[head], key) for key in keys.split(", ")]
        said = said.replace(keys, counterpart(", ").join(names), 1)
    return said


def _key_told(section: str, key: str) -> str:
    """A key as `_short` has it, by the name of what it sets: "品类数" for ``categories`` of people.

    Of platforms it begins with the platform's name, and is that alone where all of the platform differs.
    """
    if section != "platforms":
        return _name_told(section, key)
    platform, _, rest = key.partition(": ")
    whose = counterpart(platform)
    return phrase("{whose}: {name}", whose=whose, name=_name_told("platform", rest)) if rest else whose


def _name_told(section: str, key: str) -> str:
    """What a section's key sets, by its name; a whole table below a section by the names of its parts."""
    path = key.replace(": ", ".").replace(" ", "_")
    english = factor_name(path if section == "rules" else f"{section}.{path}")
    name = told(english)
    if name == english:
        *whose, last = (counterpart(part) for part in key.removeprefix(KINDS).split(": "))
        return reduce(
            lambda name, owner: phrase("{whose}: {name}", whose=owner, name=name), whose[::-1], last
        )
    return name if ": " in key else name.rpartition("：")[2]
