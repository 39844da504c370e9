"""Sets of column-backed agents answer as Mesa's own sets of ordinary agents do."""

from __future__ import annotations

import copy
import operator
import random
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from simulation.world.agents.kinds import CasualViewer, Fan, Merchant, Viewer
from simulation.world.model import LiveCommerceModel
from tests.support.plain_agents import (
    FIELDS,
    PLAIN,
    VIEWERS,
    PlainFan,
    PlainViewer,
    equal,
    first,
    names,
    new_model,
    plain_copy,
)

Pair = tuple[AgentSet, AgentSet]
"""The column-backed set and Mesa's."""


@pytest.fixture(scope="module")
def model() -> Iterable[LiveCommerceModel]:
    model = new_model()
    yield model
    model.close()


@pytest.fixture(scope="module")
def plain(model: LiveCommerceModel) -> mesa.Model:
    return plain_copy(model)


@pytest.fixture
def pair(model: LiveCommerceModel, plain: mesa.Model) -> Pair:
    """The column-backed set and Mesa's, with generators in the same state."""
    model.random.seed(5)
    plain.random.seed(5)
    return model.agents, plain.agents


def of_kind(pair: Pair, kind: type[mesa.Agent]) -> Pair:
    """Members of `kind` and of its counterpart."""
    return pair[0].select(agent_type=kind), pair[1].select(agent_type=PLAIN[kind])


def is_even(agent: mesa.Agent) -> bool:
    return agent.unique_id % 2 == 0


# ---- membership and order


def test_the_world_of_these_tests_has_all_three_types(model: LiveCommerceModel) -> None:
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    assert min(counts.values()) > 5
    assert len(model.merchant_agents) > 12, "a merchant has arrived after the first day"


def test_length_order_and_membership_are_mesas(pair: Pair) -> None:
    columns, mesas = pair
    assert len(columns) == len(mesas)
    assert names(columns) == names(mesas)
    assert names(reversed(columns)) == names(mesas)[::-1]
    assert all(agent in columns for agent in columns)
    stranger = first(mesas)
    assert stranger not in columns
    assert None not in columns


def test_an_agent_is_not_in_a_set_of_others(model: LiveCommerceModel) -> None:
    by_type = model.agents_by_type
    assert first(by_type[Fan]) not in by_type[CasualViewer]
    assert first(by_type[Merchant]) not in by_type[Fan]


def test_agents_of_another_model_are_not_members(model: LiveCommerceModel) -> None:
    other = new_model(days_run=1)
    assert first(other.agents) not in model.agents
    other.close()


@pytest.mark.parametrize("item", [0, 7, -1, slice(3, 9), slice(None, None, 50), slice(-4, None)])
def test_indexing_gives_the_same_members(pair: Pair, item: int | slice) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mesa 3.5 discourages indexing
        columns, mesas = (agents[item] for agents in pair)
    if isinstance(item, slice):
        assert names(columns) == names(mesas)
    else:
        assert columns.unique_id == mesas.unique_id


def test_types_and_their_members_are_mesas(model: LiveCommerceModel, plain: mesa.Model) -> None:
    assert {PLAIN[kind] for kind in model.agent_types} == set(plain.agent_types)
    for kind in (Merchant, Fan, CasualViewer):
        assert names(model.agents_by_type[kind]) == names(plain.agents_by_type[PLAIN[kind]])
        assert all(type(agent) is kind for agent in model.agents_by_type[kind])


# ---- select


@pytest.mark.parametrize("kind", [None, Merchant, Fan, CasualViewer, Viewer, mesa.Agent])
@pytest.mark.parametrize("chosen_by", [None, is_even])
@pytest.mark.parametrize("at_most", [float("inf"), 0, 1, 5, 10_000, 0.0, 0.1, 0.55, 1.0, 2.5])
def test_select_takes_the_same_members(
    pair: Pair, kind: type[mesa.Agent] | None, chosen_by: Callable | None, at_most: float
) -> None:
    columns, mesas = pair
    selected = columns.select(chosen_by, at_most=at_most, agent_type=kind)
    assert names(selected) == names(mesas.select(chosen_by, at_most=at_most, agent_type=PLAIN[kind]))
    assert len(columns) == len(mesas), "the set itself stays whole"


def test_select_in_place_changes_the_set(pair: Pair) -> None:
    for agents, kind in zip(pair, (Fan, PlainFan), strict=True):
        agents = copy.copy(agents)
        before = len(agents)
        assert agents.select(is_even, agent_type=kind, inplace=True) is agents
        assert 0 < len(agents) < before
    assert names(pair[0].select(is_even, inplace=False)) == names(pair[1].select(is_even))


def test_select_of_fewer_than_none_takes_nobody(pair: Pair) -> None:
    assert [names(agents.select(at_most=-1)) for agents in pair] == [[], []]


@pytest.mark.parametrize("operation", [operator.and_, operator.or_, operator.sub, operator.xor])
def test_operations_on_sets_have_the_same_result(pair: Pair, operation: Callable) -> None:
    results = []
    for agents in pair:
        left, right = agents.select(is_even), agents.select(at_most=20)
        results.append(names(operation(left, right)))
    assert results[0] == results[1]


def test_comparisons_of_sets_have_the_same_result(pair: Pair) -> None:
    for agents in pair:
        even, few = agents.select(is_even), agents.select(at_most=20)
        assert even < agents
        assert even == agents.select(is_even).sort("unique_id")
        assert not even.isdisjoint(few)
        assert even.isdisjoint(agents.select(lambda agent: not is_even(agent)))


# ---- get, set, agg


@pytest.mark.parametrize("kind", [Merchant, Fan, CasualViewer, Viewer])
def test_get_reads_the_same_values(pair: Pair, kind: type[mesa.Agent]) -> None:
    columns, mesas = of_kind(pair, kind)
    fields = list(FIELDS[kind])
    for name in fields:
        assert equal(columns.get(name), mesas.get(name)), name
        assert [type(v) for v in columns.get(name)] == [type(v) for v in mesas.get(name)], name
    assert equal(columns.get(fields), mesas.get(fields))
    assert columns.get([]) == mesas.get([])


def test_get_of_a_missing_attribute_is_an_error_or_the_default(pair: Pair) -> None:
    for agents in pair:
        with pytest.raises(AttributeError, match="cash"):
            agents.get("cash")
        with pytest.raises(AttributeError, match="cash"):
            agents.get(["unique_id", "cash"])
        with pytest.raises(ValueError, match="handle_missing"):
            agents.get("unique_id", handle_missing="ignore")
    columns, mesas = pair
    for asked in ("cash", "taste", "nonsense", ["taste", "cash"]):
        found = [agents.get(asked, handle_missing="default", default_value=-1) for agents in pair]
        assert equal(*found)
    assert columns.get("nonsense", "default") == mesas.get("nonsense", "default")


@pytest.mark.parametrize("kind", [Merchant, Fan, Viewer])
@pytest.mark.parametrize("functions", [np.mean, max, [min, max, sum]])
def test_agg_gives_the_same_summary(pair: Pair, kind: type[mesa.Agent], functions: Any) -> None:
    columns, mesas = of_kind(pair, kind)
    for name in FIELDS[kind]:
        if name not in ("interest", "satisfied_on", "by_card", "kind"):
            assert equal(columns.agg(name, functions), mesas.agg(name, functions))


def test_set_gives_every_member_the_value() -> None:
    model = new_model(days_run=2)
    plain = plain_copy(model)
    for name, value in (("activity", 0.25), ("last_active", 1), ("nickname", "A")):
        for agents in (model.agents, plain.agents):
            viewers = agents.select(agent_type=Viewer if agents is not plain.agents else PlainViewer)
            assert viewers.set(name, value) is viewers
            assert viewers.get(name) == [value] * VIEWERS
    assert (model.viewers.activity == np.float32(0.25)).all()
    model.agents_by_type[Merchant].set("cash", 12)
    assert (model.stores.cash[list(model.merchant_agents)] == 1200).all(), "12 CNY are 1,200 fen"
    assert (model.stores.cash[model.stores.status == 0] != 1200).all(), "not yet arrived"
    model.close()


def test_set_reaches_viewers_and_merchants_alike() -> None:
    model = new_model(days_run=2)
    model.agents.set("mark", 3)
    assert model.agents.get("mark") == [3] * len(model.agents)
    model.close()


# ---- groupby


@pytest.mark.parametrize("by", ["fan_ties", lambda viewer: viewer.taste > 0.5])
@pytest.mark.parametrize("result_type", ["agentset", "list"])
def test_groupby_makes_the_same_groups(pair: Pair, by: Any, result_type: str) -> None:
    ours, mesas = (agents.groupby(by, result_type) for agents in of_kind(pair, Viewer))
    assert len(ours) == len(mesas) > 1
    assert [(key, names(group)) for key, group in ours] == [(key, names(group)) for key, group in mesas]
    kind = list if result_type == "list" else AgentSet
    assert all(isinstance(group, kind) for _, group in ours)
    assert ours.count() == mesas.count()
    assert ours.agg("taste", sum) == mesas.agg("taste", sum)
    assert ours.map(len) == mesas.map(len)
    assert ours.map(names) == mesas.map(names)
    seen: tuple[list[int], list[int]] = ([], [])
    assert ours.do(lambda group: seen[0].append(len(group))) is ours
    mesas.do(lambda group: seen[1].append(len(group)))
    assert seen[0] == seen[1]


def test_methods_of_groups_can_be_called_by_name(pair: Pair) -> None:
    ours, mesas = (agents.groupby("archetype") for agents in of_kind(pair, Merchant))
    assert ours.map("get", "price") == mesas.map("get", "price")
    assert ours.map("agg", "cash", max) == mesas.map("agg", "cash", max)


# ---- do, map, shuffle, sort, copy


def test_do_and_map_visit_members_in_mesas_order(pair: Pair) -> None:
    called: list[list[int]] = []
    for agents in pair:
        seen: list[int] = []
        assert agents.do(lambda agent, seen=seen: seen.append(agent.unique_id)) is agents
        called.append(seen)
    assert called[0] == called[1] == pair[0].map(lambda agent: agent.unique_id)
    ours, mesas = of_kind(pair, Merchant)
    assert ours.map("__getattribute__", "unique_id") == mesas.map("__getattribute__", "unique_id")
    assert ours.do("step") is ours


@pytest.mark.parametrize("inplace", [False, True])
def test_shuffle_gives_mesas_order_for_the_same_luck(pair: Pair, inplace: bool) -> None:
    orders = []
    for agents in map(copy.copy, pair):
        shuffled = agents.shuffle(inplace=inplace)
        assert (shuffled is agents) == inplace
        orders.append(names(shuffled))
    assert orders[0] == orders[1] != names(pair[0])
    after = [names(agents.shuffle()) for agents in pair]
    assert after[0] == after[1], "both have used up as much luck"


@pytest.mark.parametrize("method", ["by name", "by function"])
def test_shuffle_do_gives_mesas_order_for_the_same_luck(
    pair: Pair, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[int]] = []
    for agents in pair:
        seen: list[int] = []
        if method == "by name":
            monkeypatch.setattr(mesa.Agent, "step", lambda agent, seen=seen: seen.append(agent.unique_id))
            agents.shuffle_do("step")
        else:
            agents.shuffle_do(lambda agent, seen=seen: seen.append(agent.unique_id))
        called.append(seen)
    assert called[0] == called[1]
    assert sorted(called[0]) == sorted(names(pair[0]))


@pytest.mark.parametrize("ascending", [False, True])
@pytest.mark.parametrize("inplace", [False, True])
@pytest.mark.parametrize(
    "key", ["taste", "fan_ties", "unique_id", lambda viewer: -viewer.impulse, operator.attrgetter("fan_ties")]
)
def test_sort_gives_mesas_order_also_among_equals(
    pair: Pair, key: Any, ascending: bool, inplace: bool
) -> None:
    orders = []
    for viewers in of_kind(pair, Viewer):
        ordered = viewers.sort(key, ascending=ascending, inplace=inplace)
        assert (ordered is viewers) == inplace
        orders.append(names(ordered))
    assert orders[0] == orders[1]


def test_sort_takes_dotted_keys(pair: Pair) -> None:
    orders = [names(agents.select(at_most=20).sort("model.steps")) for agents in pair]
    assert orders[0] == orders[1]


def test_a_copy_changes_apart_from_its_original(pair: Pair) -> None:
    for agents in pair:
        size = len(agents)
        twin = copy.copy(agents)
        assert names(twin) == names(agents)
        assert twin.random is agents.random
        twin.select(is_even, inplace=True)
        assert len(agents) == size > len(twin)


def test_sets_follow_the_models_generator(model: LiveCommerceModel) -> None:
    assert model.agents.random is model.random
    assert isinstance(model.agents.random, random.Random)


def test_a_set_tells_how_many_of_each_kind_it_holds(model: LiveCommerceModel) -> None:
    counts = {kind: len(model.agents_by_type[kind]) for kind in (Fan, CasualViewer, Merchant)}
    words = ", ".join(f"{count:,} {kind.__name__}" for kind, count in counts.items() if count)
    assert repr(model.agents) == f"<ColumnAgentSet: {words}>"
    assert repr(model.agents.select(lambda agent: False)) == "<ColumnAgentSet: nobody>"
