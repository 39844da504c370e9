"""Schedulers and workers that are killed as they work: connections are lost, runs never fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import SimpleNamespace

import pytest

from simulation.ensembles.execution.executors import Cluster, dask_executor
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.sweep import run_sweep
from simulation.errors import ExecutionError
from simulation.resources import PROJECT_FOLDER
from tests.integration.test_sweeps import question
from tests.support.cluster import Programs
from tests.support.here import here
from tests.support.sweep_models import slow_line, straight_line

POINTS, RUNS = 24, 48


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    (tmp_path / "cluster").mkdir()
    running = Programs(tmp_path / "cluster")
    try:
        yield running
    finally:
        running.stop()


def once_there_are(runs: int, folder: Path, act: Callable[[], None]) -> threading.Thread:
    """Do something once so many runs are on disk."""

    def wait() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and SweepFolder(folder).count() < runs:
            time.sleep(0.02)
        act()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_lost_scheduler_fails_no_run_and_the_driver_goes_on_with_another(
    programs: Programs, tmp_path: Path
) -> None:
    workers = [programs.worker(PROJECT_FOLDER)]
    folder, whole, asked = tmp_path / "sweep", tmp_path / "whole", question(points=POINTS)

    def how(resume: bool = False) -> Execution:
        return Execution(lambda: dask_executor(programs.address), 1, resume, model=slow_line)

    killer = once_there_are(6, folder, programs.scheduler.kill)
    begun = time.monotonic()
    with pytest.raises(ExecutionError, match=r"cluster=(.|\n)*it was lost while runs were in progress"):
        run_sweep(asked, folder, how())
    assert time.monotonic() - begun < 50, "it does not wait for what cannot come"
    killer.join()
    there = SweepFolder(folder)
    assert 6 <= there.count() < RUNS and not there.failed()
    programs.stop(*workers)
    programs.start_scheduler()
    first = programs.worker(PROJECT_FOLDER)
    killer = once_there_are(
        there.count() + 6, folder, lambda: (first.kill(), programs.worker(PROJECT_FOLDER))
    )
    run_sweep(asked, folder, how(resume=True))
    killer.join()
    run_sweep(asked, whole, Execution(here, 1, model=straight_line))
    assert not there.failed() and there.count() == RUNS
    assert (folder / "sweep.parquet").read_bytes() == (whole / "sweep.parquet").read_bytes()


def test_what_befalls_a_cluster_is_told_apart_from_what_a_run_raises() -> None:
    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    cluster = Cluster.__new__(Cluster)
    cluster._address = "tcp://somewhere:1"
    for lost in (
        CancelledError(),
        CommClosedError("closed"),
        ConnectionRefusedError("refused"),
        TimeoutError(),
    ):
        assert "it was lost while runs were in progress" in str(cluster.not_its_own(lost))
    assert isinstance(
        cluster.not_its_own(KilledWorker("run", SimpleNamespace(address="there"), 3)), BrokenProcessPool
    )
    assert cluster.not_its_own(ValueError("of a result that cannot travel")) is None
