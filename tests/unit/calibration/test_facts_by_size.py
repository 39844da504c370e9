"""Facts set beside worlds of several sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.calibration.facts import Fact
from simulation.calibration.facts_by_size import (
    COLUMNS,
    measure_facts_by_size,
    met_in_words,
    read_facts_by_size,
    write_facts_by_size,
)
from simulation.errors import ArchiveError
from simulation.scenario.tables import WorldSettings
from tests.support.worlds import preset, scenario


def fact(name: str, low: float, high: float, use: str = "target") -> Fact:
    return Fact.model_validate(
        {
            "id": name,
            "label": name,
            "measure": "conversion_rate",
            "arm": "feed",
            "low": low,
            "high": high,
            "use": use,
            "family": "conversions" if use == "target" else "",
            "source": "made up",
        }
    )


def test_each_fact_is_set_beside_each_size_and_counted_by_use(tmp_path: Path) -> None:
    question = scenario({"feed": preset("taobao_live")}, viewers=60, shops=6, days=4)
    facts = [fact("any", 0.0, 1.0), fact("never", 1.5, 2.0), fact("other", 0.0, 1.0, "check")]
    sizes = [WorldSettings(viewers=many, merchants=6, days=4) for many in (300, 60)]
    table = measure_facts_by_size(question, facts, sizes, worlds=2)
    assert len(table) == 6 and list(table) == list(COLUMNS)
    assert met_in_words(table, "target") == (
        "1 of 2 (0 of 1 family) at 60 viewers, 1 of 2 (0 of 1 family) at 300 viewers"
    )
    assert met_in_words(table, "check") == (
        "1 of 1 (1 of 1 family) at 60 viewers, 1 of 1 (1 of 1 family) at 300 viewers"
    )
    write_facts_by_size(table, tmp_path / "kept.csv")
    assert met_in_words(read_facts_by_size(tmp_path / "kept.csv"), "target") == met_in_words(table, "target")


def test_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ArchiveError, match="no column viewers"):
        read_facts_by_size(tmp_path / "kept.csv")
