"""Compiling with several processes: they begin with different rules, so that none waits for another's."""

from __future__ import annotations

from functools import cache

from ..behaviour.responding import respond
from ..state.compilation.kept import first_to
from ..state.compiled import CACHE_FOLDER, is_kept
from ..world.model import LiveCommerceModel

NOBODY = {
    "name": "nobody",
    "title": "Nobody",
    "article_claims": False,
    "world": {"viewers": 1, "merchants": 0, "days": 1},
    "arms": [{"name": "empty", "platform": {"name": "empty", "label": "Empty", "channels": {"push": 1.0}}}],
}
LOCK = "longest.lock"


@cache
def compile_the_longest_first() -> None:
    """Compile what viewers do in a room before all else, if nobody has and nobody else is at it.

    That is half of what there is to compile, and the rest follows it in a day. Processes that begin together
    would come to each rule at the same time, and all but one wait for it; of two that call this one begins in
    the middle of the day, and each finds the other half done.
    """
    if CACHE_FOLDER is None or is_kept(respond):
        return
    with first_to(CACHE_FOLDER / LOCK) as first:
        if first:
            model = LiveCommerceModel(NOBODY, "empty")
            model.viewers_respond(0)
            model.close()
