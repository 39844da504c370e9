"""Results for other programs: the tables of a folder, in a format of theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ArchiveError, Problem, Remedy, nearest
from ..scenario.registry import Registry
from ..storage.drafts import replacing
from ..storage.files import read_table
from .integrity import check_folder

if TYPE_CHECKING:
    import pandas as pd

EXPORTED = "tables"
"""How the file is called, before its ending."""


@dataclass(frozen=True)
class Exporter:
    """A format of tables. The file that declares one is light to load.

    Attributes
    ----------
    label : str
        For readers.
    ending : str
        Of the file's name, with its dot.
    write : callable
        ``write(tables, file)`` writes all tables, by name, into one file.
    most_rows : int, optional
        Most rows of a table, its heading not included; any number if not given.
    pack : callable, optional
        ``pack(folder, file)`` writes the folder itself, whatever tables it has, instead of `write`.
    """

    label: str
    ending: str
    write: Callable[[Mapping[str, pd.DataFrame], Path], None] | None = None
    most_rows: int | None = None
    pack: Callable[[Path, Path], None] | None = None


EXPORTERS: Registry[Exporter] = Registry("archive/exporters", "EXPORTER", "Exporter")
"""By name, formats in which results can be written."""


def export(folder: str | Path, format: str, target: str | Path | None = None) -> Path:
    """Write all tables of a run, sweep or policy search in a format of other programs, or the folder whole.

    Parameters
    ----------
    folder : str or Path
        Of the results; every Parquet file that lies in it is a table.
    format : str
        Name of one of `EXPORTERS`.
    target : str or Path, optional
        File to write; in the folder if not given: ``tables``, or the folder's own name, with the ending of
        the format.

    Returns
    -------
    Path
        The file, which is there whole or not at all.

    Raises
    ------
    ArchiveError
        If there is no such format, the folder has no tables, one is torn, or has more rows than the format
        takes.
    """
    exporter, folder = _exporter(format), Path(folder)
    write = _writer(folder, exporter)
    name = folder.absolute().name if exporter.pack else EXPORTED
    target = Path(target) if target else folder / f"{name}{exporter.ending}"
    try:
        with replacing(target) as draft:
            write(draft)
    except OSError as error:
        raise ArchiveError(
            str(target),
            [
                Problem(
                    "target=",
                    f"it cannot be written: {error.strerror or error}",
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
    assert exporter.write is not None  # an exporter has the one or the other
    tables = _tables(folder)
    _check_lengths(folder, tables, exporter)
    return partial(exporter.write, tables)


def _exporter(name: str) -> Exporter:
    """The exporter of that name; an error if there is none."""
    if name in EXPORTERS:
        return EXPORTERS[name]
    known = ", ".join(f"{name} ({entry.label})" for name, entry in EXPORTERS.items())
    raise ArchiveError(
        "export", [Problem("format=", f"'{name}'{nearest(name, EXPORTERS)}", f"one of {known}")]
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
            [Problem("format=", f"{', '.join(long)}; {exporter.label} takes {exporter.most_rows:,}", "csv")],
        )
