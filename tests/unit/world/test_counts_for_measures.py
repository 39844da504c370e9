"""What kernels count for measures alone is what the line list says, worked out anew from its rows."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from simulation.measures import Outcome
from simulation.world.cast.cast import draw_cast
from simulation.world.line_list import BEGINNINGS, SCHEMAS, Recorder, part_file
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import build_model, platform, same_shops, scenario

DAYS, VIEWERS, SHOPS = 95, 200, 8
CHANNELS = {"recommend": 1.0, "follow": 0.3, "push": 0.5, "share": 2.0}
PRIVATE = ["follow", "push", "share"]
PAIR = ["viewer", "merchant"]


class Told(NamedTuple):
    """A finished world and its line list."""

    model: LiveCommerceModel
    outcome: Outcome
    visits: pd.DataFrame
    ties: pd.DataFrame
    shares: pd.DataFrame


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A busy little world whose viewers forget no room, since there are fewer rooms than they remember."""
    busy: dict[str, Any] = {
        "sharing": {"base_rate": 0.3},
        "following": {"base_rate": 0.05, "leave_rate": 0.05},
        "purchase": {"intercept": -2.0},
        "community": {"join_by_visit": 0.02, "join_by_card": 0.1, "join_by_parcel": 0.1},
        "shopkeeping": {"arrivals": 0.0},
    }
    people = {"activity_mean": 1.2, "max_occasions": 6}
    settings = scenario({"one": platform(CHANNELS)}, VIEWERS, SHOPS, DAYS, people=people, **busy)
    model = build_model(settings, cast=draw_cast(settings))
    folder: Path = tmp_path_factory.mktemp("line_list")
    model.recorder = Recorder(folder, "one", 0, model)
    model.run()
    model.recorder.close()
    visits, ties, shares = (
        pq.read_table(part_file(folder, table, "one", 0)).to_pandas()
        for table in ("visits", "ties", "shares")
    )
    assert set(SCHEMAS) == {"visits", "ties", "shares"} and len(visits) > 2_000
    return Told(model, Outcome.from_model(model), with_what_was_before(visits, ties), ties, shares)


def with_what_was_before(visits: pd.DataFrame, ties: pd.DataFrame) -> pd.DataFrame:
    """Visits with ``bought_before``, and what the tie was as the visit began: ``since`` (missing without
    a subscription) and ``outside``, whether it was of the starting domain or met outside."""
    visits = visits.sort_values(["day", "wave"], kind="stable").reset_index(drop=True)
    earlier = visits.groupby(PAIR)["ordered"].cumsum() - visits["ordered"]
    history = {pair: rows for pair, rows in ties.groupby(PAIR)}
    states = [
        state_before(history.get((row.viewer, row.merchant)), row.day, row.wave)
        for row in visits.itertuples()
    ]
    return visits.assign(
        bought_before=earlier > 0,
        since=[state[0] for state in states],
        outside=[state[1] for state in states],
        private=visits["channel"].isin(PRIVATE),
    )


def state_before(events: pd.DataFrame | None, day: int, wave: int) -> tuple[float, bool]:
    """Day of the present subscription, and whether ever of the starting domain or met outside.

    What was brought or joined outside stands in the morning; whoever follows does so after a visit, and
    whoever leaves, once the day's own occasions are over and before links arrive.
    """
    since, outside = np.nan, False
    for event in events.itertuples() if events is not None else ():
        in_the_morning = event.event in ("starting", "joined outside")
        before = in_the_morning or (event.event == "left" and wave > 0)
        if event.day > day or (event.day == day and not before):
            break
        outside |= in_the_morning
        since = event.day if event.event in BEGINNINGS else np.nan
    return since, outside


def test_private_visits_and_orders_are_by_store_and_day(told: Told) -> None:
    for name, chosen in (("visits", told.visits), ("orders", told.visits[told.visits["ordered"]])):
        private = chosen[chosen["private"]]
        found = np.zeros((DAYS, SHOPS), int)
        np.add.at(found, (private["day"], private["merchant"]), 1)
        assert (getattr(told.model.journal, f"private_{name}") == found).all() and found.sum() > 0


def test_strangers_are_those_who_were_no_fans_a_month_before(told: Told) -> None:
    strangers = ~(told.visits["since"] <= told.visits["day"] - 30)
    by_day = np.bincount(told.visits.loc[strangers, "day"], minlength=DAYS)
    assert (told.outcome.flow("strangers") == by_day).all()
    assert 0 < strangers.sum() < len(strangers)


def test_repeat_orders_of_fans_and_followers_who_have_just_bought(told: Told) -> None:
    visits = told.visits
    repeat = visits["ordered"] & visits["bought_before"] & visits["since"].notna()
    assert told.outcome.total("fan_repeat_orders").sum() == repeat.sum() > 0
    just_bought = visits["ordered"] & visits["followed"]
    assert told.outcome.total("buyer_follows").sum() == just_bought.sum() > 0


def test_buyers_and_rebuyers_of_months(told: Told) -> None:
    orders = told.visits[told.visits["ordered"]]
    months = [set(orders.loc[orders["day"] // 30 == month, "viewer"]) for month in range(3)]
    journal = told.model.journal
    assert journal.buyers_by_month.tolist() == [*map(len, months), 0]
    both = [len(now & before) for before, now in pairwise(months)]
    assert journal.rebuyers_by_month.tolist() == [0, *both, 0] and min(both) > 0


def test_fans_are_back_once_31_to_60_days_after_they_began(told: Told) -> None:
    """By pair and the last beginning before the visit, also of those who have left since."""
    began = told.ties[told.ties["event"].isin(BEGINNINGS)]
    expected = np.zeros(DAYS, int)
    for pair, beginnings in began.groupby(PAIR):
        visits = told.visits[(told.visits["viewer"] == pair[0]) & (told.visits["merchant"] == pair[1])]
        starts = beginnings[["day", "event"]].to_numpy().tolist()
        for (day, event), (until, again) in zip(starts, [*starts[1:], [DAYS, ""]], strict=True):
            age = visits["day"] - day
            last = until if again == "followed" else until - 1  # who follows again is there before
            if event != "starting":
                expected[day] += bool(((age > 30) & (age <= 60) & (visits["day"] <= last)).any())
    assert (told.model.journal.back_60 == expected).all() and expected.sum() > 10
    joined = began[began["event"] != "starting"]
    assert told.model.journal.joined.sum() == len(joined)


def test_matched_strata_hold_every_visit_and_order(told: Told) -> None:
    """Of the same store by visitors who knew the host, and of the same person by card."""
    visits = told.visits
    knew = visits["bought_before"] | visits["outside"]
    known = told.model.journal.sums.known.sum(axis=1)
    by_card = told.model.viewers.by_card.sum(axis=1)
    for table, of, kind in ((known, "merchant", knew), (by_card, "viewer", visits["channel"] == "share")):
        for value in (False, True):
            chosen = visits[kind == value]
            for place, rows in enumerate((chosen, chosen[chosen["ordered"]])):
                counts = np.bincount(rows[of], minlength=len(table))
                assert (table[:, int(value), place] == counts).all() and counts.sum() > 0


def test_fit_is_summed_by_channel_in_its_classes(told: Told) -> None:
    """Worked out from tastes on one arc; a sum of ten-thousandths errs by at most half of one a visit."""
    people, shops = told.model.viewers, told.model.stores
    visits, weight = told.visits, told.model.rules.choice.taste_weight
    apart = abs(people.taste[visits["viewer"]] - shops.style[visits["merchant"]])
    apart = np.minimum(apart, 1 - apart)
    fit = people.interest[visits["viewer"], shops.category[visits["merchant"]]] * (1 - 2 * weight * apart)
    for channel, name in enumerate(told.outcome.channels):
        chosen = (visits["channel"] == name).to_numpy()
        assert told.outcome.count("fit", channel) / 10_000 == pytest.approx(fit[chosen].sum(), rel=1e-3)
    classes = np.bincount(np.minimum(3, (4 * fit).astype(int)), minlength=4)
    found = told.model.journal.sums.known.sum(axis=(0, 2))[:, 0]
    assert found.tolist() == pytest.approx(classes, abs=2)


def test_the_audience_remembers_the_month_of_each_viewer_s_last_visit(told: Told) -> None:
    last = told.visits.groupby(PAIR)["day"].max() // 30 + 1
    found = np.zeros((VIEWERS, SHOPS), int)
    found[last.index.get_level_values(0), last.index.get_level_values(1)] = last
    assert (told.model.audience.month == found).all()


def test_posts_form_the_trees_that_links_and_shares_tell_of(told: Told) -> None:
    came = told.visits.set_index(["day", *PAIR])["friend"]
    trees = []
    for (day, _), posts in told.shares.groupby(["day", "cascade"]):
        friends = [came[day, row.viewer, row.merchant] for row in posts.itertuples()]
        edges = zip(friends, posts["viewer"], strict=True)
        trees.append(nx.Graph([(above, below) for above, below in edges if pd.notna(above) and above >= 0]))
    reposted = [tree for tree in trees if tree.number_of_edges()]
    total = told.outcome.total
    assert len(trees) == told.model.journal.cascade_sizes.sum()
    assert total("cascades_reposted").sum() == len(reposted) > 5
    assert total("reposts").sum() == sum(tree.number_of_edges() for tree in reposted)
    distances = sum(nx.average_shortest_path_length(tree) for tree in reposted)
    assert total("virality").sum() / 10_000 == pytest.approx(distances, abs=1e-4 * len(reposted))


def test_orders_by_links_of_those_who_had_just_bought(told: Told) -> None:
    visits = told.visits.set_index(["day", *PAIR])
    direct = told.shares[~told.shares["broadcast"]]
    senders = {tuple(row) for row in direct[["day", *PAIR]].to_numpy() if visits["ordered"][tuple(row)]}
    assert told.outcome.total("direct_by_buyers").sum() == len(senders) > 10
    by_link = told.visits[told.visits["ordered"] & (told.visits["channel"] == "share")]
    from_buyers = [(row.day, row.friend, row.merchant) in senders for row in by_link.itertuples()]
    assert told.outcome.total("orders_by_buyers").sum() == sum(from_buyers) > 0


def test_members_join_after_visits_or_at_the_counter_or_are_brought(told: Told) -> None:
    outcome = told.outcome
    joined = outcome.count("joins") + outcome.total("counter_joins").sum()
    assert outcome.flow("members_won").sum() == joined + outcome.flow("started").sum()
    assert outcome.count("joins") > 0 and outcome.total("buyer_joins").sum() > 0
    assert told.model.journal.members[-1] == told.model.stores.members.sum() > 0


def test_fans_get_each_link_that_is_posted_in_their_group() -> None:
    """Every shop posts daily and nobody joins, leaves or mutes: seven notices a fan and week."""
    shops = same_shops(fanless_share=0.0, fans_median=40.0, community_skill=1.0)
    settings = scenario(
        {"groups": platform({"push": 1.0})},
        VIEWERS,
        4,
        28,
        merchants=shops,
        following={"base_rate": 0.0, "leave_rate": 0.0, "annoyance": 0.0, "fade_floor": 0.0},
        community={"join_by_visit": 0.0, "join_by_card": 0.0, "join_by_parcel": 0.0},
        shopkeeping={"arrivals": 0.0, "push_per_stream": 1.0, "stream_step": 0.0},
    )
    model = build_model(settings)
    model.run()
    notices = Outcome.from_model(model).total("notices")[7:]
    assert notices.sum() == 100 * 7 * 3 * model.stores.fans.sum() > 0
