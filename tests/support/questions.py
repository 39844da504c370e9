"""Small questions, as scenario files and as tables, that tests change and add to."""

from __future__ import annotations

from typing import Any

from tests.support.stated_world import over, stated
from tests.support.worlds import preset

HEAD = """\
name = "{name}"
title = "{title}"
article_claims = false
[world]
viewers = 60
merchants = 6
days = {days}
[run]
replications = 2
"""
TWO_ARMS = """\
[[arms]]
name = "feed"
role = "centralised"
platform = "taobao_live"
[[arms]]
name = "links"
role = "decentralised"
platform = "tencent_live"
"""
MORE_SALES = """\
[[claims]]
id = "more"
title = "{title}"
[[claims.tests]]
measure = "gmv"
arm = "links"
against = "feed"
direction = "higher"
margin = 0.05
relative = true
why = "a try"
"""


def small_question(name: str = "little", title: str = "Little", days: int = 3) -> str:
    """Text of a scenario file: a feed against links, in two worlds of sixty viewers."""
    return HEAD.format(name=name, title=title, days=days) + TWO_ARMS


def small_table(
    name: str = "small", arms: tuple[str, str] = ("feed", "links"), **sections: Any
) -> dict[str, Any]:
    """A scenario as tables: a feed against links among sixty viewers of the stated world; `sections` as in a
    scenario file."""
    platforms = (preset("taobao_live"), preset("tencent_live"))
    table = {
        "name": name,
        "title": name.capitalize(),
        "article_claims": False,
        "world": {"viewers": 60, "merchants": 5, "days": 4},
        "arms": [{"name": arm, "platform": rules} for arm, rules in zip(arms, platforms, strict=True)],
    }
    return table | over(stated(), sections)
