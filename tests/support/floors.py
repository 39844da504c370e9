"""The floors of the house, and what in the code does not keep to them.

Everything is read off the text of the files: imports at the top, within functions and for types alone,
and names of modules in strings. Each check returns sentences that say what is wrong and what to do.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FLOORS = (
    "visible",
    "languages",
    "errors",
    "words",
    "terminal",
    "resources",
    "scenario",
    "state",
    "behaviour",
    "platforms",
    "world",
    "storage",
    "warm_up",
    "measures",
    "runs",
    "claims",
    "archive",
    "ensembles",
    "calibration",
    "validation",
    "checking",
    "pages",
    "exports",
    "laboratory",
    "commands",
)
"""Rooms from the lowest on: each imports only what stands before it."""

ENTRANCES = ("__init__", "__main__")
"""Files of the package itself, which stand above all floors."""

LOADERS = ("scenario.registry", "measures.registry")
"""Files that load whatever lies in a folder, by the names of its files."""

MOST_MODULES = 12
"""In a folder."""


@dataclass(frozen=True)
class Import:
    """One import: who, on which line, of what; `implied` if only as the package of what is imported."""

    importer: str
    line: int
    target: str
    implied: bool = False

    def __str__(self) -> str:
        return f"{self.importer} (line {self.line}) imports {self.target}"


class House:
    """The modules of a package and what they import.

    Parameters
    ----------
    root : Path
        Folder of the package.
    """

    def __init__(self, root: Path):
        self.name = root.name
        self.files = {_module(file, root): file for file in sorted(root.rglob("*.py"))}
        self.trees = {
            module: ast.parse(file.read_text(encoding="utf-8")) for module, file in self.files.items()
        }
        self.imports = [entry for module in self.files for entry in self._imports(module)]

    def room(self, module: str) -> str:
        """The room of a module: the first part of its name within the package."""
        parts = module.split(".")
        if len(parts) > 1:
            return parts[1]
        return "__init__" if parts[0] == self.name else ""

    def package(self, module: str) -> str:
        """The package in which a module stands; its own name if it is one."""
        return module if self.files[module].name == "__init__.py" else module.rpartition(".")[0]

    def _imports(self, module: str) -> Iterator[Import]:
        for line, target in dict.fromkeys(self._targets(module)):
            yield Import(module, line, target)
            holder = target.rpartition(".")[0]
            while holder in self.files and not f"{module}.".startswith(f"{holder}."):
                yield Import(module, line, holder, implied=True)
                holder = holder.rpartition(".")[0]

    def _targets(self, module: str) -> Iterator[tuple[int, str]]:
        for node in ast.walk(self.trees[module]):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(module, "." * node.level + (node.module or ""))
                inner = [f"{base}.{alias.name}" for alias in node.names]
                names = [name if name in self.files else base for name in inner]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value.partition(":")[0]
                named = self._absolute(module, text) if text.strip(".") else self.name
                names = [named] if named in self.files and named != self.name else []
            for name in names:
                if name != module:
                    yield node.lineno, name

    def _absolute(self, module: str, name: str) -> str:
        level = len(name) - len(name.lstrip("."))
        if level == 0:
            return name
        parts = self.package(module).split(".")
        holder = parts[: len(parts) - level + 1]
        return ".".join([*holder, *filter(None, [name[level:]])])


def _module(file: Path, root: Path) -> str:
    parts = (root.name, *file.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def unknown_rooms(house: House, floors: tuple[str, ...] = FLOORS) -> list[str]:
    """Modules that stand in no known room."""
    return [
        f"{module} stands on no floor: move it into a room, or give '{house.room(module)}' its place in "
        "FLOORS and in the picture of the README"
        for module in house.files
        if house.room(module) not in (*floors, *ENTRANCES)
    ]


def upward_imports(house: House, floors: tuple[str, ...] = FLOORS) -> list[str]:
    """Imports of a room by one that stands below it."""
    heights = {room: height for height, room in enumerate((*floors, *ENTRANCES))}
    faults = []
    for entry in house.imports:
        low, high = house.room(entry.importer), house.room(entry.target)
        of_the_whole = entry.target == house.name  # its version, say: nothing that it loads by itself
        if not entry.implied and not of_the_whole and heights.get(high, -1) > heights.get(low, len(heights)):
            faults.append(
                f"{entry}, but {high} stands above {low}: hand over what is needed as an argument, "
                f"or move it to {low} or below"
            )
    return faults


def cycles(house: House) -> list[str]:
    """Files that import each other, in a round of any length."""
    graph: dict[str, set[str]] = {module: set() for module in house.files}
    for entry in house.imports:
        if entry.target in graph and entry.target != house.name:
            graph[entry.importer].add(entry.target)
    return [
        f"{' -> '.join(round_trip)} is a cycle: move what they share into a file below both"
        for component in _components(graph)
        if (round_trip := _round_trip(component, graph))
    ]


def crowded_folders(house: House) -> list[str]:
    """Folders with too many modules."""
    held: dict[Path, int] = {}
    for file in house.files.values():
        held[file.parent] = held.get(file.parent, 0) + (file.name not in ("__init__.py", "__main__.py"))
    return [
        f"{folder.name}/ holds {count} modules, {MOST_MODULES} at most: let those that belong together "
        "have a folder"
        for folder, count in held.items()
        if count > MOST_MODULES
    ]


def imports_of_tests(house: House) -> list[str]:
    """Imports of what only tests may use."""
    return [
        f"{entry}: what the product needs belongs in {house.name}/"
        for entry in house.imports
        if entry.target.split(".")[0] in ("tests", "pytest", "hypothesis")
    ]


def computed_imports(house: House, loaders: tuple[str, ...] = LOADERS) -> list[str]:
    """Imports of a module whose name is put together as the program runs, which nobody can check.

    The package itself may: what it looks up it also imports for type checkers, which is checked.
    """
    faults = []
    for module, tree in house.trees.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and _called(node) in ("import_module", "__import__")
                and not (node.args and isinstance(node.args[0], ast.Constant))
                and module not in {house.name, *(f"{house.name}.{loader}" for loader in loaders)}
            ):
                faults.append(
                    f"{module} (line {node.lineno}) imports a module whose name it puts together: "
                    "write the name out, or use scenario/registry.py"
                )
    return faults


def _called(node: ast.Call) -> str:
    function = node.func
    return (
        function.id
        if isinstance(function, ast.Name)
        else (function.attr if isinstance(function, ast.Attribute) else "")
    )


def _components(graph: dict[str, set[str]]) -> list[set[str]]:
    """Strongly connected parts of more than one module: all reach each other."""
    reach = {module: _reached([module], graph) for module in graph}
    left, parts = set(graph), []
    while left:
        module = left.pop()
        part = {other for other in reach[module] if module in reach[other]}
        left -= part
        parts += [part] if part else []
    return parts


def _reached(modules: Iterable[str], graph: dict[str, set[str]]) -> set[str]:
    """All that can be reached by at least one import."""
    reached: set[str] = set()
    ahead = [target for module in modules for target in graph[module]]
    while ahead:
        module = ahead.pop()
        if module not in reached:
            reached.add(module)
            ahead += graph[module]
    return reached


def _round_trip(part: set[str], graph: dict[str, set[str]]) -> list[str]:
    """A shortest way through `part` from its first module back to it; empty if there is none."""
    start = min(part)
    ways = [[start]]
    for way in ways:
        for target in sorted(graph[way[-1]] & part):
            if target == start:
                return [*way, start]
            if all(target not in other for other in ways):
                ways.append([*way, target])
    return []
