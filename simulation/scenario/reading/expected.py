"""What may stand at a place of a scenario file: read off the models, for words to the user."""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ...languages.speaking import sentence
from ..fields import COLOUR_PATTERN, limits_of
from ..scenario import Scenario
from .lines import Location

UNBOUNDED = ("-inf", "inf")
NAME_LETTERS = sentence("small letters, digits and _, starting with a letter")
KINDS: dict[Any, str] = {
    float: sentence("a number"),
    int: sentence("a whole number"),
    bool: sentence("true or false"),
    str: sentence("text"),
}


@dataclass(frozen=True)
class Place:
    """A place in a scenario.

    Attributes
    ----------
    field : FieldInfo or None
        The parameter that holds it; none for the scenario as a whole.
    kind : Any
        Its type: a model, ``list[...]``, ``dict[str, ...]``, or the type of a value.
    depth : int
        How many parts of the location lead there.
    """

    field: FieldInfo | None
    kind: Any
    depth: int = 0

    @property
    def is_section(self) -> bool:
        """Whether it is a table whose keys are declared."""
        return isinstance(self.kind, type) and issubclass(self.kind, BaseModel)

    @property
    def is_list(self) -> bool:
        """Whether it has entries."""
        return getattr(self.kind, "__origin__", None) is list

    @property
    def is_open(self) -> bool:
        """Whether it is a table whose keys are the user's own, with dots if need be."""
        return getattr(self.kind, "__origin__", None) is dict

    @property
    def names(self) -> list[str]:
        """Keys that are declared here."""
        return list(self.kind.model_fields) if self.is_section else []

    def inner(self, part: str | int) -> Place | None:
        """The place of `part` within this one."""
        if self.is_section:
            return _declared(self.kind, str(part), self.depth + 1)
        if self.is_list or self.is_open:
            return Place(self.field, _bare(get_args(self.kind)[-1]), self.depth + 1)
        return None


@lru_cache(maxsize=10_000)
def _declared(section: Any, part: str, depth: int) -> Place | None:
    """The place of a key of a section; sweeps look up the same keys at every point."""
    field = section.model_fields.get(part)
    if field is None and hasattr(section, "others"):
        return Place(None, section.others, depth)
    return field and Place(field, _bare(field.annotation), depth)


WHOLE = Place(None, Scenario)


def declared_at(location: Location) -> Place | None:
    """The place at `location`; none if nothing is declared there.

    Beyond a single value, where checks of types that have several forms lead, it is that value's.
    """
    place = WHOLE
    for part in location:
        inner = place.inner(part)
        if inner is None:
            return None if place.is_section else place
        place = inner
    return place


def described(place: Place | None) -> str:
    """Range, type, unit and meaning of the parameter at a place."""
    if place is None or place.field is None:
        return ""
    field, about = place.field, sentence(place.field.description or "")
    if get_origin(place.kind) is Literal:
        return sentence("one of {choices}. {about}", choices=", ".join(get_args(place.kind)), about=about)
    kind = _kind_of(place)
    low, high = field_bounds(field)
    if (low, high) != UNBOUNDED:
        kind = sentence("{kind} from {low} to {high}", kind=kind, low=low, high=high)
    kind = _limited(kind, place)
    unit = (
        (field.json_schema_extra or {}).get("unit", "1") if isinstance(field.json_schema_extra, dict) else "1"
    )
    if unit != "1":
        kind = sentence("{kind} ({unit})", kind=kind, unit=sentence(str(unit)))
    return sentence("{kind}. {about}", kind=kind, about=about) if about else sentence("{kind}.", kind=kind)


def _kind_of(place: Place) -> str:
    """What kind of value stands at a place."""
    if place.kind in KINDS:
        return KINDS[place.kind]
    if place.is_list:
        return sentence("a list")
    if place.is_section or place.is_open:
        return sentence("a table")
    return sentence("a date") if "date" in str(place.kind) else sentence("a number, text, true or false")


def _limited(kind: str, place: Place) -> str:
    """`kind` with the limits to its length and letters."""
    limits = {
        name: getattr(limit, name)
        for limit in (place.field.metadata if place.field else ())
        for name in ("pattern", "max_length", "min_length")
        if getattr(limit, name, None) is not None
    }
    if (place.is_list or place.is_open) and "max_length" in limits:
        fewest, most = limits.get("min_length", 0), limits["max_length"]
        kind = sentence("{kind} of {fewest} to {most:,} entries", kind=kind, fewest=fewest, most=most)
    if limits.get("pattern") == COLOUR_PATTERN:
        return sentence("{kind} of # and six digits from 0 to F, as #0072B2", kind=kind)
    if "pattern" in limits:
        most = limits["max_length"]
        return sentence("{kind} of at most {most} {letters}", kind=kind, most=most, letters=NAME_LETTERS)
    return kind


def field_bounds(field: FieldInfo) -> tuple[str, str]:
    """Smallest and largest value that `field` allows, as people write numbers."""
    limits = limits_of(field)
    low, high = (
        f"{limits[name]:,.10g}" if name in limits else unbounded
        for name, unbounded in zip(("ge", "le"), UNBOUNDED, strict=True)
    )
    return low, high


def _bare(kind: Any) -> Any:
    """A type without what says that it may be missing, or how it is checked."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind):
            kind = Union[tuple(part for part in get_args(kind) if part is not type(None))]  # noqa: UP007
        else:
            return kind
