"""One thing is not called several: "+1 point", "1 world", never "+1 points"."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulation.languages.speaking import speaking
from simulation.pages.kit.words import change, change_ends, threshold
from simulation.pages.run.content import Content
from simulation.pages.run.page import render_page
from tests.support.english_on_pages import sections
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset

ONE_AS_SEVERAL = re.compile(
    r"(?<![\d.,:/–-])1 (?:more |fewer |other )?(?:arm|claim|day|fan|merchant|measure|member|order|person|"
    r"platform|point|reading|room|setting|test|time|viewer|visit|visitor|world)s\b"
)


def test_a_unit_after_the_number_one_is_of_one_thing() -> None:
    assert (
        change(0.01, "share", False, 8.0) == "+1 point" and change(0.02, "share", False, 8.0) == "+2 points"
    )
    assert threshold(-0.01, "share", False) == "−1 point" and threshold(1, "days", False) == "+1 day"
    assert change(1, "persons per merchant and month", False, 8.0) == "+1 person per merchant and month"
    assert change(1.0, "days", False, 0.8) == "+1.0 days", "as 1.0 and 1.1 are"
    assert threshold(1, "CNY/30 days", False) == "+1 CNY per 30 days"
    with speaking("zh"):
        assert change(0.01, "share", False, 8.0) == "+1个百分点"


def test_an_interval_s_unit_is_left_to_the_change_though_one_end_is_one() -> None:
    assert change_ends(0.01, 0.03, "share", False, 8.0) == ("+1", "+3")
    assert change_ends(-0.5, 1.0, "share", True, 8.0) == ("−50%", "+100%")
    assert change_ends(5e5, 2e6, "CNY", False, 1e6) == ("+500,000 CNY", "+2.0 million CNY")


@pytest.mark.parametrize("worlds", [1, 2])
def test_no_page_calls_one_thing_several(worlds: int, tmp_path: Path) -> None:
    arms = [
        {"name": "taobao_live", "platform": preset("taobao_live"), "role": "centralised"},
        {"name": "tencent_live", "platform": preset("tencent_live"), "role": "decentralised"},
    ]
    run = stored(tiny(arms, worlds, article_claims=True), tmp_path)
    found = ONE_AS_SEVERAL.findall("\n".join(sections(render_page(Content(run))).values()))
    assert not found and ONE_AS_SEVERAL.search("it is +1 points") and ONE_AS_SEVERAL.search("1 worlds")
