"""All parameters in one table, for the model description and for readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ...languages.speaking import counterpart, phrase, sentence, told
from ..reading.expected import UNBOUNDED, field_bounds
from ..scenario import Scenario
from ..sections.merchants import NamedMerchant
from ..sections.platform import Platform
from ..sections.policy import EFFECTS

NAME = "<name>"
"""In a key, for the name of an arm, a merchant or a policy."""


class Parameter(NamedTuple):
    """One parameter as it is declared."""

    key: str
    default: str
    unit: str
    low: str
    high: str
    about: str
    source: str

    @property
    def start(self) -> str:
        """Its default, in the language that is spoken if it is a word."""
        return counterpart(self.default) if self.default in ("none", "needed") else self.default

    @property
    def start_with_unit(self) -> str:
        """As `start`, with its unit if it has one."""
        has_unit = self.unit != "1" and self.start == self.default
        return f"{self.start} {told(self.unit)}" if has_unit else self.start

    @property
    def limits(self) -> str:
        """Its range, in the language that is spoken."""
        if self.low == UNBOUNDED[0]:
            return counterpart("true or false")
        return phrase("{low} to {high}", low=self.low, high=self.high)

    def speaks_of(self, word: str) -> bool:
        """Whether `word` is in its key, meaning or source, as they are declared or in the language spoken."""
        texts = (self.key, self.about, self.source, told(self.about), told(self.source))
        return any(word.lower() in text.lower() for text in texts)


def parameters() -> list[Parameter]:
    """Every number that a scenario or platform file can set, in the order of declaration."""
    return [*_declared(), *_amounts()]


def meaning_of(key: str) -> str:
    """What is declared of the parameter at a key of a scenario, to be told; empty if nothing is.

    Parameters
    ----------
    key : str
        With the names that stand in the scenario: ``arms.tencent_live.platform.commission``.
    """
    parts = key.split(".")
    return next((about for known, about in _meanings() if _same_place(known, parts)), "")


@cache
def _meanings() -> list[tuple[list[str], str]]:
    """Keys, part by part, and meanings of all parameters but amounts, which mean what their effect does."""
    return [(entry.key.split("."), entry.about) for entry in _declared()]


def _same_place(known: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether a key is a declared one, in which ``<name>`` stands for any name."""
    return len(known) == len(parts) and all(
        one in (NAME, other) for one, other in zip(known, parts, strict=True)
    )


def parameter_table() -> str:
    """The parameters as a Markdown table."""
    headings = [counterpart(name) for name in ("key", "default", "unit", "range", "meaning", "source")]
    lines = [f"| {' | '.join(headings)} |", "|---|---|---|---|---|---|"]
    for entry in parameters():
        cells = (
            f"`{entry.key}`",
            entry.start,
            told(entry.unit),
            entry.limits,
            told(entry.about),
            told(entry.source),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _declared() -> Iterator[Parameter]:
    yield from _of_model(Scenario, "")
    yield from _of_model(NamedMerchant, f"merchants.named.{NAME}.")
    yield from _of_model(Platform, f"arms.{NAME}.platform.")


def _amounts() -> Iterator[Parameter]:
    """The amount of a policy, which means something else with every effect."""
    for name, effect in EFFECTS.items():
        if effect.amount:
            yield Parameter(
                f"policies.{NAME}.amount",
                "needed",
                effect.amount.unit,
                f"{effect.amount.low:g}",
                f"{effect.amount.high:g}",
                sentence("`{name}`: {about}.", name=name, about=effect.amount.about),
                "chosen by whoever plans the policy",
            )


def _of_model(model: type[BaseModel], prefix: str, defaults: BaseModel | None = None) -> Iterator[Parameter]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        default = getattr(defaults, name) if defaults else field.get_default(call_default_factory=True)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            known = default if isinstance(default, inner) else None
            yield from _of_model(inner, f"{prefix}{name}.", known)
        elif isinstance(field.json_schema_extra, dict):
            yield _parameter(f"{prefix}{name}", field, default)


def _parameter(key: str, field: FieldInfo, default: Any) -> Parameter:
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    needed = default is ... or repr(default) == "PydanticUndefined"
    low, high = field_bounds(field)
    shown = "needed" if needed else "none" if default is None else str(default)
    return Parameter(key, shown, str(extra["unit"]), low, high, field.description or "", str(extra["source"]))
