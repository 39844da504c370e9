"""A Dask scheduler and workers as programs of their own, to be killed and started again."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 60


class Programs:
    """A scheduler and workers on this machine; none of them in the folder of the project.

    Parameters
    ----------
    folder : Path
        Where they are started, and what they say is kept.
    settings : dict of str to str
        Environment of all of them.
    """

    def __init__(self, folder: Path, **settings: str):
        self._folder, self._settings = folder, settings
        self._running: list[subprocess.Popen] = []
        self._port = str(free_port())
        self.start_scheduler()

    def where(self, what: str) -> tuple[list[str], str]:
        """Words before the command of a scheduler or worker, and the address at which it listens."""
        return [], "127.0.0.1"

    def start_scheduler(self) -> None:
        """Start the scheduler, at the address that it had if it had one."""
        # Left alone, as when the tests are killed, they end by themselves.
        self.scheduler = self._start("scheduler", "--port", self._port, "--idle-timeout", "300")
        self.address = self._said(self.scheduler, r"Scheduler at: +(\S+)")

    def worker(self, path: Path | None) -> subprocess.Popen:
        """Start a worker that imports from `path`, if from anywhere; it is there when this returns."""
        program = self._start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--death-timeout", "60", path=path
        )
        self._said(program, r"Registered to: +(\S+)")
        return program

    def _start(self, what: str, *words: str, path: Path | None = None) -> subprocess.Popen:
        log = self._folder / f"{len(self._running)}.log"
        settings = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | self._settings
        if path:
            settings["PYTHONPATH"] = str(path)
        before, host = self.where(what)
        command = [
            *before,
            sys.executable,
            "-m",
            f"distributed.cli.dask_{what}",
            *words,
            "--host",
            host,
            "--no-dashboard",
        ]
        with log.open("w") as said:
            program = subprocess.Popen(command, cwd=self._folder, env=settings, stdout=said, stderr=said)
        self._running.append(program)
        return program

    def _said(self, program: subprocess.Popen, pattern: str) -> str:
        log = self._folder / f"{self._running.index(program)}.log"
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, log.read_text())):
            assert program.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        return found.group(1)

    def stop(self, *programs: subprocess.Popen) -> None:
        """End those programs, or all."""
        for program in programs or reversed(self._running):
            program.terminate()
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:  # it waits for others that are ended as well
                program.kill()
                program.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
