"""The frame that all pages share: said once, with what draws figures, and no claims of an article that a page
is not about."""

from __future__ import annotations

import re
from typing import Any

from plotly.offline import get_plotlyjs_version

from simulation.claims.of_whom import NO_PLATFORM
from simulation.claims.whole import FAILS, UNTESTED
from simulation.pages.kit.templates import BUNDLE, page_in
from simulation.pages.run.verdict_cards import OWN_CLAIM, concerned
from simulation.resources import PACKAGE_FOLDER

ROOMS = ("compare", "evidence", "life", "run", "search", "sweep")


def test_every_page_has_the_same_frame_and_repeats_nothing_of_it() -> None:
    for room in ROOMS:
        text = (PACKAGE_FOLDER / "pages" / room / "page.html").read_text(encoding="utf-8")
        assert text.startswith('{% extends "base.html" %}'), room
        assert not re.findall(r"<(?:html|head|body|main|meta|link|style)\b", text), room


def test_a_page_without_figures_has_no_script_that_draws_them() -> None:
    folder = PACKAGE_FOLDER / "pages" / "life"
    page = page_in(folder, "page.html", title="One life", scenario="Small", facts=[])
    assert '<a class="skip" href="#content">' in page and '<main id="content">' in page
    assert "Plotly" not in page and len(page) < 40_000


def test_what_draws_figures_is_of_the_same_generation_as_what_makes_them() -> None:
    start = BUNDLE.read_text(encoding="utf-8")[:200]
    drawn = re.search(r"plotly\.js \(basic - minified\) v(\d+)\.", start)
    assert drawn and drawn[1] == get_plotlyjs_version().partition(".")[0]
    assert "MIT license" in start


def entry(source: str, word: str, reason: str = "") -> dict[str, Any]:
    return {"source": source, "word": word, "readings": [{"reason": reason}]}


def test_the_article_s_claims_are_listed_where_one_of_them_was_tested() -> None:
    own, tested, untested = entry(OWN_CLAIM, UNTESTED), entry("article", FAILS), entry("article", UNTESTED)
    assert concerned([own, tested, untested]) == [own, tested, untested]
    assert concerned([own, untested]) == [own]


def test_claims_about_a_platform_that_is_not_there_are_listed_all_the_same() -> None:
    reason = NO_PLATFORM.format(arm="late", platform="tencent_live", instead="lead_jd_live")
    nearly = entry("article", UNTESTED, reason)
    assert concerned([nearly, entry("article", UNTESTED, "no arm here has the role of hybrid")]) == [nearly]
