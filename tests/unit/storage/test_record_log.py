"""A log of records: what is torn or altered is named, what is whole is read, whatever lies between."""

from __future__ import annotations

import resource
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.storage.record_log import RecordLog, line_of
from tests.support.tearing import flip


def record(identity: str, value: object = 1, error: str = "") -> dict[str, object]:
    return {"identity": identity, "value": value, "error": error}


def written(path: Path, *records: dict[str, object]) -> RecordLog:
    log = RecordLog(path / "log.jsonl")
    for entry in records:
        log.append(entry)
    return log


def values(log: RecordLog) -> dict[str, object]:
    known, _ = log.index()
    return {run["identity"]: run["value"] for run in log.records(list(known.values()))}


def test_of_two_with_one_identity_the_later_counts(tmp_path: Path) -> None:
    log = written(tmp_path, record("a", 1, error="failed"), record("b", 2), record("a", "三\n\u2028"))
    known, damaged = log.index()
    assert values(log) == {"a": "三\n\u2028", "b": 2} and not damaged
    assert not known["a"].failed and known["a"].number == 3
    assert list(pd.read_json(log.path, lines=True)["identity"]) == ["a", "b", "a"]


def test_an_error_does_not_take_the_place_of_a_result(tmp_path: Path) -> None:
    log = written(
        tmp_path, record("a", 1), record("a", 2, error="no memory"), record("b", 3, error="it broke")
    )
    assert values(log) == {"a": 1, "b": 3}
    log.append(record("b", 4, error="again"))
    assert values(log) == {"a": 1, "b": 4}


def test_where_a_disk_is_full_half_a_line_spoils_no_other(tmp_path: Path) -> None:
    log = written(tmp_path, record("a"))
    free, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.path.stat().st_size + 20, most))
    try:
        with pytest.raises(OSError, match="too large"):
            log.append(record("b"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (free, most))
    log.append(record("c"))
    known, damaged = log.index()
    assert sorted(known) == ["a", "c"] and [line.number for line in damaged] == [2]


def test_what_was_written_half_is_named_and_what_comes_after_is_read(tmp_path: Path) -> None:
    log = written(tmp_path, record("a"), record("b"))
    log.path.write_bytes(log.path.read_bytes()[:-9])
    log = written(tmp_path, record("c", error="it broke"))
    known, damaged = log.index()
    assert sorted(known) == ["a", "c"] and known["c"].failed
    assert [str(line) for line in damaged] == ["line 2 (run b)"]
    log.keep_only(list(known.values()))
    assert sorted(values(log)) == ["a", "c"] and not log.index()[1]


def test_there_is_nothing_in_a_file_that_is_not_there(tmp_path: Path) -> None:
    log = RecordLog(tmp_path / "none")
    assert log.index() == ({}, []) and not list(log.records([]))
    log.sync()


@given(bit=st.integers(min_value=0), error=st.sampled_from(["", "it broke"]))
def test_every_bit_of_a_line_counts(bit: int, error: str) -> None:
    whole = line_of(record("5609fe0d43362a5ff1c7", 0.25, error))
    with TemporaryDirectory() as folder:
        log = RecordLog(Path(folder) / "log.jsonl")
        log.path.write_bytes(whole + line_of(record("next")))
        assert len(log.index()[0]) == 2
        flip(log.path, bit % (len(whole) * 8))
        known, damaged = log.index()
    assert known.keys() <= {"next"} and damaged
