"""Twelve typical changes to a copy of the project, each in the place that CONTRIBUTING.md names."""

from __future__ import annotations

import shutil
from pathlib import Path

import tomlkit

from simulation.resources import PACKAGE_FOLDER, PROJECT_FOLDER, SCENARIOS_FOLDER
from simulation.scenario.sections.merchants import Archetypes

CHANNEL_COLOUR, PLATFORM_COLOUR = "#12AB56", "#0A6B0C"
NEW_FILES = {
    "simulation/platforms/channels/carousel.py": f'''
"""``carousel`` (public): all live rooms in turn."""
from ...state.compiled import kernel
from ..channel import Channel


def prepare(today):
    return today.rooms


@kernel
def turn(wave, rooms, day, surface):
    for row in range(wave.rows[0]):
        if wave.surface[row] == surface and rooms.shape[0] > 0:
            wave.room[row, 0] = rooms[(row + day) % rooms.shape[0]]
            wave.appeal[row, 0] = 0.0
            wave.options[row] = 1


def offer(today, prepared, wave, surface):
    turn(wave, prepared, today.day, surface)


CHANNEL = Channel(label="carousel", colour="{CHANNEL_COLOUR}", private=False, prepare=prepare, offer=offer)
''',
    "simulation/platforms/policies/tax.py": '''
"""A tax on sales."""
from ..policy import Amount, PolicyEffect


def tax(platform, amount):
    return platform.model_copy(update={"commission": amount})


EFFECT = PolicyEffect("tax", Amount("of net revenue goes to the state", "share", 0.0, 1.0), rules=tax)
''',
    "simulation/ensembles/designs/corners.py": '''
"""The lowest values of all factors, then the highest."""
from ..sampling.design import Design


def points(sweep):
    return [{factor.key: getattr(factor, end) for factor in sweep.factors} for end in ("low", "high")]


DESIGN = Design("two corners", points, lambda sweep: 2)
''',
    "simulation/ensembles/search/optimisers/blind.py": '''
"""Settings drawn at random."""
from ..optimiser import Optimiser


def sampler(search):
    import optuna

    return optuna.samplers.RandomSampler(seed=search.seed)


OPTIMISER = Optimiser("blind draws", sampler)
''',
    "simulation/exports/exporters/lines.py": '''
"""A line of text a table."""
from ..exporting import Exporter


def write(tables, file):
    file.write_text("".join(f"{name}: {len(table)}\\\\n" for name, table in tables.items()))


EXPORTER = Exporter("how long tables are", ".lines.txt", write)
'''.replace("\\\\", "\\"),
    "own_rule.py": """
def RULE(merchants, due, shopkeeping):
    merchants.ad_budget[due] = 0.0
""",
}
MEASURE = '''

@measure("Anything sold")
def anything_sold(outcome: Outcome) -> float:
    """1 if there were orders, else 0."""
    return float(outcome.count("orders", None) > 0)
'''
FACT = """
[[facts]]
id = "all_sell"
label = "Platforms that sell anything"
low = 0.9
high = 1.0
measure = "anything_sold"
arm = "douyin"
source = "made up"
use = "check"
why = "made up"
"""
QUESTION = """
name = "twelve"
title = "Twelve changes"
article_claims = false
merchant_rule = "own"
[plugins.merchant_rules]
own = "own_rule.py"
[world]
viewers = 60
merchants = 12
days = 4
[run]
replications = 1
[[arms]]
name = "bazaar"
platform = "bazaar"
[[arms]]
name = "links"
platform = "tencent_live"
[[policies]]
name = "taxed"
effect = "tax"
amount = 0.3
start = 2
[[claims]]
id = "sells"
title = "The bazaar sells something"
[[claims.tests]]
measure = "anything_sold"
kind = "level"
arm = "bazaar"
direction = "higher"
margin = 0.1
why = "a try"
[sweep]
design = "corners"
replications = 1
[[sweep.factors]]
key = "trust.half_life"
low = 10.0
high = 100.0
[policy_search]
optimiser = "blind"
population = 4
generations = 1
replications = 1
[[policy_search.levers]]
key = "trust.half_life"
low = 10.0
high = 100.0
[[policy_search.goals]]
measure = "gmv"
arm = "links"
"""


def changed_copy(folder: Path) -> None:
    """Copy the project to `folder` and make all twelve changes."""
    ignore = shutil.ignore_patterns("__pycache__")
    for source in (PACKAGE_FOLDER, SCENARIOS_FOLDER):
        shutil.copytree(source, folder / source.name, ignore=ignore)
    shutil.copy(PROJECT_FOLDER / "run.py", folder)
    for name, text in NEW_FILES.items():
        file = folder / name
        assert not file.exists() and file.parent.is_dir()
        file.write_text(text.lstrip(), encoding="utf-8")
    added = {"simulation/measures/conversion.py": MEASURE, "scenarios/evidence/facts.toml": FACT}
    for name, text in added.items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    platforms = folder / "scenarios" / "platforms"
    platform = tomlkit.parse((platforms / "taobao_live.toml").read_text(encoding="utf-8"))
    platform |= {
        "name": "bazaar",
        "label": "Bazaar",
        "colour": PLATFORM_COLOUR,
        "channels": {"carousel": 0.7, "follow": 0.3},
    }
    (platforms / "bazaar.toml").write_text(tomlkit.dumps(platform), encoding="utf-8")
    brand = {key: value for key, value in Archetypes().brand.model_dump().items() if value is not None}
    kind = {
        "merchants": {
            "without": ["brand"],
            "archetypes": {"night_market": brand | {"share": 0.15, "label": "Stall at the night market"}},
        }
    }
    (folder / "twelve.toml").write_text(QUESTION + tomlkit.dumps(kind), encoding="utf-8")
