"""The Python that the README shows, run as it stands there but in small worlds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from simulation.laboratory import work
from simulation.resources import PROJECT_FOLDER

TEXT = (PROJECT_FOLDER / "README.md").read_text(encoding="utf-8")
BLOCKS = [
    block
    for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    if "from simulation" in block or "import simulation" in block
]
SMALL = '"world.viewers": 130, "world.merchants": 6, "world.days": 10'
SMALLER = {
    '"world.days": 60': f'{SMALL}, "run.replications": 1',
    '"sweep.points": 64': f'{SMALL}, "sweep.points": 16, "sweep.replications": 2',
    "range(5)": "range(2)",
}
"""What is replaced in the README's text, so that it takes seconds."""


def test_the_readme_shows_how_a_question_a_world_and_a_sweep_are_run_from_python() -> None:
    assert len(BLOCKS) == 3 and all(any(old in block for block in BLOCKS) for old in SMALLER)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_what_the_readme_shows_runs(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(work, "usable_processors", lambda: 1)
    for old, new in SMALLER.items():
        block = block.replace(old, new)
    names: dict[str, Any] = {}
    exec(compile(block, "README.md", "exec"), names)
    if answer := names.get("answer"):
        assert answer.page.is_file() and answer.folder.is_relative_to(Path.cwd() / "results")
        assert f"'{answer.scenario.name}'" in repr(answer) and answer._repr_html_()
