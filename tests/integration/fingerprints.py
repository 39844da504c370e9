"""A hash of everything that each arm of the shipped scenarios writes: journal, columns, ties.

``uv run tests/integration/fingerprints.py > before`` and the same after a change that must give the same
results to the byte; ``diff`` names the arms that differ. ``--days`` (40 if not given) bounds each run.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from simulation.claims.reading import read_scenario
from simulation.scenario import scenario_files
from simulation.world.cast.cast import draw_cast
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import everything_written


def fingerprint(model: LiveCommerceModel) -> str:
    """Hash of all that a finished model has written; what columns are called does not matter."""
    parts = []
    for values in everything_written(model).values():
        about = f"{values.dtype} {values.shape}".encode()
        held = repr(values.tolist()).encode() if values.dtype == object else values.tobytes()
        parts.append(hashlib.blake2b(about + held).digest())
    return hashlib.blake2b(b"".join(sorted(parts)), digest_size=12).hexdigest()


def main() -> None:
    """Print one line per arm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=40)
    days = parser.parse_args().days
    for file in scenario_files():
        whole = read_scenario(file)
        short = {"world.days": min(whole.world.days, max(days, _last_launch(file) + 1))}
        scenario = read_scenario(file, short)
        cast = draw_cast(scenario)
        for arm in scenario.arms:
            model = LiveCommerceModel(scenario, arm, cast)
            model.run()
            model.close()
            print(f"{scenario.name} {arm.name} {fingerprint(model)}", flush=True)


def _last_launch(file: Path) -> int:
    """Day on which the last platform of a scenario opens."""
    return max(platform.launch_day for arm in read_scenario(file).arms for platform in arm.all_platforms)


if __name__ == "__main__":
    main()
