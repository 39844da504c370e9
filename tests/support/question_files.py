"""Files of small questions with a sweep, a claim or a search, right or with a mistake in them."""

from __future__ import annotations

from pathlib import Path

BASE = """\
name = "good"
title = "Good"
article_claims = false
[world]
viewers = 60
merchants = 5
days = 5
[[arms]]
name = "feed"
platform = "taobao_live"
[[arms]]
name = "links"
platform = "tencent_live"
"""
SWEEP = "[sweep]\npoints = 8\nreplications = 1\n"
FACTOR = '[[sweep.factors]]\nkey = "{key}"\nlow = {low}\nhigh = {high}\n'
CLAIM = """\
[[claims]]
id = "c"
title = "C"
[[claims.tests]]
measure = "{measure}"
kind = "level"
arm = "feed"
direction = "higher"
margin = 0.1
why = "because"
"""
SEARCH = """\
[policy_search]
[[policy_search.levers]]
key = "{key}"
low = 0.1
high = {high}
[[policy_search.goals]]
measure = "{measure}"
arm = "feed"
"""


def written(folder: Path, text: str) -> Path:
    """Write the question `BASE` with more `text` into a file."""
    file = folder / "question.toml"
    file.write_text(BASE + text, encoding="utf-8")
    return file


def factor(key: str, low: float, high: float, more: str = "") -> str:
    return FACTOR.format(key=key, low=low, high=high) + more
