"""Which measures can be negative, each by its name: of these nothing is ever a share or a multiple."""

from __future__ import annotations

import pandas as pd

from simulation.measures import MEASURES
from simulation.measures.paired_merchants import PAIRED_MEASURES
from simulation.runs.bounds import is_signed
from tests.integration.baseline import FILE


def test_measures_know_whether_they_can_be_negative() -> None:
    signed = {name for name in MEASURES if is_signed(name)}
    profits = {"profit_per_merchant", "profit_per_store", "named_profit", "platform_payoff", "owner_payoff"}
    profits |= {"counter_newcomer_profit_90d", "counter_newcomer_profit_1y"}
    rises = {"private_share_rise", "stranger_share_rise"}
    rises |= {"session_visits_on_hours", "session_conversion_on_hours"}
    rises |= {"session_visits_lag_one", "session_conversion_on_visits"}
    assert signed == profits | rises | {"fan_dependence", "lead", "lead_besides"}
    paired = {name for name in PAIRED_MEASURES if is_signed(name)}
    assert paired == {
        "private_domain_slope",
        "private_domain_slope_within_kinds",
        "starting_fans_kept",
        "won_domain_slope",
    }
    assert is_signed("profit_per_merchant_brand") and is_signed("lead_tencent_live")
    assert not is_signed("gmv_push") and not is_signed("no_such_measure") and not is_signed("")
    means = pd.read_csv(FILE).dropna().set_index("measure")["mean"]
    below_zero = {str(name) for name in means.index[means < 0]}
    assert below_zero and all(is_signed(name) for name in below_zero), "as they come out"
