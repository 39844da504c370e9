"""Agents and columns are one state; agents cost nothing until asked for, and let go at the end."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterable

import mesa
import pytest

from simulation.state.ties import SUBSCRIBED
from simulation.world.agents.kinds import CasualViewer, Fan, Merchant, Viewer
from simulation.world.model import LiveCommerceModel
from tests.support.plain_agents import first, new_model


@pytest.fixture(scope="module")
def model() -> Iterable[LiveCommerceModel]:
    model = new_model()
    yield model
    model.close()


def test_what_is_written_to_an_agent_stands_in_the_column() -> None:
    model = new_model(days_run=2)
    viewer, merchant = first(model.agents), first(model.agents_by_type[Merchant])
    viewer.impulse, viewer.interest, merchant.cash = 0.125, [0.5] * 8, 77
    assert model.viewers.impulse[viewer.row] == 0.125
    assert (model.viewers.interest[viewer.row] == 0.5).all()
    assert model.stores.cash[merchant.row] == 7700, "in fen"
    assert "impulse" not in vars(viewer)
    model.close()


def test_what_is_written_to_a_column_is_read_from_the_agent() -> None:
    model = new_model(days_run=2)
    viewer, merchant = first(model.agents), first(model.agents_by_type[Merchant])
    model.viewers.last_active[viewer.row] = 9
    model.stores.streams[merchant.row] = 2.5
    assert (viewer.last_active, merchant.streams) == (9, 2.5)
    assert type(viewer.last_active) is int
    assert type(merchant.streams) is float
    model.close()


def test_agents_have_no_attributes_but_their_own(model: LiveCommerceModel) -> None:
    viewer, merchant = first(model.agents), first(model.agents_by_type[Merchant])
    for agent, name in ((viewer, "cash"), (merchant, "impulse"), (viewer, "nonsense")):
        assert not hasattr(agent, name)


def test_asking_twice_gives_the_same_object(model: LiveCommerceModel) -> None:
    for again, agent in zip(model.agents, model.agents, strict=True):
        assert again is agent
    fan = first(model.agents_by_type[Fan])
    assert first(model.agents.select(lambda agent: agent.unique_id == fan.unique_id)) is fan


def test_agents_know_their_friends_and_merchants(model: LiveCommerceModel) -> None:
    for fan in model.agents_by_type[Fan]:
        assert len(fan.follows) == fan.fan_ties > 0
        assert all(fan in friend.friends for friend in fan.friends)
    for casual in model.agents_by_type[CasualViewer]:
        assert casual.follows == []
    followers = sum(fan.fan_ties for fan in model.agents_by_type[Fan])
    assert model.agents_by_type[Merchant].agg("fans", sum) == followers


def test_a_viewer_is_a_fan_while_it_follows_anybody() -> None:
    model = new_model(days_run=2)
    fan, casual = (first(model.agents_by_type[kind]) for kind in (Fan, CasualViewer))
    followed = fan.fan_ties
    fan.fan_ties, casual.fan_ties = 0, 1
    assert first(model.agents.select(lambda agent: agent.unique_id == fan.unique_id)) is fan
    assert first(model.agents.select(lambda agent: agent.unique_id == casual.unique_id)) is casual
    assert (type(fan), type(casual)) == (CasualViewer, Fan)
    assert fan in model.agents_by_type[CasualViewer]
    assert casual not in model.agents_by_type[CasualViewer]
    fan.fan_ties = followed
    assert fan in model.agents_by_type[Fan]
    assert type(first(model.agents_by_type[Fan].select(lambda agent: agent is fan))) is Fan
    model.close()


def test_classes_follow_the_ties_of_a_run() -> None:
    model = new_model(days_run=1)
    before = {viewer.unique_id: type(viewer) for viewer in model.agents.select(agent_type=Viewer)}
    model.run()
    subscribed = ((model.ties.flags & SUBSCRIBED > 0) & (model.ties.store >= 0)).any(axis=1)
    after = {viewer.unique_id: type(viewer) for viewer in model.agents.select(agent_type=Viewer)}
    assert [kind is Fan for kind in after.values()] == subscribed.tolist()
    changes = {(before[who], after[who]) for who in after if before[who] is not after[who]}
    assert changes == {(Fan, CasualViewer), (CasualViewer, Fan)}
    model.close()


def test_a_removed_merchant_is_no_longer_among_the_agents() -> None:
    model = new_model(days_run=2)
    merchant = first(model.agents_by_type[Merchant])
    merchant.remove()
    model.close()
    assert merchant not in model.agents


def test_writing_a_trait_in_one_arm_leaves_the_cast_as_it_was() -> None:
    model = new_model(days_run=0)
    before = model.cast.traits.impulse.copy()
    model.agents.select(agent_type=Viewer).set("impulse", 0.5)
    model.close()
    assert (model.cast.traits.impulse == before).all()


# ---- cost and end


def test_members_of_a_set_cannot_be_added_or_removed_by_hand(model: LiveCommerceModel) -> None:
    everybody = model.agents
    for change in (everybody.add, everybody.discard, everybody.remove):
        with pytest.raises(TypeError, match="columns"):
            change(first(everybody))
    with pytest.raises(TypeError, match="activity"):
        first(everybody).remove()


def test_a_closed_model_is_released() -> None:
    model = new_model(days_run=3)
    made = list(model.agents)
    gone = weakref.ref(model)
    model.close()
    assert model not in getattr(mesa.Agent, "_ids", {})
    del model, made
    gc.collect()
    assert gone() is None
