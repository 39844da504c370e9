"""Scenario files made wrong: bytes, tokens and values of good ones deleted, doubled, swapped and replaced."""

from __future__ import annotations

import copy
import datetime as dt
import re
import tomllib
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.fuzz.toml_text import as_toml

Luck = np.random.Generator
TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|[\w.-]+|[^\w\s]|\s+')

ODD_TEXTS = (
    "",
    " ",
    "a" * 70,
    "a" * 5000,
    "Über",
    "小",
    "a\nb",
    "a\tb",
    "\x00",
    "a\x1b[2Jb",
    "\u202eabc",
    "[/]",
    "%s",
    "..",
    "../..",
    "/dev/zero",
    "/dev/stdin",
    "con",
    "nul",
    "true",
    "1",
    "0.1",
    "nan",
    "a.b",
    'a"b',
    "\\",
    "centralized",
    "feedback",
    "douyin",
    "taobao_live",
    "recommend",
    "gmv",
    "gmvv",
    "🙂" * 20,
    "'",
    "\ufeff",
    "{}",
)
ODD_NUMBERS: tuple[Any, ...] = (
    0,
    1,
    -1,
    2,
    0.5,
    -0.0,
    1e-320,
    1e308,
    -1e308,
    float("nan"),
    float("inf"),
    2**31,
    2**63 - 1,
    2**63,
    -(2**63),
    10**30,
    10**5000,
    12.0,
    12.5,
    1e15,
    0.1 + 0.2,
    3650,
    100_000,
)
ODD_OTHERS: tuple[Any, ...] = (
    True,
    False,
    [],
    {},
    [1, "a", {}],
    {"a": {"b": 1}},
    [[]],
    dt.date(2020, 7, 2),
    dt.time(7, 30),
    dt.datetime(2020, 7, 2, 10, 0),
    [{"name": "x"}],
    {"preset": "douyin"},
    {"preset": 3},
    ["douyin", "jd_live"],
)
ODD_TOKENS = (
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    '"',
    "'",
    '"""',
    "'''",
    "#",
    "\\",
    "\n",
    "\r",
    "\t",
    "nan",
    "inf",
    "1e999",
    "-",
    "+",
    "0x",
    "true",
    "false",
    "2020-07-02",
    "9" * 5000,
    "[" * 2000,
    "a." * 500,
    "\u2028",
    "\x00",
    "\x7f",
    "é",
    "汉",
    "\U0001f600",
    "sweep",
    "platform",
    "preset",
    "arms",
    "0o7",
    "1_000",
    "1__0",
)
"""What is put where it does not belong."""


def mutated(texts: list[str], luck: Luck) -> bytes:
    """One of `texts` with some mistakes in its values, its tokens or its bytes."""
    text = _one(texts, luck)
    if luck.random() < 0.6:
        table = tomllib.loads(text)
        for _ in range(int(luck.integers(0, 3))):
            _one(ON_TABLES, luck)(table, luck)
        text = as_toml(table)
    elif luck.random() < 0.3:
        text = crossed(text, _one(texts, luck), luck)
    for _ in range(int(luck.choice([0, 0, 0, 1, 2]))):
        text = _one(ON_TEXT, luck)(text, luck)
    content = text.encode("utf-8", "replace")
    return content if luck.random() < 0.9 else _one(ON_BYTES, luck)(content, luck)


def _one(choices: Any, luck: Luck) -> Any:
    return choices[int(luck.integers(len(choices)))]


def odd_value(luck: Luck) -> Any:
    """A value that hardly any key takes."""
    return copy.deepcopy(_one(_one((ODD_TEXTS, ODD_NUMBERS, ODD_OTHERS), luck), luck))


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Everything within tables and lists: what holds it, and its key or position."""
    found, stack = [], [value]
    while stack:
        at = stack.pop()
        keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        found += [(at, key) for key in keys]
        stack += [at[key] for key in keys]
    return found


def _anywhere(table: dict[str, Any], luck: Luck) -> tuple[Any, Any]:
    places = _places(table)
    return _one(places, luck) if places else (table, "name")


def _replace(table: dict[str, Any], luck: Luck) -> None:
    holder, key = _anywhere(table, luck)
    holder[key] = odd_value(luck)


def _delete(table: dict[str, Any], luck: Luck) -> None:
    holder, key = _anywhere(table, luck)
    if len(holder):
        del holder[key]


def _rename(table: dict[str, Any], luck: Luck) -> None:
    holder, key = _anywhere(table, luck)
    if isinstance(holder, dict) and key in holder:
        place = int(luck.integers(len(key) + 1))
        holder[
            _one((key[:place] + key[place + 1 :], key + "s", key.upper(), _one(ODD_TEXTS, luck)), luck)
        ] = holder.pop(key)


def _double(table: dict[str, Any], luck: Luck) -> None:
    lists = [holder[key] for holder, key in _places(table) if isinstance(holder[key], list) and holder[key]]
    if lists:
        entries = _one(lists, luck)
        entries += [copy.deepcopy(_one(entries, luck)) for _ in range(int(_one((1, 2, 70, 1500), luck)))]


def _swap(table: dict[str, Any], luck: Luck) -> None:
    (left, one), (right, other) = _anywhere(table, luck), _anywhere(table, luck)
    taken = copy.deepcopy(left.get(one) if isinstance(left, dict) else left[one])
    left[one] = copy.deepcopy(right.get(other) if isinstance(right, dict) else right[other])
    right[other] = taken


def _nest(table: dict[str, Any], luck: Luck) -> None:
    holder, key = _anywhere(table, luck)
    if len(holder):
        for _ in range(int(_one((1, 3, 20), luck))):
            holder[key] = _one(([holder[key]], {"a": holder[key]}), luck)


def _nudge(table: dict[str, Any], luck: Luck) -> None:
    numbers = [
        (holder, key)
        for holder, key in _places(table)
        if isinstance(holder[key], int | float) and not isinstance(holder[key], bool)
    ]
    if numbers:
        holder, key = _one(numbers, luck)
        holder[key] *= _one((0, -1, 0.5, 10, 1e6, 1.0), luck)


ON_TABLES: tuple[Callable[[dict[str, Any], Luck], None], ...] = (
    _replace,
    _replace,
    _replace,
    _nudge,
    _nudge,
    _delete,
    _rename,
    _rename,
    _double,
    _swap,
    _nest,
)


def _tokens_changed(text: str, luck: Luck) -> str:
    tokens = TOKEN.findall(text)
    if not tokens:
        return text
    place, other = int(luck.integers(len(tokens))), int(luck.integers(len(tokens)))
    how = int(luck.integers(5))
    if how == 0:
        tokens[place] = _one(ODD_TOKENS, luck)
    elif how == 1:
        tokens[place] = ""
    elif how == 2:
        tokens[place] += tokens[place]
    elif how == 3:
        tokens[place], tokens[other] = tokens[other], tokens[place]
    else:
        tokens.insert(place, _one(ODD_TOKENS, luck))
    return "".join(tokens)


def _lines_changed(text: str, luck: Luck) -> str:
    lines = text.split("\n")
    first, last = sorted(int(luck.integers(len(lines) + 1)) for _ in range(2))
    part = lines[first:last]
    ways = (
        lines[:first] + lines[last:],
        lines[:last] + part + lines[last:],
        lines[:first] + part[::-1] + lines[last:],
    )
    return "\n".join(_one(ways, luck))


def _cut(text: str, luck: Luck) -> str:
    return text[: int(luck.integers(len(text) + 1))]


def _other_ends(text: str, luck: Luck) -> str:
    return text.replace("\n", _one(("\r\n", "\r", "\n\n", " \n"), luck))


ON_TEXT: tuple[Callable[[str, Luck], str], ...] = (
    *[_tokens_changed] * 5,
    _lines_changed,
    _lines_changed,
    _cut,
    _other_ends,
)


def crossed(left: str, right: str, luck: Luck) -> str:
    """The beginning of one file and the end of another."""
    return left[: int(luck.integers(len(left) + 1))] + right[int(luck.integers(len(right) + 1)) :]


def _bytes_changed(content: bytes, luck: Luck) -> bytes:
    changed = bytearray(content)
    for _ in range(int(luck.integers(1, 6))):
        if changed:
            changed[int(luck.integers(len(changed)))] = int(luck.integers(256))
    return bytes(changed)


ON_BYTES: tuple[Callable[[bytes, Luck], bytes], ...] = (
    _bytes_changed,
    _bytes_changed,
    lambda content, luck: b"\xef\xbb\xbf" + content,
    lambda content, luck: content.decode().encode("utf-16"),
    lambda content, luck: content.decode().encode("gb18030"),
    lambda content, luck: content * 3,
    lambda content, luck: content[: len(content) // 2] + bytes(luck.integers(0, 256, 200, dtype=np.uint8)),
)
