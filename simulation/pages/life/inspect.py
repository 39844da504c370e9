"""Follow one merchant or one viewer through a recorded world, as text and as a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, RenderableType

from ...errors import AnalysisError, Problem
from ...languages.speaking import counterpart, phrase
from ..kit.style import Exhibit
from .figures import cascade_exhibit, merchant_timeline, viewer_timeline
from .merchant_life import MerchantLife, merchant_story, no_cascade, origin, summary
from .page import write_life_page
from .recorded_world import SOURCE, RecordedWorld, check_day, check_viewer, recorded_world
from .viewer_life import NO_CASCADE, ViewerLife, viewer_story, viewer_summary


@dataclass(frozen=True)
class Subject:
    """Whose life is followed: a merchant's or a viewer's.

    Attributes
    ----------
    merchant : int or str, optional
        Number of a merchant, or name of one that has a name.
    viewer : int, optional
        Number of a viewer.

    Raises
    ------
    AnalysisError
        If neither is given, or both are.
    """

    merchant: int | str | None = None
    viewer: int | None = None

    def __post_init__(self) -> None:
        if (self.merchant is None) == (self.viewer is None):
            found = "neither of them" if self.merchant is None else "both of them"
            raise AnalysisError(SOURCE, [Problem("merchant=, viewer=", found, "one of them, and no other")])


def inspect_run(
    folder: Path,
    out: Console,
    subject: Subject,
    arm: str | None = None,
    replicate: int | None = None,
    day: int | None = None,
) -> Path:
    """Print a life and write its page into the run's folder.

    Parameters
    ----------
    folder : Path
        A run with a line list.
    out : Console
        Where the story is printed; text is shown as it is written on any.
    subject : Subject
        Whom to follow.
    arm : str, optional
        Name of the arm; the first one if not given.
    replicate : int, optional
        Replication; the first one if not given.
    day : int, optional
        Only this day.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    AnalysisError
        If the run holds no line list, or nobody of that number.
    """
    world = recorded_world(folder, arm, replicate or 0)
    check_day(world, day)
    whom, title, facts, story, pictures = _life(world, subject, day)
    for part in story:
        out.print(part, highlight=False, soft_wrap=False)
    given = (arm, replicate, None if day is None else f"day_{day}")
    name = "_".join(["inspect", whom, *(str(part) for part in given if part is not None)])
    path = folder / f"{name}.html"
    place = {"title": world.title, "days": world.days, "replicate": world.replicate}
    where = phrase("{title}, {days} days, replication {replicate}", **place)
    write_life_page(path, title, where, facts, pictures)
    return path


Life = tuple[str, str, list[str], list[RenderableType], list[Exhibit]]


def _life(world: RecordedWorld, subject: Subject, day: int | None) -> Life:
    if subject.merchant is not None:
        return _merchant(world, subject.merchant, day)
    assert subject.viewer is not None
    return _viewer(world, subject.viewer, day)


def _merchant(world: RecordedWorld, merchant: int | str, day: int | None) -> Life:
    life = MerchantLife.read(world, merchant, day)
    pictures = [merchant_timeline(life), cascade_exhibit(life.cascade, no_cascade(len(life.shares)))]
    return f"merchant_{merchant}", life.title, [origin(life), summary(life)], merchant_story(life), pictures


def _viewer(world: RecordedWorld, number: int, day: int | None) -> Life:
    check_viewer(world, number)
    life = ViewerLife.read(world, number, day)
    pictures = [viewer_timeline(life), cascade_exhibit(life.cascade, counterpart(NO_CASCADE), number)]
    return f"viewer_{number}", life.title, [viewer_summary(life)], viewer_story(life), pictures
