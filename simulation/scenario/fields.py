"""How a parameter is declared: once, with its unit, range, default and source."""

from __future__ import annotations

import calendar
import datetime
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

from ..languages.speaking import sentence

ASSUMPTION = "assumption"
CALIBRATED = "calibrated to published figures, see scenarios/evidence"
UNKNOWN = "no reliable figure exists: sweep"
UNTOLD = "middle of the plausible worlds; no published figure tells it, see scenarios/evidence"


MOST_ENTRIES = 1000
"""Most arms, policies, claims, tests, factors or levers."""

NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
Name = Annotated[str, Field(pattern=NAME_PATTERN, max_length=64)]
"""A short name: of folders and columns, so neither long nor of letters that file systems do not take."""

COLOUR_PATTERN = r"^(#[0-9A-Fa-f]{6})?$"
Colour = Annotated[str, Field(pattern=COLOUR_PATTERN)]
"""A colour as pages write it, or none."""

Entry = TypeVar("Entry")


def flattened(table: Any) -> Any:
    """A table whose keys have dots, however these were written: ``trust.half_life = 9`` is a table in one."""
    if not isinstance(table, dict):
        return table
    flat: dict[str, Any] = {}
    for key, value in table.items():
        inner = flattened(value)
        parts = (
            {f"{key}.{name}": entry for name, entry in inner.items()}
            if inner and isinstance(inner, dict)
            else {key: value}
        )
        if twice := sorted(flat.keys() & parts.keys()):
            raise ValueError(sentence("'{twice}' is given twice; drop one of them", twice=twice[0]))
        flat |= parts
    return flat


Dotted = Annotated[dict[str, Entry], BeforeValidator(flattened)]
"""A table of the user's own keys, which have dots."""


def last_day(written: object) -> object:
    """The last day of a date as people write it: a day, a month (2021-08) or a year (2021)."""
    parts = str(written).split("-")
    if isinstance(written, datetime.date | bool) or not all(part.isdecimal() for part in parts):
        return written
    if len(parts[0]) != 4 or len(parts) > 3:
        return written
    year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 12
    if not (1 <= month <= 12 and year > 0):
        return written
    day = int(parts[2]) if len(parts) > 2 else calendar.monthrange(year, month)[1]
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return written


LastDay = Annotated[datetime.date, BeforeValidator(last_day)]
"""The last day of what a figure is of; a month or a year ends it."""


def doubled(names: Iterable[str]) -> list[str]:
    """Names that come up more than once."""
    return sorted(name for name, many in Counter(names).items() if many > 1)


class Section(BaseModel):
    """A table of a scenario file: unknown keys are errors, values never change.

    Values are of the type that is wanted: neither truth nor text is a number. A whole number may be
    written for any, and 12.0 for 12; not a number and infinity are nothing that a world can have.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, strict=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _whole_numbers(cls, table: Any) -> Any:
        """Spreadsheets write whole numbers as 12.0."""
        if not isinstance(table, dict):
            return table
        written = {
            name: int(value)
            for name in _whole_fields(cls)
            if isinstance(value := table.get(name), float) and value.is_integer()
        }
        return table | written if written else table


@cache
def _whole_fields(section: type[Section]) -> list[str]:
    """Names of the fields of `section` that hold whole numbers."""
    return [name for name, field in section.model_fields.items() if field.annotation in (int, int | None)]


def quantity(
    default: Any,
    about: str,
    *,
    unit: str = "1",
    low: float | None = None,
    high: float | None = None,
    source: str = ASSUMPTION,
) -> Any:
    """Declare one parameter of a scenario.

    Parameters
    ----------
    default : Any
        Value when the file says nothing; ``...`` where the file must say it.
    about : str
        One sentence for the reader of the scenario file.
    unit : str
        Unit of the value; ``"1"`` for a pure number.
    low, high : float, optional
        Smallest and largest allowed value, both included.
    source : str
        Where the default comes from, or ``"assumption"``.

    Returns
    -------
    Any
        A pydantic field; unit and source travel with it into the JSON Schema.
    """
    return Field(
        default, ge=low, le=high, description=about, json_schema_extra={"unit": unit, "source": source}
    )


def limits_of(field: FieldInfo) -> dict[str, Any]:
    """Smallest (``ge``) and largest (``le``) value that a parameter allows, where it has them."""
    return {
        name: getattr(limit, name)
        for limit in field.metadata
        for name in ("ge", "le")
        if hasattr(limit, name)
    }
