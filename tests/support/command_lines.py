"""The command line without a process of its own, whose start takes longer than most of what is asked."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from simulation.commands import app
from simulation.languages.speaking import speaking, spoken
from simulation.resources import PROJECT_FOLDER


def told(*words: str, folder: Path = PROJECT_FOLDER) -> subprocess.CompletedProcess[str]:
    """What ``run.py`` with these words, in `folder`, prints to each stream, and its exit status."""
    said, complained = io.StringIO(), io.StringIO()
    with (
        chdir(folder),
        redirect_stdout(said),
        redirect_stderr(complained),
        patch.object(sys, "argv", ["run.py", *words]),
        speaking(spoken()),
    ):
        status = app._run()
    return subprocess.CompletedProcess(words, status, said.getvalue(), complained.getvalue())
