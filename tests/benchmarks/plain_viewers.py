"""Viewers of the plain Mesa model, one object each; see `plain_mesa`."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Any

import mesa

from simulation.behaviour.buying import Cues
from simulation.behaviour.choosing import HIGHEST_UTILITY
from simulation.scenario.sections.channels import MAX_OPTIONS
from simulation.state.columns import NEVER
from simulation.state.wide_circle import wide_circle_member, wide_circle_size
from tests.benchmarks.plain_rules import (
    annoyance_probability,
    chance_among,
    chance_in_group,
    chance_to_look,
    effective_trust,
    follow_probability,
    friend_appeal,
    interest_fit,
    join_probability,
    knowledge,
    leaving_probability,
    need,
    notice_probability,
    occasions_today,
    openings_with_habit,
    pick,
    price_step,
    product_price,
    purchase_probability,
    receiver_weight,
    return_probability,
    room_utility,
    satisfaction_probability,
    share_probability,
    starting_trust,
    strengthened,
    taste_distance,
    trust_after_purchase,
    trust_after_visit,
)

if TYPE_CHECKING:
    from tests.benchmarks.plain_mesa import Merchant, PlainModel

WEEK = 7
Offer = tuple["Merchant", float, float]
"""A room, what the channel adds to its utility, and the endorsement that comes with it."""


class Tie:
    """What a viewer knows of a merchant."""

    __slots__ = (
        "endorsed",
        "follower",
        "group",
        "last_purchase",
        "last_visit",
        "member",
        "met",
        "muted",
        "purchases",
        "referred",
        "since",
        "starting",
        "subscribed",
        "touched",
        "trust",
    )

    def __init__(self, trust: float, day: int, subscribed: bool = False, starting: bool = False):
        self.trust, self.touched = trust, day
        self.subscribed, self.starting = subscribed, starting
        self.muted = self.endorsed = self.follower = self.member = False
        self.met, self.purchases = starting, 0
        self.referred, self.group, self.since = False, 0, day
        self.last_visit = self.last_purchase = NEVER


class Viewer(mesa.Agent):
    """A viewer with its ties to merchants and its friends."""

    model: PlainModel

    def __init__(self, model: PlainModel, number: int, traits: dict[str, Any]):
        super().__init__(model)
        self.number = number
        self.activity: float = traits["activity"]
        self.interest: list[float] = traits["interest"]
        self.last_order = [NEVER] * len(self.interest)
        self.taste: float = traits["taste"]
        self.price_sensitivity: float = traits["price_sensitivity"]
        self.impulse: float = traits["impulse"]
        self.sharing: float = traits["sharing"]
        self.trusting: float = traits["trusting"]
        self.crowd: float = traits["crowd"]
        self.friends: list[tuple[Viewer, float]] = []
        self.ties: dict[Merchant, Tie] = {}
        self.habits: list[bool] = []
        self.opened: dict[Merchant, bool] = {}
        self.links_left = self.rooms_today = 0
        self.habit = 0.0

    def step(self) -> None:
        """Watch on today's occasions; once a week look over the merchants followed."""
        model = self.model
        self.opened.clear()
        rate = self.activity * openings_with_habit(
            model.openings, self.habit, model.rules.market.habit_strength
        )
        count = occasions_today(model.random.random(), rate, model.most_occasions)
        self.links_left = self.rooms_today = 0
        channels = model.random.choices(model.channels, cum_weights=model.weights, k=count) if count else []
        self.links_left = channels.count("share")
        channels = [channel for channel in channels if channel != "share"] + self.look_for_notices()
        if channels:
            part = model.random.randrange
            offers = [(channel, model.surfaces[channel](self, part(model.parts))) for channel in channels]
            self.respond([self.choose(channel, offer) for channel, offer in offers])
        if (self.number + model.day) % WEEK == 0:
            self.review()

    def look_for_notices(self) -> list[str]:
        """One look more at the groups or at the followed where notices of today's streams wait."""
        model, today = self.model, self.model.day % WEEK
        heard = [(room, tie) for room, tie in self.ties.items() if tie.subscribed and not tie.muted]
        in_groups = sum(tie.member and room.pushes[today] for room, tie in heard) * model.opens
        from_app = sum(tie.follower and room.live for room, tie in heard) * model.platform.notices
        waiting = in_groups + from_app
        chance = chance_to_look(model.rules.attention.notice_pull, waiting)
        if not waiting or model.random.random() >= chance:
            return []
        return ["push" if model.random.random() * waiting < in_groups else "follow"]

    def opens_group(self, room: Merchant, chance: float) -> bool:
        """Whether the viewer opens a link of its group today, however often it looks."""
        if room not in self.opened:
            self.opened[room] = self.model.random.random() < chance
        return self.opened[room]

    def open_links(self, links: list[Offer]) -> None:
        """Look at friends' links on an occasion saved or one that they draw; the first to a room counts."""
        model = self.model
        if self.links_left:
            self.links_left -= 1
            looks = True
        else:
            chance = chance_to_look(model.rules.attention.card_pull, model.opens * len(links))
            looks = model.random.random() < chance
        if looks:
            first: dict[Merchant, Offer] = {}
            for link in links:
                if len(first) < MAX_OPTIONS:
                    first.setdefault(link[0], link)
            self.respond([self.choose("share", list(first.values()))])

    def choose(self, channel: str, offer: list[Offer]) -> tuple | None:
        """Enter one of the rooms offered, or none."""
        model = self.model
        day, choice, attraction, fits = model.day, model.rules.choice, [], []
        for room, appeal, _ in offer:
            tie = self.ties.get(room)
            fit = self.fit_with(room)
            fits.append(fit)
            if tie and tie.last_visit == day:
                attraction.append(0.0)
                continue
            trust = tie.trust * model.fading[day - tie.touched] if tie else 0.0
            utility = room_utility(fit, trust, room.crowd_cue, self.crowd, appeal, choice)
            attraction.append(exp(min(utility, HIGHEST_UTILITY)))
        model.totals["reach"] += len(offer)
        chosen = pick(model.random.random(), attraction, len(offer)) if offer else -1
        entered = chosen >= 0 and self.rooms_today < model.most_occasions
        self.habits.append(entered)
        if not entered:
            return None
        self.rooms_today += 1
        room, _, endorsement = offer[chosen]
        return self.enter(channel, room, fits[chosen], endorsement)

    def enter(self, channel: str, room: Merchant, fit: float, endorsement: float) -> tuple:
        """Come into a room and remember it."""
        day, totals, tie = self.model.day, self.model.totals, self.ties.get(room)
        if tie is None:
            self.make_room()
            tie = self.ties[room] = Tie(0.0, day)
        elif tie.last_visit != NEVER:
            totals["known_visits"] += 1
            totals["visits returned from within 7 days"] += day - tie.last_visit <= 7
        trust = tie.trust * self.model.fading[day - tie.touched]
        tie.last_visit = day
        room.visits += 1
        totals[f"visits by {channel}"] += 1
        totals["outside"] += not tie.starting
        if channel == "share":
            if tie.endorsed:
                endorsement *= self.model.rules.purchase.repeat_endorsement
            tie.endorsed = True
        return channel, room, tie, fit, trust, endorsement

    def respond(self, visits: list[tuple | None]) -> None:
        """Buy, get the goods, follow, join and share after each visit; then form habits."""
        for visit in visits:
            if visit is not None:
                channel, room, tie, fit, trust, endorsement = visit
                bought = self.buys(channel, room, fit, trust, endorsement)
                satisfied = self.goods_arrive(room, tie, (trust, endorsement), bought)
                if bought:
                    self.model.totals["repeat_orders"] += tie.last_purchase != NEVER
                    tie.last_purchase = self.model.day
                if channel == "push" and bought:
                    room.orders_today[tie.group] += 1
                new = not tie.subscribed
                self.consider_following(room, tie, endorsement, satisfied)
                self.consider_joining(room, tie, channel == "share", bought > 0)
                tie.referred |= new and tie.subscribed and channel == "share"
                self.model.totals["follows"] += new and tie.subscribed
                if self.model.carries_links:
                    self.consider_sharing(room, tie, satisfied)
        for entered in self.habits:
            self.habit = strengthened(self.habit, self.model.rules.market.habit_rate, entered)
        self.habits.clear()

    def buys(self, channel: str, room: Merchant, fit: float, trust: float, endorsement: float) -> int:
        """Order or not: the price in fen, 0 without an order."""
        purchase, streams, luck = (
            self.model.rules.purchase,
            self.model.rules.streams,
            self.model.random.random,
        )
        step = price_step(luck(), room.products, streams.price_spread)
        trust = effective_trust(purchase.own_trust_scale * trust, purchase.endorsement_scale * endorsement)
        price, crowd = room.relative_price + step, self.crowd * room.crowd_cue
        cues = Cues(room.host_skill, self.impulse, price, self.price_sensitivity, crowd)
        chance = purchase_probability(fit, trust, cues, purchase)
        chance *= need(self.model.day - self.last_order[room.category], self.model.cycles[room.category])
        if luck() >= chance_among(chance, room.length, streams.products_by_hours):
            return 0
        price = product_price(room.price, step)
        self.last_order[room.category] = self.model.day
        room.sales += price
        room.all_orders += 1
        self.model.totals[f"orders by {channel}"] += 1
        self.model.totals["gmv"] += price
        return price

    def goods_arrive(self, room: Merchant, tie: Tie, come: tuple[float, float], bought: int) -> bool:
        """Trust grows by watching and by good goods; returns whether goods pleased."""
        rules, luck, satisfied, (trust, endorsement) = self.model.rules, self.model.random.random, False, come
        trust = trust_after_visit(trust, self.trusting, rules.trust.watch_gain)
        if bought:
            satisfied = luck() < satisfaction_probability(
                room.quality,
                room.host_skill,
                knowledge(tie.purchases, endorsement, tie.met, rules.goods),
                rules.goods,
            )
            tie.purchases += 1
            trust = trust_after_purchase(trust, satisfied, self.trusting, rules.trust)
            if luck() < return_probability(satisfied, self.impulse, rules.goods):
                self.model.totals["returns"] += 1
                self.model.totals["refunds"] += bought
                room.sales -= bought
        tie.trust, tie.touched = trust, self.model.day
        return satisfied

    def consider_following(self, room: Merchant, tie: Tie, endorsement: float, satisfied: bool) -> None:
        """Follow the merchant or not, where the platform lets viewers follow."""
        if tie.follower or "follow" not in self.model.channels:
            return
        trust = effective_trust(tie.trust, endorsement)
        chance = follow_probability(trust, satisfied, self.model.rules.following)
        if self.model.random.random() < chance:
            self.subscribe(room, tie)
            tie.follower = True

    def consider_joining(self, room: Merchant, tie: Tie, by_card: bool, bought: bool) -> None:
        """Join one of the merchant's groups or not."""
        chance = join_probability(by_card, bought, self.model.rules.community)
        if room.work and not tie.member and self.model.random.random() < chance:
            self.subscribe(room, tie)
            self.become_member(room, tie)

    def become_member(self, room: Merchant, tie: Tie) -> None:
        """Be put into one of the merchant's groups."""
        tie.member, tie.muted = True, False
        tie.group = int(self.model.random.random() * room.groups)
        room.members += 1

    def fit_with(self, room: Merchant) -> float:
        """How well a room suits this viewer."""
        weight = self.model.rules.choice.taste_weight
        distance = taste_distance(self.taste, room.style, 1)
        return interest_fit(self.interest[room.category], distance, weight)

    def consider_sharing(self, room: Merchant, tie: Tie, satisfied: bool) -> None:
        """Pass the link on or not, to friends and others who may notice it."""
        model, rules, luck = self.model, self.model.rules, self.model.random.random
        if luck() >= share_probability(self.sharing, satisfied, rules.sharing):
            return
        model.totals["shares"] += 1
        broadcast = luck() >= rules.sharing.direct_share
        weights = [
            receiver_weight(strength, friend.fit_with(room), rules.sharing.targeting)
            for friend, strength in self.friends
        ]
        total = sum(weights)
        for (friend, strength), weight in zip(self.friends, weights, strict=True):
            chance = notice_probability(broadcast, weight, total, rules.sharing)
            if luck() < chance:
                felt = min(1.0, strength * rules.trust.tie_strength)
                appeal = friend_appeal(felt, rules.choice.friend_weight)
                model.post[friend].append((room, appeal, felt * tie.trust))
        others = self.acquaintances(rules.sharing.wide_notice) if broadcast else []
        if luck() < rules.sharing.group_share:
            others += self.members_of_another_group(room)
        felt = min(1.0, rules.sharing.wide_strength * rules.trust.tie_strength)
        appeal = friend_appeal(felt, rules.choice.friend_weight)
        for other in others:
            model.post[other].append((room, appeal, felt * tie.trust))

    def acquaintances(self, notice: float) -> list[Viewer]:
        """Those of the wide circle who notice a broadcast."""
        model, luck = self.model, self.model.random.random
        if self.number >= model.circles.social:
            return []
        size = wide_circle_size(model.circles, self.number)
        noticed = [place for place in range(size) if luck() < notice]
        return [model.viewers[wide_circle_member(model.circles, self.number, place)] for place in noticed]

    def members_of_another_group(self, room: Merchant) -> list[Viewer]:
        """Members who notice the link in another merchant's group, into which it is reposted."""
        model, luck = self.model, self.model.random.random
        groups = [other for other, tie in self.ties.items() if tie.member and other is not room]
        if not groups:
            return []
        board = model.random.choice(groups)
        notice = model.rules.sharing.group_notice
        chance = chance_in_group(board.groups, model.people_per_viewer, notice)
        ties = ((viewer, viewer.ties.get(board)) for viewer in model.viewers if viewer is not self)
        members = (viewer for viewer, tie in ties if tie and tie.member and not tie.muted)
        return [viewer for viewer in members if luck() < chance]

    def review(self) -> None:
        """Leave merchants that are gone, forgotten or annoying; or mute them."""
        model, luck, rules = self.model, self.model.random.random, self.model.rules.following
        for room, tie in self.ties.items():
            if not tie.subscribed:
                continue
            if not room.open or tie.trust * model.fading[model.day - tie.touched] < rules.fade_floor:
                self.leave(room, tie)
                continue
            notices = sum(room.pushes) if tie.member else 0.0
            notices += room.streams * model.platform.notices if tie.follower else 0.0
            annoyed = not tie.muted and luck() < annoyance_probability(notices, rules)
            if annoyed and luck() < rules.mute_share:
                tie.muted = True
                model.totals["mutes"] += 1
            elif annoyed or luck() < leaving_probability(
                model.day - tie.since, tie.trust * model.fading[model.day - tie.touched], tie.referred, rules
            ):
                self.leave(room, tie)

    def subscribe(self, room: Merchant, tie: Tie) -> None:
        """Become a fan, unless one already."""
        if tie.subscribed:
            return
        tie.subscribed, tie.muted, tie.since = True, False, self.model.day
        tie.trust = starting_trust(tie.trust, self.trusting, self.model.rules.trust.initial_follow)
        room.fans += 1

    def leave(self, room: Merchant, tie: Tie) -> None:
        """Be a fan no longer."""
        room.members -= tie.member
        tie.subscribed = tie.member = tie.follower = tie.referred = False
        room.fans -= 1
        self.model.totals["lost"] += 1

    def make_room(self) -> None:
        """Forget the longest unvisited room, or the least trusted of those followed."""
        if len(self.ties) < self.model.remembered_rooms:
            return
        idle = [(r, t) for r, t in self.ties.items() if t.last_visit != self.model.day]
        memories = [(room, tie) for room, tie in idle if not tie.subscribed]
        if memories:
            room = min(memories, key=lambda memory: memory[1].last_visit)[0]
        else:
            room, tie = min(idle, key=lambda known: known[1].trust)
            self.leave(room, tie)
        del self.ties[room]
