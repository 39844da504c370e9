"""Texts that stand in the code as they are and are said by `told` or `counterpart`, with where they stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pydantic import BaseModel
from typer.main import get_command

from simulation.calibration.facts import Fact, read_facts, read_tables
from simulation.claims.catalogue import article_claims
from simulation.claims.reading import read_scenario
from simulation.commands.app import app
from simulation.commands.wording import REMEDIES as AS_TYPED
from simulation.ensembles.analysis.wording import factor_name
from simulation.errors import REMEDIES
from simulation.languages.speaking import Sentence
from simulation.measures import MEASURES
from simulation.measures.daily import DAILY_MEASURES
from simulation.measures.registry import PAIRED_MEASURES
from simulation.resources import EVIDENCE_FOLDER, PACKAGE_FOLDER
from simulation.scenario.generated.parameters import NAME, parameters
from simulation.scenario.reading.read import find_scenario, scenario_files
from simulation.scenario.sections.claim import TESTS
from simulation.scenario.sections.policy import EFFECTS
from simulation.scenario.sections.sweep import Factor
from simulation.terminal.help import texts_of
from simulation.validation.collecting import FACTS
from simulation.validation.foretelling.foretold import PUBLISHED, Published
from simulation.words import plain

PACKAGE = Fact.__module__.partition(".")[0]
ERRORS = {"Problem": 1, "mistake": 2, "refused": 1} | dict.fromkeys(
    ("LaboratoryError", "ScenarioError", "ArchiveError", "ExecutionError", "AnalysisError"), 0
)
"""Functions that are given texts, and from which of their arguments on."""
NOUNS = ("counted",)
TOLD_BY_HALVES = ("scenario/sections/", "scenario/tables.py", "scenario/fields.py", "calibration/facts.py")
"""Files whose ValueErrors are what pydantic carries to the user."""
NO_WORD = re.compile(r"[^A-Za-z]*|[a-z_.0-9*\[\]]+(=.*)?|--?[a-z-]+|[A-Z]+")
"""Numbers, keys, options and names of arguments, which are the same in each language."""


def texts() -> dict[str, str]:
    """All of them by their text."""
    found: dict[str, str] = dict.fromkeys((*REMEDIES.values(), *AS_TYPED.values()), "a remedy")
    found |= dict.fromkeys(_declared(), "a parameter or measure")
    found |= dict.fromkeys(texts_of(get_command(app)), "help of a command")
    for file in sorted(PACKAGE_FOLDER.rglob("*.py")):
        name = file.relative_to(PACKAGE_FOLDER).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found |= {text: f"{name}:{node.lineno}" for text in _said_by(node, name)}
    return {text: place for text, place in found.items() if not NO_WORD.fullmatch(text)}


def _declared() -> Iterator[str]:
    """Meanings and units of all that a scenario or a table of facts can hold, and units of measures."""
    for entry in parameters():
        yield from (entry.unit, getattr(entry.about, "template", entry.about))
    for effect in EFFECTS.values():
        if effect.amount:
            yield effect.amount.meaning
    for kind in TESTS.values():
        yield from (kind.sentence, kind.sentence_apart, kind.against)
    for measures in (MEASURES, PAIRED_MEASURES, DAILY_MEASURES):
        yield from (measure.unit for measure in measures.values())
    keys = [entry.key.replace(NAME, "x") for entry in parameters()]
    yield from (text for key in keys for text in names_in(factor_name(key)) if text != "x")
    yield from (factor.source for factor in shipped_factors())
    for fact in read_facts(EVIDENCE_FOLDER / FACTS):
        yield from (fact.title, fact.unit, fact.miss, plain(fact.stands_with))
    yield from _claims()
    yield from _sweeps()
    later = read_tables(EVIDENCE_FOLDER / PUBLISHED, Published, "published")
    yield from (entry.figure for entry in later)
    for model in _below(BaseModel):
        if model.__module__.startswith(PACKAGE):
            yield from (field.description or "" for field in model.model_fields.values())


def _claims() -> Iterator[str]:
    """Prose of claims, of the article and of scenarios that come with the project, that has no field of its
    own in each language."""
    shipped = [claim for path in scenario_files() for claim in read_scenario(path).claims]
    for claim in [*article_claims(), *shipped]:
        yield claim.mechanism
        for reading in claim.readings:
            yield from (reading.population, reading.structure, reading.lacks)
        yield from (test.why for _, test in claim.keyed_tests)


def _sweeps() -> Iterator[str]:
    """Sources of ranges and reasons of goals in scenarios that come with the project."""
    for scenario in map(read_scenario, scenario_files()):
        sweep, search = scenario.sweep, scenario.policy_search
        for factor in sweep.factors if sweep else []:
            yield from (*names_in(factor_name(factor.key)), factor.source)
        for lever in search.levers if search else []:
            yield from (*names_in(factor_name(lever.key)), lever.source)
        yield from (goal.why for goal in (search.goals if search else []))


def names_in(name: str) -> Iterator[str]:
    """Texts of which the name of a factor is put together."""
    parts = list(name.values.values()) if isinstance(name, Sentence) else []
    if not parts:
        yield str(name)
    for part in parts:
        yield from names_in(part)


def shipped_factors() -> list[Factor]:
    """What the calibration that comes with the project is free in."""
    sweep = read_scenario(find_scenario("calibration")).sweep
    assert sweep is not None
    return sweep.factors


def _below(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for further in kind.__subclasses__():
        yield further
        yield from _below(further)


def _said_by(call: ast.Call, file: str) -> Iterator[str]:
    """Texts among the arguments of a call."""
    function = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if function in NOUNS:
        yield from _counted(call)
    elif function in ERRORS or function == "ValueError":
        of_pydantic = function == "ValueError"
        if of_pydantic and not file.startswith(TOLD_BY_HALVES):
            return
        first = ERRORS.get(function, 0)
        for argument in [*call.args[first:], *(word.value for word in call.keywords)]:
            yield from _constants(argument)
        if first == 1:  # where it is: words only
            yield from (text for text in _constants(call.args[0]) if " " in text)


def glued() -> list[str]:
    """Words of errors that are put together in the code, with where they stand."""
    found: list[str] = []
    for file in sorted(PACKAGE_FOLDER.rglob("*.py")):
        found += glued_in(file.read_text(encoding="utf-8"), file.relative_to(PACKAGE_FOLDER).as_posix())
    return found


def glued_in(text: str, file: str) -> Iterator[str]:
    """As `glued`, of the text of one file."""
    for call in ast.walk(ast.parse(text)):
        function = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
        if function in ERRORS:
            for argument in call.args[max(1, ERRORS[function]) :]:
                for part in ast.walk(argument):
                    words = _words_of(part) if isinstance(part, ast.JoinedStr) else ""
                    if re.search(r"[A-Za-z]{2}", words) and not _within_key(part, argument):
                        yield f"{file}:{part.lineno}: {words}"


def _words_of(text: ast.JoinedStr) -> str:
    return "".join(part.value for part in text.values if isinstance(part, ast.Constant))


def _within_key(text: ast.AST, argument: ast.expr) -> bool:
    """Whether `text` is the place of a problem that stands in a list among the arguments."""
    inner = [call for call in ast.walk(argument) if isinstance(call, ast.Call)]
    return any(
        text in list(ast.walk(part))
        for call in inner
        for part in call.args[: ERRORS.get(getattr(call.func, "id", ""), 0)]
    )


def _counted(call: ast.Call) -> Iterator[str]:
    words = [entry.value for entry in call.args[1:] if isinstance(entry, ast.Constant)]
    if words:
        yield "{count:,} " + (words[1] if len(words) > 1 else f"{words[0]}s")


def _constants(argument: ast.expr) -> Iterator[str]:
    """Texts that an argument may be."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from _constants(argument.body)
        yield from _constants(argument.orelse)
    elif isinstance(argument, ast.BoolOp):
        for value in argument.values:
            yield from _constants(value)
