"""Pages of sweeps, searches and comparisons answer first, in either language and in plain words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from simulation.archive.two_runs import TwoRuns
from simulation.ensembles.analysis.findings import collect_findings
from simulation.ensembles.results import SweepResults
from simulation.ensembles.search.candidates import Candidate, candidate_table
from simulation.languages.speaking import speaking
from simulation.pages.compare.page import render_page as compare_page
from simulation.pages.kit.first_screen import FirstScreen, Number, Row
from simulation.pages.search.page import render_page as search_page
from simulation.pages.sweep.page import render_page as sweep_page
from tests.support.evidence_stand_ins import sweep
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset
from tests.unit.scenario.test_labels import FIRST, SECOND, scenario_of

STATISTICIANS = re.compile(
    r"PAWN|Delta|Wilson|hypercube|NSGA|Sobol|[Hh]ypervolume|Holm|Welch|Student's|rank correlation|"
    r"patient rule|威尔逊|拉丁超立方|韦尔奇|学生t|秩相关"
)
SENTENCE = re.compile(r"[A-Za-z][a-z']+(?:,? [A-Za-z][a-z']+){3,}")


class Plain(HTMLParser):
    """Text of a page: of its first screen, and all that is not folded under how it was done."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.first, self.shown, self._open = "", "", []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kinds = dict(attrs).get("class") or ""
        if tag in ("details", "section", "style", "script"):
            self._open.append(f"{tag} {kinds}")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].startswith(tag + " "):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if any(entry.startswith(("details how", "style", "script")) for entry in self._open):
            return
        self.shown += data + "\n"
        if "section first" in self._open:
            self.first += data + "\n"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    folder = tmp_path_factory.mktemp("studies")
    for name in ("one", "two"):
        (folder / name).mkdir()
    found = collect_findings(SweepResults.read(sweep(folder / "sweep")))
    levers = [{"key": "people.homophily", "low": 0, "high": 1}]
    goals = [{"measure": "orders", "arm": "links_only"}, {"measure": "gmv", "arm": "second"}]
    searched = scenario_of([FIRST, SECOND], policy_search={"levers": levers, "goals": goals})
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    runs = [
        stored(tiny(arms, run={"replications": 3, "seed": 1}, trust={"half_life": life}), folder / name)
        for life, name in ((20.0, "one"), (90.0, "two"))
    ]
    tried = [
        Candidate(
            number,
            0,
            {"people.homophily": 0.1 * number},
            np.array([[100.0 + 5 * number] * 2, [900.0 - number] * 2]),
        )
        for number in range(4)
    ]
    at, made = folder / "results" / "study", dict[str, dict[str, str]]()
    (folder / "results" / "evidence").mkdir(parents=True)
    for name in ("evidence.html", "evidence.zh.html"):
        (folder / "results" / "evidence" / name).touch()
    for language in ("en", "zh"):
        with speaking(language), pytest.MonkeyPatch.context() as here:
            here.chdir(folder)
            made[language] = {
                "sweep": sweep_page(found),
                "search": search_page(searched, candidate_table(searched.policy_search, tried), at),
                "compare": compare_page(TwoRuns(*runs), at),
            }
    return made


@pytest.mark.parametrize("study", ["sweep", "search", "compare"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_study_answers_first_and_keeps_statisticians_words_for_those_who_ask_how(
    pages: dict[str, dict[str, str]], study: str, language: str
) -> None:
    text = Plain(pages[language][study])
    assert pages[language][study].count('class="number-card') == 3 and text.first.strip()
    assert STATISTICIANS.findall(text.shown) == []
    assert STATISTICIANS.search("by a latin hypercube") and 'class="how"' in pages[language][study]


@pytest.mark.parametrize("study", ["sweep", "search", "compare"])
def test_a_chinese_first_screen_has_no_english_sentence(pages: dict[str, dict[str, str]], study: str) -> None:
    text = Plain(pages["zh"][study])
    assert "怎么办" in text.first and ("成交额" in text.first or "销售" in text.first)
    assert SENTENCE.findall(text.first) == []


@pytest.mark.parametrize("study", ["search", "compare"])
@pytest.mark.parametrize(("language", "file"), [("en", "evidence.html"), ("zh", "evidence.zh.html")])
def test_a_study_links_the_evidence_page_that_is_there(
    pages: dict[str, dict[str, str]], study: str, language: str, file: str
) -> None:
    assert f'<a href="../evidence/{file}">' in pages[language][study]


def test_printed_values_of_the_picture_are_those_of_its_table() -> None:
    rows = [Row("A", 0.5, 0.4, 0.6, "+50%", "gain"), Row("B", -0.2, float("nan"), float("nan"), "-20%")]
    screen = FirstScreen("It sells.", [Number("gain", "Won", "1", "")], ["Do it."], rows=rows)
    printed = re.findall(r'class="value"[^>]*>([^<]*)<', screen.picture)
    assert printed == 2 * ["▲ +50%", "-20%"], "on a desk and on a phone"
    assert re.findall(r"<td>([^<]*)</td>", screen.table) == ["+50%", "-20%"]
    ends = [float(x) for x in re.findall(r'cx="([\d.]+)"', screen.picture)]
    assert ends[0] > ends[1] and ends[2] > ends[3]
