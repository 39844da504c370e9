"""Files as editors, systems and hostile hands leave them: read, or refused in a few words."""

from __future__ import annotations

import os
import pickle
import threading
from pathlib import Path

import pytest

from simulation.claims.reading import read_scenario
from simulation.commands.questions import parse_value
from simulation.errors import MOST_BYTES, LaboratoryError
from simulation.scenario import Problem, ScenarioError, find_scenario
from simulation.scenario.reading.lines import line_number

GOOD = """\
name = "good"
title = "这 Good"
[world]
viewers = 100
merchants = 5
days = 3
[[arms]]
name = "central"
platform = "taobao_live"
"""


def refused(path: Path, overrides: dict | None = None) -> str:
    """What a user sees of a scenario that is refused."""
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path, overrides)
    text = str(caught.value)
    assert len(text.encode()) <= MOST_BYTES and len(text.splitlines()) <= 24
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    return text


def written(folder: Path, content: str | bytes, name: str = "question.toml") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("viewers = 100", "viewers = 1e2").encode(),
        GOOD.replace("days = 3", "days = 3.0").encode(),
        GOOD.replace("days = 3", "days\t=\t0x03").encode(),
    ],
    ids=["byte-order mark", "CRLF", "1e2", "3.0", "tabs and hex"],
)
def test_what_editors_and_spreadsheets_write_is_read(content: bytes, tmp_path: Path) -> None:
    world = read_scenario(written(tmp_path, content)).world
    assert (world.viewers, world.days) == (100, 3) and isinstance(world.days, int)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GOOD.encode("utf-16"), ["UTF-16 text", "UTF-8"]),
        (GOOD.encode("gbk"), ["not UTF-8 (0xd5)", "line 2", "UTF-8"]),
        (b"", ["name", "title", "world", "arms", "4 problems"]),
        (GOOD + "x = " + "[" * 3000, ["nested too deeply", "12 levels"]),
        (GOOD + "a." * 30 + "b = 1", ["nested too deeply"]),
        (GOOD + "a." * 300_000 + "b = 1", ["far too many parts", "line 10"]),
        (GOOD + "x = " + "9" * 5000, ["thousands of digits", "line 10", "64 bits"]),
        (GOOD + "x = 0x" + "f" * 20000, ["about 24,083 digits", "line 10"]),
        (GOOD + "x = 1e400", ["inf", "finite", "line 10"]),
        (GOOD + "x = nan", ["nan", "finite"]),
        (GOOD + 'label = "a\\u0000b"', ["U+0000", "'a\\x00b'", "arms.central.label"]),
        (GOOD + 'label = "a\\u001b[2Jb"', ["U+001B"]),
        (GOOD + 'label = "a\\u202eb"', ["U+202E"]),
        (GOOD + '"k\\u0007" = 1', ["U+0007"]),
        (GOOD + 'name = "twice"\n', ["no valid TOML", "line 10"]),
        (GOOD + "x = 1\n" * 2, ["no valid TOML", "line 11"]),
        (b"name = 1\n" * 2_000_000, ["more than 2 MB"]),
        (GOOD + "\n".join(f"k{number} = 1" for number in range(20_000)), ["20,000 problems"]),
        (GOOD.replace("good", "a" * 300), ["300 characters", "at most 64 small letters"]),
        (GOOD.replace("good", "con"), ["'con'", "Windows"]),
        (GOOD.replace("central", "c" * 65), ["arms.", "at most 64"]),
        (
            GOOD + "".join(f"[[arms]]\nname = 'a{number}'\nplatform = 'douyin'\n" for number in range(3000)),
            ["arms", "3,001 entries", "1 to 1,000"],
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_a_screen_of_words(
    content: str | bytes, words: list[str], tmp_path: Path
) -> None:
    text = refused(written(tmp_path, content))
    assert all(word in text for word in words), text


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("[sharing]\nbase_rate = true", "true"),
        ('[sharing]\nbase_rate = "0.1"', "'0.1'"),
        ("[run]\nseed = true", "true"),
        ("[run]\nseed = 1.5", "1.5"),
        ('[run]\nseed = "7"', "'7'"),
        ("[run]\nrecord = 1", "1"),
        ('[run]\nrecord = "yes"', "'yes'"),
        ("question = 7", "7"),
        ("[sharing]\nbase_rate = 2020-07-02", "the date 2020-07-02"),
        ("[sharing]\nbase_rate = []", "a list"),
        ("[sharing]\nbase_rate = {}", "a table"),
        ("sharing = 3", "3"),
        ("policies = {}", "a table"),
        ("policies = [1]", "1"),
        ('[plugins]\nchannels = {"a b" = "x.py"}', "'a b'"),
        ("[[policies]]\nname = 'p'\neffect = 'traffic'\namount = 2\nstart = false", "false"),
    ],
)
def test_a_value_of_another_type_is_refused_where_it_stands(line: str, found: str, tmp_path: Path) -> None:
    text = refused(written(tmp_path, GOOD.replace("[world]", f"{line}\n[world]")))
    number = 2 + len(line.split("\n"))
    assert f"found:   {found}" in text or f"found:   the name {found}" in text, text
    assert f"(line {number})" in text, text


def test_truth_text_and_timestamps_are_no_dates(tmp_path: Path) -> None:
    platform = '{ preset = "douyin", launch = %s }'
    for value, right in (
        ("2020-07-02", True),
        ('"2020-07-02"', True),
        ("true", False),
        ("20200702", False),
        ('"soon"', False),
        ("2020-07-02T10:00:00", False),
    ):
        file = written(tmp_path, GOOD.replace('"taobao_live"', platform % value))
        if right:
            assert str(read_scenario(file).arms[0].platform.launch) == "2020-07-02"
        else:
            assert "arms.central.platform.launch (line 9)" in refused(file)


def test_folders_devices_pipes_and_circles_of_links_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    os.mkfifo(tmp_path / "pipe.toml")
    expected = {
        tmp_path / "folder.toml": "a folder",
        tmp_path / "pipe.toml": "a pipe or device",
        tmp_path / "loop.toml": "symbolic links",
        tmp_path / "none.toml": "no such file",
        Path("/dev/zero"): "a pipe or device",
        tmp_path / ("n" * 300): "too long",
        Path("a\0b"): "not a file name",
    }
    for path, words in expected.items():
        assert words in refused(path)
        with pytest.raises(ScenarioError):
            find_scenario(str(path))
    good = GOOD.replace("[world]", '[calibration]\nfacts = "x"\n[plugins]\nchannels = {a = "%s"}\n[world]')
    for name in ("folder.toml", "loop.toml", "pipe.toml", "/dev/zero"):
        assert "plugins.channels.a (line 6)" in refused(written(tmp_path, good % name))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    done: list[str] = []
    reader = threading.Thread(target=lambda: done.append(refused(tmp_path / "pipe.toml")), daemon=True)
    reader.start()
    reader.join(20)
    assert done


def test_a_preset_that_cannot_be_read_names_its_own_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "platforms").mkdir()
    preset = tmp_path / "platforms" / "mine.toml"
    file = written(tmp_path, GOOD.replace("taobao_live", "mine"))
    preset.write_bytes(b"\xff\xfex")
    assert "mine.toml: 1 problem" in refused(file)
    preset.write_bytes(b'name = "mine"\nlabel = "Mine"\n[channels]\npush = 1\n[feed]\nslate_size = 9\n')
    text = refused(file)
    assert "arms.central.platform.feed.slate_size (line 6 of " in text and "mine.toml)" in text
    changed = '{ preset = "mine", feed = { slate_size = 8 } }'
    file = written(tmp_path, GOOD.replace('"taobao_live"', changed))
    assert "arms.central.platform.feed.slate_size (line 9)" in refused(file)


def test_names_are_found_with_and_without_suffix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, GOOD, "my_question.toml")
    assert find_scenario("my_question") == Path("my_question.toml")
    with pytest.raises(ScenarioError, match=r"did you mean 'my_question.toml'"):
        find_scenario("my_qestion.toml")
    assert find_scenario("fruit_vendor").is_absolute()
    written(tmp_path, GOOD, "fruit_vendor.toml")
    with pytest.raises(ScenarioError, match=r"'fruit_vendor.toml' here, and one of that name"):
        find_scenario("fruit_vendor")
    assert find_scenario("./fruit_vendor.toml") == Path("fruit_vendor.toml")


def test_values_on_the_command_line_are_read_or_refused() -> None:
    assert parse_value("1\nother = 2") == "1\nother = 2" and parse_value("a # b") == "a # b"
    for text in ("9" * 5000, "[" * 2000):
        with pytest.raises(LaboratoryError) as caught:
            parse_value(text, "run.seed")
        assert "--set run.seed" in str(caught.value) and len(str(caught.value)) < 400


@pytest.mark.parametrize("value", [10**30, float("nan"), "a\0b", [[[[[[[[[[[[[[1]]]]]]]]]]]]]], True])
def test_values_set_from_python_are_checked_like_the_file_s(value: object, tmp_path: Path) -> None:
    assert "overrides: run.seed" in refused(written(tmp_path, GOOD), {"run.seed": value})


def test_messages_are_bounded_and_show_everything_hidden() -> None:
    problems = [Problem(f"key\n{number}" * 200, "\x1b[31m\u202e" * 900, "汉" * 9000) for number in range(900)]
    text = str(ScenarioError("a\rb" * 900, problems))
    assert len(text.encode()) <= MOST_BYTES and "\x1b" not in text and "\u202e" not in text
    told = text.count("found:")
    assert told >= 3 and f"and {900 - told} more" in text
    again = pickle.loads(pickle.dumps(ScenarioError("file", problems[:1])))
    assert isinstance(again, ScenarioError) and again.problems == problems[:1] and again.source == "file"


def test_lines_are_told_for_keys_in_every_form_of_toml() -> None:
    text = '''a.b = 1 # c = 2
"q.r" = """
x = 3
"""
[t]
k = [ 1, { z = 2,
  y = 3 }, "]" ]
[[l]]
n = 1
[[l]]
n = 2
[l.in]
m = 1
[[l.deep]]
o = { p = { q = 4.5 } }
'''
    expected = {
        ("a",): 1,
        ("a", "b"): 1,
        ("q.r",): 2,
        ("t",): 5,
        ("t", "k"): 6,
        ("t", "k", 1, "z"): 6,
        ("t", "k", 1, "y"): 7,
        ("l", 0, "n"): 9,
        ("l", 1, "n"): 11,
        ("l", 1, "in", "m"): 13,
        ("l", 1, "deep", 0, "o", "p", "q"): 15,
        ("x",): None,
        ("l", 0, "none"): 8,
    }
    assert {location: line_number(location, text) for location in expected} == expected
