"""What a scenario claims itself, with a margin, leads its first screen and decides what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from simulation.pages.run.answer.answer import Answer, answer
from simulation.pages.run.figures.policies import policies_exhibit
from simulation.pages.run.figures.policy_words import amounts_in_words
from tests.support.made_runs import stored, tiny, with_runs
from tests.support.worlds import preset

LUCK = [0.9, 1.1, 1.0, 1.2]
"""What four worlds make of a level, alike in every arm."""


def claim(measure: str, margin: float, relative: bool = True, direction: str = "higher") -> dict[str, Any]:
    test = {"measure": measure, "arm": "helped", "against": "plain", "direction": direction}
    test |= {"margin": margin, "relative": relative, "why": "to be seen"}
    return {"id": f"of_{measure}", "title": f"Of {measure}", "tests": [test]}


def asked(folder: Path, *claims: dict[str, Any]) -> Any:
    """Two arms on one platform, in one of which half of the feed's slots are kept for newcomers."""
    policy = {"name": "quota", "effect": "cold_start_quota", "arms": ["helped"], "amount": 0.2}
    platform = preset("taobao_live") | {"channels": {"recommend": 1.0}, "feed": {"cold_start_quota": 0.05}}
    arms = [{"name": name, "label": name, "platform": platform} for name in ("plain", "helped")]
    run = {"replications": 4, "seed": 7}
    question = tiny(arms, claims=list(claims), policies=[policy], world={"days": 20}, run=run)
    return stored(question, folder)


def levels(level: float, ratio: float = 1.0, noise: float = 0.001) -> list[float]:
    return [level * luck * (ratio + noise * sign) for luck, sign in zip(LUCK, (1, -1, -1, 1), strict=True)]


def answered(run: Any, **of_helped: list[float]) -> Answer:
    plain = {"gmv": levels(1000.0, noise=0.0), "newcomer_first_week_visits": levels(30.0, noise=0.0)}
    plain |= {"new_merchants_sales_share": levels(0.2, noise=0.0)}
    return answer(with_runs(run, {"plain": plain, "helped": plain | of_helped}))


def test_a_firm_no_by_one_s_own_margin_is_sure_and_is_not_recommended(tmp_path: Path) -> None:
    """Sales rise beyond luck, by half a per cent where two were asked for."""
    run = asked(tmp_path, claim("gmv", 0.02))
    gained = levels(30.0, 1.2, 0.01)
    found = answered(run, gmv=levels(1000.0, 1.005), newcomer_first_week_visits=gained)
    start = (
        "Compared with “plain”, “helped” changes sales (GMV) by +0.5% (surely under your 2%); besides, it "
    )
    assert found.sentence.startswith(start) and "brings newcomers 20% more visits" in found.sentence
    won, cost, sure = found.numbers
    assert won.value == "+20%" and cost.value == "Nothing"
    assert (sure.kind, sure.value) == ("sure", "4 of 4 worlds")
    assert sure.text.startswith("stay short of your 2% in sales (GMV); on average +0.5%")
    assert found.advice[0] == "Do not choose “helped” for sales (GMV): it surely does not do what you ask."
    assert found.advice[1] == "What else it wins beyond luck: first-week visits of newcomers (+20%)."
    alone = answered(run, gmv=levels(1000.0, 1.005))
    assert alone.numbers[0].value == "Nothing" and "short of your 2%" in alone.numbers[0].text


def test_what_reaches_one_s_margins_is_chosen_and_what_luck_leaves_open_is_not(tmp_path: Path) -> None:
    run = asked(tmp_path, claim("gmv", 0.02))
    found = answered(run, gmv=levels(1000.0, 1.1))
    assert "by +10% (surely over your 2%)" in found.sentence
    assert found.advice[0] == "Choose “helped”: it does what you ask of sales (GMV)."
    assert found.numbers[0].value == "+10%" and found.numbers[0].text.startswith("Sales (GMV)")
    left = answered(run, gmv=levels(1000.0, 1.03, 0.05))
    assert "(which may or may not reach your 2%)" in left.sentence
    assert left.numbers[2].kind == "unsure" and left.numbers[2].value == "2 of 4 worlds"
    assert left.advice[0].startswith("Do not decide yet: luck leaves open whether “helped” does")
    assert re.search(r"Run it in \d+ worlds to tell a difference of 2% in sales from luck", left.advice[-1])


def test_a_change_is_told_in_the_unit_in_which_its_margin_is(tmp_path: Path) -> None:
    """A share of sales from 20 to 20.5% is half a point, and not 3% of itself besides."""
    run = asked(tmp_path, claim("new_merchants_sales_share", 0.01, relative=False))
    found = answered(run, new_merchants_sales_share=levels(0.2, 1.02))
    told = (
        "share of sales of merchants that opened during the run by +0.42 points (surely under your 1 point)"
    )
    assert told in found.sentence and "+2%" not in found.table


def test_what_was_asked_for_is_won_though_more_of_it_is_not_better_for_all(tmp_path: Path) -> None:
    """Equality of sales is nobody's loss or gain by itself; here it is what was asked for."""
    run = asked(tmp_path, claim("gmv_gini", 0.02, relative=False, direction="lower"))
    content = with_runs(
        run, {"plain": {"gmv_gini": levels(0.5, noise=0.0)}, "helped": {"gmv_gini": levels(0.5, 0.8)}}
    )
    won = answer(content).numbers[0]
    assert won.kind == "gain" and won.text.startswith("Inequality of sales (Gini)")


def test_a_change_for_the_worse_that_is_claimed_is_no_reason_to_choose(tmp_path: Path) -> None:
    run = asked(tmp_path, claim("gmv", 0.02, direction="lower"))
    found = answered(run, gmv=levels(1000.0, 0.9))
    assert "by −10% (surely beyond your −2%)" in found.sentence
    assert found.advice[0].startswith("Stay with “plain”: “helped” loses sales")


def test_the_page_and_check_say_what_a_policy_comes_in_place_of(tmp_path: Path) -> None:
    run = asked(tmp_path)
    exhibit = policies_exhibit(with_runs(run, {}))
    assert exhibit is not None and "20% instead of 5% of the feed's slots are kept" in exhibit.caption
    assert "plain (no policy: 5% of the feed&#39;s slots are kept for new merchants as it is)" in str(
        exhibit.views[0].table
    )
    assert amounts_in_words(run.scenario) == [
        "Policy quota: 20% instead of 5% of the feed's slots are kept for new merchants."
    ]


@pytest.mark.parametrize("gain", [0.0, 0.4, 0.8, 1.2])
def test_nothing_is_beyond_luck_where_the_paired_difference_is_not(tmp_path: Path, gain: float) -> None:
    """A few worlds of which one gains far more than the others."""
    run = asked(tmp_path)
    skewed = [
        1000.0 * luck + 100.0 * gain * extra for luck, extra in zip(LUCK, (0.2, 0.4, 0.3, 3.0), strict=True)
    ]
    found = answered(run, gmv=skewed)
    content = with_runs(run, {"plain": {"gmv": levels(1000.0, noise=0.0)}, "helped": {"gmv": skewed}})
    paired = next(entry["difference"] for entry in content.claims["comparisons"] if entry["measure"] == "gmv")
    apart = found.effects[0].apart
    assert (apart.low > 0) == (paired["low"] > 0) and (apart.high < 0) == (paired["high"] < 0)
    assert (found.effects[0].worth == 0) == (paired["low"] <= 0 <= paired["high"])
