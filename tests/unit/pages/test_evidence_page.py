"""The evidence page says what its inputs say, and names the command where an input is missing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from markupsafe import escape

from simulation.calibration.plausible_worlds import FINDINGS
from simulation.ensembles.analysis.verdicts import verdicts
from simulation.ensembles.results import SweepResults
from simulation.errors import ScenarioError
from simulation.pages.evidence.fact_rows import NOT_EXPLAINED, fact_table
from simulation.pages.evidence.foretold import foretold_rows
from simulation.pages.evidence.page import render_page
from simulation.pages.evidence.scorecard import Score, scorecard
from simulation.pages.evidence.tables import link_rows, referred_rows
from simulation.pages.evidence.tuned import tuned_screen
from simulation.pages.evidence.validate import plain_numbers
from simulation.validation.collecting import COMMANDS, SCALE, Evidence, Kept, read_stored
from simulation.validation.robustness import ROBUSTNESS, keep_robustness, read_shares
from simulation.validation.scale import read_scale, write_scale
from tests.support import evidence_stand_ins as made
from tests.support.tearing import TEARS, refused, torn

TUNED = sum(fact.use == "target" for fact in made.facts())
CHECKED = sum(fact.use == "check" for fact in made.facts())
FREE = len(made.calibration()["factors"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.keep_everything(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(scope="module")
def kept(folder: Path) -> Kept:
    return read_stored(folder)


def card(kept: Kept, name: str) -> Score:
    (found,) = (score for score in scorecard(Evidence(kept, made.live(), made.LABELS)) if score.id == name)
    return found


def test_the_scorecard_counts_what_is_met_told_and_passed(kept: Kept) -> None:
    assert card(kept, "tuned").number == f"{TUNED - 2} of {TUNED}"
    assert card(kept, "checked").number == f"{CHECKED - 1} of {CHECKED}"
    assert card(kept, "parameters").number == f"9 of {FREE}"
    assert card(kept, "mathematics").number == "2 of 2"
    claims = card(kept, "claims")
    assert claims.number == "1 of 3"
    assert claims.note == "1 fails in at least 90%; 1 depends on what nobody knows."


def test_numbers_change_when_inputs_change(kept: Kept) -> None:
    other = replace(kept, calibration=made.calibration(missed=made.some("target", 1), told=4))
    assert card(other, "tuned").number == f"{TUNED - 1} of {TUNED}"
    assert card(other, "checked").number == f"{CHECKED} of {CHECKED}"
    assert card(other, "parameters").number == f"4 of {FREE}"


def test_what_drifts_with_size_is_named(kept: Kept) -> None:
    stable, drifting = card(kept, "scale"), card(replace(kept, scale=made.scale(drift=0.3)), "scale")
    assert stable.number == "7 of 8" and "audience of the largest stream" in stable.note
    assert "orders per visit" not in stable.note
    assert drifting.number == "6 of 8" and "orders per visit" in drifting.note


def test_a_miss_without_explanation_is_said_to_be_so_and_one_with_it_is_explained(
    kept: Kept, folder: Path, tmp_path: Path
) -> None:
    assert "2 misses, 2 of them not explained" in card(kept, "tuned").note
    page = render_page(Evidence(kept, made.live(), made.LABELS))
    assert page.count(NOT_EXPLAINED) >= 3
    made.write_facts(tmp_path / "facts.toml", {made.MISSED[0]: "Prices are drawn, not asked."})
    (tmp_path / FINDINGS).write_text((folder / FINDINGS).read_text(encoding="utf-8"), encoding="utf-8")
    explained = read_stored(tmp_path)
    assert explained.outdated == [], "an explanation can be added without calibrating again"
    assert "2 misses, 1 of them not explained" in card(explained, "tuned").note
    page = render_page(Evidence(explained, made.live(), made.LABELS))
    assert "Supposed reason: Prices are drawn, not asked." in page


def test_the_page_goes_from_what_is_foretold_to_what_nobody_knows(kept: Kept) -> None:
    page = render_page(Evidence(kept, made.live(), made.LABELS))
    order = [page.index(f'<h2 id="{name}">') for name in ("foretold", "facts", "wrong", "unknown")]
    assert order == sorted(order)
    rows = {row.name: row.verdict for row in foretold_rows(kept.calibration)}
    assert rows == {"moments": "foretold", "returns": "not foretold", "hosts views": "met by no draw"}
    assert "of facts that it was tuned to" in page and "without heat in feeds and hot lists" in page
    assert page.count("<li><strong>", page.index('id="missed"'), page.index('<h2 id="unknown">')) == 3


def test_a_calibration_that_never_looked_at_it_foretells_nothing(kept: Kept) -> None:
    table = {key: value for key, value in made.calibration().items() if key not in ("left_out", "prior")}
    page = render_page(Evidence(replace(kept, calibration=table), made.live(), made.LABELS))
    assert "Which facts the others foretell is known once" in page and "foretold-table" not in page


def test_no_explanation_stands_at_a_fact_that_is_met() -> None:
    facts = [fact.model_copy(update={"miss": "because"}) for fact in made.facts()]
    for row in fact_table(made.calibration(), facts):
        assert row.explanation == ("" if row.met else "because")
        assert row.verdict == "met" if row.met else row.verdict.startswith("missed, too")


def test_missing_inputs_name_their_command(tmp_path: Path) -> None:
    nothing = Evidence(read_stored(tmp_path), made.live(), made.LABELS)
    page, numbers = render_page(nothing), plain_numbers(nothing)
    assert numbers["not_made_yet"] == COMMANDS
    for part, command in COMMANDS.items():
        least = 1 if part in ("prior", "specifications") else 2
        assert page.count(command) >= least, "on a card, if it has one, and where the figure would be"
    assert {score.id for score in scorecard(nothing) if score.missing} == {
        "tuned",
        "checked",
        "parameters",
        "claims",
        "scale",
    }


def test_what_another_version_or_other_facts_found_is_said_to_be_old(tmp_path: Path) -> None:
    table = made.calibration() | {"model_version": "0"}
    table["facts"][0] |= {"tolerance": 0.99}
    (tmp_path / FINDINGS).write_text(json.dumps(table), encoding="utf-8")
    made.write_facts(tmp_path / "facts.toml")
    found = read_stored(tmp_path).outdated
    assert "model version 0" in found[0] and table["facts"][0]["id"] in found[1]


def test_numbers_are_plain_and_the_page_stands_alone(kept: Kept) -> None:
    evidence = Evidence(kept, made.live(), made.LABELS)
    numbers = json.loads(json.dumps(plain_numbers(evidence), allow_nan=False))
    assert [claim["verdict"] for claim in numbers["claims"].values()] == ["holds", "fails", "depends"]
    assert len(numbers["facts"]) == TUNED + CHECKED and len(numbers["parameters"]) == FREE
    page = render_page(evidence)
    assert "src=" not in page.split("<script>")[0] and "/somewhere" not in page


def test_a_slim_sweep_keeps_every_verdict(folder: Path) -> None:
    whole, slim = SweepResults.read(folder / "sweep"), SweepResults.read(folder / ROBUSTNESS)
    for before, after in zip(verdicts(whole), verdicts(slim), strict=True):
        pd.testing.assert_series_equal(before.status, after.status)
        for left, right in zip(before.effects, after.effects, strict=True):
            np.testing.assert_allclose(left, right, rtol=1e-3, atol=1e-8)
    assert slim.measures == ["conversion_rate", "revisit_rate_30d"]
    assert set(slim.data["against"]) == {""}
    sizes = [(folder / name / "sweep.parquet").stat().st_size for name in ("sweep", ROBUSTNESS)]
    assert sizes[1] < sizes[0] / 5
    assert "/somewhere" not in (folder / ROBUSTNESS / "sweep.json").read_text(encoding="utf-8")


def test_single_precision_is_not_used_where_it_would_change_a_verdict(tmp_path: Path) -> None:
    source = made.sweep(tmp_path / "sweep", points=20)
    data = pd.read_parquet(source / "sweep.parquet")
    shared = data["arm"] == "shared"
    # So large that the difference of the arms is lost in seven digits.
    data["conversion_rate"] = 1e6 + np.where(shared, 0.002, 0.0) + 1e-5 * data["replicate"] * shared
    data.to_parquet(source / "sweep.parquet", index=False)
    keep_robustness(source, tmp_path / "kept")
    kept = SweepResults.read(tmp_path / "kept")
    assert kept.data["conversion_rate"].dtype == np.float64
    for before, after in zip(verdicts(SweepResults.read(source)), verdicts(kept), strict=True):
        pd.testing.assert_series_equal(before.status, after.status)


def test_shares_say_what_decides_and_where_it_fails(folder: Path, tmp_path: Path) -> None:
    shares = read_shares(folder / ROBUSTNESS)
    assert shares is not None and list(shares) == ["always", "never", "at_times"]
    assert shares["always"]["supported"]["share"] == 1.0 and shares["never"]["contradicted"]["count"] == 60
    depends = shares["at_times"]
    assert depends["decided_by"][0] == "trust.half_life" and depends["sure"] == ["trust.half_life"]
    assert "trust: half life is below" in depends["fails_where"]
    assert (depends["points"], depends["replications"]) == (60, 2)
    assert read_shares(tmp_path) is None


def test_links_and_customers_are_set_beside_what_was_published() -> None:
    links = {row["name"]: row["values"][0] for row in link_rows(made.live().spread, made.LABELS)}
    assert links["Shared links that nobody passes on"]["verdict"] == "lower"
    assert links["Links that friends pass on and that end there"]["verdict"] == "higher"
    assert links["Links that friends of friends pass on"]["verdict"] == "agrees"
    assert links["Links that 100 persons or more pass on"]["verdict"] == "cannot tell", "too few links"
    worth, staying = referred_rows(made.live().referred, made.LABELS)
    assert worth["values"][0]["verdict"] == "agrees" and worth["values"][0]["text"] == "1.20 (1.17 to 1.23)"
    assert staying["values"][0]["verdict"] == "cannot tell"


@torn
@pytest.mark.parametrize(
    "name",
    [FINDINGS, SCALE, *(f"{ROBUSTNESS}/{name}" for name in ("shares.json", "sweep.json", "sweep.parquet"))],
)
def test_evidence_that_is_torn_is_named_with_the_command_that_makes_it_again(
    name: str, tear: Callable[[Path], None], folder: Path, tmp_path: Path
) -> None:
    there = Path(shutil.copytree(folder, tmp_path / "evidence"))
    tear(there / name)
    said = refused(read_stored, there)
    assert said.startswith(f"{there / name}: ") and "again" in said and "run.py " in said


@pytest.mark.parametrize("tear", TEARS[1:])  # of a half, facts can be whole: they have changed
def test_facts_that_are_torn_are_named(tear: Callable[[Path], None], folder: Path, tmp_path: Path) -> None:
    there = Path(shutil.copytree(folder, tmp_path / "evidence"))
    tear(there / "facts.toml")
    assert str(there / "facts.toml") in refused(read_stored, there, ScenarioError)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda found: found.pop("at_default"), "at_default: Field required"),
        (lambda found: found.update(waves=3), "waves"),
        (lambda found: found["spread"].popitem(), "no plausible values were found for"),
        (lambda found: found["facts"][0].update(value="much"), "facts.0.value"),
    ],
)
def test_a_part_of_a_calibration_that_is_missing_or_of_another_kind_is_named(
    change: Callable[[dict[str, Any]], Any], expected: str, tmp_path: Path
) -> None:
    found = made.calibration()
    change(found)
    (tmp_path / FINDINGS).write_text(json.dumps(found), encoding="utf-8")
    assert expected in refused(read_stored, tmp_path)


def test_a_table_of_sizes_that_lacks_a_value_or_holds_words_is_named(tmp_path: Path) -> None:
    path = tmp_path / SCALE
    write_scale(made.scale(), path)
    lines = path.read_text(encoding="utf-8").splitlines()
    for altered, expected in (
        ([*lines[:-1], lines[-1].rpartition(",")[0][:9]], "line 37 is not whole"),
        ([lines[0], lines[1].rpartition(",")[0] + ",much"], "does not hold numbers"),
        ([",".join(line.split(",")[1:]) for line in lines], "no column viewers"),
    ):
        path.write_text("\n".join(altered) + "\n", encoding="utf-8")
        assert expected in refused(read_scale, path)
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "its last line is not whole" in refused(read_scale, path)


def test_a_calibration_to_figures_of_ones_own_is_told_first(kept: Kept) -> None:
    screen = tuned_screen(kept)
    assert screen is not None
    assert screen.sentence.startswith(
        f"Tuned to these figures, the model meets {TUNED - 2} of {TUNED}, and {CHECKED - 1} of {CHECKED} "
        f"that it never saw; they tell 9 of {FREE} unknown parameters"
    )
    assert [number.value for number in screen.numbers] == [
        f"{TUNED - 2} of {TUNED}",
        f"{CHECKED - 1} of {CHECKED}",
        f"9 of {FREE}",
    ]
    assert [row.label[0] for row in screen.rows[:4]] == ["✗", "✗", "✗", "✓"], "missed ones first"
    page = render_page(Evidence(kept, made.live(), made.LABELS))
    assert str(escape(screen.advice[0])) in page and "Nothing has been looked at yet" not in page


def test_where_worlds_of_all_sizes_were_looked_at_these_are_told_first(kept: Kept) -> None:
    assert tuned_screen(replace(kept, facts_by_size=pd.DataFrame())) is None
    assert tuned_screen(replace(kept, calibration=None)) is None
