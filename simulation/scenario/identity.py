"""What of a scenario decides a run's results, apart from what only says how things are called."""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import Problem, ScenarioError
from ..languages.speaking import sentence
from .plugged_files import fingerprint
from .plugins import HOLDS
from .scenario import Scenario

NOT_DECIDING = (
    "name",
    "title",
    "title_zh",
    "question",
    "question_zh",
    "run",
    "arms",
    "policies",
    "plugins",
    "merchant_rule",
    "article_claims",
    "claims",
    "sweep",
    "policy_search",
    "calibration",
)
"""Of a scenario: words, what is asked of the results, and what `what_decides` puts in another form."""
ARM_WORDS = ("name", "label", "label_zh", "role")
PLATFORM_WORDS = ("label", "label_zh", "operator", "colour", "launch", "sources")
POLICY_WORDS = ("name", "label", "label_zh")

_SORTED = json.JSONEncoder(sort_keys=True)

Table = dict[str, Any]


def as_table(scenario: Scenario) -> Table:
    """The scenario as nested plain values, with every default written out."""
    return scenario.model_dump(mode="json", exclude_none=True)


def plugged_in(scenario: Scenario) -> dict[str, str]:
    """Files from outside by dotted key (``plugins.channels.lucky_draw``)."""
    return {
        f"plugins.{kind}.{name}": path
        for kind in HOLDS
        for name, path in getattr(scenario.plugins, kind).items()
    }


def fingerprints(scenario: Scenario) -> dict[str, str]:
    """Hash of the content of each file from outside, by dotted key; see `plugged_files`.

    Raises
    ------
    ScenarioError
        If a file cannot be read.
    """
    found = {}
    for key, path in plugged_in(scenario).items():
        try:
            found[key] = fingerprint(path)
        except (OSError, ValueError) as error:
            raise ScenarioError(
                scenario.name,
                [
                    Problem(
                        key,
                        f"{path}: {getattr(error, 'strerror', None) or error}",
                        "a Python file that can be read",
                    )
                ],
            ) from None
    return found


def check_files(scenario: Scenario, files: Mapping[str, str]) -> None:
    """Refuse to go on where a file from outside is not, or is no longer, what it was.

    Parameters
    ----------
    scenario : Scenario
    files : mapping of str to str
        What `fingerprints` gave when the work began.

    Raises
    ------
    ScenarioError
        If one of them is missing or has another content.
    """
    here = fingerprints(scenario)
    if other := [key for key in files if here.get(key) != files[key]]:
        raise ScenarioError(
            scenario.name,
            [
                Problem(
                    key,
                    sentence(
                        "{plugged_in} has changed since the work began", plugged_in=plugged_in(scenario)[key]
                    ),
                    "the same file on every machine, left unchanged while worlds run",
                )
                for key in other
            ],
        )


def what_decides(table: Table, files: Mapping[str, str]) -> Table:
    """Everything that decides the results of a run of a scenario, in a form that is equal when they are.

    Arms are known by name, whatever their order. The order of a platform's channels decides which
    occasion opens which of them, and the order of policies which of two has the last word.

    Parameters
    ----------
    table : dict
        See `as_table`.
    files : mapping of str to str
        See `fingerprints`.
    """
    rule = f"plugins.merchant_rules.{table['merchant_rule']}"
    arms = {arm["name"]: _arm(arm) for arm in table["arms"]}
    mixed = {
        channel
        for arm in arms.values()
        for platform in arm["platforms"]
        for channel, _ in platform["channels"]
    }
    left_out = table["run"].get("warm_up_days", 0)
    return {key: value for key, value in table.items() if key not in NOT_DECIDING} | {
        **({"first_days_left_out": left_out} if left_out else {}),
        "run": {"seed": table["run"]["seed"]},
        "arms": arms,
        "policies": [
            _without(policy, POLICY_WORDS) | {"arms": sorted(policy["arms"])} for policy in table["policies"]
        ],
        "merchant_rule": files.get(rule, table["merchant_rule"]),
        "plugins": {
            channel: files[key]
            for channel in sorted(mixed)
            if (key := f"plugins.channels.{channel}") in files
        }
        | {key: file for key, file in sorted(files.items()) if key.startswith("plugins.measures.")},
    }


def _arm(arm: Table) -> Table:
    platforms = [arm["platform"]] if "platform" in arm else arm["platforms"]
    return _without(arm, (*ARM_WORDS, "platform")) | {
        "platforms": [
            _without(platform, PLATFORM_WORDS) | {"channels": list(map(list, platform["channels"].items()))}
            for platform in platforms
        ]
    }


def _without(table: Table, keys: Iterable[str]) -> Table:
    return {key: value for key, value in table.items() if key not in keys}


def hash_values(content: Any, digits: int = 20) -> str:
    """SHA-256 of plain values, whatever the order of keys, or its first digits."""
    return _hash_of(as_text(content), digits)


def as_text(content: Any) -> str:
    """Plain values as they are hashed."""
    return _SORTED.encode(content)


def _hash_of(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


class TablesHashed:
    """Hashes many tables of which most entries are the same, as `hash_values` does of `[table, *further]`.

    Parameters
    ----------
    further : sequence
        Plain values that are the same for all.
    """

    def __init__(self, *further: Any):
        self._further = "".join(f", {as_text(value)}" for value in further)
        self._last: dict[str, tuple[bytes, str]] = {}

    def hash(self, table: Table, digits: int = 20) -> str:
        """The hash of one more."""
        entries = ", ".join(self._text(key, table[key]) for key in sorted(table))
        return _hash_of(f"[{{{entries}}}{self._further}]", digits)

    def _text(self, key: str, value: Any) -> str:
        same = marshal.dumps(value)  # a tenth of the time; unlike ==, it tells 0 from 0.0, and that from -0.0
        if self._last.get(key, (b"", ""))[0] != same:
            self._last[key] = same, f"{as_text(key)}: {as_text(value)}"
        return self._last[key][1]


def unlike(there: Any, here: Any, at: str = "") -> list[str]:
    """Dotted keys under which two results of `what_decides` differ."""
    if not (isinstance(there, dict) and isinstance(here, dict)):
        return [] if there == here else [at]
    keys = dict.fromkeys([*there, *here])
    return [
        found
        for key in keys
        for found in unlike(there.get(key), here.get(key), f"{at}.{key}" if at else str(key))
    ]
