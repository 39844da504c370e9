"""Documents and generated files agree with the code."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib

import pytest

from simulation import __version__
from simulation.claims.catalogue import article_claims
from simulation.measures import MEASURES
from simulation.resources import PACKAGE_FOLDER, PLATFORMS_FOLDER, PROJECT_FOLDER, SCENARIOS_FOLDER
from simulation.scenario.generated.parameters import parameter_table, parameters
from simulation.scenario.generated.schema import scenario_schema
from simulation.scenario.sections.policy import EFFECTS, Policy

NAMES_OF_MODULES = {"pptx": "python-pptx", "sklearn": "scikit-learn", "SALib": "salib"}
"""Modules that are not called like the package that holds them."""
IN_NOTEBOOKS = {"IPython"}
"""Packages that are imported only where they are running already."""
ODD = (PACKAGE_FOLDER / "docs" / "ODD.md").read_text(encoding="utf-8")


def test_the_parameter_table_of_the_model_description_is_the_code_s():
    written = ODD.split("<!-- parameters -->")[1].split("<!-- end of parameters -->")[0]
    assert written.strip() == parameter_table()


def test_every_rule_that_the_model_description_names_exists_where_it_says():
    rows = re.findall(r"^\| [^|]+ \| ((?:`\w+`(?:, )?)+) \| `([\w/.]+)` \|$", ODD, re.MULTILINE)
    assert len(rows) >= 10
    for rules, file in rows:
        source = (PACKAGE_FOLDER / file).read_text(encoding="utf-8")
        for rule in re.findall(r"`(\w+)`", rules):
            assert f"def {rule}(" in source, (rule, file)


def test_every_chance_that_the_code_takes_stands_in_the_model_description():
    for file in (PACKAGE_FOLDER / "behaviour").rglob("*.py"):
        for rule in re.findall(r"@rule\ndef (\w+_probability)\(", file.read_text(encoding="utf-8")):
            assert f"`{rule}`" in ODD, (rule, file.name)


def test_the_schema_file_is_what_the_command_prints():
    shipped = json.loads((SCENARIOS_FOLDER / "scenario.schema.json").read_text(encoding="utf-8"))
    assert shipped == scenario_schema()


def test_every_parameter_says_its_unit_and_source():
    assert len(parameters()) > 120
    assert all(entry.unit and entry.source and entry.about for entry in parameters())


def test_every_number_of_a_platform_has_a_source():
    for file in PLATFORMS_FOLDER.glob("*.toml"):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        given = {
            key for key in table if key not in ("name", "label", "label_zh", "operator", "colour", "sources")
        }
        assert given <= set(table["sources"]), (file.name, given - set(table["sources"]))


def test_every_measure_is_defined_in_a_docstring():
    assert all(measure.compute.__doc__ and len(measure.compute.__doc__) > 20 for measure in MEASURES.values())


def test_article_s_claims_are_complete():
    claims = article_claims()
    assert len(claims) == 19
    assert all(claim.quote and claim.title_zh and claim.mechanism for claim in claims)
    readings = [reading for claim in claims for reading in claim.readings]
    assert all(claim.readings for claim in claims)
    assert all(reading.says_zh and reading.population for reading in readings)


def test_pinned_versions_name_no_address():
    text = (PROJECT_FOLDER / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text and "==" in text


def test_whatever_is_imported_is_asked_for():
    table = tomllib.loads((PROJECT_FOLDER / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {re.split(r"[<>=~ ]", entry)[0] for entry in table["project"]["dependencies"]}
    for file in PACKAGE_FOLDER.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
        packages = {NAMES_OF_MODULES.get(name.split(".")[0], name.split(".")[0]) for name in names}
        other = packages - sys.stdlib_module_names - IN_NOTEBOOKS
        missing = {name for name in other if name.replace("_", "-") not in declared}
        assert not missing, (file.name, missing)


def test_the_version_that_is_cited_is_the_present_one():
    cited = (PROJECT_FOLDER / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.*)$", cited, re.MULTILINE) == [__version__]
    assert re.search(r"^license: Apache-2.0$", cited, re.MULTILINE)


def test_checks_before_a_commit_run_in_the_project_s_environment_and_name_no_address():
    text = (PROJECT_FOLDER / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "://" not in text and re.findall("repo: (.*)", text) == ["local"]
    commands = re.findall("entry: uv run (.*)", text)
    programs = [command.split(" --")[0] for command in commands]
    assert programs == ["ruff check", "ruff format", "mypy", "codespell"]


def test_where_things_are_put_is_said_of_twelve_changes_and_every_place_is_there():
    text = (PROJECT_FOLDER / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if row.startswith("| a")]
    assert len(rows) == 12 and all(row.count("|") == 5 for row in rows)
    named = {
        name
        for name in re.findall("`([^`]+)`", text)
        if name.startswith(("simulation/", "scenarios/", "tests/", ".ci/"))
    }
    assert len(named) > 20
    for name in named:
        place = PROJECT_FOLDER / re.sub(r"/NAME\.\w+$", "", name)
        assert place.exists(), name


def test_the_class_that_each_change_declares_is_in_the_file_that_is_named():
    text = (PROJECT_FOLDER / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`[A-Z]+`, an? `([A-Z]\w+)` \(`([\w/]+\.py)`\)", text)
    assert len(named) == 5
    for name, file in named:
        assert f"\nclass {name}" in (PROJECT_FOLDER / file).read_text(encoding="utf-8"), (name, file)


def test_the_channel_that_the_readme_shows_is_the_one_that_is_shipped():
    text = (PROJECT_FOLDER / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    block = next(block for block in blocks if "def spin" in block)
    shipped = (SCENARIOS_FOLDER / "plugins" / "lucky_draw.py").read_text(encoding="utf-8")
    lines = [line.partition("  #")[0].rstrip() for line in block.splitlines() if line.strip()]
    assert len(lines) == 10 and not [line for line in lines if line not in shipped]


def test_the_readme_s_policy_is_right_with_each_effect_that_it_names():
    """As it stands with those for some merchants, and without `newcomers` with those for all."""
    readme = (PROJECT_FOLDER / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(\[\[policies\]\].*?)```", readme, re.DOTALL)
    table = tomllib.loads(block)["policies"][0]
    first, second = block.split("newcomers = true")
    some, all_ = ({name for name in EFFECTS if re.search(rf"\b{name}\b", part)} for part in (first, second))
    assert some | all_ == set(EFFECTS) - {"remove"} and "`remove`" in readme
    for name in some:
        assert Policy(**table | {"effect": name, "amount": EFFECTS[name].amount.high / 2}).newcomers
    for name in all_:
        amount = EFFECTS[name].amount.high / 2
        with pytest.raises(ValueError, match="for some merchants only"):
            Policy(**table | {"effect": name, "amount": amount})
        assert Policy(**table | {"effect": name, "amount": amount, "newcomers": False})
