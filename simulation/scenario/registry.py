"""Choices that are files: whoever adds one to a folder has added it everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Generic, Literal, TypeVar

from ..errors import LaboratoryError, Problem
from ..languages.speaking import sentence
from ..resources import PACKAGE_FOLDER

Entry = TypeVar("Entry")
PACKAGE = __package__.partition(".")[0]


class Registry(Mapping[str, Entry], Generic[Entry]):
    """What the files of a folder of this package declare, by the name of the file.

    Names are read off the folder. A file is only loaded when somebody asks for what it declares, so that
    a scenario can take a choice from a room above without importing that room.

    Parameters
    ----------
    folder : str
        Folder within the package, parts joined by ``/``; nothing else may lie in it.
    attribute : str
        What each of its files defines.
    declares : str, optional
        Name of the class that it is of, which may stand in a room above; any if empty.
    """

    def __init__(self, folder: str, attribute: str, declares: str = ""):
        self.folder, self.attribute, self.declares = folder, attribute, declares

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the files, in alphabetical order."""
        return tuple(sorted(entry.name for entry in iter_modules([str(PACKAGE_FOLDER / self.folder)])))

    def __getitem__(self, name: str) -> Entry:
        if name not in self.names:
            raise KeyError(name)
        module = import_module(".".join([PACKAGE, *self.folder.split("/"), name]))
        entry: Entry | None = getattr(module, self.attribute, None)
        if entry is None or (self.declares and type(entry).__name__ != self.declares):
            found = "nothing" if entry is None else sentence("a {name}", name=type(entry).__name__)
            meant = f"a {self.declares}" if self.declares else "what the files beside it declare"
            raise LaboratoryError(
                f"{PACKAGE}/{self.folder}/{name}.py", [Problem(self.attribute, found, meant)]
            )
        return entry

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def choice(self) -> Any:
        """Type of a field of a scenario that takes one of the names."""
        return Literal[self.names]
