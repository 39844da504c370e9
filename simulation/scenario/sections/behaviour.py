"""Parameters of behaviour: attention, choosing, buying, goods, trust, following, sharing."""

from __future__ import annotations

from ..fields import CALIBRATED, UNKNOWN, UNTOLD, Section, quantity


class Attention(Section):
    """What makes people look once more: notices and cards."""

    notice_pull: float = quantity(
        0.25,
        "Looks that one notice of a stream adds in expectation; 0 for notices that are seen only when "
        "the app is opened anyhow.",
        unit="looks",
        low=0,
        high=5,
        source="shops' messages are opened by 6 to 12% of those who get them (Wohllebe et al. 2021), a "
        "grocer's own customers respond to 12% of campaigns: sweep 0 to 1",
    )
    card_pull: float = quantity(
        0.25,
        "Looks that one friend's card adds in expectation; 0 for cards that are seen only when they are "
        "looked for.",
        unit="looks",
        low=0,
        high=5,
        source="bounded by the size of cascades alone: sweep 0 to 1",
    )
    appointment: float = quantity(
        0.0,
        "Chance of an opening for the host that a fan trusts most, on a day on which it streams; 0 for none.",
        low=0,
        high=1,
        source="of 4,212 who had booked a stream on Tencent Live 32% watched it live (maiefu.com, 2020): an "
        "upper end, since few book; sweep from 0",
    )
    appointment_trust: float = quantity(0.5, "Trust from which a fan may have one.", low=0, high=1)


class Choice(Section):
    """Entering a room: a logit choice among the rooms offered and leaving."""

    enter_bias: float = quantity(
        -0.76, "Utility of entering a room when everything else is zero.", low=-20, high=20, source=UNTOLD
    )
    fit_weight: float = quantity(2.0, "Utility of interest fit 1.", low=-20, high=20)
    taste_weight: float = quantity(
        0.5, "Share of interest lost in a room of the opposite taste.", low=0, high=1
    )
    strong_fit: float = quantity(
        0.6, "Interest fit from which a room counts as strongly fitting (unreached demand).", low=0, high=1
    )
    trust_weight: float = quantity(
        1.9, "Utility of full own trust in the merchant.", low=-20, high=20, source=UNTOLD
    )
    friend_weight: float = quantity(
        2.1, "Utility of a link from a friend of strength 1.", low=-20, high=20, source=UNTOLD
    )
    crowd_weight: float = quantity(
        0.38, "Utility of e times more people in the room.", low=-20, high=20, source=UNTOLD
    )
    fatigue_weight: float = quantity(
        0.3, "Disutility of e times more links waiting in the inbox today.", low=0, high=20
    )
    rank_weight: float = quantity(
        0.4, "Disutility of standing e times lower in a ranked list.", low=0, high=20
    )


class Purchase(Section):
    """Buying in a room: a logistic probability."""

    intercept: float = quantity(
        -5.8, "Log-odds of buying with nothing in favour.", low=-20, high=20, source=CALIBRATED
    )
    fit_weight: float = quantity(2.3, "Log-odds of interest fit 1.", low=-20, high=20, source=UNTOLD)
    trust_weight: float = quantity(
        3.5, "Log-odds of full effective trust.", low=-20, high=20, source=CALIBRATED
    )
    own_trust_scale: float = quantity(
        1.0, "Share of own trust that counts towards effective trust.", low=0, high=1
    )
    endorsement_scale: float = quantity(
        1.0, "Share of a friend's endorsement that counts towards effective trust.", low=0, high=1
    )
    repeat_endorsement: float = quantity(
        0.1,
        "Weight of a second endorsement of the same merchant relative to the first.",
        low=0,
        high=1,
        source="first cue raises click-through, further ones hardly (SSRN 3901637)",
    )
    skill_weight: float = quantity(
        1.9, "Log-odds of host skill 1 against 0.5.", low=-20, high=20, source=UNTOLD
    )
    impulse_weight: float = quantity(1.0, "Log-odds of impulse 1 against 0.5.", low=-20, high=20)
    price_weight: float = quantity(
        0.97,
        "Log-odds lost when the price is e times the usual, at sensitivity 1.",
        low=0,
        high=20,
        source=CALIBRATED,
    )
    crowd_weight: float = quantity(
        0.02,
        "Log-odds of e times more people in the room.",
        low=-20,
        high=20,
        source="crowd cues hardly act on taking what was sampled (Krumme et al. 2012)",
    )
    cycle: float = quantity(
        0.0,
        "Time after an order in which 63% of the wish to buy in its category come back, median of "
        "categories; 0 is at once.",
        unit="days",
        low=0,
        high=365,
        source="27 days lie between two buying days of a household, median of 203 categories (dunnhumby, The "
        "Complete Journey, a US grocer, 2017); that the wish is as slow is an assumption, sweep from 0 to 60",
    )
    cycle_spread: float = quantity(
        0.45,
        "Spread of the logarithm of cycles over categories, the first of which has the shortest.",
        low=0,
        high=3,
        source="the same: 14 days for one category in ten, 46 for nine in ten; 11 for fresh fruit",
    )


class Goods(Section):
    """What arrives, and what is sent back."""

    expected_quality: float = quantity(0.6, "Quality that buyers expect of any seller.", low=0, high=1)
    satisfaction_slope: float = quantity(
        6.0, "How sharply satisfaction turns on experienced minus promised quality.", low=0, high=100
    )
    satisfaction_offset: float = quantity(
        0.074, "Shortfall of quality at which half of buyers are content.", low=-1, high=1, source=CALIBRATED
    )
    overpromise: float = quantity(0.15, "Extra quality promised by the most skilful host.", low=0, high=1)
    return_if_satisfied: float = quantity(
        0.10,
        "Share of satisfying orders returned.",
        low=0,
        high=1,
        source="ordinary e-commerce returns 10 to 15% (trade press)",
    )
    return_if_disappointed: float = quantity(
        0.70,
        "Share of disappointing orders returned.",
        low=0,
        high=1,
        source="with about half disappointed gives the 30 to 50% of live commerce (trade press)",
    )
    return_impulse: float = quantity(
        0.15, "Extra share returned by the most impulsive buyers.", low=0, high=1
    )
    known_by_purchase: float = quantity(
        0.3,
        "Share of what is unknown of a merchant's goods that one earlier purchase tells; 0 for nothing.",
        low=0,
        high=1,
        source=UNKNOWN,
    )
    known_by_friend: float = quantity(
        0.3, "The same of a friend's full endorsement; 0 for nothing.", low=0, high=1, source=UNKNOWN
    )
    known_by_counter: float = quantity(
        0.3,
        "The same of having met the merchant outside the platform; 0 for nothing.",
        low=0,
        high=1,
        source=UNKNOWN,
    )


class Trust(Section):
    """How trust in a merchant grows, is lost, and fades."""

    initial_follow: float = quantity(
        0.25, "Trust of a new follower of average inclination to trust.", low=0, high=1
    )
    watch_gain: float = quantity(0.02, "Share of missing trust gained by one visit.", low=0, high=1)
    purchase_gain: float = quantity(
        0.15, "Share of missing trust gained by one satisfying purchase.", low=0, high=1
    )
    purchase_loss: float = quantity(
        0.35,
        "Share of trust lost by one disappointing purchase.",
        low=0,
        high=1,
        source="losses weigh about twice as much as gains (prospect theory); size assumed",
    )
    half_life: float = quantity(
        78.0,
        "Time in which trust in an unvisited merchant halves.",
        unit="days",
        low=0.1,
        high=10_000,
        source=UNTOLD,
    )
    tie_strength: float = quantity(
        1.0, "Multiplies strengths of friendships and trust of starting private domains.", low=0, high=3
    )


class Following(Section):
    """Following a merchant or joining its group, muting and leaving."""

    base_rate: float = quantity(
        0.009,
        "Chance to follow after a visit without own trust.",
        unit="per visit",
        low=0,
        high=1,
        source=CALIBRATED,
    )
    trust_boost: float = quantity(
        3.0, "Relative increase of that chance at full effective trust.", low=0, high=100
    )
    purchase_boost: float = quantity(
        9.9, "Relative increase of that chance after a satisfying purchase.", low=0, high=100, source=UNTOLD
    )
    fade_floor: float = quantity(
        0.05, "A follower whose trust is below this leaves at the weekly review.", low=0, high=1
    )
    leave_rate: float = quantity(
        0.004,
        "Chance that a new fan without trust leaves for no other reason.",
        unit="per week",
        low=0,
        high=1,
    )
    tenure_slope: float = quantity(
        0.3,
        "How fast that chance falls with the time that one has been a fan: exponent; 0 for not at all.",
        low=0,
        high=3,
        source=UNKNOWN,
    )
    trust_hold: float = quantity(
        0.5, "Share of that chance that full trust takes away; 0 for none.", low=0, high=1, source=UNKNOWN
    )
    referred_factor: float = quantity(
        0.82,
        "That chance for whoever became a fan by a friend's card, relative to others; 1 for no difference.",
        low=0,
        high=1,
        source="customers brought by others leave 18% less often (Schmitt, Skiera, Van den Bulte 2011), "
        "while the bringer stays, which is not followed here",
    )
    fan_life: float = quantity(
        1.0,
        "How many times as long fans stay: of those who would leave one in so many does.",
        low=1,
        high=100,
    )
    annoyance: float = quantity(
        0.015,
        "Chance to mute or leave for one message a week, growing with messages.",
        unit="per week",
        low=0,
        high=1,
        source=UNTOLD,
    )
    mute_share: float = quantity(0.6, "Share of the annoyed who mute instead of leaving.", low=0, high=1)


class Community(Section):
    """A merchant's groups: joining them, and opening their links."""

    most_members: float = quantity(
        500.0,
        "Members that one group holds; a merchant with more has several groups.",
        unit="persons",
        low=2,
        high=100_000,
        source="a WeChat group has 500 members at most",
    )
    join_by_visit: float = quantity(
        0.003,
        "Chance that a visitor who came by no friend's card joins a group of the merchant.",
        unit="per visit",
        low=0,
        high=1,
        source=UNKNOWN,
    )
    join_by_card: float = quantity(
        0.05,
        "Chance that a visitor who came by a friend's card joins a group of the merchant.",
        unit="per visit",
        low=0,
        high=1,
        source=UNKNOWN,
    )
    join_by_parcel: float = quantity(
        0.10,
        "Chance that a buyer joins by the note in the parcel.",
        unit="per order",
        low=0,
        high=1,
        source=UNKNOWN,
    )
    join_by_assistant: float = quantity(
        0.0,
        "Chance that a follower on the platform joins a group because an assistant writes; 0 where nobody "
        "does.",
        unit="per week",
        low=0,
        high=1,
        source="no published figure: sweep from 0",
    )
    joining: float = quantity(
        1.0, "Multiplies all rates of joining a group, the counter's too.", unit="times", low=0, high=10
    )
    open_rate: float = quantity(
        0.59,
        "Chance that a member who looks at its groups opens the link of a full one.",
        low=0,
        high=1,
        source="views of a post are 0.275 of subscribers at 3,000 and fall to 0.031 at 500,000 (139,115 "
        "Telegram channels, github.com/playersells/open-data), carried on to 500 members: a proxy",
    )
    open_slope: float = quantity(
        0.43,
        "How fast that chance falls with the size of a group: exponent; 0 for not at all.",
        low=0,
        high=2,
        source="the same channels: ln(0.275 / 0.031) / ln(500,000 / 3,000)",
    )
    order_cue: float = quantity(
        0.2,
        "Utility, to a member who opens its group, of e times more orders that stand there; 0 for none.",
        low=0,
        high=5,
        source=UNKNOWN,
    )


class Sharing(Section):
    """Passing a link on to friends."""

    base_rate: float = quantity(
        0.048,
        "Chance to share after a visit, at average willingness.",
        unit="per visit",
        low=0,
        high=1,
        source=UNTOLD,
    )
    purchase_boost: float = quantity(
        3.0, "Relative increase of that chance after a satisfying purchase.", low=0, high=100
    )
    direct_share: float = quantity(
        0.6, "Share of shares sent directly to a few friends; the rest is broadcast.", low=0, high=1
    )
    direct_friends: float = quantity(
        4.0, "Friends who get a direct link, on average.", unit="friends", low=0, high=100
    )
    targeting: float = quantity(
        2.9,
        "How far direct links go to friends whom the room suits: log-weight of a friend of "
        "interest fit 1 against one of fit 0.",
        low=0,
        high=20,
        source=UNTOLD,
    )
    direct_notice: float = quantity(0.58, "Chance to notice a direct link.", low=0, high=1, source=CALIBRATED)
    broadcast_notice: float = quantity(0.15, "Chance that a friend notices a broadcast link.", low=0, high=1)
    wide_notice: float = quantity(
        0.03,
        "Chance that one of the some 150 persons of the wide circle notices a broadcast link; 0 for none.",
        low=0,
        high=1,
        source="no published figure; a twentieth of what a direct link gets (assumption)",
    )
    wide_strength: float = quantity(
        0.1,
        "Strength of the tie to somebody of the wide circle, or to a fellow member of a group.",
        low=0,
        high=1,
        source="below that of loose friends, 0.3 (assumption)",
    )
    group_share: float = quantity(
        0.02,
        "Chance that whoever passes a link on also reposts it into another merchant's group in which they "
        "are; 0 for never.",
        low=0,
        high=1,
        source="no evidence: sweep from 0",
    )
    group_notice: float = quantity(
        0.09,
        "Chance that a member of that group notices the reposted link.",
        low=0,
        high=1,
        source="no published figure; some sixth of what a direct link gets (assumption)",
    )
    max_waves: int = quantity(10, "Most waves of sharing within a day.", unit="waves", low=0, high=1000)
