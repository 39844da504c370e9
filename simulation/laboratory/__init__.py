"""From a question to a folder with an answer: the whole path, for the command line, scripts and notebooks."""

from .calibration import CalibrationAnswer, calibrate
from .compare import ComparisonAnswer, compare
from .experiment import findings, plan_experiment, run_experiment, store_run
from .policy_search import SearchAnswer, search
from .run_answer import RunAnswer
from .sweep import SweepAnswer, analyse, run_sweep

__all__ = [
    "CalibrationAnswer",
    "ComparisonAnswer",
    "RunAnswer",
    "SearchAnswer",
    "SweepAnswer",
    "analyse",
    "calibrate",
    "compare",
    "findings",
    "plan_experiment",
    "run_experiment",
    "run_sweep",
    "search",
    "store_run",
]
