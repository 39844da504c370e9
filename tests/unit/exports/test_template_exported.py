"""What `new` writes is answered in every format and language, its claim with one unnamed reading too."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from simulation.archive.archive import StoredRun
from simulation.claims.reading import read_scenario
from simulation.exports.exporting import EXPORTERS, export
from simulation.languages.speaking import LANGUAGES, speaking
from simulation.scenario.generated.template import new_scenario
from tests.support.made_runs import stored

SMALL = {"world.viewers": 200, "world.merchants": 8, "world.days": 20, "run.replications": 3}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """The template's question, asked of a small world."""
    file = tmp_path_factory.mktemp("template") / "mine.toml"
    file.write_text(new_scenario(file), encoding="utf-8")
    return stored(read_scenario(file, SMALL), tmp_path_factory.mktemp("run"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXPORTERS)
def test_the_template_is_exported(run: StoredRun, name: str, language: str, tmp_path: Path) -> None:
    with speaking(language):
        assert export(run.folder, name, tmp_path / "file").stat().st_size > 0


def test_its_own_claim_has_a_row_and_its_only_reading_no_name(run: StoredRun, tmp_path: Path) -> None:
    found = pd.read_excel(export(run.folder, "xlsx", tmp_path / "file"), "Verdicts", keep_default_na=False)
    own = found[found["Claim"] == "The share-driven platform sells more"]
    assert own["Reading"].tolist() == [""] and own["Measure"].tolist() == ["Sales (GMV)"]
    assert "as he meant it" in set(found["Reading"])
