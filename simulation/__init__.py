"""A laboratory of live commerce: claims tested in simulated worlds on common luck.

    import simulation as lab

    scenario = lab.read_scenario("fruit_vendor", {"world.days": 60})
    answer = lab.run_experiment(scenario)

Importing it costs nothing: each name is looked up when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.3.1"

if TYPE_CHECKING:
    from .claims.reading import read_scenario as read_scenario
    from .errors import ScenarioError as ScenarioError
    from .laboratory import analyse as analyse
    from .laboratory import calibrate as calibrate
    from .laboratory import run_experiment as run_experiment
    from .laboratory import run_sweep as run_sweep
    from .laboratory import search as search
    from .world.agents.kinds import CasualViewer as CasualViewer
    from .world.agents.kinds import Fan as Fan
    from .world.agents.kinds import Merchant as Merchant
    from .world.model import LiveCommerceModel as LiveCommerceModel

_HOMES = {
    "CasualViewer": "world.agents.kinds", "Fan": "world.agents.kinds", "LiveCommerceModel": "world.model",
    "Merchant": "world.agents.kinds", "ScenarioError": "errors", "analyse": "laboratory",
    "calibrate": "laboratory", "read_scenario": "claims.reading", "run_experiment": "laboratory",
    "run_sweep": "laboratory", "search": "laboratory",
}
"""Where each public name is made."""

__all__ = [
    "CasualViewer", "Fan", "LiveCommerceModel", "Merchant", "ScenarioError", "__version__", "analyse",
    "calibrate", "read_scenario", "run_experiment", "run_sweep", "search",
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
