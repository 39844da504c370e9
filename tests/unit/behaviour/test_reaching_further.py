"""Links beyond friends: broadcasts to the wide circle, and cards in the groups of other merchants."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.behaviour.sharing.boards import (
    MOST_CARDS,
    Boards,
    chance_in_group,
    other_group,
    put_up,
    read_boards,
)
from simulation.behaviour.sharing.friends import Desk, deliver_links, most_receivers
from simulation.behaviour.sharing.posts import new_posts, write_posts
from simulation.measures import Outcome
from simulation.state.luck import replicate_key
from simulation.state.ties import MEMBER, MUTED, SUBSCRIBED
from simulation.state.waves import (
    BROADCAST,
    DIRECT,
    NO_BOARD,
    NO_POST,
    NO_ROOT,
    NOBODY,
    Links,
    SharedLinks,
    new_links,
    new_shares,
)
from simulation.state.wide_circle import wide_circle_member, wide_circle_size
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import build_model, platform, scenario

KEY = replicate_key(11, 0)
VIEWERS, ALONE = 400, 10


def world_with(**sharing: float) -> LiveCommerceModel:
    """A world on its first morning; its last viewers have neither friends nor acquaintances."""
    channels = {"recommend": 0.5, "push": 1.0, "share": 1.0}
    people: dict[str, Any] = {"sharing": sharing}
    question = scenario({"one": platform(channels)}, VIEWERS, 8, 5, **people)
    changed = question.model_copy(
        update={"world": question.world.model_copy(update={"isolated_viewers": ALONE})}
    )
    model = build_model(changed)
    model.ties.flags[:] = 0
    model.ties.store[:] = -1
    model.viewers.fan_ties[:] = 0
    return model


def shared(*rows: dict[str, float]) -> SharedLinks:
    """Links passed on: directly, into no group, each beginning a cascade, unless `rows` say otherwise."""
    shares = new_shares(len(rows))
    usual = {"surface": 2, "way": DIRECT, "board": NO_BOARD, "root": NO_ROOT, "leader": NOBODY, "trust": 0.5}
    for number, row in enumerate(rows):
        for name, value in (usual | {"above": NO_POST, "bought": 0, "post": 0} | row).items():
            getattr(shares, name)[number] = value
    shares.rows[0] = len(rows)
    return shares


def delivered(model: LiveCommerceModel, shares: SharedLinks) -> Links:
    """The links that friends and acquaintances notice."""
    most = int(np.diff(model.friendships.start).max())
    desk = Desk(np.zeros(most), np.zeros((4, most), np.uint32))
    links = new_links(most_receivers(model.world, shares))
    write_posts(new_posts(int(shares.rows[0])), shares)
    count = deliver_links(model.world, shares, links, 0, desk)
    return Links(*(column[:count] for column in links))


def test_a_broadcast_reaches_every_acquaintance_and_a_direct_link_none() -> None:
    model = world_with(wide_notice=1.0, wide_strength=0.2, broadcast_notice=0.0, direct_notice=0.0)
    sender = {"sender": 17, "store": 3}
    links = delivered(model, shared(sender | {"way": BROADCAST}))
    circles = model.world.circles
    circle = [wide_circle_member(circles, 17, k) for k in range(wide_circle_size(circles, 17))]
    assert Counter(links.receiver.tolist()) == Counter(circle) and len(circle) > 100
    assert np.allclose(links.strength, 0.2) and np.allclose(links.endorsement, 0.1)  # times a trust of 0.5
    assert (links.root == 0).all() and (links.sender == 17).all() and (links.store == 3).all()
    assert len(delivered(model, shared(sender)).receiver) == 0


def test_acquaintances_notice_as_often_as_said_and_not_at_all_at_zero() -> None:
    model = world_with(wide_notice=0.2, broadcast_notice=0.0)
    rows = [{"sender": who, "store": 1, "way": BROADCAST} for who in range(30)]
    asked = sum(wide_circle_size(model.world.circles, who) for who in range(30))
    noticed = len(delivered(model, shared(*rows)).receiver)
    assert noticed == pytest.approx(0.2 * asked, abs=4 * np.sqrt(0.16 * asked))
    nobody = world_with(wide_notice=0.0, broadcast_notice=0.0)
    assert len(delivered(nobody, shared(*rows)).receiver) == 0


def test_whoever_has_no_acquaintances_reaches_none() -> None:
    model = world_with(wide_notice=1.0, broadcast_notice=0.0)
    assert len(delivered(model, shared({"sender": VIEWERS - 1, "store": 1, "way": BROADCAST})).receiver) == 0


def test_more_groups_share_out_what_is_reposted_and_more_persons_repost_more() -> None:
    assert chance_in_group(1, 1.0, 0.3) == pytest.approx(0.3)
    assert chance_in_group(3, 1.0, 0.3) == pytest.approx(0.1)
    assert chance_in_group(2, 2.0, 0.5) == pytest.approx(1 - 0.75**2)
    assert chance_in_group(4, 20.0, 0.0) == 0.0


def put_in_group(model: LiveCommerceModel, viewer: int, slot: int, store: int, flags: int = MEMBER) -> None:
    """Make a viewer a fan of a store, in its group unless `flags` say otherwise."""
    model.ties.store[viewer, slot] = store
    model.ties.flags[viewer, slot] = flags | SUBSCRIBED
    model.viewers.fan_ties[viewer] += 1


def test_a_card_goes_to_any_other_group_alike_and_never_to_the_merchants_own() -> None:
    model = world_with()
    put_in_group(model, 5, 0, 3)
    assert other_group(model.world, 5, 3, 0.5) == NO_BOARD, "in no other group"
    put_in_group(model, 5, 2, 1)
    put_in_group(model, 5, 4, 6, flags=0)  # follows, is in no group
    put_in_group(model, 5, 7, 2)
    drawn = [other_group(model.world, 5, 3, luck) for luck in (0.01, 0.49, 0.51, 0.99)]
    assert drawn == [1, 1, 2, 2]


def boards_of(model: LiveCommerceModel, *rows: dict[str, float]) -> Boards:
    """What stands in groups after links were passed on."""
    boards = put_up([shared(*rows)], KEY, 0, len(model.stores.status))
    assert boards is not None
    return boards


def read(model: LiveCommerceModel, boards: Boards) -> Links:
    """The cards that members of groups notice."""
    (shard,) = model.shards
    links = new_links(read_boards(model.world, shard, boards, new_links(0)))
    read_boards(model.world, shard, boards, links)
    return links


def test_members_who_have_not_muted_the_group_notice_the_card_but_for_the_sender() -> None:
    model = world_with(group_notice=1.0, wide_strength=0.3)
    for viewer in (2, 4, 9, 30):
        put_in_group(model, viewer, 1, 6)
    put_in_group(model, 40, 1, 6, flags=MEMBER | MUTED)
    put_in_group(model, 41, 1, 6, flags=0)
    put_in_group(model, 42, 1, 5)
    boards = boards_of(model, {"sender": 4, "store": 3, "board": 6, "root": 7, "trust": 0.4})
    links = read(model, boards)
    assert links.receiver.tolist() == [2, 9, 30]
    assert (links.store == 3).all() and (links.root == 7).all() and (links.sender == 4).all()
    assert np.allclose(links.strength, 0.3) and np.allclose(links.endorsement, 0.12)
    assert put_up([shared({"sender": 4, "store": 3})], KEY, 0, 8) is None, "reposted nowhere"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 7)), unique=True, max_size=120), st.randoms())
def test_what_a_board_shows_does_not_depend_on_the_order_or_on_who_counts(
    posts: list[tuple[int, int]], luck: Any
) -> None:
    rows: list[dict[str, float]] = [
        {"sender": sender, "store": store, "board": (sender + store) % 3} for sender, store in posts
    ]
    mixed = luck.sample(rows, len(rows))
    cut = len(rows) // 3
    together = put_up([shared(*rows)], KEY, 4, 8)
    apart = put_up([shared(*mixed[:cut]), shared(*mixed[cut:])], KEY, 4, 8)
    if together is None or apart is None:
        assert not rows
        return
    assert [column.tolist() for column in together] == [column.tolist() for column in apart]
    assert np.diff(together.start).max() <= MOST_CARDS
    assert together.start[-1] == sum(min(MOST_CARDS, n) for n in Counter(r["board"] for r in rows).values())


def test_only_those_to_whom_a_buyer_sent_its_card_count_as_having_bought_by_it() -> None:
    """Buyers send cards that no friend notices, and repost them into groups where every member does."""
    model = build_model(
        scenario(
            {"one": platform({"recommend": 1.0, "push": 1.0, "share": 1.0})},
            VIEWERS,
            8,
            days=30,
            people={"activity_mean": 2.0},
            purchase={"intercept": 0.0},
            community={"join_by_visit": 0.3},
            sharing={
                "base_rate": 0.5,
                "direct_share": 1.0,
                "direct_notice": 0.0,
                "group_share": 1.0,
                "group_notice": 1.0,
            },
        )
    )
    model.run()
    outcome = Outcome.from_model(model)
    assert outcome.count("orders", outcome.channels.index("share")) > 50
    assert outcome.total("direct_by_buyers").sum() > 50 and outcome.total("orders_by_buyers").sum() == 0
