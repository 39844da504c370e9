"""The house stands on its floors: imports go down, and no two files import each other."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from simulation.resources import PACKAGE_FOLDER, PROJECT_FOLDER
from tests.support import floors
from tests.support.floors import FLOORS, House


@pytest.fixture(scope="module")
def house() -> House:
    return House(PACKAGE_FOLDER)


@pytest.mark.parametrize(
    "check",
    [
        floors.unknown_rooms,
        floors.upward_imports,
        floors.cycles,
        floors.crowded_folders,
        floors.imports_of_tests,
        floors.computed_imports,
    ],
    ids=lambda check: check.__name__,
)
def test_the_house_keeps_to_its_floors(house: House, check: Callable[[House], list[str]]) -> None:
    faults = check(house)
    assert not faults, "\n".join(["", *faults])


def test_every_floor_is_a_room() -> None:
    rooms = {
        path.stem if path.is_file() else path.name
        for path in PACKAGE_FOLDER.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert set(FLOORS) == rooms - set(floors.ENTRANCES)


def test_the_picture_in_the_readme_shows_the_floors_in_their_order() -> None:
    text = (PROJECT_FOLDER / "README.md").read_text(encoding="utf-8")
    picture = text.partition("## The house")[2].split("```")[1].partition("simulation/\n")[2]
    shown = re.findall(r"^  (\w+)(?:/|\.py) ", picture, re.MULTILINE)
    assert [room for room in shown if room != "docs"] == list(FLOORS)
    for room, folders in re.findall(r"^  (\w+)/ (.*(?:\n {8,}.*)*)", picture, re.MULTILINE):
        for folder in re.findall(r"\b([\w/]+)/(?![\w*])", folders):
            assert (PACKAGE_FOLDER / room / folder).is_dir(), f"{room}/{folder}/ is in the picture only"


# ---- each of the checks can fail


def built(folder: Path, **files: str) -> House:
    """A house of files given by their dotted names within the package ``home``."""
    for name, text in ({"__init__": ""} | files).items():
        file = folder.joinpath("home", *name.split("__in__")).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(textwrap.dedent(text), encoding="utf-8")
    return House(folder / "home")


ROOMS = ("low", "high")


@pytest.mark.parametrize(
    "text",
    [
        "from .high import thing",
        "from home.high import thing",
        "import home.high",
        "from . import high",
        "def later():\n    from .high import thing",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .high import thing",
        "from importlib import import_module\nhigh = import_module('.high', __package__)",
        "run(import_module, args=('home.high',))",
        "start = 'home.high:main'",
    ],
)
def test_an_import_upwards_is_named(tmp_path: Path, text: str) -> None:
    (fault,) = floors.upward_imports(built(tmp_path, low=text, high=""), ROOMS)
    assert re.match(r"home\.low \(line \d\) imports home\.high, but high stands above low: hand", fault)


def test_an_import_downwards_is_fine(tmp_path: Path) -> None:
    text = "from . import __version__\nfrom .low import thing\nimport ast\nends = '.', '.py', 'home'"
    house = built(tmp_path, low="", high=text)
    assert not floors.upward_imports(house, ROOMS) and not floors.cycles(house)


def test_the_package_may_look_at_all_rooms_and_none_at_what_it_loads(tmp_path: Path) -> None:
    house = built(tmp_path, low="", high="from .__main__ import main", __main__="from .high import run")
    assert len(floors.upward_imports(house, ROOMS)) == 1


@pytest.mark.parametrize(
    "round_trip",
    [
        {"low": "from .high import b", "high": "from .low import a"},
        {"low__in__a": "from .b import b", "low__in__b": "from .c import c", "low__in__c": "from . import a"},
        {"low": "def late():\n    from . import high", "high": "if TYPE_CHECKING:\n    from .low import A"},
        {
            "low__in____init__": "from .a import a",
            "low__in__a": "from ..high import b",
            "high": "from .low.b import b",
            "low__in__b": "",
        },  # a package runs before what is in it
    ],
)
def test_a_cycle_of_any_length_is_named(tmp_path: Path, round_trip: dict[str, str]) -> None:
    (fault,) = floors.cycles(built(tmp_path, **round_trip))
    first, *_, last = fault.partition(" is a cycle")[0].split(" -> ")
    assert first == last and "file below both" in fault


def test_a_package_may_gather_what_lies_in_it(tmp_path: Path) -> None:
    assert not floors.cycles(
        built(tmp_path, low__in____init__="from .a import a", low__in__a="from .b import b", low__in__b="")
    )


def test_a_module_in_no_room_is_named(tmp_path: Path) -> None:
    (fault,) = floors.unknown_rooms(built(tmp_path, low="", attic=""), ROOMS)
    assert fault.startswith("home.attic stands on no floor")


def test_a_crowded_folder_is_named(tmp_path: Path) -> None:
    files = {f"low__in__m{number}": "" for number in range(floors.MOST_MODULES)}
    assert not floors.crowded_folders(built(tmp_path, **files))
    (fault,) = floors.crowded_folders(built(tmp_path, **files, low__in__more=""))
    assert fault.startswith("low/ holds 13 modules, 12 at most")


@pytest.mark.parametrize("text", ["from tests.support.worlds import world", "import pytest"])
def test_product_code_that_imports_tests_is_named(tmp_path: Path, text: str) -> None:
    (fault,) = floors.imports_of_tests(built(tmp_path, low=text))
    assert fault.startswith("home.low (line 1) imports")


def test_an_import_by_a_name_put_together_is_named(tmp_path: Path) -> None:
    house = built(tmp_path, low="for name in names:\n    importlib.import_module(f'home.{name}')")
    (fault,) = floors.computed_imports(house)
    assert fault.startswith("home.low (line 2)")
    assert not floors.computed_imports(house, loaders=("low",))
