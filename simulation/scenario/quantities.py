"""How a parameter is declared: once, with its unit, range, default and source."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

ASSUMPTION = "assumption"
CALIBRATED = "calibrated to published figures, see scenarios/evidence"
UNTOLD = "middle of the plausible worlds; no published figure tells it, see scenarios/evidence"


class Section(BaseModel):
    """A table of a scenario file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


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
        default,
        ge=low,
        le=high,
        description=about,
        json_schema_extra={"unit": unit, "source": source},
    )
