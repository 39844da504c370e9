"""What decides how a plugged-in file behaves: its content, and that of the files beside it that it needs."""

from __future__ import annotations

import ast
import hashlib
from functools import lru_cache
from pathlib import Path

LONGEST_NAME = 200
FOLDERS_DEEP = 3


def fingerprint(path: str | Path) -> str:
    """Hash of a plugged-in file and of the files beside it that it needs, wherever they lie; 20 digits.

    Raises
    ------
    OSError
        If one of them cannot be read.
    """
    digest = hashlib.blake2b(digest_size=10)
    for file in files_behind(Path(path)):
        digest.update(_content_hash(file, *_stamp(file)))
    return digest.hexdigest()


def files_behind(path: Path) -> list[Path]:
    """A Python file, then those that it needs, and that these need, in an order of their own.

    Needed are files beside it that it imports, and files that a text in it names (``"prices.csv"``), beside
    it or in the present folder, or in a folder there that another text names. Names that are put together
    only as the file runs are not seen, nor are installed packages.
    """
    found, waiting = [path], [path]
    while waiting:
        file = waiting.pop(0)
        if file.suffix != ".py":
            continue
        new = [other for other in _needed_by(file) if other not in found]
        found += new
        waiting += new
    return found


def _needed_by(file: Path) -> list[Path]:
    imported, texts = _names_in(file, *_stamp(file))
    folders = level = list(dict.fromkeys([file.parent, Path.cwd()]))
    for _ in range(FOLDERS_DEEP):
        level = [folder / text for folder in level for text in texts if _is(folder / text, Path.is_dir)]
        folders = folders + level
    wanted = [file.parent / f"{name}{ending}" for name in imported for ending in (".py", "/__init__.py")]
    wanted += [folder / text for folder in folders for text in texts]
    wanted += [file.parent / f"{file.stem}{text}" for text in texts if text.startswith(".")]
    return list(dict.fromkeys(name for name in wanted if _is(name, Path.is_file)))


@lru_cache(maxsize=1_000)
def _names_in(file: Path, modified: int, size: int) -> tuple[list[str], list[str]]:
    """Modules that a file imports, as paths from its folder, and texts in it that may name a file."""
    try:
        nodes = list(ast.walk(ast.parse(file.read_bytes())))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # whatever will not run needs no others
        return [], []
    modules: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = f"{node.module}." if node.module else ""
            modules.update([node.module or "", *(parent + alias.name for alias in node.names)])
    texts = {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and 0 < len(node.value) <= LONGEST_NAME
        and node.value not in (".", "..")
        and node.value.isprintable()
    }
    return sorted(name.replace(".", "/") for name in modules if name), sorted(texts)


@lru_cache(maxsize=1_000)
def _content_hash(file: Path, modified: int, size: int) -> bytes:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").digest()


def _stamp(file: Path) -> tuple[int, int]:
    """When a file was written, and how long it is: what is read of it is kept for as long as these are."""
    about = file.stat()
    return about.st_mtime_ns, about.st_size


def _is(path: Path, kind: object) -> bool:
    try:
        return bool(kind(path))  # type: ignore[operator]
    except OSError:  # such as a name too long to be one
        return False
