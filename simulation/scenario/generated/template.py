"""A scenario file to start from."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from ...resources import SCENARIOS_FOLDER, TYPED
from ...visible import visible
from ..reading.files import absolute
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


def new_scenario(target: Path) -> str:
    """Text of a new scenario file that is to be written to `target`."""
    name = re.sub(r"[^a-z0-9]+", "_", target.stem.lower()).strip("_")[:LONGEST_NAME].rstrip("_")
    if not name or not name[0].isalpha() or name in RESERVED:
        name = f"scenario_{name}".rstrip("_")
    schema, folder = SCENARIOS_FOLDER / "scenario.schema.json", Path(absolute(Path(), str(target))).parent
    with suppress(ValueError):  # on another drive
        schema = Path(os.path.relpath(schema, folder))
    title = name.replace("_", " ").capitalize()
    return TEMPLATE.format(name=name, title=title, command=TYPED, schema=visible(schema.as_posix()))
