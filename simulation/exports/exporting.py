"""Results for other programs: what is in a folder, or what it answers, in a format of theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..archive.archive import read_run
from ..archive.integrity import check_folder
from ..errors import ArchiveError, Problem, Remedy, nearest
from ..languages.speaking import ENGLISH, sentence, spoken
from ..scenario.registry import Registry
from ..storage.drafts import replacing
from ..storage.files import read_table

if TYPE_CHECKING:
    import pandas as pd

    from ..pages.run.content import Content

TABLES, SLIDES = "tables", "slides"
"""How files are called, before their endings; what has neither name is called like its folder."""

FRONT, FORMS = "front", "forms"
"""Attributes of a table: that a person reads it, and Office's formats of its cells, by column."""


@dataclass(frozen=True)
class Exporter:
    """A format of results. The file that declares one is light to load, and has one of three writers.

    Attributes
    ----------
    label : str
        For readers.
    ending : str
        Of the file's name, with its dot.
    write : callable, optional
        ``write(tables, file)`` writes all tables of the folder, by name, into one file.
    most_rows : int, optional
        Most rows of a table, its heading not included; any number if not given.
    first : callable, optional
        ``first(content, tables)`` puts what a person reads of a run before its tables, in the language that
        is spoken.
    pack : callable, optional
        ``pack(folder, file)`` writes the folder itself, whatever tables it has.
    tell : callable, optional
        ``tell(content, file)`` writes what a run answers, in the language that is spoken.
    """

    label: str
    ending: str
    write: Callable[[Mapping[str, pd.DataFrame], Path], None] | None = None
    most_rows: int | None = None
    first: Callable[[Content, Mapping[str, pd.DataFrame]], Mapping[str, pd.DataFrame]] | None = None
    pack: Callable[[Path, Path], None] | None = None
    tell: Callable[[Content, Path], None] | None = None

    def file_name(self, folder: Path) -> str:
        """The name of the file that is made of `folder`; with its language where that is not English."""
        if self.pack:
            return f"{folder.absolute().name}{self.ending}"
        code = "" if spoken() == ENGLISH or not (self.tell or self.first) else f".{spoken()}"
        return f"{SLIDES if self.tell else TABLES}{code}{self.ending}"


EXPORTERS: Registry[Exporter] = Registry("exports/exporters", "EXPORTER", "Exporter")
"""By name, formats in which results can be written."""


def export(folder: str | Path, format: str, target: str | Path | None = None) -> Path:
    """Write tables of a run, sweep or policy search for other programs, a run's slides, or all of it.

    Parameters
    ----------
    folder : str or Path
        Of the results; every Parquet file that lies in it is a table.
    format : str
        Name of one of `EXPORTERS`.
    target : str or Path, optional
        File to write; in the folder if not given: ``tables``, ``slides`` or the folder's own name, with the
        ending of the format.

    Returns
    -------
    Path
        The file, which is there whole or not at all.

    Raises
    ------
    ArchiveError
        If there is no such format, or the folder is not what it takes: a table is torn, or too long.
    """
    exporter, folder = _exporter(format), Path(folder)
    write = _writer(folder, exporter)
    target = Path(target) if target else folder / exporter.file_name(folder)
    try:
        with replacing(target) as draft:
            write(draft)
    except OSError as error:
        raise ArchiveError(
            str(target),
            [
                Problem(
                    "target=",
                    sentence("it cannot be written: {strerror}", strerror=error.strerror or error),
                    "a file in a folder that exists",
                )
            ],
        ) from None
    return target


def _writer(folder: Path, exporter: Exporter) -> Callable[[Path], None]:
    """What writes the file, once all that it takes has been read and found whole."""
    if exporter.pack:
        check_folder(folder)
        return partial(exporter.pack, folder)
    if exporter.tell:
        from ..pages.run.content import Content

        return partial(exporter.tell, Content(read_run(folder)))
    assert exporter.write is not None  # an exporter has one of them
    tables: Mapping[str, pd.DataFrame] = _tables(folder)
    if exporter.first and (folder / "claims.json").is_file():
        from ..pages.run.content import Content

        tables = exporter.first(Content(read_run(folder)), tables)
    _check_lengths(folder, tables, exporter)
    return partial(exporter.write, tables)


def _exporter(name: str) -> Exporter:
    """The exporter of that name; an error if there is none."""
    if name in EXPORTERS:
        return EXPORTERS[name]
    known = ", ".join(f"{name} ({entry.label})" for name, entry in EXPORTERS.items())
    raise ArchiveError(
        "export",
        [
            Problem(
                "format=",
                sentence("'{name}'{near}", name=name, near=nearest(name, EXPORTERS)),
                sentence("one of {known}", known=known),
            )
        ],
    )


def _tables(folder: Path) -> dict[str, pd.DataFrame]:
    """All tables of a folder by name; an error if it has none."""
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise ArchiveError(
            str(folder),
            [
                Problem(
                    "the run", "no tables", "the folder of a run, a sweep or a policy search that has ended"
                )
            ],
        )
    return {file.stem: read_table(file, [], Remedy("run_again")) for file in files}


def _check_lengths(folder: Path, tables: Mapping[str, pd.DataFrame], exporter: Exporter) -> None:
    """Refuse tables with more rows than the format takes."""
    if exporter.most_rows is None:
        return
    long = [
        f"{table} has {len(rows):,} rows" for table, rows in tables.items() if len(rows) > exporter.most_rows
    ]
    if long:
        raise ArchiveError(
            str(folder),
            [
                Problem(
                    "format=",
                    sentence(
                        "{long}; {label} takes {most_rows:,}",
                        long=", ".join(long),
                        label=exporter.label,
                        most_rows=exporter.most_rows,
                    ),
                    "csv",
                )
            ],
        )
