"""Does whatever calls itself a scenario file get read, or refused in words?

    uv run tests/fuzz/scenarios.py --files 5000 --seed 1
    uv run tests/fuzz/scenarios.py --seed 1 --only 1234          # one of them again, and its text

Files are made of the shipped scenarios by mutation, and from the JSON Schema. Each is checked as `run.py
check` does, some with keys set beside. Either there is a scenario, which reads back the same from the form
in which runs store it, or a `LaboratoryError` of at most 4 kB without hidden characters. Nothing else may
happen: no other error, nothing written, no plugin run, and no file that takes longer than `MOST_SECONDS`.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from simulation.checking.problems import check_scenario  # noqa: E402
from simulation.commands.questions import parse_value  # noqa: E402
from simulation.errors import MOST_BYTES, LaboratoryError  # noqa: E402
from simulation.scenario import resolved_toml  # noqa: E402
from simulation.scenario.generated.schema import scenario_schema  # noqa: E402
from simulation.scenario.reading.read import stored_table  # noqa: E402
from tests.fuzz.from_schema import made_from  # noqa: E402
from tests.fuzz.mutations import ODD_TEXTS, ODD_TOKENS, mutated  # noqa: E402

MOST_SECONDS = 20.0
STORED_EVERY = 4
"""Writing the stored form takes as long as all the rest."""
FROM_SCHEMA = 0.3
"""Share of the files that are made from the schema."""
RAN = "open(__file__ + '.ran', 'a')\n"
"""First line of every plugin here: whoever runs it leaves a file."""
SHOWN = "\n\u00a0\u3000\u200c\u200d"
"""Not printable for Python, but no harm to a terminal: breaks, spaces and joiners."""


class TooLong(BaseException):
    """A file took too long; no ordinary error, so that nobody takes it for one."""


class Place:
    """A folder with copies of all that scenarios name, in which files are tried.

    Parameters
    ----------
    folder : Path
        An empty folder.
    """

    def __init__(self, folder: Path):
        self.folder = folder / "scenarios"
        shutil.copytree(PROJECT / "scenarios", self.folder)
        for plugin in (self.folder / "plugins").glob("*.py"):
            plugin.write_text(RAN + plugin.read_text(encoding="utf-8"), encoding="utf-8")
        points = self.folder / "evidence" / "plausible_worlds.csv"
        points.write_text("".join(points.read_text(encoding="utf-8").splitlines(True)[:4]), encoding="utf-8")
        self.texts = [_small(file.read_text(encoding="utf-8")) for file in sorted(self.folder.glob("*.toml"))]
        self.schema = scenario_schema()
        self._before = self._state()

    def file(self, number: int, seed: int) -> tuple[Path, dict[str, str]]:
        """File number `number`, and keys to be set beside."""
        luck = np.random.default_rng([seed, number])
        content = made_from(self.schema, luck) if luck.random() < FROM_SCHEMA else mutated(self.texts, luck)
        path = self.folder / "tried.toml"
        path.write_bytes(content)
        settings = (
            dict(_setting(content, luck) for _ in range(int(luck.integers(3))))
            if (luck.random() < 0.3)
            else {}
        )
        return path, settings

    def traces(self) -> list[str]:
        """What was written in the folder, apart from the file that is tried."""
        return sorted(map(str, self._state() ^ self._before))

    def _state(self) -> set[tuple[str, int, int]]:
        return {
            (str(file.relative_to(self.folder)), file.stat().st_size, file.stat().st_mtime_ns)
            for file in self.folder.rglob("*")
            if file.is_file() and file.name != "tried.toml"
        }


def _small(text: str) -> str:
    """A scenario whose design is looked through quickly."""
    return re.sub(r"^points = \d+", "points = 4", text, flags=re.MULTILINE)


def _setting(content: bytes, luck: np.random.Generator) -> tuple[str, str]:
    """A key of the file, or nearly one, and a value for it."""
    keys = re.findall(r"[\w.]+(?= *=)", content.decode("utf-8", "replace")) or ["name"]
    prefix = str(luck.choice(["", "", "arms.tencent_live.", "arms.feed.platform.", "sweep.factors."]))
    key = prefix + str(keys[int(luck.integers(len(keys)))])
    texts = [*ODD_TEXTS, *ODD_TOKENS, "0.2", "{ push = 1 }", "[1]", "douyin"]
    return key, texts[int(luck.integers(len(texts)))]


def outcome(path: Path, settings: dict[str, str], stored: bool = True) -> str:
    """``"read"`` or ``"refused"``.

    Parameters
    ----------
    path : Path
        The file.
    settings : dict of str to str
        Keys set beside, and what is written for them.
    stored : bool
        Whether to try the form in which runs store scenarios, too.

    Raises
    ------
    AssertionError
        If the message is too long or has hidden characters, or a scenario does not read back the same.
    """
    try:
        overrides = {key: parse_value(value, key) for key, value in settings.items()}
        scenario = check_scenario(path, overrides).scenario
    except LaboratoryError as error:
        text = str(error)
        assert len(text.encode()) <= MOST_BYTES, f"a message of {len(text.encode()):,} bytes"
        hidden = [letter for letter in text if not letter.isprintable() and letter not in SHOWN]
        assert not hidden, f"hidden in the message: {hidden[:5]}"
        assert len(text.splitlines()) <= 24, f"a message of {len(text.splitlines())} lines"
        return "refused"
    if stored:
        again = stored_table(tomllib.loads(resolved_toml(scenario)), "stored")
        assert again == scenario, "another scenario when it is stored and read back"
    return "read"


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in whatever takes longer."""

    def stop(*_: Any) -> None:
        raise TooLong(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def tried(place: Place, number: int, seed: int) -> tuple[str, float, str]:
    """Outcome of one file, the seconds that it took, and the error that should not have been."""
    path, settings = place.file(number, seed)
    started = time.perf_counter()
    try:
        with time_limit(MOST_SECONDS):
            found, fault = outcome(path, settings, number % STORED_EVERY == 0), ""
    except (Exception, SystemExit, TooLong) as error:
        found, fault = "fault", f"{type(error).__name__}: {error}"[:300]
    return found, time.perf_counter() - started, fault


def fuzz(files: int, seed: int, say: Any = print) -> list[str]:
    """Try `count` files; what went wrong, one line each."""
    found: Counter[str] = Counter()
    faults: list[str] = []
    slowest = (0.0, 0)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        for number in range(files):
            what, seconds, fault = tried(place, number, seed)
            found[what] += 1
            slowest = max(slowest, (seconds, number))
            if fault:
                faults.append(f"file {number} of seed {seed}: {fault}")
                say(faults[-1])
        faults += [f"written: {trace}" for trace in place.traces()]
    say(
        f"seed {seed}: {files:,} files in {time.perf_counter() - started:.0f} s, {found['read']:,} read, "
        f"{found['refused']:,} refused, {len(faults):,} faults; the slowest took {slowest[0]:.2f} s "
        f"(file {slowest[1]})"
    )
    return faults


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="Number of one file: print it and what becomes of it.")
    asked = parser.parse_args()
    if asked.only is None:
        return bool(fuzz(asked.files, asked.seed))
    with tempfile.TemporaryDirectory() as folder:
        path, settings = Place(Path(folder)).file(asked.only, asked.seed)
        sys.stdout.buffer.write(path.read_bytes()[:20_000] + b"\n")
        print("set beside:", settings)
        print(outcome(path, settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
