"""A scenario: a question to the laboratory, whose parts fit together."""

from __future__ import annotations

from pydantic import PrivateAttr, ValidationInfo, model_validator

from ..errors import Inconsistent
from ..words import counted
from .checks.between import problems_between
from .labels import arm_titles
from .reading.written import Written
from .tables import ScenarioTables


class Scenario(ScenarioTables):
    """A question to the laboratory, complete."""

    _written: Written | None = PrivateAttr(None)
    """Where it was read, so that whatever is found wrong with it later can say on which line it stands."""
    _checked: bytes = PrivateAttr(b"")
    """What it said when it was last checked as a whole, as a hash."""

    def __eq__(self, other: object) -> bool:
        """Whether another scenario says the same, wherever it was written."""
        return isinstance(other, Scenario) and dict(self) == dict(other)

    def __repr__(self) -> str:
        world, arms = self.world, ", ".join(arm.name for arm in self.arms)
        return (
            f"<Scenario '{self.name}': {counted(world.viewers, 'viewer')}, "
            f"{counted(world.merchants, 'merchant')}, "
            f"{counted(world.days, 'day')}, {counted(self.run.replications, 'replication')}; arms {arms}>"
        )

    __str__ = __repr__

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Scenario:
        """Sections must fit together, unless what does not is looked for by itself."""
        together = (info.context or {}).get("together", True)
        if together and (problems := list(problems_between(self))):
            raise Inconsistent(problems)
        return self

    @property
    def titles(self) -> dict[str, str]:
        """Names of arms for readers by short name, no two alike."""
        return arm_titles(self.arms)
