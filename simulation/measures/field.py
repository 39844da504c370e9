"""Field statistics: what published figures report, taken from the model in the same way.

Published figures of live selling are about a selection: the best-selling hosts of a ranking. The
measures that begin with ``top20`` make the same selection, the fifth of merchants (20%) with the largest
GMV, and look at their sessions (a day's stream) as the ranking does.
"""

from __future__ import annotations

import numpy as np

from ..state.ledger import SHARES
from .concentration import FEWEST_VISITS, gini, top_share
from .outcome import FEN, Outcome
from .registry import AMOUNT, HIGHER, LOWER, MISSING, by_days, measure, ratio

TOP_SHARE = 0.2
"""Share of the merchants at the start: 20 of the 100 in the world of the calibration. A fixed number would
be a narrower selection in a larger world."""
EMPTY_ROOM_PERSONS = 5
STAY_MINUTES = 2.5
"""Minutes of a visit: in a session of 4.4 hours gives .0095 persons at once per visit, as in 1,224 sessions
(.0088 to .0099; Chanmama, github.com/meganzhou62/tiktok_livesale); the median visit there lasts two minutes,
long ones more."""
HALF_PERCENT = 0.005
HALF_YEAR = 181


def top_hosts(outcome: Outcome) -> np.ndarray:
    """Positions of the best-selling fifth (of those at the start); none if nothing was sold."""
    gmv = outcome.merchant_counts("gmv")
    most = max(1, round(TOP_SHARE * outcome.scenario.world.merchants))
    best = np.argsort(-gmv, kind="stable")[:most]
    return best[gmv[best] > 0]


def _of_top(outcome: Outcome, name: str) -> np.ndarray:
    return outcome.merchant_counts(name)[top_hosts(outcome)]


def _sessions(outcome: Outcome) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Visits, orders (agents) and GMV (CNY of agents) of each session of the top hosts."""
    hosts = top_hosts(outcome)
    live = outcome.streamed[:, hosts]
    orders = outcome.by_day(outcome.journal.orders).sum(axis=1)[:, hosts]
    gmv = outcome.by_day(outcome.journal.gmv).sum(axis=1)[:, hosts] / FEN
    return outcome.visits[:, hosts][live], orders[live], gmv[live]


def _conversion_at(outcome: Outcome, share: float) -> float:
    visits, orders, _ = _sessions(outcome)
    enough = visits >= FEWEST_VISITS
    return float(np.quantile(orders[enough] / visits[enough], share)) if enough.any() else MISSING


@by_days
@measure("Best-selling fifth of hosts: orders per visit, of a session in the lower quarter", better=HIGHER)
def top20_conversion_p25(outcome: Outcome) -> float:
    """Lower quartile over sessions of the best-selling fifth of orders / visits. Sessions with at least
    25 visits (agents); missing without any."""
    return _conversion_at(outcome, 0.25)


@by_days
@measure("Best-selling fifth of hosts: orders per visit, median session", better=HIGHER)
def top20_conversion_p50(outcome: Outcome) -> float:
    """As `top20_conversion_p25`, median."""
    return _conversion_at(outcome, 0.5)


@by_days
@measure("Best-selling fifth of hosts: orders per visit, of a session in the upper quarter", better=HIGHER)
def top20_conversion_p75(outcome: Outcome) -> float:
    """As `top20_conversion_p25`, upper quartile."""
    return _conversion_at(outcome, 0.75)


@by_days
@measure("Best-selling fifth of hosts: orders per visit, of one session in twenty from below", better=HIGHER)
def top20_conversion_p05(outcome: Outcome) -> float:
    """As `top20_conversion_p25`, the twentieth from below."""
    return _conversion_at(outcome, 0.05)


@by_days
@measure("Best-selling fifth of hosts: orders per visit, of one session in twenty from above", better=HIGHER)
def top20_conversion_p95(outcome: Outcome) -> float:
    """As `top20_conversion_p25`, the twentieth from above."""
    return _conversion_at(outcome, 0.95)


@by_days
@measure("Best-selling fifth of hosts: orders per visit", better=HIGHER)
def top20_conversion(outcome: Outcome) -> float:
    """Orders / visits of the best-selling fifth together. Missing without visits."""
    return ratio(_of_top(outcome, "orders").sum(), _of_top(outcome, "visits").sum())


@by_days
@measure("Best-selling fifth of hosts: sales per visit, median session", unit="CNY", better=HIGHER)
def top20_gmv_per_visit_p50(outcome: Outcome) -> float:
    """Median over sessions (with at least 25 visits) of the best-selling fifth of GMV / visits, in CNY."""
    visits, _, gmv = _sessions(outcome)
    enough = visits >= FEWEST_VISITS
    return float(np.median(gmv[enough] / visits[enough])) if enough.any() else MISSING


@by_days
@measure("Best-selling fifth of hosts: sales per visit", unit="CNY", better=HIGHER)
def top20_gmv_per_visit(outcome: Outcome) -> float:
    """GMV / visits of the best-selling fifth together, in CNY. Missing without visits."""
    return ratio(_of_top(outcome, "gmv").sum() / FEN, _of_top(outcome, "visits").sum())


@by_days
@measure("Best-selling fifth of hosts: price of an order", unit="CNY")
def top20_basket(outcome: Outcome) -> float:
    """GMV / orders of the best-selling fifth together, in CNY. Missing without orders."""
    return ratio(_of_top(outcome, "gmv").sum() / FEN, _of_top(outcome, "orders").sum())


@by_days
@measure("Best-selling fifth of hosts: new followers per visit, median host")
def top20_follow_rate_p50(outcome: Outcome) -> float:
    """Median over the best-selling fifth of follows / visits. Missing without visits."""
    visits, follows = _of_top(outcome, "visits"), _of_top(outcome, "new_followers")
    return float(np.median(follows[visits > 0] / visits[visits > 0])) if (visits > 0).any() else MISSING


@by_days
@measure("Best-selling fifth of hosts: new followers per visit")
def top20_follow_rate(outcome: Outcome) -> float:
    """Follows / visits of the best-selling fifth together. Missing without visits."""
    return ratio(_of_top(outcome, "new_followers").sum(), _of_top(outcome, "visits").sum())


@by_days
@measure("Best-selling fifth of hosts: inequality of sales among them", unit="Gini")
def top20_gmv_gini(outcome: Outcome) -> float:
    """Gini coefficient of GMV over the best-selling fifth. Missing without sales."""
    return gini(_of_top(outcome, "gmv"))


@by_days
@measure("Best-selling fifth of hosts: inequality of sales among sessions", unit="Gini")
def top20_session_gmv_gini(outcome: Outcome) -> float:
    """Gini coefficient of GMV over all sessions of the best-selling fifth. Missing without sales."""
    return gini(_sessions(outcome)[2])


@by_days
@measure("Best-selling fifth of hosts: sales of the best tenth of sessions")
def top20_top_sessions_share(outcome: Outcome) -> float:
    """GMV of the best-selling tenth of sessions / GMV of all, of the best-selling fifth."""
    return top_share(_sessions(outcome)[2], 0.1)


@by_days
@measure("Orders per link sent directly to a friend", bounds=AMOUNT, better=HIGHER)
def orders_per_direct_link(outcome: Outcome) -> float:
    """Orders after direct links / direct links sent, both in expectation.

    ``orders through share * n / (shares d a)``, with d the share of direct shares, a the friends who
    get one, and n the direct part of the links noticed, ``d a p / (d a p + (1 - d) f q)``: p and q the
    chances that a direct and a broadcast link are noticed, f the mean number of friends. A link once
    noticed is taken to sell alike however it came. Broadcasts recommend to nobody in particular and
    are left out. Missing without a channel for friends' links, or without direct sharing.
    """
    if "share" not in outcome.channels:
        return MISSING
    sharing, settings = outcome.scenario.sharing, outcome.scenario.friendships
    direct = sharing.direct_share * sharing.direct_friends
    noticed = direct * sharing.direct_notice
    friends = settings.local_ties + settings.long_ties
    broadcast = (1.0 - sharing.direct_share) * friends * sharing.broadcast_notice
    orders = outcome.count("orders", outcome.channels.index("share"))
    sent = outcome.journal.channels[:, :, SHARES].sum() * direct
    return ratio(orders * ratio(noticed, noticed + broadcast), sent)


@by_days
@measure("Orders per visit by a link", better=HIGHER)
def link_conversion_rate(outcome: Outcome) -> float:
    """Orders / visits by links of the merchants' groups and of friends together (push and share).

    Missing without such visits.
    """
    links = [i for i, name in enumerate(outcome.channels) if name in ("push", "share")]
    orders = sum(outcome.count("orders", channel) for channel in links)
    return ratio(orders, sum(outcome.count("visits", channel) for channel in links))


@by_days
@measure("Streams of a merchant in half a year", unit="streams")
def streams_per_half_year(outcome: Outcome) -> float:
    """Streams per day and open merchant, over 181 days. Missing if none was ever open."""
    open_days = outcome.journal.open_merchants.sum()
    return ratio(outcome.streamed.sum() * HALF_YEAR, open_days)


@by_days
@measure("Visits of a stream", unit="person-visits")
def visits_per_stream(outcome: Outcome) -> float:
    """Visits, in persons / streams. Missing without streams."""
    return ratio(outcome.persons(outcome.flow("visits").sum()), outcome.streamed.sum())


def concurrent_persons(visits: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Persons in a room at once, on average over streams: ``visits * minutes stayed / (60 hours)``."""
    return np.asarray(visits * STAY_MINUTES / (60.0 * hours))


@by_days
@measure("Merchants with at most 5 viewers at once", better=LOWER)
def near_empty_merchant_share(outcome: Outcome) -> float:
    """Of merchants that streamed, those with at most 5 persons in the room at once, on average over all hours
    that they streamed; see `concurrent_persons`. In 4.4 hours these are 528 visits."""
    hours = outcome.by_day(outcome.journal.hours).sum(axis=(0, 1), dtype=float)
    streamed = hours > 0
    visits = outcome.merchant_counts("visits")[streamed] * outcome.people_per_viewer
    few = concurrent_persons(visits, hours[streamed]) <= EMPTY_ROOM_PERSONS
    return ratio(np.count_nonzero(few), np.count_nonzero(streamed))


@by_days
@measure("Audience of the top 0.5%")
def top_half_percent_audience_share(outcome: Outcome) -> float:
    """Visits of the top 0.5% of merchants (at least one) / all visits."""
    return top_share(outcome.merchant_counts("visits")[outcome.came], HALF_PERCENT)
