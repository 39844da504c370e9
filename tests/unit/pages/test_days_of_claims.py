"""What a page says beside its verdicts is of the days and people of which claims take it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulation.pages.run.about import days_note
from simulation.pages.run.comparison_table import comparison_tables
from simulation.pages.run.content import Content
from simulation.pages.run.figures.arms import in_short, measures_exhibit
from simulation.pages.run.figures.causes import gap_exhibit
from simulation.pages.run.mechanisms import mechanisms_exhibit
from simulation.pages.run.page import render_page
from simulation.pages.run.verdict_cards import claim_cards
from tests.support.made_runs import stored, tiny, with_runs
from tests.support.worlds import preset

WINDOW = "31-90"
TAUBAO, TENCENT = [0.0099, 0.0101, 0.01, 0.01], [0.0171, 0.0173, 0.0172, 0.0172]
"""Orders per visit on the days at which claims look, 72% more; over the whole run they are 92% more."""


def claim(measure: str, **test: Any) -> dict[str, Any]:
    told = {"arm": "decentralised", "against": "centralised", "direction": "higher", "margin": 0.1}
    return {
        "id": measure.partition("@")[0],
        "title": measure,
        "tests": [told | {"measure": measure, "relative": True, "why": "a test"} | test],
    }


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    roles = {"taobao_live": "centralised", "tencent_live": "decentralised"}
    question = tiny(
        [{"name": name, "platform": preset(name), "role": role} for name, role in roles.items()],
        article_claims=True,
        claims=[claim(f"conversion_rate@{WINDOW}"), claim(f"fans_back_31_60@{WINDOW}")],
        world={"days": 90},
        run={"replications": 4, "seed": 7},
    )
    half_lives = {"taobao_live": [99.0, 101, 100, 100], "tencent_live": [130.0, 132, 131, 131]}
    conversion = {"taobao_live": TAUBAO, "tencent_live": TENCENT}
    made = {
        name: {
            f"conversion_rate@{WINDOW}": conversion[name],
            "conversion_rate": [0.01 if name == "taobao_live" else 0.0192] * 4,
            f"fans_back_31_60@{WINDOW}": [0.5 if name == "taobao_live" else share for share in back],
            "fan_half_life_days": half_lives[name],
        }
        for name, back in zip(roles, ([0.5] * 4, [0.39, 0.41, 0.4, 0.4]), strict=True)
    }
    return with_runs(stored(question, tmp_path_factory.mktemp("runs")), made)


def test_the_first_screen_says_what_the_cards_say(content: Content) -> None:
    """Not that fans live 31% longer above a card on which fewer of them come back."""
    said = in_short(content)
    assert said.startswith(
        "Compared with Taobao Live, Tencent Live turns visits into orders 72% more often and brings new fans "
        "back after a month 20% less often (days 31 to 90)"
    )
    cards = {card.id: card for card in claim_cards(content)}
    assert cards["conversion_rate"].tests[0].finding.effect == "+72.0%"
    assert cards["fans_back_31_60"].tests[0].finding.effect == "−20.0%"
    assert "half-life" not in said and "92" not in said


def test_tables_figures_and_causes_are_of_the_same_days(content: Content) -> None:
    (table,) = comparison_tables(content)
    rows = {row.measure: row for row in table.rows}
    assert rows["Orders per visit, days 31 to 90"].arm == "1.72%" and "Orders per visit" not in rows
    gap, carried = gap_exhibit(content), mechanisms_exhibit(content)
    assert gap is not None and carried is not None
    said = gap.views[0].finding
    assert said.startswith("Of the gap of +0.72 points between Tencent Live and Taobao Live")
    assert said.endswith("(days 31 to 90)")
    assert content.claims["decomposition"]["gap"]["effect"] == pytest.approx(0.0072)
    measures = {entry["measure"] for entry in content.claims["mechanisms"]}
    assert {name for name in measures if name.startswith("conversion_rate")} == {f"conversion_rate@{WINDOW}"}
    labels = " ".join(measures_exhibit(content).views[0].figure.layout.yaxis.ticktext)
    assert "days 31 to 90" in labels
    note = days_note(content)
    assert note.startswith("Claims look at days 31 to 90, so") and note in render_page(content)


def test_where_claims_look_at_no_days_the_page_is_of_the_whole_run(tmp_path: Path) -> None:
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    made = Content(stored(tiny(arms, replications=2), tmp_path))
    assert made.as_claimed("fans_back_31_60", "fan_half_life_days") == "fan_half_life_days"
    assert days_note(made) == "" and "days 31" not in in_short(made) and "the whole run" not in in_short(made)
