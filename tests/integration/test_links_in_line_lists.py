"""In a line list, whoever comes by a link has it from somebody who passed it on, to people of that kind."""

from __future__ import annotations

import pytest

from simulation.state.ties import EMPTY
from simulation.state.wide_circle import wide_circle_member, wide_circle_size
from simulation.world.model import LiveCommerceModel
from tests.integration.test_line_list import Recorded, alone, market, recorded


@pytest.fixture(scope="module", params=["alone", "market"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    settings = alone() if request.param == "alone" else market()
    return recorded(settings, tmp_path_factory.mktemp(request.param))


def friends_of(model: LiveCommerceModel, viewer: int) -> set[int]:
    friends = model.friendships
    return set(friends.friend[friends.start[viewer] : friends.start[viewer + 1]].tolist())


def wide_circle_of(model: LiveCommerceModel, viewer: int) -> set[int]:
    circles = model.world.circles
    return {wide_circle_member(circles, viewer, n) for n in range(wide_circle_size(circles, viewer))}


def groups_ever_joined(world: Recorded, viewer: int) -> set[int]:
    """Merchants in whose groups a viewer was at the end, or of which it ever became or ceased to be a fan."""
    model = world.model
    held, merchants = model.ties.store[viewer], model.merchant_count
    ties = world.ties[world.ties["viewer"] == viewer]
    return {int(store) % merchants for store in held[held != EMPTY]} | set(ties["merchant"].tolist())


def test_whoever_comes_by_a_link_has_it_from_somebody_who_passed_it_on_to_such(world: Recorded):
    """To friends; broadcast, to the wide circle too; or to fellow members of another merchant's group."""
    came = world.visits[world.visits["friend"].notna()].reset_index(drop=True)
    keys = ["day", "merchant", "platform", "cascade", "channel"]
    sent = world.shares.rename(columns={"viewer": "friend"})
    assert not sent.duplicated(["day", "friend", "merchant", "platform"]).any()
    met = came.astype({"friend": "int32", "cascade": "int32"}).merge(
        sent, on=[*keys, "friend"], how="left", suffixes=("", "_sent")
    )
    assert len(met) == len(came) > 200 and (met["wave"] == met["wave_sent"] + 1).all()
    pairs = set(zip(met["viewer"], met["friend"], met["broadcast"], met["merchant"], strict=True))
    beyond = {pair for pair in pairs if pair[1] not in friends_of(world.model, pair[0])}
    assert 0 < len(beyond) < len(pairs)
    for viewer, sender, broadcast, merchant in beyond:
        if not (broadcast and viewer in wide_circle_of(world.model, sender)):
            common = groups_ever_joined(world, viewer) & groups_ever_joined(world, sender)
            assert common - {merchant}
    assert came["channel"].isin(["share", "group_buy"]).all() and came["cascade"].notna().all()
    others = world.visits[world.visits["friend"].isna()]
    assert others["cascade"].isna().all() and (others["wave"] == 0).all()
