"""Scenario files made from the JSON Schema: mostly as it asks, with values at and beyond its bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.fuzz.mutations import ODD_TEXTS, odd_value
from tests.fuzz.toml_text import as_toml

Luck = np.random.Generator
NAMES = (
    "a",
    "b",
    "feed",
    "links",
    "centralised",
    "decentralised",
    "gmv",
    "sharing.base_rate",
    "recommend",
    "push",
    "share",
    "trust.half_life",
    "people.homophily",
    "platform.pool",
    "arms.a.platform.pool",
)
"""Texts that mean something in one place or another."""
SHORT = ("a", "b", "feed", "links", "made", "x9", "douyin", "recommend")


class Maker:
    """Makes tables that fit a schema, but for a mistake now and then.

    Parameters
    ----------
    schema : dict
        Of a scenario.
    luck : Generator
    wrong : float
        Chance of a mistake at each place.
    """

    def __init__(self, schema: dict[str, Any], luck: Luck, wrong: float):
        self._parts, self._luck, self._wrong = schema["$defs"], luck, wrong

    def value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        """A value as `schema` asks."""
        if self._chance(self._wrong):
            return odd_value(self._luck)
        if "$ref" in schema:
            return self.value(self._parts[schema["$ref"].rpartition("/")[2]], depth)
        if "anyOf" in schema:
            some = [part for part in schema["anyOf"] if part.get("type") != "null"]
            return self.value(self._one(some), depth)
        if "enum" in schema or "const" in schema:
            return self._one(schema.get("enum") or [schema["const"]])
        return self._of_type(schema, depth)

    def _of_type(self, schema: dict[str, Any], depth: int) -> Any:
        kind = schema.get("type")
        if kind == "object":
            return self._table(schema, depth)
        if kind == "array":
            many = int(self._luck.integers(schema.get("minItems", 0), 4))
            return [self.value(schema.get("items", {"type": "number"}), depth + 1) for _ in range(many)]
        if kind == "boolean":
            return self._chance(0.5)
        if kind in ("number", "integer"):
            return self._number(schema)
        if "examples" in schema:
            return self._one(schema["examples"])
        if "pattern" in schema and not self._chance(self._wrong):
            return self._one(SHORT)
        return self._one(NAMES) if self._chance(0.8) else self._one(ODD_TEXTS)

    def _table(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        needed = set(schema.get("required", ()))
        table = {
            name: self.value(part, depth + 1)
            for name, part in schema.get("properties", {}).items()
            if (name in needed and not self._chance(self._wrong)) or self._chance(0.5 / (1 + depth))
        }
        inner = schema.get("additionalProperties")
        if isinstance(inner, dict):
            table |= {
                self._one(NAMES): self.value(inner, depth + 1) for _ in range(int(self._luck.integers(0, 4)))
            }
        return table

    def _number(self, schema: dict[str, Any]) -> float | int:
        low, high = schema.get("minimum", -10.0), schema.get("maximum", 10.0)
        if self._chance(self._wrong):
            return self._one((low - 1, high + 1, low - 1e-9, high * 2, 0.5))
        number = self._one((low, high, float(self._luck.uniform(low, min(high, low + 10)))))
        return int(number) if schema["type"] == "integer" else number

    def _chance(self, share: float) -> bool:
        return bool(self._luck.random() < share)

    def _one(self, choices: Any) -> Any:
        return choices[int(self._luck.integers(len(choices)))]


def made_from(schema: dict[str, Any], luck: Luck) -> bytes:
    """A file as `schema` describes it, of a small world."""
    maker = Maker(schema, luck, float(luck.choice([0.0, 0.001, 0.01])))
    table = maker.value(schema)
    if isinstance(table, dict) and luck.random() < 0.8:
        table["name"] = "made"
        table["world"] = {"viewers": 50, "merchants": 5, "days": 5}
        sections = ["merchants", "policies", "sweep", "policy_search", "claims", "people", "plugins"]
        for section in luck.permutation(sections)[:4]:
            table.pop(str(section), None)
        if luck.random() < 0.7:
            table["arms"] = [
                {"name": name, "platform": preset, "role": role}
                for name, preset, role in (
                    ("a", "taobao_live", "centralised"),
                    ("b", "tencent_live", "decentralised"),
                )
            ]
    return as_toml(table if isinstance(table, dict) else {"name": table}).encode("utf-8", "replace")
