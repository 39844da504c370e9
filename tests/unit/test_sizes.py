"""Files and functions are short, and functions take few arguments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulation.resources import PROJECT_FOLDER
from tests.support import sizes
from tests.support.sizes import SourceFile, source_files


@pytest.fixture(scope="module")
def files() -> list[SourceFile]:
    return source_files(PROJECT_FOLDER, "simulation", "tests")


@pytest.mark.parametrize(
    "check",
    [sizes.long_files, sizes.long_functions, sizes.long_signatures, sizes.needless_exceptions],
    ids=lambda check: check.__name__,
)
def test_files_and_functions_keep_to_their_sizes(
    files: list[SourceFile], check: Callable[[list[SourceFile]], list[str]]
) -> None:
    assert len(files) > 300
    faults = check(files)
    assert not faults, "\n".join(["", *faults])


# ---- each of the checks can fail


def made_up(text: str) -> list[SourceFile]:
    return [SourceFile("simulation/made_up.py", text)]


def test_a_file_of_401_lines_is_one_line_too_long() -> None:
    assert sizes.long_files(made_up("\n" * 400)) == []
    (fault,) = sizes.long_files(made_up("\n" * 401))
    assert "simulation/made_up.py has 401 lines, 400 at most" in fault


def test_a_function_of_51_lines_is_one_line_too_long_wherever_it_stands() -> None:
    body = "        pass\n"
    method = "class Shop:\n    def close(self):\n"
    assert sizes.long_functions(made_up(method + 49 * body)) == []
    (fault,) = sizes.long_functions(made_up(method + 50 * body))
    assert "simulation/made_up.py (line 2): close has 51 lines, 50 at most" in fault


@pytest.mark.parametrize(
    ("signature", "count"),
    [
        ("a, b, c, d, e, f", 6),
        ("self, a, b, c, d, e, f", 6),
        ("cls, a, b, c, d, e, f", 6),
        ("a, b, c, /, d, *rest, e, f, **more", 6),
        ("a, b, c, d, e, f, g", 7),
        ("self, a, b, c, d, e, f, g", 7),
        ("a, b, c, /, d, *, e, f, g=1", 7),
    ],
)
def test_a_seventh_argument_is_one_too_many(signature: str, count: int) -> None:
    faults = sizes.long_signatures(made_up(f"def sell({signature}): ..."))
    told = "simulation/made_up.py (line 1): sell takes 7 arguments, 6 at most"
    assert [fault.startswith(told) for fault in faults] == [True] * (count - 6)


def test_an_exception_names_one_function_and_goes_when_it_is_not_needed() -> None:
    allowed = ("simulation/made_up.py: sell",)
    seven, six = (made_up(f"def sell({names}): ...") for names in ("a, b, c, d, e, f, g", "a, b, c, d, e, f"))
    assert sizes.long_signatures(seven, allowed) == sizes.needless_exceptions(seven, allowed) == []
    assert len(sizes.long_signatures(made_up(seven[0].text.replace("sell", "buy")), allowed)) == 1
    assert len(sizes.needless_exceptions(six, allowed)) == 1
