"""A scenario file to start from, with comments in the language that is spoken."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from ...errors import Problem, ScenarioError, nearest
from ...languages.speaking import counterpart, sentence, template
from ...resources import SCENARIOS_FOLDER, TYPED
from ...visible import visible
from ..reading.files import absolute
from ..reading.read import scenario_files
from ..tables import RESERVED

LONGEST_NAME = 50

QUESTION, QUESTION_ZH = "What do you want to know?", "您想知道什么？"
"""What stands where a question of one's own is to stand."""
SHOPS_QUESTION = "Which of these is best for my shop?"
SHOPS_QUESTION_ZH = "哪一种对我的店最好？"

TEMPLATE = template(
    """\
#:schema {schema}
name = "{name}"
title = "{title}"
question = "What do you want to know?"

[world]
viewers = 5_000             # agents; each stands for people_per_viewer persons
merchants = 100
days = 90
people_per_viewer = 20

[run]
replications = 5            # worlds per arm, on the same luck under each
seed = 1

# Any behaviour can be changed; `{command} parameters` lists what. For example:
# [sharing]
# base_rate = 0.05

[[arms]]
name = "central"
role = "centralised"        # the article's claims compare this role ...
platform = "taobao_live"    # a file in scenarios/platforms, or a table of your own

[[arms]]
name = "share_driven"
role = "decentralised"      # ... with this one
platform = "tencent_live"

# A claim of your own: tested like the article's. `{command} measures` says what can be measured.
[[claims]]
id = "more_sales"
title = "The share-driven platform sells more"
[[claims.tests]]
measure = "gmv"
arm = "share_driven"
against = "central"
direction = "higher"
margin = 0.05
relative = true
why = "five percent of sales would be worth a project"
"""
)


SHOP = template(
    """
[[merchants.named]]         # a shop of your own; what it does not say is as for its kind
name = "my_shop"
label = "My shop"
label_zh = "我的店"
kind = "community_vendor"   # or ordinary_shop, brand, influencer
# category = 0              # which of people.categories kinds of goods, from 0; each world draws one if not
                            # given. Numbers stand for no goods: with purchase.cycle = 0 all are alike
price = 30                  # CNY an order
members = 120               # persons in its group when it opens
streams_per_week = 2
"""
)


def with_a_shop(text: str) -> str:
    """The text of a scenario file with one merchant of the reader's own, unless it has one already; where no
    question has been written, it asks about that merchant."""
    if "[[merchants.named]]" in text:
        return text
    for placeholder, asked in ((QUESTION, SHOPS_QUESTION), (QUESTION_ZH, SHOPS_QUESTION_ZH)):
        text = text.replace(f'"{placeholder}"', f'"{asked}"', 1)
    return text.rstrip() + "\n" + counterpart(SHOP)


def like_another(target: Path, name: str) -> str:
    """Text of one of our scenarios, for a file `target`, under a name and a title of its own.

    Raises
    ------
    ScenarioError
        If none is called so, or if it needs files that lie beside it.
    """
    ours = {file.stem: file for file in scenario_files()}
    if name not in ours:
        raise ScenarioError(
            "new",
            [
                Problem(
                    "the scenario to copy",
                    sentence("'{name}'{near}", name=name, near=nearest(name, ours)),
                    sentence("one of {ours}", ours=", ".join(ours)),
                )
            ],
        )
    text = ours[name].read_text(encoding="utf-8")
    if re.search(r'= "[^"]*\.(?:py|csv)"', text):
        allowed = "a scenario without them, or a copy of its whole folder"
        raise ScenarioError(
            "a copy",
            [
                Problem(
                    "the scenario to copy",
                    sentence("'{name}', which needs files beside it", name=name),
                    allowed,
                )
            ],
        )
    return _of_its_own(text, target)


def _of_its_own(text: str, target: Path) -> str:
    """A copied text that is called otherwise, and asks in both languages what there is to ask.

    What the original asks stays as a comment.
    """
    title, schema = _title_of(target), _schema_for(target)
    old = {key: _line(text, key) for key in ("name", "title", "title_zh", "question", "question_zh")}
    quoted = old["title"].partition(" = ")[2].strip('"')
    quoted_zh = old["title_zh"].partition(" = ")[2].strip('"') or quoted
    lines = [
        f'name = "{_name_of(target)}"',
        f'title = "{title}, after: {quoted}"',
        f'title_zh = "{title}，参照：{quoted_zh}"',
        *(f"# {asked}" for key in ("question", "question_zh") if (asked := old[key])),
        f'question = "{QUESTION}"',
        f'question_zh = "{QUESTION_ZH}"',
    ]
    for key in ("title", "title_zh", "question", "question_zh"):
        text = text.replace(f"{old[key]}\n", "", 1) if old[key] else text
    text = re.sub(r"^#:schema .*$", f"#:schema {visible(schema.as_posix())}", text, count=1, flags=re.M)
    return text.replace(old["name"], "\n".join(lines), 1)


def _line(text: str, key: str) -> str:
    """The line of a file that sets a key of its first table; empty if none does."""
    found = re.search(rf"^{key} = .*$", text.partition("\n[")[0], re.M)
    return found.group() if found else ""


def new_scenario(target: Path) -> str:
    """Text of a new scenario file that is to be written to `target`."""
    name, schema = _name_of(target), _schema_for(target)
    return counterpart(TEMPLATE).format(
        name=name, title=_title_of(target), command=TYPED, schema=visible(schema.as_posix())
    )


def _title_of(target: Path) -> str:
    """A title for the file `target`: its short name in words, or its own where that is not in our letters."""
    name = _name_of(target) if target.stem.isascii() else re.sub(r"\W+", " ", target.stem).strip()
    name = name or _name_of(target)
    return name.replace("_", " ").capitalize()


def _name_of(target: Path) -> str:
    """The short name of a scenario in the file `target`."""
    name = re.sub(r"[^a-z0-9]+", "_", target.stem.lower()).strip("_")[:LONGEST_NAME].rstrip("_")
    if not name or not name[0].isalpha() or name in RESERVED:
        name = f"scenario_{name}".rstrip("_")
    return name


def _schema_for(target: Path) -> Path:
    """Where the schema lies as seen from the file `target`."""
    schema, folder = SCENARIOS_FOLDER / "scenario.schema.json", Path(absolute(Path(), str(target))).parent
    with suppress(ValueError):  # on another drive
        return Path(os.path.relpath(schema, folder))
    return schema
