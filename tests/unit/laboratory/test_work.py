"""How many processes and threads there are is one or more, or refused in words before anything runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simulation as lab
from simulation.errors import ExecutionError
from simulation.laboratory.work import divided, executor_for
from simulation.world.agents.arguments import given_scenario
from tests.support.questions import small_table


@pytest.mark.parametrize("given", [0, -1, 1.5, "2", True])
def test_numbers_that_cannot_be_are_refused(given: Any) -> None:
    question = given_scenario(small_table())
    for name, ask in (
        ("workers", lambda: lab.run_experiment(small_table(), workers=given)),
        ("workers", lambda: executor_for(given, None)),
        ("threads", lambda: divided(question, 1, given)),
    ):
        with pytest.raises(ExecutionError, match=f"{name}=\\n.*\\n.*a whole number of at least 1"):
            ask()


def test_whole_numbers_of_any_kind_are_taken() -> None:
    question = given_scenario(small_table())
    assert divided(question, np.int64(2), 3) == (2, 3)
    assert executor_for(3, None)[1] == 3
