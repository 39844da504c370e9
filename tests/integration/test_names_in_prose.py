"""Names, files and modules that documents and docstrings put in backticks are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from simulation.resources import PACKAGE_FOLDER, PROJECT_FOLDER

pytestmark = pytest.mark.fast

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "results/README.md", "simulation/docs/ODD.md")
ROOTS = ("", "simulation", "simulation/platforms", "scenarios", "tests")
PLACEHOLDERS = re.compile(r"\b(NAME|SCENARIO|name)\b")
"""What stands for a name of the reader's."""
RESULTS = {"agents/", "folder/wave_1", "folder/default"}
"""Folders of results, which are no files of the project."""
ELSEWHERE = {
    *("market_share_douyin", "name_channel", "platform_channel", "top20"),  # measures with a name in them
    *("more_sales", "DASK_DISTRIBUTED__COMM__TLS__CA_FILE", "NUMBA_CACHE_DIR"),
    *("iterations", "nohup"),  # of Mesa, of the system
    *("W", "u_i"),  # of formulas
}
"""Names that are not the code's own."""


def parsed(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    """All Python files of a folder of the project."""
    for file in (PROJECT_FOLDER / folder).rglob("*.py"):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def docstrings(tree: ast.Module) -> Iterator[str]:
    """Texts that stand by themselves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def quoted(text: str) -> Iterator[str]:
    """What stands in backticks and is a name, a dotted name or a path."""
    for name in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if re.fullmatch(r"[\w./]+", name):
            yield name


@cache
def words_of_the_code() -> frozenset[str]:
    """Identifiers, words of short texts, and names of files and folders."""
    words: set[str] = set(dir(__builtins__)) | {"simulation"}
    for folder in ("simulation", "scenarios", "tests"):
        for path in (PROJECT_FOLDER / folder).rglob("*"):
            words |= {path.name, path.stem}
            if path.suffix in (".toml", ".html"):
                words.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
        for _, tree in parsed(folder):
            for node in ast.walk(tree):
                words.update(_names_in(node))
    return frozenset(words)


def _names_in(node: ast.AST) -> Iterator[str]:
    """Names that a part of a program holds by itself."""
    for attribute in ("name", "id", "attr", "arg", "asname"):
        if isinstance(name := getattr(node, attribute, None), str):
            yield from name.split(".")
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
        yield from re.findall(r"\w+", node.value)


def is_there(name: str) -> bool:
    """Whether a path, or all parts of a dotted name, are the project's."""
    if "/" in name:
        path = PLACEHOLDERS.sub("*", name).strip("/")
        return not path or name in RESULTS or any(any((PROJECT_FOLDER / root).glob(path)) for root in ROOTS)
    if name.startswith("simulation."):
        return is_member(name.split(".")[1:])
    parts = [part for part in name.split(".") if part and not part.isdigit()]
    if len(parts) == 2 and parts[1][0].isupper() and parts[0] != "mesa":  # a class of a module
        return any(is_member([*path, *parts]) for path in folders())
    return all(part in words_of_the_code() or part in ELSEWHERE for part in parts)


@cache
def folders() -> list[tuple[str, ...]]:
    """Folders of the package, as parts of their paths."""
    return [
        file.parent.relative_to(PACKAGE_FOLDER).parts
        for file in PACKAGE_FOLDER.rglob("*.py")
        if file.name == "__init__.py"
    ]


def is_member(parts: list[str]) -> bool:
    """Whether what follows ``simulation.`` is a module, or something that a module says."""
    whole, owner = PACKAGE_FOLDER.joinpath(*parts), PACKAGE_FOLDER.joinpath(*parts[:-1])
    if whole.is_dir() or whole.with_suffix(".py").is_file():
        return True
    file = owner / "__init__.py" if owner.is_dir() else owner.with_suffix(".py")
    return file.is_file() and (re.search(rf"\b{parts[-1]}\b", file.read_text(encoding="utf-8")) is not None)


def test_whatever_is_named_is_there() -> None:
    texts = [
        (PROJECT_FOLDER / name, (PROJECT_FOLDER / name).read_text(encoding="utf-8")) for name in DOCUMENTS
    ]
    texts += [(file, text) for file, tree in parsed("simulation") for text in docstrings(tree)]
    found = {
        f"{file.relative_to(PROJECT_FOLDER).as_posix()}: {name}"
        for file, text in texts
        for name in quoted(text)
        if not is_there(name)
    }
    assert not found, "\n".join(sorted(found))


def test_names_that_are_gone_are_seen() -> None:
    gone = "simulation/ensembles/nowhere.py", "simulation.claims.kind.Nothing", "sweeping" + "s.about_sweep"
    assert not any(is_there(name) for name in gone)
    assert is_there("simulation/claims/kind.py") and is_there("simulation.claims.kind.Kind")
