"""The same laboratory as a plain Mesa model: one Python object an agent, no columns, no kernels.

A yardstick, of speed (`speed.py`) and of correctness (`tests/verification`): it follows the same
rules in the same seven phases with its own bookkeeping and its own luck, Python's `random`. Only
rules of one number at a time are shared with the fast model, as ordinary Python functions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import log, log1p

import mesa
import numpy as np

from simulation.behaviour.merchants.beginning import GROUP, NOTHING
from simulation.behaviour.merchants.bookkeeping import DAYS_PER_MONTH, CostRates
from simulation.behaviour.merchants.homing import LATELY
from simulation.behaviour.merchants.shopkeeping import TRIES
from simulation.behaviour.place_and_need import category_cycles
from simulation.platforms.channels.recommend import capped, slot_shares, slots_on_air
from simulation.scenario.scenario import Scenario
from simulation.scenario.sections.channels import MAX_OPTIONS
from simulation.scenario.tables import Arm
from simulation.state.columns import NEVER_REVIEWED
from simulation.state.rule_numbers import rule_numbers
from simulation.state.wide_circle import WideCircles
from simulation.world.cast.cast import Cast
from simulation.world.cast.merchants import FEN
from simulation.world.locations import admission
from tests.benchmarks.plain_rules import (
    candidate,
    catchment,
    chance_to_open,
    commission_due,
    costs_due,
    cover,
    fatigue,
    goes_live,
    group_cue,
    groups_needed,
    hours_today,
    next_effort,
    pushes_link,
    rank_appeal,
    relative_length,
    revised_direction,
    revised_streams,
    revised_work,
    walk_ins_today,
)
from tests.benchmarks.plain_viewers import WEEK, Offer, Tie, Viewer


class Merchant(mesa.Agent):
    """A merchant, from the day on which it opens."""

    model: PlainModel

    def __init__(self, model: PlainModel, number: int):
        super().__init__(model)
        roster, domains = model.cast.roster, model.cast.private_domains
        self.number = number
        for name in (
            "category",
            "style",
            "neighbourhood",
            "quality",
            "host_skill",
            "price",
            "arrival",
            "community_skill",
            "relative_price",
            "margin",
            "streams",
            "usual_hours",
            "relative_hours",
            "products",
            "cash",
        ):
            setattr(self, name, getattr(roster, name)[number].item())
        self.kind = model.kinds[roster.archetype[number]]
        entries = slice(domains.start[number], domains.start[number + 1])
        self.circle = list(zip(domains.viewer[entries], domains.trust[entries].tolist(), strict=True))
        self.open, self.live, self.pushes = True, False, [False] * WEEK
        self.heat = self.crowd_cue = 0.0
        self.length, self.on_air = 1.0, [1.0]
        self.work = roster.community_work[number].item()
        self.counter, self.tried, self.work_direction = bool(roster.counter[number]), NOTHING, 1.0
        self.fans = self.members = self.joiners = self.review_profit = 0
        self.groups = 1
        self.orders_today: Counter = Counter()
        self.orders_standing: Counter = Counter()
        self.last_profit = NEVER_REVIEWED
        self.visits = self.sales = self.all_visits = self.all_orders = 0

    def step(self) -> None:
        """Plan the day, and bring the own circle on the first one."""
        model, luck = self.model, self.model.random.random
        self.visits = self.sales = self.joiners = 0
        self.live = self.open and goes_live(luck(), self.streams)
        if self.live:
            sigma = model.rules.streams.hours_sigma
            hours = hours_today(1.0 - luck(), luck(), self.usual_hours, sigma)
            self.length = relative_length(hours, self.usual_hours, sigma)
            self.on_air = [self.relative_hours * self.length]
            if model.parts > 1:
                begins, lasts = luck(), hours / model.rules.streams.day_hours
                self.on_air = [cover(begins, lasts, part, model.parts) for part in range(model.parts)]
        self.pushes[model.day % WEEK] = (
            model.pushing_allowed
            and self.live
            and pushes_link(luck(), self.community_skill, model.rules.shopkeeping.push_per_stream)
        )
        if self.arrival == model.day:
            for number, trust in self.circle:
                viewer = model.viewers[number]
                viewer.make_room()
                trust = min(1.0, trust * model.rules.trust.tie_strength)
                tie = viewer.ties[self] = Tie(trust, model.day, subscribed=True, starting=True)
                tie.follower = "follow" in model.channels
                viewer.become_member(self, tie)
                self.fans += 1

    def welcome_walk_ins(self) -> None:
        """Win members for the group outside the platform."""
        model, luck = self.model, self.model.random.random
        if not self.open or not self.counter or not model.social_viewers:
            return
        for _ in range(
            walk_ins_today(
                luck(), self.kind.walk_in_members, self.community_skill, self.work, 1, model.people_per_viewer
            )
        ):
            for _ in range(TRIES):
                first, count = catchment(
                    self.neighbourhood, 0.0, 1, model.neighbourhood_size, model.social_viewers
                )
                viewer = model.viewers[candidate(luck(), first, count, model.social_viewers)]
                if luck() < viewer.interest[self.category]:
                    self.welcome(viewer)
                    break

    def welcome(self, viewer: Viewer) -> None:
        """Let a walk-in customer join the group, unless already in it."""
        tie = viewer.ties.get(self)
        if tie is None:
            viewer.make_room()
            tie = viewer.ties[self] = Tie(0.0, self.model.day)
        if not tie.subscribed:
            tie.met = True
            tie.trust *= self.model.fading[self.model.day - tie.touched]
            tie.touched = self.model.day
            viewer.subscribe(self, tie)
            self.joiners += 1
            self.model.totals["walk_ins"] += 1
        if not tie.member:
            viewer.become_member(self, tie)

    def settle(self) -> None:
        """Close the books, give up without cash, adapt the plan, and warm up."""
        model, rules = self.model, self.model.rules.shopkeeping
        self.all_visits += self.visits
        if self.open:
            persons = model.people_per_viewer
            revenue = round(self.sales * persons)
            group_cost = rules.group_cost * FEN / DAYS_PER_MONTH * persons
            costs = costs_due(
                self.live,
                self.fans,
                self.joiners,
                CostRates(
                    self.kind.stream_cost * FEN * self.length,
                    self.kind.daily_cost * FEN,
                    group_cost,
                    rules.recruit_cost * FEN * persons,
                ),
            )
            model.totals["costs"] += costs
            profit = (
                revenue
                - commission_due(revenue, model.platform.commission)
                - round(revenue * (1.0 - self.margin))
                - costs
            )
            self.cash += profit
            self.review_profit += profit
            self.open = self.cash >= 0
        if self.open and (model.day - self.arrival + 1) % rules.review_days == 0:
            self.adapt()
        self.groups = groups_needed(self.members, model.people_per_viewer, model.rules.community.most_members)
        if self.pushes[model.day % WEEK]:
            self.orders_standing, self.orders_today = self.orders_today, Counter()
        if self.live:
            memory = model.platform.heat_memory
            keep = max(0.0, 1.0 - 1.0 / memory) if memory else 1.0
            self.heat = keep * self.heat + (1.0 - keep if memory else 1.0) * self.visits
            self.crowd_cue = log1p(self.heat * model.people_per_viewer)

    def adapt(self) -> None:
        """After a review: stream more or less, and move community work on or back."""
        rules, profit = self.model.rules.shopkeeping, self.review_profit
        self.streams = revised_streams(self.streams, profit, rules)
        self.work_direction = revised_direction(self.work_direction, profit, self.last_profit)
        self.work = revised_work(self.work, self.work_direction, rules.work_step)
        if self.tried != NOTHING or not self.work:  # nobody sells advertisements here
            effort = next_effort(0.0, profit, self.tried, GROUP, 0.0)
            self.tried |= effort
            self.work = 1.0 if effort else self.work
        self.last_profit, self.review_profit = profit, 0


class PlainModel(mesa.Model):
    """`LiveCommerceModel` written plainly; see there for the parameters."""

    def __init__(self, settings: Scenario, arm: Arm, cast: Cast, seed: int = 0):
        super().__init__(rng=seed)
        sections, (self.platform,) = settings.arm_rules(arm)
        self.rules, self.cast, self.day = rule_numbers(sections), cast, 0
        self.kinds = list(settings.merchants.kinds.values())
        self.people_per_viewer = settings.world.people_per_viewer
        self.social_viewers = settings.world.social_viewers
        self.circles = WideCircles(cast.key, self.social_viewers, settings.arcs)
        self.neighbourhood_size = settings.friendships.neighbourhood_size
        self.most_occasions = settings.people.max_occasions
        self.remembered_rooms = settings.people.remembered_rooms
        self.channels = [name for name, weight in self.platform.channels.items() if weight > 0]
        self.opens = 1.0 - self.platform.link_friction
        weights = [
            self.platform.channels[name] * (self.opens if name in ("push", "share") else 1.0)
            for name in self.channels
        ]
        self.openings, self.weights = sum(weights), np.cumsum(weights).tolist()
        self.surfaces = {
            "recommend": self.feed,
            "hot_list": self.hot_list,
            "follow": self.followed,
            "push": self.groups,
        }
        self.parts = self.rules.streams.parts_of_day
        self.carries_links, self.pushing_allowed = "share" in self.channels, "push" in self.channels
        purchase = self.rules.purchase
        self.cycles = category_cycles(
            settings.people.categories, purchase.cycle, purchase.cycle_spread
        ).tolist()
        half_life = self.rules.trust.half_life
        self.fading = [2.0 ** (-age / half_life) for age in range(settings.world.days + 1)]
        self.totals: Counter = Counter()
        self.post: defaultdict[Viewer, list[Offer]] = defaultdict(list)
        self.viewers = self.make_viewers()

    def make_viewers(self) -> list[Viewer]:
        """People and friendships of the cast as objects."""
        columns = {name: column.tolist() for name, column in self.cast.traits._asdict().items()}
        columns["activity"] = (self.cast.traits.activity * self.platform.pool).tolist()
        viewers = [
            Viewer(self, number, dict(zip(columns, traits, strict=True)))
            for number, traits in enumerate(zip(*columns.values(), strict=True))
        ]
        start, friend, strength = (column.tolist() for column in self.cast.friendships)
        for viewer, first, last in zip(viewers, start, start[1:], strict=False):
            viewer.friends = [(viewers[friend[i]], strength[i]) for i in range(first, last)]
        return viewers

    def step(self) -> None:
        """One day."""
        chance = admission(self.rules.shopkeeping.arrival_response, self.failed_lately())
        for number in np.flatnonzero(self.cast.roster.arrival == self.day):
            if self.day == 0 or self.random.random() < chance:
                Merchant(self, int(number))
        merchants = self.agents_by_type.get(Merchant, mesa.agent.AgentSet([], self.random))
        merchants.do("step").do("welcome_walk_ins")
        self.stock_surfaces([merchant for merchant in merchants if merchant.live])
        self.agents_by_type[Viewer].do("step")
        for _ in range(self.rules.sharing.max_waves):
            inbox, self.post = self.post, defaultdict(list)
            for viewer, links in inbox.items():
                viewer.open_links(links)
        self.post.clear()
        merchants.do("settle")
        self.day += 1

    def failed_lately(self) -> float:
        """Share of recent newcomers that would-be newcomers see closed."""
        recent = [
            merchant
            for merchant in self.agents_by_type.get(Merchant, ())
            if merchant.arrival > 0 and merchant.arrival >= self.day - LATELY
        ]
        return sum(not merchant.open for merchant in recent) / len(recent) if recent else 0.0

    def close(self) -> None:
        """Let go of the model: mesa 3.3.1 keeps each one alive as a key of this counter."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def stock_surfaces(self, live: list[Merchant]) -> None:
        """Make the feeds and hot lists of each part of the day."""
        weight = self.rules.choice.rank_weight
        self.lists, self.shelves = [], [{} for _ in range(self.parts)]
        for part in range(self.parts):
            on_air = sorted((room for room in live if room.on_air[part]), key=lambda room: -room.heat)
            hottest = enumerate(on_air[: self.platform.hot_list.length], 1)
            self.lists.append(
                [(room, rank_appeal(place, weight) + log(room.on_air[part]), 0.0) for place, room in hottest]
            )
        by_category = defaultdict(list)
        for room in live:
            by_category[room.category].append(room)
        newcomer_days = self.rules.shopkeeping.newcomer_days
        for category, rooms in by_category.items():
            together = np.zeros(len(rooms), int)
            shares = slot_shares(
                together,
                np.array([room.heat for room in rooms]),
                np.array([room.quality for room in rooms]),
                np.array([room.arrival > max(0, self.day - newcomer_days) for room in rooms]),
                self.platform.feed,
            )
            for part, shelves in enumerate(self.shelves):
                exposed = np.array([room.on_air[part] for room in rooms])
                if exposed.any():
                    slots, (weight,) = slots_on_air(together, shares, exposed)
                    slots[exposed > 0] = capped(slots[exposed > 0], self.platform.feed.exposure_cap)
                    shelves[category] = rooms, np.cumsum(slots).tolist(), weight

    def feed(self, viewer: Viewer, part: int) -> list[Offer]:
        """Categories by interest, then rooms by their share of slots; each room once."""
        settings, choices, shelves = self.platform.feed, self.random.choices, self.shelves[part]
        weights = [
            weight * viewer.interest[category] ** settings.relevance_exponent
            for category, (_, _, weight) in shelves.items()
        ]
        if sum(weights) <= 0.0:
            return []
        drawn = {}
        for category in choices(list(shelves), weights, k=settings.slate_size):
            rooms, cumulative, _ = shelves[category]
            drawn[choices(rooms, cum_weights=cumulative)[0]] = None
        return [(room, 0.0, 0.0) for room in drawn]

    def hot_list(self, viewer: Viewer, part: int) -> list[Offer]:
        """The same for everybody."""
        return self.lists[part]

    def followed(self, viewer: Viewer, part: int) -> list[Offer]:
        """Merchants followed who are on air."""
        ties = viewer.ties.items()
        rooms = [room for room, tie in ties if tie.follower and room.live and room.on_air[part]]
        return [(room, log(room.on_air[part]), 0.0) for room in rooms[:MAX_OPTIONS]]

    def groups(self, viewer: Viewer, part: int) -> list[Offer]:
        """Links of groups not muted."""
        today, rules, people = self.day % WEEK, self.rules.community, self.people_per_viewer
        posted = [
            (room, tie)
            for room, tie in viewer.ties.items()
            if tie.member and not tie.muted and room.pushes[today]
        ]
        tired = fatigue(len(posted), self.rules.choice.fatigue_weight) if posted else 0.0
        opened = [
            (room, group_cue(room.orders_standing[tie.group], people, rules) - tired, 0.0)
            for room, tie in posted
            if viewer.opens_group(room, chance_to_open(room.members * people / room.groups, rules))
        ]
        return opened[:MAX_OPTIONS]
