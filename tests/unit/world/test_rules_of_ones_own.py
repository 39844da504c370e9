"""A merchants' rule of one's own: what it is given, what luck it has, and which signatures there are."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest

from simulation.scenario import Scenario, ScenarioError
from simulation.scenario.plugins import plugged_in_rule
from tests.support.worlds import build_model, preset, scenario

LUCKY = """
from simulation.state.luck import decision, uniform_array
WHIM = decision("a test: whim")
SEEN = []

def RULE(merchants, due, shopkeeping, today):
    SEEN.append((today.day, [platform.name for platform in today.platforms], today.archetypes))
    luck = uniform_array(today.key, WHIM, today.day, len(merchants.status), 0)
    merchants.streams[due] = 1.0 + luck[due]
"""


def ruled(folder: Path, text: str) -> Scenario:
    """A small world whose merchants follow the rule in `text`."""
    file = folder / "own.py"
    file.write_text(text, encoding="utf-8")
    return scenario(
        {"a": preset("taobao_live")},
        merchant_rule="own",
        plugins={"merchant_rules": {"own": str(file)}},
        shopkeeping={"review_days": 1},
    )


def test_a_rule_knows_the_day_and_has_luck_that_repeats(tmp_path: Path) -> None:
    question = ruled(tmp_path, LUCKY)
    first, second = build_model(question), build_model(question)
    for model in (first, second):
        model.step()
        model.step()
    assert len(np.unique(first.stores.streams)) > 2
    assert np.array_equal(first.stores.streams, second.stores.streams)
    fork = copy.deepcopy(first)
    first.step()
    fork.step()
    assert np.array_equal(first.stores.streams, fork.stores.streams)
    assert not np.array_equal(first.stores.streams, second.stores.streams)
    seen = plugged_in_rule("own", str(tmp_path / "own.py"))._function.__globals__["SEEN"]
    assert seen[0] == (0, ["taobao_live"], first.archetypes) and seen[1][0] == 1


def test_a_rule_of_three_is_still_taken(tmp_path: Path) -> None:
    text = "def RULE(merchants, due, shopkeeping):\n    merchants.streams[due] = 2.5\n"
    model = build_model(ruled(tmp_path, text))
    model.step()
    model.step()
    assert (model.stores.streams == 2.5).any()


@pytest.mark.parametrize("text", ["def RULE(merchants):\n    pass\n", "def RULE(a, b, c, d, e):\n    pass\n"])
def test_a_rule_of_another_signature_is_refused_with_what_it_should_take(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScenarioError, match=r"(?s)its RULE takes .*the rows that are due"):
        build_model(ruled(tmp_path, text))


def test_a_mistake_within_a_rule_is_not_taken_for_its_signature(tmp_path: Path) -> None:
    model = build_model(ruled(tmp_path, "def RULE(m, due, s, today):\n    len(5)\n"))
    with pytest.raises(ScenarioError, match="len"):
        model.step()
        model.step()
