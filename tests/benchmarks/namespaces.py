"""A sweep on a cluster in two network namespaces: a cable is cut, worker and scheduler killed as they work.

Run with ``sudo -E uv run tests/benchmarks/namespaces.py`` (Linux, some two minutes). The scheduler and
the command are in one namespace, the workers in the other, and a cable between them is all that either has.
In the end the sweep must have come to the same bytes as one without a cluster, and no run may have failed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from simulation.ensembles.folder import SweepFolder
from simulation.resources import PROJECT_FOLDER
from tests.support.cluster import Programs
from tests.support.questions import small_question

LOGIN, NODES = "livelab_login", "livelab_nodes"
ADDRESSES = {LOGIN: "10.213.0.1", NODES: "10.213.0.2"}
RUNS, PATIENCE, CUT_SECONDS = 48, 300, 3
SWEEP = f"""
[sweep]
points = {RUNS}
replications = 1
[[sweep.factors]]
key = "sharing.base_rate"
low = 0.01
high = 0.3
"""


def system(*words: str) -> None:
    """Run a command of the system."""
    subprocess.run(words, check=True)


def within(namespace: str) -> list[str]:
    """Words before a command that runs in a namespace."""
    return ["ip", "netns", "exec", namespace]


class Apart(Programs):
    """A scheduler in one namespace and workers in another."""

    def where(self, what: str) -> tuple[list[str], str]:
        """See `Programs`."""
        name = LOGIN if what == "scheduler" else NODES
        return within(name), ADDRESSES[name]


def connect() -> None:
    """Make the namespaces and the cable."""
    for name in ADDRESSES:
        system("ip", "netns", "add", name)
    system("ip", "-n", LOGIN, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", NODES)
    for name, address in ADDRESSES.items():
        system("ip", "-n", name, "address", "add", f"{address}/24", "dev", "cable")
        for link in ("lo", "cable"):
            system("ip", "-n", name, "link", "set", link, "up")


def plug(up: bool) -> None:
    """Cut the cable or mend it."""
    system("ip", "-n", LOGIN, "link", "set", "cable", "up" if up else "down")


def command(scenario: Path, folder: Path, *words: str, before: list[str] | None = None) -> subprocess.Popen:
    """The sweep as a program."""
    line = [*(before or []), sys.executable, "run.py", "sweep", str(scenario), "--out", str(folder), *words]
    return subprocess.Popen(
        line, cwd=PROJECT_FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def once(folder: Path, runs: int, what: str, act: Callable[[], object], driver: subprocess.Popen) -> None:
    """Do something once so many runs are on disk."""
    deadline = time.monotonic() + PATIENCE
    while SweepFolder(folder).count() < runs and driver.poll() is None:
        assert time.monotonic() < deadline, f"only {SweepFolder(folder).count()} runs"
        time.sleep(0.05)
    assert driver.poll() is None, driver.communicate()[1]
    print(f"  {what} after {SweepFolder(folder).count()} of {RUNS} runs", flush=True)
    act()


def work(place: Path) -> None:
    """Run the sweep without a cluster, then on one to which all of that happens."""
    scenario, whole, folder = place / "little.toml", place / "whole", place / "sweep"
    scenario.write_text(small_question(days=60) + SWEEP, encoding="utf-8")
    (place / "logs").mkdir()
    assert command(scenario, whole, "--workers", "1").wait() == 0
    programs = Apart(place / "logs")
    try:
        first, second = (programs.worker(PROJECT_FOLDER) for _ in range(2))
        words = ["--cluster", programs.address, "--workers", "2"]
        driver = command(scenario, folder, *words, before=within(LOGIN))
        once(folder, 6, "a worker killed", lambda: (first.kill(), programs.worker(PROJECT_FOLDER)), driver)
        once(folder, 14, "the cable cut", lambda: plug(up=False), driver)
        time.sleep(CUT_SECONDS)
        plug(up=True)
        once(folder, 22, "the scheduler killed", programs.scheduler.kill, driver)
        begun = time.monotonic()
        said = driver.communicate(timeout=PATIENCE)[1]
        print(f"  the command ended {time.monotonic() - begun:.1f} s later, status {driver.returncode}:")
        print("    " + "\n    ".join(said.strip().splitlines()[-4:]))
        programs.stop(second)
        programs.start_scheduler()
        programs.worker(PROJECT_FOLDER)
        again = command(scenario, folder, *words, "--resume", before=within(LOGIN))
        said = again.communicate(timeout=PATIENCE)[1]
        assert again.returncode == 0, said
    finally:
        plug(up=True)
        programs.stop()
    same = all((folder / name).read_bytes() == (whole / name).read_bytes() for name in ("sweep.parquet",))
    print(f"  {len(SweepFolder(folder).failed())} runs failed; the same bytes: {same}")


def main() -> None:
    """Print what happened."""
    try:
        connect()
        with tempfile.TemporaryDirectory() as place:
            work(Path(place))
    finally:
        for name in ADDRESSES:
            subprocess.run(["ip", "netns", "del", name], check=False)


if __name__ == "__main__":
    main()
