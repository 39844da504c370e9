"""A scenario file to start from."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from ...errors import Problem, ScenarioError, nearest
from ...languages.speaking import sentence
from ...resources import SCENARIOS_FOLDER, TYPED
from ...visible import visible
from ..reading.files import absolute
from ..reading.read import scenario_files
from ..tables import RESERVED

LONGEST_NAME = 50

TEMPLATE = """\
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

# Any behaviour can be changed; `{command} schema` describes every key. For example:
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

# A claim of your own: tested like the article's.
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


SHOP = """
[[merchants.named]]         # a shop of your own; what it does not say is as for its kind
name = "my_shop"
label = "My shop"
kind = "community_vendor"
category = 0
price = 30                  # CNY an order
members = 120               # persons in its group when it opens
streams_per_week = 2
"""


def with_a_shop(text: str) -> str:
    """The text of a scenario file with one merchant of the reader's own, unless it has one already."""
    return text if "[[merchants.named]]" in text else text.rstrip() + "\n" + SHOP


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
    called, schema = _name_of(target), _schema_for(target)
    text = re.sub(r"^#:schema .*$", f"#:schema {visible(schema.as_posix())}", text, count=1, flags=re.M)
    text = re.sub(r"^title_zh = .*\n", "", text, count=1, flags=re.M)
    text = re.sub(r"^title = .*$", f'title = "{_title_of(called)}"', text, count=1, flags=re.M)
    return re.sub(r"^name = .*$", f'name = "{called}"', text, count=1, flags=re.M)


def new_scenario(target: Path) -> str:
    """Text of a new scenario file that is to be written to `target`."""
    name, schema = _name_of(target), _schema_for(target)
    return TEMPLATE.format(name=name, title=_title_of(name), command=TYPED, schema=visible(schema.as_posix()))


def _title_of(name: str) -> str:
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
