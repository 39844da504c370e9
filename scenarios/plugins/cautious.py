"""A merchants' rule of one's own: after a loss stop advertising and stream less, else change nothing.

Named in a scenario file under [plugins.merchant_rules]; see scenarios/own_rules.toml.
"""


def RULE(merchants, due, shopkeeping):
    """Adapt the stores whose review is due.

    Parameters
    ----------
    merchants : StoreColumns
        All stores; `review_profit` is what each has earned since its last review, in fen.
    due : int64 array
        Rows to adapt.
    shopkeeping : tuple
        The scenario's numbers of that section.
    """
    losing = due[merchants.review_profit[due] < 0]
    merchants.ad_budget[losing] = 0.0
    fewer = merchants.streams[losing] * (1.0 - shopkeeping.stream_step)
    merchants.streams[losing] = fewer.clip(shopkeeping.min_streams, shopkeeping.max_streams)
