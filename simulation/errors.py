"""What went wrong and can be put right: one tree of errors, each with what to do next."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .languages.speaking import ENGLISH, as_sentence, counterpart, phrase, phrase_of, sentence, speaking, told
from .visible import visible

MOST_SHOWN = 7
"""Problems that fit on one screen."""
MOST_BYTES = 4000
"""Most bytes of a whole message, in UTF-8."""
SOURCE_BYTES, KEY_BYTES, FOUND_BYTES, ALLOWED_BYTES, ALLOWED_ALONE_BYTES = 240, 160, 320, 400, 2400
"""Most bytes of the parts of a message; the last is for a problem that stands alone."""
NAME_LETTERS, NAMES_COMPARED = 100, 2000
"""What is looked at for a suggestion: comparing takes the square of a name's length."""
VALUE_LETTERS = 60
UNKNOWN = sentence("unknown key")
"""How what was found begins where nothing of that name is declared."""
DIGITS_SHOWN = 25


def nearest(name: str, valid: Iterable[str], cutoff: float = 0.5) -> str:
    """`` (did you mean 'x'?)`` for the valid name most like `name`, or nothing."""
    if len(name) > NAME_LETTERS:
        return ""
    close = difflib.get_close_matches(name, list(islice(valid, NAMES_COMPARED)), n=1, cutoff=cutoff)
    return sentence(" (did you mean '{close}'?)", close=close[0]) if close else ""


def shortened(text: str, most: int) -> str:
    """`text` with nothing hidden, and cut to `most` bytes of UTF-8 with a word on how long it is."""
    shown = visible(text[:most])  # no letter takes less than a byte
    if len(text) <= most and len(shown.encode()) <= most:
        return shown
    note = phrase("... ({count:,} characters)", count=len(text))
    return shown.encode()[: most - len(note.encode())].decode(errors="ignore") + note


def shown(value: Any) -> str:
    """A value of a file as it is written there, in a few words if it is long or has parts."""
    if value is None:
        return sentence("nothing")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if len(value) <= VALUE_LETTERS:
            return repr(value)
        return sentence("{start!r}... ({count:,} characters)", start=value[:VALUE_LETTERS], count=len(value))
    if isinstance(value, int):
        digits = int(value.bit_length() * math.log10(2)) + 1  # turning it into text takes their square
        if digits <= DIGITS_SHOWN:
            return str(value)
        return sentence("a whole number of about {digits:,} digits", digits=digits)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dt.date | dt.time):
        written = value.isoformat()
        if isinstance(value, dt.time):
            return sentence("the time {written}", written=written)
        return sentence("the date {written}", written=written)
    return sentence("a list") if isinstance(value, list | tuple) else sentence("a table")


REMEDIES = {
    "resume": "finished runs are kept: resume=True to go on",
    "resume_or_elsewhere": "resume=True to go on, or another folder",
    "elsewhere": "another folder",
    "elsewhere_or_again": "another folder, or other_version=True to run everything again beside them",
    "elsewhere_or_as_before": "another folder, or the scenario as it was",
    "wait": "to wait until that has ended, or another folder",
    "gather": "to go on with resume=True in {about} writes it again, from the runs that are kept",
    "end": "go on with resume=True",
    "run": "run_experiment('{about}/scenario.toml') makes the run again, in a folder of its own",
    "run_again": "run the scenario again",
    "instead_run": "or run_experiment('{about}')",
    "instead_sweep": "or run_sweep('{about}')",
    "instead_search": "or search('{about}')",
    "instead_search_or_sweep": "or search('{about}') or run_sweep('{about}')",
    "instead_calibrate": "or calibrate('{about}')",
    "plausible_or_run": "or run_sweep(over_plausible_worlds(read_scenario('{about}'), 40)), of "
    "simulation.calibration.over_plausible_worlds, or run_experiment('{about}')",
    "plausible_or_search": "or run_sweep(over_plausible_worlds(read_scenario('{about}'), 40)), of "
    "simulation.calibration.over_plausible_worlds, or search('{about}')",
    "plausible_or_calibrate": "or run_sweep(over_plausible_worlds(read_scenario('{about}'), 40)), of "
    "simulation.calibration.over_plausible_worlds, or calibrate('{about}')",
    "record": "run the scenario again with run.record = true",
    "report": "write_report('{about}'), of simulation.pages.run.page, writes a run's page",
    "analyse": "analyse('{about}') is for a sweep",
    "search": "search(scenario, folder='{about}', resume=True) goes on with a policy search",
    "calibrate": "calibrate(scenario, folder='{about}', resume=True) goes on with a calibration",
    "keep_plausible_worlds": "keep(...), of simulation.calibration.plausible_worlds, makes it again",
    "keep_robustness": "keep_robustness(sweep_folder), of simulation.validation.robustness, writes it again; "
    "where it is missing, nothing is said of plausible worlds",
    "measure_scale": "measure_scale(...), of simulation.validation.scale, measures it again",
    "measure_facts": "measure_facts_by_size(...), of simulation.calibration.facts_by_size, measures it again",
    "try_reasons": "try_reasons(...), of simulation.validation.reasons, tries them again",
    "foretell": "choose_known(...) and keep_foretold(...), of simulation.validation, make it again",
}
"""What can be done next, by its key, as it is said to those who call functions."""
SET = "overrides: "
"""How the key of something begins that was set beside a scenario's file."""


@dataclass(frozen=True)
class Remedy:
    """Something that can be done next: a key of `REMEDIES`, and the folder or scenario that it is about."""

    key: str
    about: str = ""

    def __post_init__(self) -> None:
        if self.key not in REMEDIES:
            raise ValueError(f"no remedy '{self.key}'; the remedies are {', '.join(REMEDIES)}")


@dataclass(frozen=True)
class Wording:
    """How arguments and remedies are called by those who are told of an error.

    Attributes
    ----------
    remedies : mapping of str to str
        What is said for each key of `REMEDIES`.
    argument : callable, optional
        Name of an argument -> what it is called; ``name=`` if not given.
    set_key : str
        How a key begins that was set beside the file.
    """

    remedies: Mapping[str, str]
    argument: Callable[[str], str] = "{}=".format
    set_key: str = SET

    def named(self, key: str) -> str:
        """A key with arguments (``arm=``, ``merchant=, viewer=``) and what was set by their names."""
        if key.startswith(SET):
            return self.set_key + key.removeprefix(SET)
        if _ARGUMENTS.fullmatch(key):
            return ", ".join(self.argument(name.removesuffix("=")) for name in key.split(", "))
        return key

    def said(self, remedy: Remedy) -> str:
        """A remedy in words."""
        return counterpart(self.remedies[remedy.key]).format(about=remedy.about)


_ARGUMENTS = re.compile(r"[a-z_]+=(, [a-z_]+=)*")
PYTHON = Wording(REMEDIES)
"""For whoever calls functions."""


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what was found and what is allowed.

    Attributes
    ----------
    key : str
        Dotted key (or option) at which it stands.
    found, allowed : str
        What is there, and what may be written instead.
    line : int, optional
        Line of the file, from 1.
    file : str
        File in which that line is, if it is another than the message's.
    remedy : Remedy, optional
        What to do next.
    """

    key: str
    found: str
    allowed: str
    line: int | None = None
    file: str = ""
    remedy: Remedy | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "found", as_sentence(self.found))  # frozen for all others
        object.__setattr__(self, "allowed", as_sentence(self.allowed))

    def advice(self, wording: Wording = PYTHON) -> str:
        """What is allowed and what to do next."""
        return counterpart("; ").join(
            filter(None, [told(self.allowed), wording.said(self.remedy) if self.remedy else ""])
        )

    def as_lines(self, alone: bool, wording: Wording = PYTHON) -> str:
        """Three lines of text, each of bounded length."""
        most = ALLOWED_ALONE_BYTES if alone else ALLOWED_BYTES
        return "\n".join(
            (
                f"  {shortened(_in_words(wording.named(self.key)), KEY_BYTES)}{self._where()}",
                phrase("    found:   {found}", found=shortened(told(self.found), FOUND_BYTES)),
                phrase("    allowed: {allowed}", allowed=shortened(self.advice(wording), most)),
            )
        )

    def _where(self) -> str:
        """Line and file of the problem, in brackets, as far as they are known."""
        file = shortened(self.file, KEY_BYTES)
        if self.line and file:
            return phrase(" (line {line} of {file})", line=self.line, file=file)
        if self.line:
            return phrase(" (line {line})", line=self.line)
        return phrase(" (in {file})", file=file) if file else ""


def _in_words(place: str) -> str:
    """Where a problem is, in the language that is spoken if it is said in words; keys are no words."""
    return told(place) if " " in place else place


class Inconsistent(ValueError):
    """Problems that the check of a whole section finds, for pydantic to carry."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("; ".join(f"{problem.key}: {problem.found}" for problem in problems))


class LaboratoryError(Exception):
    """What somebody can put right, with all problems at once.

    Parameters
    ----------
    source : str
        File, folder or argument in which the problems are.
    problems : list of Problem
        At least one.
    """

    def __init__(self, source: str, problems: list[Problem]):
        self.source = source
        self.problems = problems
        with speaking(ENGLISH):  # as it is stored and compared
            super().__init__(self.as_text())

    def __str__(self) -> str:
        """As `as_text`, in the language that is spoken."""
        return self.as_text()

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is sent from a worker: made anew from what it was made of."""
        return type(self), (self.source, self.problems)

    def as_text(self, wording: Wording = PYTHON) -> str:
        """One screen of text: where, what was found, what is allowed, what to do next.

        At most `MOST_BYTES` long and without characters that do not show.

        Parameters
        ----------
        wording : Wording
            Names of arguments and remedies as whoever is told knows them.
        """
        count = len(self.problems)
        source = shortened(_in_words(wording.named(self.source)), SOURCE_BYTES)
        text = phrase_of("{source}: {count} problem", "{source}: {count} problems", count, source=source)
        said = 0
        for problem in self.problems[:MOST_SHOWN]:
            lines = problem.as_lines(alone=count == 1, wording=wording)
            if len(f"{text}\n{lines}".encode()) > MOST_BYTES - 80:  # room for the last line
                break
            text, said = f"{text}\n{lines}", said + 1
        if said == count:
            return text
        return text + phrase("\n  ... and {count:,} more; put these right first", count=count - said)


class ScenarioError(LaboratoryError):
    """A scenario that cannot be run, or a file that it names: points, facts, a plugin."""


class ArchiveError(LaboratoryError):
    """A file or folder of results that is torn, altered, in use, of another version, or none."""


class ExecutionError(LaboratoryError):
    """Runs that cannot be made: processes, workers or clusters that are lost, or runs that all fail."""


class AnalysisError(LaboratoryError):
    """A question that the results at hand cannot answer."""
