"""The JSON Schema of scenario files, for editors that complete and check as one types."""

from __future__ import annotations

from typing import Any

from ..reading.presets import PRESET, platform_files
from ..scenario import Scenario
from ..sections.claim import TESTS
from ..sections.policy import EFFECTS

AS_WRITTEN = "PlatformAsWritten"


def scenario_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, with units and sources beside descriptions.

    In a file a platform may be a preset's name, or a preset with what is changed in it, so the schema
    allows these as well.
    """
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    parts, arm = schema["$defs"], schema["$defs"]["Arm"]["properties"]
    name = {"type": "string", "examples": [file.stem for file in platform_files()]}
    changed = dict(parts["Platform"], required=[PRESET], description="A preset with changes.")
    changed["properties"] = {PRESET: name, **parts["Platform"]["properties"]}
    parts["Policy"]["properties"]["amount"]["description"] = _amounts(parts["Policy"])
    parts["ClaimTest"]["properties"]["kind"]["description"] += (
        " " + "; ".join(f"{name}: {kind.about}" for name, kind in TESTS.items()) + "."
    )
    written = {"$ref": f"#/$defs/{AS_WRITTEN}"}
    parts[AS_WRITTEN] = {"anyOf": [name, changed, {"$ref": "#/$defs/Platform"}]}
    arm["platform"] = {
        "description": arm["platform"]["description"],
        "anyOf": [written, {"type": "null"}],
        "default": None,
    }
    arm["platforms"]["items"] = written
    return schema


def _amounts(policy: dict[str, Any]) -> str:
    """What the amount of a policy means with each effect."""
    about: str = policy["properties"]["amount"]["description"]
    meanings = [
        f"{name}: {effect.amount.low:g} to {effect.amount.high:g}, {effect.amount.about}"
        for name, effect in EFFECTS.items()
        if effect.amount
    ]
    return f"{about} {'; '.join(meanings)}."
