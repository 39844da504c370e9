"""The model: one world under one platform. Its `step` is one day."""

from __future__ import annotations

from collections.abc import Iterator

import mesa
import numpy as np

from ..behaviour.buying import buy_goods
from ..behaviour.choosing import choose_rooms
from ..behaviour.following import follow_merchants, review_ties
from ..behaviour.goods import goods_arrive
from ..behaviour.occasions import hand_out_occasions
from ..behaviour.sharing import share_links
from ..behaviour.shopkeeping import (
    bring_private_domains,
    plan_the_day,
    review_plans,
    settle_books,
    update_heat,
    welcome_walk_ins,
)
from ..platforms.channel import find_channel
from ..scenario.scenario import Arm, Scenario
from ..state.columns import OPEN
from ..state.ledger import add_up, clear, new_ledger
from ..state.rule_numbers import rule_numbers
from ..state.ties import empty_ties, fading_table
from .agent_set import ColumnAgentSet, agent_sets_by_type, everybody
from .agents import Merchant, ViewerAgents
from .cast import Cast, draw_cast
from .journal import Journal
from .links import LinkPost
from .people import viewer_columns
from .roster import FEN, copied
from .shards import Shard, Shards

MONTH = 30


class LiveCommerceModel(mesa.Model):
    """Merchants, fans and casual viewers for some days under one platform.

    Parameters
    ----------
    scenario : Scenario
        The question.
    arm : Arm
        The platform and changes under which the world is run.
    cast : Cast, optional
        People and merchants; drawn for replication 0 if not given. Arms that share a cast live
        in parallel worlds: same people, merchants and luck.
    threads : int
        Threads among which viewers are divided; results do not depend on it.
    """

    def __init__(self, scenario: Scenario, arm: Arm, cast: Cast | None = None, threads: int = 1):
        cast = cast or draw_cast(scenario)
        super().__init__(rng=int(cast.key) % 2**32)
        sections, self.platform = scenario.rules_of(arm)
        self.settings, self.arm, self.cast = scenario, arm, cast
        self.rules = rule_numbers(sections)
        self.newcomer_days: int = self.rules.shopkeeping.newcomer_days
        self.key, self.day, self.days = cast.key, 0, scenario.world.days
        self.people_per_viewer = float(scenario.world.people_per_viewer)
        self.viewers = viewer_columns(cast.traits, self.platform.pool)
        self.merchants = copied(cast.roster)
        self.friendships = cast.friendships
        self.ties = empty_ties(scenario.world.viewers, scenario.people.remembered_rooms)
        self._fading = fading_table(self.rules.trust.half_life, self.days)
        self._pushes = np.zeros((7, len(self.merchants.status)), np.uint8)
        self._set_up_channels()
        self._set_up_costs()
        size = (len(self.merchants.status), len(self.channels), self.days)
        self.ledger = new_ledger(*size)
        self.journal = Journal(self.days, *size[:2])
        self.shards = Shards(
            scenario.world.viewers, scenario.people.max_occasions, *size, threads
        )
        self._viewer_agents = ViewerAgents(self)
        self.merchant_agents: dict[int, Merchant] = {}

    def step(self) -> None:
        """One day, in seven phases. Friends' links spread in waves of phases 2 to 6."""
        self.merchants_plan()
        for wave in self.traffic_arrives():
            self.viewers_choose(wave)
            self.viewers_buy()
            self.goods_arrive()
            self.viewers_follow_share_or_leave(wave)
        self.merchants_and_platform_settle()

    def merchants_plan(self) -> None:
        """Phase 1: shops open, stream, push links, and win members for their groups."""
        clear(self.ledger)
        for shard in self.shards:
            clear(shard.ledger)
        plan_the_day(
            self.merchants, self._pushes, self.rules.shopkeeping, self._pushing_allowed, self.key,
            self.day,
        )
        self._greet_arrivals()
        bring_private_domains(
            self.viewers, self.merchants, self.ties, self.ledger, self.cast.private_domains,
            self.rules.trust.tie_strength, self.day,
        )
        welcome_walk_ins(
            self.viewers, self.merchants, self.ties, self.ledger, self.rules, self._fading,
            self._walk_in_members, self._social_viewers,
            self.settings.friendships.neighbourhood_size, self.people_per_viewer, self.key,
            self.day,
        )

    def traffic_arrives(self) -> Iterator[int]:
        """Phase 2: each channel offers rooms; yields the number of each wave as it stands ready.

        Wave 0 holds the day's occasions to look at the platform's surfaces; later waves hold
        friends' links shared in the wave before.
        """
        prepared = [channel.prepare(self) for channel in self.channels]

        def arrive(shard: Shard) -> None:
            hand_out_occasions(
                self.viewers, shard.wave, shard.ledger, self.key, self.day, shard.first,
                shard.last, self.settings.people.max_occasions, self._cumulative_weights,
                self._by_links,
            )
            for index, channel in enumerate(self.channels):
                channel.offer(self, prepared[index], shard.wave, index)

        self.shards.each(arrive)
        if self._post:
            self._post.start_day()
        yield 0
        for wave in range(1, self.rules.sharing.max_waves + 1):
            if not self._post or not self._post.deliver(
                self.shards, self.viewers, self.rules, self.key, self.day, wave
            ):
                break
            yield wave

    def viewers_choose(self, wave: int) -> None:
        """Phase 3: each occasion leads into at most one room."""
        self.shards.each(
            lambda shard: choose_rooms(
                self.viewers, self.merchants, self.ties, shard.wave, shard.ledger, self.rules,
                self._fading, shard.attraction, self.key, self.day, self.days, wave > 0,
            )
        )
        if self._post and wave > 0:
            self._post.count_adopters(self.shards)

    def viewers_buy(self) -> None:
        """Phase 4: visitors order or not."""
        self.shards.each(
            lambda shard: buy_goods(
                self.viewers, self.merchants, self.ties, shard.wave, shard.ledger, self.rules,
                self.key, self.day,
            )
        )

    def goods_arrive(self) -> None:
        """Phase 5: goods please or not, some are returned, trust changes."""
        self.shards.each(
            lambda shard: goods_arrive(
                self.viewers, self.merchants, self.ties, shard.wave, shard.ledger, self.rules,
                self.day,
            )
        )

    def viewers_follow_share_or_leave(self, wave: int) -> None:
        """Phase 6: visitors follow and pass links on; once a week fans mute or leave."""

        def respond(shard: Shard) -> None:
            follow_merchants(
                self.viewers, self.ties, shard.wave, shard.ledger, self.rules, self.day, wave > 0
            )
            if self._post:
                share_links(
                    self.viewers, self.ties, shard.wave, shard.shares, shard.ledger, self.rules,
                    self.key, self.day,
                )
            if wave == 0:
                review_ties(
                    self.viewers, self.merchants, self.ties, shard.ledger, self.rules,
                    self._fading, self.key, self.day, shard.first, shard.last,
                )

        self.shards.each(respond)

    def merchants_and_platform_settle(self) -> None:
        """Phase 7: books, exits, plans and heat are brought up to date; the day is written down."""
        add_up(self.ledger, [shard.ledger for shard in self.shards])
        settle_books(
            self.merchants, self.ledger.merchants, self._stream_cost, self._daily_cost,
            self.rules.shopkeeping, self.platform.commission, self.people_per_viewer, self.day,
            self.journal.books[self.day],
        )
        review_plans(self.merchants, self.rules.shopkeeping, self.day)
        update_heat(
            self.merchants, self.ledger.merchants, self.platform.heat_memory,
            self.people_per_viewer,
        )
        self._write_journal()
        self.day += 1

    def run(self) -> Journal:
        """Run all remaining days and return what was written down."""
        while self.day < self.days:
            self.step()
        return self.journal

    def close(self) -> None:
        """Let go of threads and of everything that would keep this model in memory."""
        self.shards.close()
        # mesa 3.3.1 keeps every model alive as a key of this counter; later versions have none.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    @property
    def agents(self) -> ColumnAgentSet:
        """All agents: viewers, then merchants that have arrived."""
        return everybody(self._viewer_agents)

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], mesa.agent.AgentSet]:
        """Agents by type: `Merchant`, `Fan` and `CasualViewer`."""
        return agent_sets_by_type(self._viewer_agents)

    @property
    def agent_types(self) -> list[type]:
        """The types of agents."""
        return list(self.agents_by_type)

    def _set_up_channels(self) -> None:
        weights = {name: weight for name, weight in self.platform.channels.items() if weight > 0}
        self.channel_names = list(weights)
        self.channels = [find_channel(name) for name in weights]
        shares = np.array(list(weights.values()))
        self._cumulative_weights = np.cumsum(shares / shares.sum())
        self._by_links = np.array([channel.by_links for channel in self.channels])
        self._pushing_allowed = "push" in weights
        carriers = np.flatnonzero(self._by_links)
        self._post = LinkPost(self.friendships, int(carriers[0])) if len(carriers) else None

    def _set_up_costs(self) -> None:
        kinds = list(self.settings.merchants.archetypes.by_name().values())
        self._stream_cost = np.array([kind.stream_cost * FEN for kind in kinds])
        self._daily_cost = np.array([kind.daily_cost * FEN for kind in kinds])
        self._walk_in_members = np.array([float(kind.walk_in_members) for kind in kinds])
        world = self.settings.world
        self._social_viewers = world.viewers - world.isolated_viewers

    def _greet_arrivals(self) -> None:
        """Give each merchant that opens today its Mesa agent."""
        for row in np.flatnonzero(self.merchants.arrival == self.day):
            self.merchant_agents[int(row)] = Merchant(self, int(row))

    def _write_journal(self) -> None:
        journal, day = self.journal, self.day
        journal.write_day(day, self.ledger, self.merchants.live)
        journal.active[day] = np.count_nonzero(self.viewers.last_active == day)
        if (day + 1) % MONTH == 0:
            journal.monthly_active[day] = np.count_nonzero(self.viewers.last_active > day - MONTH)
        journal.fan_viewers[day] = np.count_nonzero(self.viewers.fan_ties)
        journal.fan_ties[day] = int(self.merchants.fans.sum())
        journal.open_merchants[day] = np.count_nonzero(self.merchants.status == OPEN)
        if self._post:
            journal.cascade_sizes += self._post.sizes()
