"""Channels, merchants' rules and measures of users' own, named in a scenario file and kept beside it.

Plugins are code. To read or check a scenario they are only looked at, as text; they are run where a
world is built, and by the commands that build worlds before these begin.
"""

from __future__ import annotations

import ast
import hashlib
import symtable
import sys
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass, replace
from functools import update_wrapper
from importlib.util import decode_source
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import Field

from ..errors import Problem, ScenarioError
from ..languages.python_errors import error_in_words
from ..languages.speaking import sentence
from ..resources import PACKAGE_FOLDER
from .fields import MOST_ENTRIES, Name, Section
from .plugged_files import files_behind, fingerprint
from .reading.files import read_bytes

HOLDS = {"channels": "CHANNEL", "merchant_rules": "RULE", "measures": "MEASURE"}
"""What a file must define, by the table in which it is named."""


RULE_TAKES = (
    "a function of merchants, the rows that are due, the section shopkeeping and, if it wants to "
    "know the day and its luck, a simulation.platforms.review.ReviewDay"
)

_PLACES = {
    PACKAGE_FOLDER,
    *(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
}
_loaded: dict[str, str] = {}
"""Module in which each file of a plugin was loaded last; its name tells what the file held."""


class Plugins(Section):
    """Python files by the name under which the scenario speaks of what they hold."""

    channels: dict[Name, str] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES,
        description="Name of a channel -> Python file with its CHANNEL.",
    )
    merchant_rules: dict[Name, str] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES,
        description="Name of a rule -> Python file with its RULE.",
    )
    measures: dict[Name, str] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES,
        description="Name of a measure -> Python file with its MEASURE.",
    )


def channels_named_in(table: Any) -> dict[str, Any]:
    """What checks of platforms must know of a scenario, given as a table: its own channels' names."""
    plugins = table.get("plugins") if isinstance(table, dict) else None
    channels = plugins.get("channels") if isinstance(plugins, dict) else None
    return {"channels": list(channels) if isinstance(channels, dict) else []}


def plugin_problems(plugins: Plugins) -> Iterator[Problem]:
    """What is wrong with the files of plugins, as far as can be told without running them."""
    for kind, attribute in HOLDS.items():
        for name, path in getattr(plugins, kind).items():
            key = f"plugins.{kind}.{name}"
            try:
                fault = _fault(path, attribute, key)
            except ScenarioError as error:
                yield Problem(
                    key, error.problems[0].found, "a Python file, its path as seen from the scenario file"
                )
            else:
                if fault:
                    yield Problem(key, *fault)


def _fault(path: str, attribute: str, key: str) -> tuple[str, str] | None:
    """What is found in a file instead of a definition of `attribute`, and what should be there."""
    content = read_bytes(Path(path), key, key)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = decode_source(content)
            tree, names = ast.parse(text), symtable.symtable(text, path, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        return sentence(
            "'{path}' is no Python: {getattr}{line}",
            path=path,
            getattr=getattr(error, "msg", error),
            line=line,
        ), "a Python file"
    from_elsewhere = any(
        isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree)
    )
    known = {
        symbol.get_name() for symbol in names.get_symbols() if symbol.is_assigned() or symbol.is_imported()
    }
    if attribute in known or from_elsewhere:
        return None
    return sentence("'{path}' defines no {attribute}", path=path, attribute=attribute), sentence(
        "a file with a {attribute}; see the README", attribute=attribute
    )


def plugged_in(kind: str, name: str, path: str) -> Any:
    """What the file of a plugin holds: the file is run, once as long as it stays the same.

    Parameters
    ----------
    kind : str
        One of `HOLDS`.
    name, path : str
        Name of the plugin, and its file.

    Raises
    ------
    ScenarioError
        If it cannot be loaded, or holds nothing of the kind.
    """
    key, attribute = f"plugins.{kind}.{name}", HOLDS[kind]
    module = _module(path, key)
    if not hasattr(module, attribute):
        raise ScenarioError(
            path,
            [
                Problem(
                    key,
                    sentence("'{path}' defines no {attribute}", path=path, attribute=attribute),
                    sentence("a file with a {attribute}; see the README", attribute=attribute),
                )
            ],
        )
    return getattr(module, attribute)


def plugged_in_rule(name: str, path: str) -> Callable[..., Any]:
    """The merchants' rule in the file of a plugin; see `plugged_in`."""
    rule, key = plugged_in("merchant_rules", name, path), f"plugins.merchant_rules.{name}"
    if not callable(rule):
        raise ScenarioError(
            path, [Problem(key, sentence("its RULE is a {name}", name=type(rule).__name__), RULE_TAKES)]
        )
    if not _takes(rule, 3) and not _takes(rule, 4):
        raise ScenarioError(
            path,
            [Problem(key, sentence("its RULE takes {signature}", signature=signature(rule)), RULE_TAKES)],
        )
    return Guarded(rule, key, path)


def plugged_in_measure(name: str, path: str) -> Any:
    """The measure in the file of a plugin, a `measures.registry.Measure` under its name in the scenario."""
    measure, key = plugged_in("measures", name, path), f"plugins.measures.{name}"
    if not (is_dataclass(measure) and callable(getattr(measure, "compute", None))):
        raise ScenarioError(
            path,
            [
                Problem(
                    key,
                    sentence("its MEASURE is a {name}", name=type(measure).__name__),
                    "a function of an Outcome below @own_measure(label, unit) "
                    "of simulation.measures.registry",
                )
            ],
        )
    guarded = Guarded(measure.compute, key, path, "compute")  # type: ignore[union-attr]
    return replace(measure, name=name, compute=guarded)  # type: ignore[type-var]


def _takes(function: Callable[..., Any], many: int) -> bool:
    """Whether a function can be called with that many values; yes if it does not say what it takes."""
    try:
        signature(function).bind(*range(many))
    except TypeError:
        return False
    except ValueError:
        return True
    return True


class Guarded:
    """A function of a plugin, whose mistakes are told as those of its file and end nothing else.

    It is stored with a world as the name of its file, which must be the same when the world is loaded.

    Parameters
    ----------
    function : callable
        What is called.
    key, path : str
        Under which key the scenario names the plugin, and its file.
    part : str
        Attribute of what the file defines; empty for the whole.
    """

    def __init__(self, function: Callable[..., Any], key: str, path: str, part: str = ""):
        update_wrapper(self, function)
        self._function, self._key, self._path, self._part = function, key, path, part
        self._module = _loaded[path]

    def __call__(self, *given: Any) -> Any:
        """What the function makes of what it is given; a merchants' rule may do without the last of it."""
        if self._key.startswith("plugins.merchant_rules.") and not _takes(self._function, len(given)):
            given = given[:-1]
        try:
            return self._function(*given)
        except (Exception, SystemExit) as error:
            name = getattr(self._function, "__name__", self._key)
            raise ScenarioError(
                self._path,
                [
                    Problem(
                        self._key,
                        sentence("'{name}' failed: {words}", name=name, words=_words(error, self._path)),
                        "code that runs",
                    )
                ],
            ) from error

    def __deepcopy__(self, memo: dict[int, Any]) -> Guarded:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _stored, (self._key, self._path, self._part, self._module)


def _stored(key: str, path: str, part: str, module: str) -> Guarded:
    """The function of a plugin that was stored with a world."""
    _, kind, name = key.split(".", 2)
    whole = plugged_in(kind, name, path)
    if _loaded[path] != module:
        raise ScenarioError(
            path,
            [
                Problem(
                    key,
                    sentence("'{path}' has changed since the world was stored", path=path),
                    "the same file",
                )
            ],
        )
    return Guarded(getattr(whole, part) if part else whole, key, path, part)


def _module(path: str, key: str) -> ModuleType:
    """The module in a file, made from what the file holds now and not from what Python has kept of it."""
    content = read_bytes(Path(path), key, path)
    # Neither two files of one name nor two states of one file, or of what it needs, are taken for each other.
    digest = hashlib.blake2b(f"{path} {fingerprint(path)}".encode(), digest_size=8).hexdigest()
    name = _loaded[path] = f"plugged_in_{Path(path).stem}_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    _forget_modules_beside(Path(path))
    module = ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module  # compiled code that is kept on disk asks for its module by name
    try:
        exec(compile(content, path, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, KeyboardInterrupt):
            raise
        raise ScenarioError(
            path,
            [
                Problem(
                    key,
                    sentence("'{path}' cannot be loaded: {words}", path=path, words=_words(error, path)),
                    "a file that loads",
                )
            ],
        ) from error
    return module


def _forget_modules_beside(path: Path) -> None:
    """Let what a plugin imports from beside it be imported anew.

    It may have changed since, and what Python keeps under its name may be a file of that name beside another
    plugin.
    """
    needed = {str(file) for file in files_behind(path)[1:]}
    within = [file.relative_to(path.parent) for file in map(Path, needed) if path.parent in file.parents]
    dotted = (".".join(file.with_suffix("").parts) for file in within if file.suffix == ".py")
    names = {name.removesuffix(".__init__") for name in dotted}
    for name, loaded in list(sys.modules.items()):
        file = getattr(loaded, "__file__", None) or ""
        if file in needed or (name in names and file and not _is_installed(file)):
            del sys.modules[name]


def _is_installed(file: str) -> bool:
    """Whether a module is Python's own, an installed one or ours, whose place none of a plugin takes."""
    return any(place in Path(file).parents for place in _PLACES)


def _words(error: BaseException, path: str) -> str:
    """An error of a plugin, and its line of the file if it came about there."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    if isinstance(error, SyntaxError):
        lines, words = [error.lineno], sentence("no Python: {words}", words=error.msg)
    elif isinstance(error, SystemExit):
        words = sentence("it ends the program (SystemExit)")
    else:
        words = error_in_words(error)
    return sentence("{words} (line {line})", words=words, line=lines[-1]) if lines else words
