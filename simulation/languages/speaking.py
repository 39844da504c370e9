"""Which language is spoken, and sentences in it.

A sentence is a whole template with values in braces, written in English where it is said. Each other language
has one catalogue, a gettext file in this folder, that holds the counterpart of every template; what it does
not hold is said in English.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce
from pathlib import Path
from typing import Any

from .counting import counting

ENGLISH = "en"
FOLDER = Path(__file__).parent
LANGUAGES = {ENGLISH: "English"} | {"zh": "中文"}
"""Languages by their code, as each calls itself."""
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "phrase": None,
    "phrase_of": (1, 2),
    "template": None,
    "sentence": None,
}
"""Functions whose first arguments are templates, for programs that collect them."""
SETTINGS = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system says which language it speaks, the strongest first."""

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def spoken() -> str:
    """Code of the language that is spoken."""
    return _spoken.get()


def speak(language: str) -> None:
    """Speak `language` from here on."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` for a while."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def of_system(settings: Mapping[str, str] | None = None) -> str:
    """Code of the system's language if it is one of ours, else of English."""
    settings = os.environ if settings is None else settings
    found = next((settings[name] for name in SETTINGS if settings.get(name)), "")
    code = found.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else ENGLISH


def template(text: str) -> str:
    """Mark `text` as a template that is said later."""
    return text


def counterpart(text: str) -> str:
    """`text` in the language that is spoken, such as a label; as it is where the catalogue lacks it."""
    return text if spoken() == ENGLISH else _catalogue(spoken()).get(text, text)


def own(thing: Any, field: str) -> str:
    """What somebody wrote under `field`, such as a label, in the language that is spoken if it is given.

    It stands under the field's name with the language's code, as in ``label_zh``.
    """
    found = getattr(thing, f"{field}_{spoken()}", None) if spoken() != ENGLISH else None
    return str(found or getattr(thing, field) or "")


def own_entry(table: Mapping[str, Any], key: str) -> str:
    """As `own`, of a table such as one of claims.json."""
    return str((table.get(f"{key}_{spoken()}") if spoken() != ENGLISH else None) or table[key])


def phrase(text: str, /, **values: Any) -> str:
    """A sentence in the language that is spoken.

    Parameters
    ----------
    text : str
        Its English template, with names of values in braces.
    **values
        All of them.
    """
    return _filled(counterpart(text), _told_values(values))


def _filled(text: str, values: Mapping[str, Any]) -> str:
    """A template with its values; in English one thing is not called several."""
    return (counting(text, values) if spoken() == ENGLISH else text).format_map(values)


def _told_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a template, of which sentences are told."""
    return {name: told(value) if isinstance(value, Sentence) else value for name, value in values.items()}


def phrase_of(one: str, several: str, count: int, **values: Any) -> str:
    """A sentence that speaks of `count` things; in English one thing is said otherwise than several.

    Its templates speak of ``{count}``, with thousands separated.
    """
    text = (one if count == 1 else several) if spoken() == ENGLISH else counterpart(several)
    return _filled(text, {"count": f"{count:,}"} | values)


class Sentence(str):
    """A sentence that stands in English and is said in another language when somebody is told it.

    What goes wrong deep inside is compared, stored and sent between processes as its English text.

    Attributes
    ----------
    template : str
    values : mapping of str to Any
        Those of the template; sentences among them are said in the other language too.
    part : int or None
        Which part it is, if a template is a sentence whose parts, between semicolons, are told apart.
    """

    template: str
    values: Mapping[str, Any]
    part: int | None

    def __add__(self, other: str) -> Sentence:
        """Two sentences, one after the other."""
        return made_of(str(self) + str(other), "{first}{second}", {"first": self, "second": other})

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is sent from a worker: made anew from what it was made of."""
        return made_of, (str(self), self.template, self.values, self.part)


def made_of(english: str, template: str, values: Mapping[str, Any], part: int | None = None) -> Sentence:
    """A sentence whose English text is at hand, from its parts; see `Sentence`."""
    made = Sentence(english)
    made.template, made.values, made.part = template, values, part
    return made


def sentence(text: str, /, **values: Any) -> str:
    """As `phrase`, in English, and said in the language that is spoken by `told`."""
    return made_of(counting(text, values).format_map(values) if values else text, text, values)


def sentence_of(one: str, several: str, count: int) -> str:
    """As `phrase_of`, in English, and said in the language that is spoken by `told`."""
    english = (one if count == 1 else several).format(count=count)
    return made_of(english, several, {"count": count})


def as_sentence(text: str) -> Sentence:
    """`text` as it is if it is a `sentence` already."""
    return text if isinstance(text, Sentence) else made_of(text, text, {})


def either(names: Iterable[str]) -> str:
    """``a or b``, to be `told`; empty without names."""
    return _folded(template("{first} or {last}"), names)


def both(names: Iterable[str]) -> str:
    """``a, b and c``, to be `told`; empty without names."""
    *others, last = list(names) or [""]
    if not others:
        return last
    return sentence("{first} and {last}", first=_folded(template("{first}, {last}"), others), last=last)


def chained(parts: Iterable[str]) -> str:
    """``a; b; c``, to be `told`."""
    return _folded(template("{first}; {last}"), parts)


def _folded(two: str, names: Iterable[str]) -> str:
    """Names with the words of `two` between them."""
    listed = list(names)
    return reduce(lambda first, last: sentence(two, first=first, last=last), listed) if listed else ""


def halves(text: str) -> tuple[str, str]:
    """What stands before the first semicolon, and after it, each to be `told`."""
    whole = text if isinstance(text, Sentence) else made_of(text, text, {})
    first, _, second = whole.partition("; ")
    parts = (made_of(part, whole.template, whole.values, at) for at, part in enumerate((first, second)))
    return next(parts), next(parts)


def told(text: str) -> str:
    """A `sentence`, or a text without values, in the language that is spoken."""
    if spoken() == ENGLISH:
        return str(text)
    if not isinstance(text, Sentence):
        return counterpart(text)
    values = _told_values(text.values)
    found = counterpart(text.template)
    whole = found.format_map(values) if values else found
    return whole if text.part is None else whole.partition(counterpart("; "))[2 * text.part]


def listing(parts: Sequence[str]) -> str:
    """``a, b and c``, or ``a、b和c``."""
    if len(parts) < 2:
        return "".join(parts)
    return phrase("{first} and {last}", first=counterpart(", ").join(parts[:-1]), last=parts[-1])


def sentences(parts: Sequence[str]) -> str:
    """Sentences one after another, as the language parts them; empty ones are left out."""
    found = [part for part in parts if part]
    return reduce(lambda said, more: phrase("{said} {more}", said=said, more=more), found) if found else ""


@cache
def _catalogue(language: str) -> dict[str, str]:
    """Counterparts of templates by their English text; a plural has that of its second form."""
    from babel.messages.pofile import read_po

    found: dict[str, str] = {}
    with (FOLDER / f"{language}.po").open("rb") as file:
        for message in read_po(file, locale=language):
            if isinstance(message.id, str) and message.id and message.string:
                found[message.id] = str(message.string)
            elif isinstance(message.id, tuple) and isinstance(message.string, tuple):
                found[str(message.id[1])] = str(message.string[0])
    return found
