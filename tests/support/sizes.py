"""How long files and functions may be, and how many arguments a function may take.

Each check reads the text of the files and returns sentences that say what is too long and what to do.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_ARGUMENTS = 400, 50, 6
"""Of a file; of a function, docstring counted; of a function, ``self``, ``*args`` and such not counted."""

COMMANDS = (
    "simulation/commands/app.py: run_command",
    "simulation/commands/evidence.py: calibrate",
    "simulation/commands/search.py: search",
    "simulation/commands/sizes.py: sizes",
    "simulation/commands/sweep.py: sweep",
)
"""Commands, whose arguments are the options that they take."""
PUBLIC = (
    "simulation/laboratory/calibration.py: calibrate",
    "simulation/laboratory/policy_search.py: search",
    "simulation/laboratory/sweep.py: run_sweep",
)
"""The Python API, whose arguments are told apart by keyword."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class SourceFile:
    """A file of Python: its path from the project's folder, and its text."""

    name: str
    text: str

    @cached_property
    def functions(self) -> list[Function]:
        """All functions and methods in it, those within others as well."""
        return list(_functions(ast.parse(self.text)))


def _functions(node: ast.AST) -> Iterator[Function]:
    """Functions within a node; expressions, which hold none, are not looked into."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            if isinstance(child, Function):
                yield child
            yield from _functions(child)


def source_files(project: Path, *folders: str) -> list[SourceFile]:
    """Files of Python in folders of a project."""
    return [
        SourceFile(file.relative_to(project).as_posix(), file.read_text(encoding="utf-8"))
        for folder in folders
        for file in sorted((project / folder).rglob("*.py"))
    ]


def long_files(files: list[SourceFile]) -> list[str]:
    """Files with too many lines."""
    lengths = {file.name: len(file.text.splitlines()) for file in files}
    return [
        f"{name} has {length} lines, {MOST_LINES} at most: move what belongs together into a file of its own"
        for name, length in lengths.items()
        if length > MOST_LINES
    ]


def long_functions(files: list[SourceFile]) -> list[str]:
    """Functions with too many lines."""
    return [
        f"{file.name} (line {function.lineno}): {function.name} has {length} lines, "
        f"{MOST_LINES_OF_A_FUNCTION} at most: split it into functions that each state one rule"
        for file in files
        for function in file.functions
        if (length := (function.end_lineno or 0) - function.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]


def long_signatures(files: list[SourceFile], allowed: tuple[str, ...] = (*COMMANDS, *PUBLIC)) -> list[str]:
    """Functions with too many arguments, but for those that are `allowed` to have them."""
    return [
        f"{file.name} (line {function.lineno}): {function.name} takes {count} arguments, "
        f"{MOST_ARGUMENTS} at most: hand over those that belong together as one value"
        for file in files
        for function in file.functions
        if (count := arguments(function)) > MOST_ARGUMENTS and f"{file.name}: {function.name}" not in allowed
    ]


def needless_exceptions(
    files: list[SourceFile], allowed: tuple[str, ...] = (*COMMANDS, *PUBLIC)
) -> list[str]:
    """Functions that are allowed many arguments and do not take them."""
    needed = {
        f"{file.name}: {function.name}"
        for file in files
        for function in file.functions
        if arguments(function) > MOST_ARGUMENTS
    }
    return [
        f"{name} takes {MOST_ARGUMENTS} arguments or fewer, or is gone: strike it off the exceptions"
        for name in allowed
        if name not in needed
    ]


def arguments(function: Function) -> int:
    """Arguments by name, without ``self`` or ``cls``."""
    takes = function.args
    names = [argument.arg for argument in (*takes.posonlyargs, *takes.args)]
    return len(names) + len(takes.kwonlyargs) - (names[:1] in (["self"], ["cls"]))
