"""A laboratory of live commerce: claims tested in simulated worlds on common luck.

    import simulation as lab

    scenario = lab.read_scenario("fruit_vendor", {"world.days": 60})
    answer = lab.run_experiment(scenario)

Importing it costs nothing: each name is looked up when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.13.0"

if TYPE_CHECKING:
    from .checking.problems import check_scenario as check_scenario
    from .claims.reading import read_scenario as read_scenario
    from .errors import AnalysisError as AnalysisError
    from .errors import ArchiveError as ArchiveError
    from .errors import ExecutionError as ExecutionError
    from .errors import LaboratoryError as LaboratoryError
    from .errors import ScenarioError as ScenarioError
    from .laboratory import CalibrationAnswer as CalibrationAnswer
    from .laboratory import ComparisonAnswer as ComparisonAnswer
    from .laboratory import RunAnswer as RunAnswer
    from .laboratory import SearchAnswer as SearchAnswer
    from .laboratory import SweepAnswer as SweepAnswer
    from .laboratory import analyse as analyse
    from .laboratory import calibrate as calibrate
    from .laboratory import compare as compare
    from .laboratory import run_experiment as run_experiment
    from .laboratory import run_sweep as run_sweep
    from .laboratory import search as search
    from .warm_up.beginning import warm_cast as warm_cast
    from .world.agents.kinds import CasualViewer as CasualViewer
    from .world.agents.kinds import Fan as Fan
    from .world.agents.kinds import Merchant as Merchant
    from .world.model import LiveCommerceModel as LiveCommerceModel

_HOMES = {
    "AnalysisError": "errors",
    "ArchiveError": "errors",
    "CalibrationAnswer": "laboratory",
    "CasualViewer": "world.agents.kinds",
    "ComparisonAnswer": "laboratory",
    "ExecutionError": "errors",
    "Fan": "world.agents.kinds",
    "LaboratoryError": "errors",
    "LiveCommerceModel": "world.model",
    "Merchant": "world.agents.kinds",
    "RunAnswer": "laboratory",
    "ScenarioError": "errors",
    "SearchAnswer": "laboratory",
    "SweepAnswer": "laboratory",
    "analyse": "laboratory",
    "calibrate": "laboratory",
    "check_scenario": "checking.problems",
    "compare": "laboratory",
    "read_scenario": "claims.reading",
    "run_experiment": "laboratory",
    "run_sweep": "laboratory",
    "search": "laboratory",
    "warm_cast": "warm_up.beginning",
}
"""Where each public name is made."""

__all__ = [
    "AnalysisError",
    "ArchiveError",
    "CalibrationAnswer",
    "CasualViewer",
    "ComparisonAnswer",
    "ExecutionError",
    "Fan",
    "LaboratoryError",
    "LiveCommerceModel",
    "Merchant",
    "RunAnswer",
    "ScenarioError",
    "SearchAnswer",
    "SweepAnswer",
    "__version__",
    "analyse",
    "calibrate",
    "check_scenario",
    "compare",
    "read_scenario",
    "run_experiment",
    "run_sweep",
    "search",
    "warm_cast",
]


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Public names and what has been imported."""
    return sorted({*globals(), *__all__})
