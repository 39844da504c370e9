"""What a terminal prints after a run: the answer, claims that were tested, and one line on the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulation.claims.of_whom import NO_PLATFORM
from simulation.claims.whole import FAILS, UNTESTED
from simulation.commands.progress import print_answer, print_verdicts
from simulation.languages.speaking import speaking
from simulation.pages.run.answer.answer import answer
from simulation.pages.run.content import Content
from simulation.pages.run.verdict_cards import OWN_CLAIM
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset

REASON = "no arm here has the role of hybrid; run tencent_live_2020"
NEARLY = NO_PLATFORM.format(arm="late", platform="tencent_live", instead="lead_jd_live")


def claim(title: str, word: str, source: str = "article", reason: str = "") -> dict[str, Any]:
    readings = [{"id": name, "status": "contradicted", "reason": reason} for name in ("literal", "strict")]
    found = {"title": title, "title_zh": f"论断{title}", "word": word, "source": source, "reason": reason}
    return found | {"readings": readings, "decides": "literal"}


def printed(capsys: pytest.CaptureFixture[str], *claims: dict[str, Any]) -> list[str]:
    print_verdicts(list(claims))
    return capsys.readouterr().out.splitlines()


def test_claims_that_could_not_be_tested_take_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    untested = [claim(f"Claim {number}", UNTESTED, reason=REASON) for number in range(17)]
    lines = printed(capsys, claim("Fans stay", FAILS), *untested)
    assert lines == [
        "  ✘ fails Fans stay (strictly: contradicted)",
        "  · 17 more claims need other arms or settings than these, and could not be tested here",
    ]


def test_a_claim_of_one_s_own_says_in_its_own_line_why(capsys: pytest.CaptureFixture[str]) -> None:
    own = claim("Mine", UNTESTED, OWN_CLAIM, "this run has 5 days; set world.days = 180")
    assert printed(capsys, own) == ["  · not tested Mine (this run has 5 days; set world.days = 180)"]


def test_a_platform_that_is_missing_is_named_in_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    late, other = claim("Late", UNTESTED, reason=NEARLY), claim("Other", UNTESTED, reason=REASON)
    (line,) = printed(capsys, late, other)
    assert line == f"  · 1 claim could not be tested here, of which the page says why. “Late”: {NEARLY}"
    with speaking("zh"):
        (line,) = printed(capsys, late, late)
    assert line.startswith("  · 有2条论断在此无法检验，原因见网页。“论断Late”：方案“late”中没有平台")


def test_the_answer_is_printed_in_the_words_of_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arms = [{"name": name, "platform": preset(name)} for name in ("douyin", "tencent_live")]
    run = stored(tiny(arms), tmp_path)
    print_answer(tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["", answer(Content(run)).sentence] and lines[1].startswith("Compared with ")
