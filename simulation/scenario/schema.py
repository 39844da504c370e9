"""The JSON Schema of scenario files, for editors that complete and check as one types."""

from __future__ import annotations

from typing import Any

from .presets import platform_files
from .scenario import Scenario


def scenario_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, with units and sources beside descriptions.

    In a file an arm's platform may be a preset's name, so the schema allows both.
    """
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    platform = schema["$defs"]["Arm"]["properties"]["platform"]
    description = platform.pop("description", "")
    presets = [file.stem for file in platform_files()]
    schema["$defs"]["Arm"]["properties"]["platform"] = {
        "description": description,
        "anyOf": [{"type": "string", "examples": presets}, platform],
    }
    return schema
