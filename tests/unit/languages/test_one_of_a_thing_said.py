"""Every template reads rightly where what it counts is one."""

from __future__ import annotations

import re

import pytest
from babel.messages.extract import extract_from_dir

from simulation.languages.counting import counting
from simulation.languages.retelling import retold
from simulation.languages.speaking import KEYWORDS, phrase, phrase_of, sentence, speaking
from simulation.resources import PACKAGE_FOLDER
from tests.support import catalogues

NOT_SEVERAL = re.compile(
    "as|costs|depends|differs|does|exists|fails|gains|has|holds|is|less|loses|makes|matters|minus|miss|names|"
    "opens|reaches|says|sells|stays|takes|times|was|weighs|wins|writes"
)
"""Words that end in s and may follow a value, which is then a name or goes with no other word."""
AGREES = re.compile(
    r"(?<![\w.,/–-])1 (?!that)(?:[a-z-]+ )?[a-z-]+ (?:are|were|have|do|give|need|differ|stand)\b"
)
"""One thing with a verb of several."""
AS_SEVERAL = re.compile(
    r"(?<![\w.,/–=-])[+−]?1 (?:(?:more|fewer|other|further|plausible|later|whole) )?([a-z-]+s|people)\b"
)


class One(int):
    """A count of one, whatever way it is written in."""

    def __format__(self, how: str) -> str:
        return "1"

    __repr__ = __str__ = lambda self: "1"


def templates() -> list[tuple[str, ...]]:
    """All templates, with how they are said of one thing and of several where that differs."""
    found = extract_from_dir(
        PACKAGE_FOLDER, catalogues.READERS, {}, KEYWORDS, directory_filter=lambda _: True
    )
    return [message if isinstance(message, tuple) else (message,) for _, _, message, *_ in found]


def said_of_one(entry: tuple[str, ...]) -> str:
    values = {name: One(1) for text in entry for name in catalogues.values_in(text)}
    if len(entry) == 1:
        return phrase(entry[0], **values)
    return phrase_of(*entry, 1, **{name: one for name, one in values.items() if name != "count"})


def wrong(said: str) -> list[str]:
    several = [found[0] for found in AS_SEVERAL.finditer(said) if not NOT_SEVERAL.fullmatch(found[1])]
    return several + [found[0] for found in AGREES.finditer(said)]


def test_no_template_calls_one_thing_several() -> None:
    said = {text: wrong(text) for text in map(said_of_one, templates())}
    found = [f"{hits} in {text!r}" for text, hits in said.items() if hits]
    assert len(said) > 1000 and not found, "\n".join(["", *found])
    assert wrong("it has 1 more worlds") and wrong("1 world are left") and not wrong("1 is less, 1 world is")


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("{points} points of {worlds:,} worlds", {"points": 2, "worlds": 1}, "2 points of 1 world"),
        ("{agree} of {count} worlds", {"agree": 1, "count": 5}, "1 of 5 worlds"),
        ("{size} more visitors", {"size": "+1"}, "+1 more visitor"),
        ("{persons} people", {"persons": 1}, "1 person"),
        ("{days} days", {"days": "1.0"}, "1.0 days"),
        ("{days} days", {"days": 21}, "21 days"),
    ],
)
def test_a_number_says_how_many_of_the_thing_after_it(text: str, values: dict, expected: str) -> None:
    assert phrase(text, **values) == sentence(text, **values) == expected
    assert counting(text, values).format_map(values) == expected


def test_what_was_said_of_one_thing_is_told_in_another_language_all_the_same() -> None:
    known = ("this run has {days} days; set world.days = {needed}",)
    stored = str(sentence(known[0], days=1, needed=180))
    assert stored == "this run has 1 day; set world.days = 180"
    with speaking("zh"):
        assert retold(stored, known) == "本次运行共1天；请设world.days = 180"
        assert retold("this run has 3 days; set world.days = 180", known).startswith("本次运行共3天")
