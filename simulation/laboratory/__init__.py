"""From a question to a folder with an answer: the whole path, for the command line, scripts and notebooks.

What answers one kind of question is imported when it is first asked for: a run needs no emulator.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .compare import ComparisonAnswer, compare  # at once, since its module has the function's name
from .experiment import findings, plan_experiment, run_experiment, store_run
from .run_answer import RunAnswer

if TYPE_CHECKING:
    from .calibration import CalibrationAnswer as CalibrationAnswer
    from .calibration import calibrate as calibrate
    from .policy_search import SearchAnswer as SearchAnswer
    from .policy_search import search as search
    from .sweep import SweepAnswer as SweepAnswer
    from .sweep import analyse as analyse
    from .sweep import run_sweep as run_sweep

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


def __getattr__(name: str) -> Any:
    """A name that is imported when it is first used."""
    if name in ("CalibrationAnswer", "calibrate"):
        home = import_module(".calibration", __name__)
    elif name in ("SearchAnswer", "search"):
        home = import_module(".policy_search", __name__)
    elif name in ("SweepAnswer", "analyse", "run_sweep"):
        home = import_module(".sweep", __name__)
    else:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    globals()[name] = value = getattr(home, name)
    return value


def __dir__() -> list[str]:
    """All names and what has been imported."""
    return sorted({*globals(), *__all__})
