"""The model: one world under one platform. Its `step` is one day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..behaviour.closing import fill_groups
from ..behaviour.community import groups_tonight
from ..behaviour.goods import goods_arrive
from ..behaviour.grouping import group_sizes
from ..behaviour.merchants.adapting import begin_next_period, due_for_review
from ..behaviour.merchants.bookkeeping import Terms, settle_books, update_heat
from ..behaviour.merchants.shopkeeping import (
    WalkIn,
    bring_followers_along,
    bring_private_domains,
    open_shops,
    plan_the_day,
    welcome_walk_ins,
)
from ..behaviour.occasions import hand_out_occasions, meet_hosts
from ..behaviour.place_and_need import category_cycles
from ..behaviour.responding import respond
from ..scenario.reading.read import Source
from ..scenario.tables import Arm
from ..state.columns import CLOSED, FEN, OPEN
from ..state.compilation.held import hold, hold_others
from ..state.ledger import add_up, clear, new_ledger, nobody_yet
from ..state.rule_numbers import rule_numbers
from ..state.ties import empty_ties, fading_table, no_chat_groups
from ..state.waves import new_links
from ..state.wide_circle import WideCircles
from ..state.world import Shard, World
from ..words import counted
from .agents.arguments import given_arm, given_cast, given_past, given_scenario
from .agents.column_model import ColumnModel
from .agents.kinds import Merchant
from .cast.cast import Cast
from .cast.merchants import stores as stores_of_all
from .cast.merchants import without_streams
from .cast.numbers import by_merchant
from .cast.past import Columns, Past, as_past, first_homes, resume
from .cast.viewers import viewer_columns
from .interventions import Interventions
from .journal import Journal
from .links import LinkPost
from .locations import Locations
from .marketplace import Marketplace
from .morning import platforms_today
from .reviews import own_rule, review_merchants
from .threads import Shards

if TYPE_CHECKING:
    from .line_list import Recorder  # draws on Arrow, which few worlds need

NO_LINKS = hold(new_links(0))


class LiveCommerceModel(ColumnModel):
    """Merchants, fans and casual viewers for some days under one platform, or several in a market.

    ``copy.deepcopy(model)`` forks a world on any day: copy and original share nothing, have the same luck
    from then on, and end the same unless one of them is changed. Models can be pickled as well. A copy
    writes no line list; it has no recorder.

    Agents of your own join by being made: of any class derived from `mesa.Agent`, or from `Merchant`, whose
    agent takes the place of a merchant's (all of them in a model whose `merchant_class` it is). The model
    does not call their `step`; a class of your own derived from this one may, in its `step`.

    Parameters
    ----------
    scenario : Scenario, str, Path or mapping
        The question; or the name, path or tables of one without claims of its own.
    arm : Arm or str
        Platforms and changes under which the world is run, or the arm's name.
    cast : Cast, optional
        People and merchants; those of a replication if not given. Arms that share a cast live in parallel
        worlds: same people, merchants and luck.
    threads : int
        Threads among which viewers are divided; results do not depend on it.
    replicate : int, optional
        Number of the replication whose cast is drawn, from 0 (which is meant if nothing is given) as in
        results. Two models of the same replication are the same to the byte.
    rng : int, optional
        The same by the name under which `mesa.batch_run` hands over a number. Its ``iterations`` tell a
        model nothing, so that each would be the same: vary ``{"replicate": range(5)}`` instead.

    Attributes
    ----------
    recorder : Recorder or None
        Writes the line list of visits, ties and shares, if there is to be one.
    merchant_class : type
        Class of merchants' agents, `Merchant` or derived from it.
    """

    merchant_class: type[Merchant] = Merchant

    def __init__(
        self,
        scenario: Source,
        arm: Arm | str,
        cast: Cast | None = None,
        threads: int = 1,
        replicate: int | None = None,
        rng: int | None = None,
    ):
        scenario = given_scenario(scenario)
        arm = given_arm(scenario, arm)
        cast = given_cast(scenario, cast, replicate, rng)
        super().__init__(len(cast.roster.status), scenario.world.days, int(cast.key) % 2**32)
        sections, platforms = scenario.arm_rules(arm)
        self.settings, self.arm, self.cast, self.key = scenario, arm, cast, cast.key
        self.rules = rule_numbers(sections)
        self.newcomer_days: int = self.rules.shopkeeping.newcomer_days
        self.people_per_viewer = float(scenario.world.people_per_viewer)
        policies, plugged_in = scenario.arm_policies(arm), scenario.plugins.channels
        self.marketplace = Marketplace(platforms, policies, plugged_in, self.key)
        self.viewers, self.friendships = viewer_columns(cast.traits, len(platforms)), cast.friendships
        self.stores = stores_of_all(cast.roster, platforms)
        self.ties = empty_ties(scenario.world.viewers, scenario.people.remembered_rooms)
        rows = len(self.stores.status)
        self._pushes = np.zeros((7, rows), np.uint8)
        self._past = given_past(scenario, arm, cast)
        self._begin_where_it_ended()
        self._fading = fading_table(self.rules.trust.half_life, self.days + self._days_before)
        self._set_up_costs()
        self.locations = Locations(self)
        self.interventions = Interventions(rows, [platform.name for platform in platforms])
        self._own_rule = own_rule(scenario)
        surfaces = len(self.marketplace.channels)
        self.chat_groups = no_chat_groups(rows)
        self.ledger = new_ledger(rows, surfaces, self.days)
        self.audience = nobody_yet(scenario.world.viewers, rows)
        self.journal = Journal(self.days, rows, surfaces, len(platforms), scenario.run.warm_up_days)
        self.shards = Shards(
            scenario.world.viewers,
            scenario.people.max_occasions,
            self.ledger,
            threads,
            platforms=len(platforms),
            groups="group" in {channel.links for channel in self.marketplace.channels},
        )
        self.recorder: Recorder | None = None
        self._set_up_ways()
        self.world = hold(self._world_today())
        self._greet_those_who_are_there()

    def __repr__(self) -> str:
        shops = (self.stores.status == OPEN).reshape(len(self.marketplace), -1).any(axis=0)
        fans = np.count_nonzero(self.viewers.fan_ties)
        return (
            f"<{type(self).__name__} '{self.settings.name}', arm '{self.arm.name}': day {self.day:,} of "
            f"{self.days:,}, {counted(len(self.viewers.taste), 'viewer')}, {fans:,} of them fans, "
            f"{counted(int(np.count_nonzero(shops)), 'merchant')} open>"
        )

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"recorder": None}

    def step(self) -> None:
        """One day, in seven phases. Friends' links spread in waves of phases 2 to 6."""
        self.merchants_plan()
        for wave in self.traffic_arrives():
            self.viewers_respond(wave)
        self.groups_fill()
        self.merchants_and_platforms_settle()
        self.datacollector.collect(self)

    def merchants_plan(self) -> None:
        """Phase 1: shops open, stream, push links, and win members for their groups."""
        self._refuse_if_over()
        clear(self.ledger)
        self.marketplace.open_for(self.day)
        self.world = hold_others(self.world, self._world_today())
        self.locations.welcome_newcomers(self)
        open_shops(self.stores, self.locations.homes, self.day)
        self.interventions.act(self, self.journal.by_store)
        plan_the_day(self.world, self._pushes, self.marketplace.opens_today("push"), self.marketplace.hosted)
        self._greet_arrivals()
        self._bring_followings()
        walk_in = WalkIn(
            self._walk_in_members,
            self.locations.stores_open(self),
            self.settings.world.social_viewers,
            self.settings.friendships.neighbourhood_size,
        )
        welcome_walk_ins(self.world, self.ledger, walk_in)
        if self.recorder:
            self.recorder.morning_over(self)

    def traffic_arrives(self) -> Iterator[int]:
        """Phase 2: each channel offers rooms; yields the number of each wave as it stands ready.

        Wave 0 holds the day's occasions to look at the platforms' surfaces; later waves hold
        friends' links shared in the wave before.
        """
        market = self.marketplace
        mornings = platforms_today(self, self.locations.occasions, self.interventions.supported)
        today = [mornings[market.surface_platform(surface)] for surface in range(len(market.channels))]
        prepared = [
            channel.prepare(platform) for channel, platform in zip(market.channels, today, strict=True)
        ]
        self._set_ad_prices(prepared)

        def arrive(shard: Shard) -> None:
            clear(shard.ledger)
            shard.pending.rows[0] = 0
            hand_out_occasions(self.world, shard, self.settings.people.max_occasions)
            wave = self.shards.wave_of(shard)
            for surface, channel in enumerate(market.channels):
                channel.offer(today[surface], prepared[surface], wave, surface)
            if self.rules.attention.appointment > 0.0:
                meet_hosts(self.world, wave)

        self.shards.each(arrive)
        if self._post:
            self._post.start_day()
        yield 0
        for wave in range(1, self.rules.sharing.max_waves + 1):
            if not self._post or not self._post.deliver(self.shards, self.world, wave):
                break
            yield wave

    def viewers_respond(self, wave: int) -> None:
        """Phases 3 to 6: each occasion leads into at most one room; visitors order or not, or wait for a
        group to fill; goods please or not, some are returned, trust changes; visitors follow and pass
        links on; once a week fans mute or leave."""
        links, travel = self._post.links if self._post else NO_LINKS, self._post is not None
        rows = self._post.count if self._post and wave > 0 else None
        self.shards.each(lambda shard: respond(self.world, shard, links, wave, travel), rows)
        if self._post and wave > 0:
            self._post.count_adopters(self.shards)
        if self.recorder:
            self.recorder.wave_over(self, wave, by_links=self._post is not None)

    def groups_fill(self) -> None:
        """End of phases 4 and 5 for those who wait for a group: it is full by now, or it is not."""
        waiting = [shard.pending for shard in self.shards]
        if not any(wave.rows[0] for wave in waiting):
            return
        sizes = group_sizes(waiting, self.settings.world.viewers)
        for shard, members in zip(self.shards, sizes, strict=True):
            fill_groups(self.world, shard, members)
            goods_arrive(self.world, shard.pending, shard.ledger, False)
        if self.recorder:
            self.recorder.groups_over(self, sizes)

    def merchants_and_platforms_settle(self) -> None:
        """Phase 7: books, exits, plans and heat are brought up to date; the day is written down."""
        add_up(self.ledger, [shard.ledger for shard in self.shards])
        cascades = self._post.end_day(self.ledger) if self._post else None
        terms = Terms(
            self._stream_cost,
            self._daily_cost,
            self.interventions.subsidies,
            self._ad_prices,
            self.marketplace.commission,
            self.marketplace.hosted,
        )
        settle_books(self.world, self.ledger.stores, terms, self.journal.books[self.day])
        due = due_for_review(self.stores, self.rules.shopkeeping.review_days, self.day)
        review_merchants(self, due, self._own_rule)
        begin_next_period(self.stores, due)
        groups_tonight(self.world, self.ledger)
        update_heat(self.world, self.ledger.stores, self.marketplace.heat_memory)
        self.journal.write_day(self, self.locations.attention, cascades)
        self.locations.review(self, due, self.journal)
        if self.recorder:
            self.recorder.day_over(self)
        self._end_day()
        if not self.running:
            self.close()

    def run(self) -> Journal:
        """Run all remaining days, as `run_model` does, and return what was written down."""
        self.run_model()
        return self.journal

    def close(self) -> None:
        """Let go of threads, which a world that has run to its end or is forgotten does by itself."""
        self.shards.close()

    def past(self) -> Past:
        """What this world leaves to one that begins where it has come to, its last day being day -1."""
        columns = self._columns()
        streams = self.marketplace.hosted[self.stores.platform] > 0
        skills = np.tile(self.cast.roster.host_skill, len(self.marketplace))
        skilled = self.stores._replace(host_skill=np.where(streams, self.stores.host_skill, skills))
        return as_past(columns._replace(stores=skilled), self._days_before, self.day, self.people_per_viewer)

    def _columns(self) -> Columns:
        """All that a past consists of."""
        names = tuple(platform.name for platform in self.marketplace.platforms)
        return Columns(names, self.viewers, self.stores, self.ties, self._pushes)

    @property
    def channel_names(self) -> list[str]:
        """Names of channels as in results."""
        return self.marketplace.names

    def _world_today(self) -> World:
        """Everything of the day for kernels."""
        market = self.marketplace
        return World(
            self.viewers,
            self.stores,
            self.friendships,
            self.ties,
            self.chat_groups,
            market.surfaces,
            market.groups,
            market.pull,
            self.rules,
            self._fading,
            self.key,
            self.day,
            self.days,
            self.people_per_viewer,
            self.settings.arcs,
            self.audience,
            self.settings.people.max_occasions,
            self._cycles(),
            self._circles,
            self._on_air,
        )

    def _begin_where_it_ended(self) -> None:
        """Take over what has gone before day 0, if anything has."""
        self._days_before = self._past.days if self._past else 0
        if self._past:
            resume(self._past, self._columns())
            without_streams(self.stores, self.marketplace.platforms)
        self._fans_before, self._cash_before = self.stores.fans.copy(), self.stores.cash.copy()

    def _greet_those_who_are_there(self) -> None:
        """Count the groups of merchants that have opened before day 0, and give each its Mesa agent."""
        if self._past:
            groups_tonight(self.world, self.ledger)
            homes = self.locations.homes
            first_homes(self.stores, len(self.marketplace), homes)
            for merchant in np.flatnonzero(homes >= 0):
                self.merchant_class(self, int(homes[merchant] * self.merchant_count + merchant))

    def _set_up_costs(self) -> None:
        kinds = self.settings.merchants.kinds.values()
        self.daily_cost = np.array([kind.daily_cost * FEN for kind in kinds])
        self._stream_cost, self._daily_cost, self._walk_in_members = (
            by_merchant(self.settings, self.cast.roster.archetype, name) * unit
            for name, unit in (("stream_cost", FEN), ("daily_cost", FEN), ("walk_in_members", 1.0))
        )
        self._ad_prices = np.zeros(
            (len(self.marketplace), self.settings.people.categories * self.settings.arcs)
        )

    def _set_up_ways(self) -> None:
        """How links travel, who is in whose wide circle, when needs come back and when stores are on air."""
        by_links = self.marketplace.surfaces.by_links.any()
        self._post = LinkPost(self.friendships, len(self.shards)) if by_links else None
        self._circles = WideCircles(self.key, self.settings.world.social_viewers, self.settings.arcs)
        self._known_cycles: tuple[Any, np.ndarray] | None = None
        self._on_air = np.zeros((len(self.stores.status), self.rules.streams.parts_of_day))

    def _cycles(self) -> np.ndarray:
        """Days in which needs come back, by category; the same array until rules of buying are others."""
        need = self.rules.purchase
        if self._known_cycles is None or self._known_cycles[0] is not need:
            found = category_cycles(self.settings.people.categories, need.cycle, need.cycle_spread)
            self._known_cycles = need, found
        return self._known_cycles[1]

    def _set_ad_prices(self, prepared: list[Any]) -> None:
        """Note what an impression costs today on each platform, by category."""
        for surface, channel in enumerate(self.marketplace.channels):
            if channel.impression_price is not None:
                platform = self.marketplace.surface_platform(surface)
                self._ad_prices[platform] = channel.impression_price(prepared[surface])

    def _bring_followings(self) -> None:
        """Followings of merchants who open today: the private domain, or part of one elsewhere."""
        homes, opening = self.locations.homes, self.locations.opening
        bring_private_domains(
            self.world, self.ledger, self.cast.roster.arrival, homes, self.cast.private_domains
        )
        if (opening >= 0).any():
            bring_followers_along(self.world, self.ledger, opening, self.locations.carry_over)
        if self.recorder:
            self.recorder.followings_brought(self, self.locations)

    def _greet_arrivals(self) -> None:
        """Give each merchant that opens today its Mesa agent, at its home."""
        homes = self.locations.homes
        for merchant in np.flatnonzero((self.cast.roster.arrival == self.day) & (homes >= 0)):
            row = int(homes[merchant] * self.merchant_count + merchant)
            if int(merchant) in self.registered:  # of a user's own class, made before it opened
                self.registered[int(merchant)].row = row
            elif self.stores.status[row] != CLOSED:
                self.merchant_class(self, row)
