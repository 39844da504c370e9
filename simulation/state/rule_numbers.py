"""Parameters of behaviour as kernels take them: named tuples of numbers, made from the scenario's
sections so that each parameter stays declared once."""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple

from ..scenario.fields import Section
from ..scenario.sections.behaviour import (
    Attention,
    Choice,
    Community,
    Following,
    Goods,
    Purchase,
    Sharing,
    Trust,
)
from ..scenario.sections.market import Market, Streams
from ..scenario.sections.shopkeeping import Shopkeeping


def _tuple_type(section: type[Section]) -> Any:
    # The name must equal the module-level variable's, or compiled code could not be cached.
    return namedtuple(f"{section.__name__}Numbers", list(section.model_fields), module=__name__)


ChoiceNumbers: Any = _tuple_type(Choice)
PurchaseNumbers: Any = _tuple_type(Purchase)
GoodsNumbers: Any = _tuple_type(Goods)
TrustNumbers: Any = _tuple_type(Trust)
FollowingNumbers: Any = _tuple_type(Following)
SharingNumbers: Any = _tuple_type(Sharing)
ShopkeepingNumbers: Any = _tuple_type(Shopkeeping)
MarketNumbers: Any = _tuple_type(Market)
AttentionNumbers: Any = _tuple_type(Attention)
CommunityNumbers: Any = _tuple_type(Community)
StreamsNumbers: Any = _tuple_type(Streams)


class Rules(NamedTuple):
    """All parameters of behaviour in one arm."""

    choice: Any
    purchase: Any
    goods: Any
    trust: Any
    following: Any
    sharing: Any
    shopkeeping: Any
    market: Any
    attention: Any
    community: Any
    streams: Any


def rule_numbers(sections: dict[str, Section]) -> Rules:
    """Named tuples of floats and ints from checked sections (see ``Scenario.arm_rules``)."""
    kinds = (
        ChoiceNumbers,
        PurchaseNumbers,
        GoodsNumbers,
        TrustNumbers,
        FollowingNumbers,
        SharingNumbers,
        ShopkeepingNumbers,
        MarketNumbers,
        AttentionNumbers,
        CommunityNumbers,
        StreamsNumbers,
    )
    return Rules(
        *(kind(**sections[name].model_dump()) for name, kind in zip(Rules._fields, kinds, strict=True))
    )
