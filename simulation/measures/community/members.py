"""Members: who joins a merchant's following, by which way, who stays, and what they buy."""

from __future__ import annotations

import numpy as np

from ...state.columns import OPEN
from ...state.ledger import NOTICES_UNIT, STORE_COUNTS
from ...state.ties import EMPTY, MEMBER, STARTING
from ..outcome import MONTH, Outcome
from ..registry import AMOUNT, FRACTION, HIGHER, by_days, leaves_out, measure, ratio

QUARTER = 90


def _private_share(outcome: Outcome, name: str) -> float:
    by_channel = np.array([outcome.count(name, channel) for channel in range(len(outcome.channels))])
    return ratio(by_channel[outcome.private_channels].sum(), by_channel.sum())


@by_days
@measure("Orders from private channels")
def private_order_share(outcome: Outcome) -> float:
    """Orders through private channels (followed, group links, friends' links) / orders."""
    return _private_share(outcome, "orders")


@by_days
@measure("Sales from private channels")
def private_gmv_share(outcome: Outcome) -> float:
    """GMV through private channels / GMV."""
    return _private_share(outcome, "gmv")


@by_days
@measure("Visits that end in a new following", split="channel", better=HIGHER)
def join_rate(outcome: Outcome, channel: int | None) -> float:
    """New followers / visits, by the way that led into the room: a feed, a group's link, a friend's.

    Missing without visits.
    """
    return ratio(outcome.count("follows", channel), outcome.count("visits", channel))


@by_days
@measure("Visits that end in joining a group", split="channel", better=HIGHER)
def group_join_rate(outcome: Outcome, channel: int | None) -> float:
    """Visitors who join one of the merchant's groups / visits, by the way that led into the room.

    Missing without visits.
    """
    return ratio(outcome.count("joins", channel), outcome.count("visits", channel))


@by_days
@measure("Joining a group after an order", better=HIGHER)
def group_join_rate_of_buyers(outcome: Outcome) -> float:
    """Visitors who join a group having just ordered (a note lies in the parcel) / orders."""
    return ratio(outcome.total("buyer_joins").sum(), outcome.count("orders"))


@by_days
@measure("Members joining at the counter", unit="persons per merchant and month")
def counter_joins_per_month(outcome: Outcome) -> float:
    """Members won outside the platform per merchant in business and 30 days."""
    merchant_months = outcome.journal.open_merchants.sum() / MONTH
    return ratio(outcome.persons(outcome.total("counter_joins").sum()), merchant_months)


@by_days
@measure("Members joining because an assistant asks", unit="persons per merchant and month")
def assistant_joins_per_month(outcome: Outcome) -> float:
    """Followers whom an assistant wins for a group per merchant in business and 30 days."""
    merchant_months = outcome.journal.open_merchants.sum() / MONTH
    return ratio(outcome.persons(outcome.total("assistant_joins").sum()), merchant_months)


def _joins_by_card(outcome: Outcome) -> int:
    """Members won after visits by friends' links."""
    links = [i for i, rules in enumerate(outcome.channel_rules) if rules.links]
    return sum(outcome.count("joins", channel) for channel in links)


@by_days
@measure("New members brought by friends' cards")
def card_share_of_members(outcome: Outcome) -> float:
    """Members won after visits by friends' links / members won (so, at the counter, by assistants)."""
    elsewhere = outcome.total("counter_joins").sum() + outcome.total("assistant_joins").sum()
    return ratio(_joins_by_card(outcome), outcome.count("joins") + elsewhere)


@by_days
@measure("New members brought by cards per member lost", unit="members per member", better=HIGHER)
def card_joins_per_lost_member(outcome: Outcome) -> float:
    """Members won after visits by friends' links / members lost. Missing if none was lost."""
    return ratio(_joins_by_card(outcome), outcome.flow("members_lost").sum())


@by_days
@measure("New members that a member brings by cards in 90 days", unit="members per member", better=HIGHER)
def members_by_cards_90d(outcome: Outcome) -> float:
    """Members won after visits by friends' links, per member and 90 days: ``90 won / member-days``."""
    return ratio(QUARTER * _joins_by_card(outcome), outcome.journal.members.sum())


@by_days
@measure("Notices that a fan gets", unit="notices per fan and month")
def notices_per_fan_month(outcome: Outcome) -> float:
    """Links in groups and the platform's notices that fans got, muted ones apart, per fan and 30 days.

    Counted at the weekly look at each tie, of the week before.
    """
    return ratio(MONTH * outcome.total("notices").sum() / NOTICES_UNIT, outcome.journal.fan_ties.sum())


@by_days
@measure("Repeat orders by notice", unit="orders per 100 notices", better=HIGHER)
def repeat_orders_per_100_notices(outcome: Outcome) -> float:
    """Orders of fans who had bought from the merchant before, per 100 notices that fans got."""
    notices = outcome.total("notices").sum() / NOTICES_UNIT
    return ratio(100 * outcome.total("fan_repeat_orders").sum(), notices)


@by_days
@measure("Weeks with one notice in which a fan orders again", better=HIGHER)
def rebuying_at_one_notice(outcome: Outcome) -> float:
    """Of fans' weeks with about one notice (0.5 to 1.5), those in which they ordered, not for the first time.

    So both sides of a comparison get as many notices. Missing without such weeks.
    """
    return ratio(outcome.total("rebought_at_one").sum(), outcome.total("weeks_at_one").sum())


@by_days
@measure("New fans brought by friends' cards")
def card_share_of_joins(outcome: Outcome) -> float:
    """Fans won after visits by friends' links / fans won (after visits, and at the counter)."""
    won = outcome.flow("follows").sum() + outcome.flow("walk_ins").sum()
    return ratio(outcome.total("share_follows").sum(), won)


@by_days
@measure("New fans that a fan brings by cards in 90 days", unit="fans per fan", better=HIGHER)
def fans_by_cards_90d(outcome: Outcome) -> float:
    """Fans won after visits by friends' links, per fan and 90 days: ``90 won / fan-days``."""
    return ratio(QUARTER * outcome.total("share_follows").sum(), outcome.journal.fan_ties.sum())


@by_days
@measure("Following after an order", better=HIGHER)
def follow_rate_of_buyers(outcome: Outcome) -> float:
    """New followers who have just ordered / orders placed in the room. Missing without such orders."""
    return ratio(outcome.total("buyer_follows").sum(), _orders_in_the_room(outcome))


@by_days
@measure("Following after a visit without an order", better=HIGHER)
def follow_rate_of_others(outcome: Outcome) -> float:
    """New followers who have not ordered / visits without an order. Missing without such visits."""
    visits = outcome.count("visits") - _orders_in_the_room(outcome)
    return ratio(outcome.count("follows") - outcome.total("buyer_follows").sum(), visits)


def _orders_in_the_room(outcome: Outcome) -> float:
    """Orders but those of visitors who waited for a group to fill, and ordered after they had left."""
    return outcome.count("orders") - float(outcome.total("late_orders").sum())


@by_days
@measure("Repeat orders of a fan", unit="orders per fan and month", better=HIGHER)
def repeat_orders_per_fan_month(outcome: Outcome) -> float:
    """Orders of fans who had bought from the merchant before: ``30 orders / fan-days``."""
    return ratio(MONTH * outcome.total("fan_repeat_orders").sum(), outcome.journal.fan_ties.sum())


@by_days
@measure("Buyers of a month who buy in the next", better=HIGHER)
def monthly_repurchase(outcome: Outcome) -> float:
    """Of viewers who ordered (from anybody) in one month of 30 days, those who did in the next.

    Over all pairs of whole months. Missing with fewer than two, or without buyers.
    """
    months = outcome.days // MONTH
    buyers = outcome.journal.buyers_by_month[: max(0, months - 1)]
    return ratio(outcome.journal.rebuyers_by_month[1:months].sum(), buyers.sum())


@by_days
@measure("New fans back in the room after a month", better=HIGHER)
def fans_back_31_60(outcome: Outcome) -> float:
    """Of those who became fans during the run, the share back in the room 31 to 60 days later.

    Each counts once, whether still a fan or not, if its merchant was in business on the 31st day after. Of
    the days that leave all 60; missing without such fans.
    """
    last = outcome.days - 2 * MONTH
    if last <= 0:
        return ratio(0, 0)
    day = outcome.first_day + np.arange(last)[:, None]
    there = outcome.stores.last_day >= day + MONTH + 1
    joined = outcome.journal.joined[:last] * there
    return ratio(outcome.journal.back_60[:last].sum(), joined.sum())


@by_days
@measure("Visits by newly met people")
def stranger_visit_share(outcome: Outcome) -> float:
    """Visits by people who a month before neither followed the merchant nor were in its groups / visits."""
    return ratio(outcome.flow("strangers").sum(), outcome.count("visits"))


@measure("Rise of a merchant's private share over four months", unit="share", bounds=FRACTION.for_differences)
def private_share_rise(outcome: Outcome) -> float:
    """Private share of visits in the fourth month of a merchant's life less that in its first.

    Of all visits together to merchants that arrived during the run, at least 120 days before its end.
    Missing without visits in either month.
    """
    arrival = outcome.merchants.arrival
    chosen = outcome.came & outcome.arrived_later & (arrival <= outcome.days - 4 * MONTH)
    private = outcome.by_day(outcome.journal.private_visits).sum(axis=1)

    def share(days: int) -> float:
        """Of the `MONTH` days of a merchant's life that end after `days`."""
        ends = [
            outcome.days_from_arrival(table, days)[chosen].sum()
            - outcome.days_from_arrival(table, days - MONTH)[chosen].sum()
            for table in (private, outcome.visits)
        ]
        return ratio(*ends)

    return share(4 * MONTH) - share(MONTH)


@leaves_out
@measure("Rise of newly met people's share of visits over three months", bounds=FRACTION.for_differences)
def stranger_share_rise(outcome: Outcome) -> float:
    """Share of newly met people in visits three months on, less that in a merchant's first month to tell.

    That is the first whole month of 30 days of the run that begins 30 days after it opened, since before
    nobody can have known it for a month. Of all visits together; missing without visits in either month.
    """
    journal, merchants = outcome.journal, len(outcome.merchants.arrival)
    months = journal.stores_by_month
    counts = months.reshape(len(months), len(outcome.platforms), merchants, len(STORE_COUNTS))
    by_month = counts.sum(axis=1)[:, :, [STORE_COUNTS.index("strangers"), STORE_COUNTS.index("visits")]]
    old = -(-(outcome.merchants.arrival.astype(int) + MONTH - outcome.first_day) // MONTH)
    early = np.maximum(old, 0)
    chosen = np.flatnonzero(outcome.came & (early + 3 < outcome.days // MONTH))
    then, now = (by_month[early[chosen] + later, chosen].sum(axis=0) for later in (0, 3))
    return ratio(*now) - ratio(*then)


@measure("Members who buy again within 90 days", better=HIGHER)
def members_rebuying_90d(outcome: Outcome) -> float:
    """Of members of groups who have been fans for 90 days at the end, those who ordered again in these days.

    Again: not for the first time from that merchant. Members who left are not among them. Missing without
    such members.
    """
    ties, begun = outcome.ties, outcome.last_day - QUARTER
    members = (ties.store != EMPTY) & (ties.flags & MEMBER > 0) & (ties.since <= begun)
    again = members & (ties.purchases >= 2) & (ties.last_purchase >= begun)
    return ratio(np.count_nonzero(again), np.count_nonzero(members))


def starting_fans(outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
    """By merchant, its starting fans (agents) and those of them in its room in the last 30 days of the run.

    Those whom it had on the morning of day 0, or brought as it opened; a visit on another platform does not
    count.
    """
    merchants = len(outcome.merchants.arrival)
    ties = outcome.ties
    lately = (ties.store != EMPTY) & (ties.flags & STARTING > 0)
    lately &= ties.last_visit >= max(0, outcome.first_day + outcome.days - MONTH)
    back = np.bincount(ties.store[lately] % merchants, minlength=merchants)
    before = outcome.fans_at_first.reshape(len(outcome.platforms), -1).sum(axis=0)
    return before + outcome.merchant_counts("started"), back


@measure("Starting fans in the room in the last 30 days", better=HIGHER)
def starting_fans_back_30d(outcome: Outcome) -> float:
    """Of starting fans of merchants in business at the end, those who visited them (to buy or not) in the
    last 30 days. Missing without such fans."""
    began, back = starting_fans(outcome)
    chosen = outcome.merchants.status == OPEN
    return ratio(back[chosen].sum(), began[chosen].sum())


@by_days
@measure("Sales a person and day", unit="CNY", bounds=AMOUNT, better=HIGHER)
def gmv_per_person_day(outcome: Outcome) -> float:
    """GMV / (persons in the world, whether they watch or not, times days), in CNY."""
    return ratio(outcome.cny(outcome.count("gmv")), outcome.population * outcome.days)
