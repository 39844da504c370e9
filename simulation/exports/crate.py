"""A run as an RO-Crate (version 1.1): scenario, versions, tables and pages, described in JSON-LD.

Soiland-Reyes et al. (2022), Packaging research artefacts with RO-Crate, Data Science 5(2). The same folder
gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .. import __version__
from ..archive.archive import StoredRun, read_run
from ..languages.speaking import own
from ..resources import DISTRIBUTION
from .parts import SCENARIO, parts_of

DESCRIPTION = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.1"
LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"
MOMENT = (2020, 1, 1, 0, 0, 0)
"""Of every file in the crate, so that it does not depend on when it was packed."""
FORMATS = {
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".toml": "application/toml",
    ".html": "text/html",
    ".csv": "text/csv",
    ".py": "text/x-python",
    "": "text/plain",
}
MEANINGS = {
    SCENARIO: "The question with every parameter",
    "manifest.json": "Versions, seed and times",
    "claims.json": "Verdicts on claims, and paired comparisons of arms",
    "runs.parquet": "Measures, a row for each arm and world",
    "daily.parquet": "Measures and flows by day",
    "merchants.parquet": "What became of each merchant",
    "channels.parquet": "Visits, orders and sales by channel",
    "platforms.parquet": "Each platform by day",
    "moves.parquet": "Who moved between platforms",
    "report.html": "The page, in English",
    "report.zh.html": "The page, in Chinese",
    "SHA256SUMS": "Checksums of all files",
}
"""What files of a run are; any other is called by its name."""
Entity = dict[str, Any]


def write_crate(folder: Path, file: Path) -> None:
    """Write the run in `folder` as a crate."""
    run = read_run(folder)
    parts = {name.as_posix(): path.read_bytes() for path, name in parts_of(folder)}
    text = json.dumps(described(run, parts), indent=1, ensure_ascii=False)
    with ZipFile(file, "w") as archive:
        for name, content in ({DESCRIPTION: text.encode()} | parts).items():
            entry = ZipInfo(name, MOMENT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, ZIP_DEFLATED)


def described(run: StoredRun, parts: Mapping[str, bytes]) -> Entity:
    """The description of a run and its files, by name with their content, as JSON-LD."""
    files = [_file(name, content) for name, content in parts.items()]
    return {
        "@context": f"{VERSION}/context",
        "@graph": [
            {
                "@id": DESCRIPTION,
                "@type": "CreativeWork",
                "conformsTo": {"@id": VERSION},
                "about": {"@id": "./"},
            },
            _root(run, files),
            *files,
            *_made(run, files),
            {"@id": LICENCE, "@type": "CreativeWork", "name": "Apache License 2.0"},
        ],
    }


def _root(run: StoredRun, files: list[Entity]) -> Entity:
    """The crate itself: title, question, when it was made and under which licence."""
    scenario = run.scenario
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": own(scenario, "title"),
        "description": own(scenario, "question") or own(scenario, "title"),
        "identifier": run.manifest["scenario_hash"],
        "datePublished": run.manifest["started"],
        "license": {"@id": LICENCE},
        "hasPart": [{"@id": entry["@id"]} for entry in files],
        "mentions": {"@id": "#run"},
    }


def _file(name: str, content: bytes) -> Entity:
    """A file of the crate."""
    return {
        "@id": name,
        "@type": "File",
        "name": MEANINGS.get(name, name),
        "encodingFormat": FORMATS.get(Path(name).suffix, "application/octet-stream"),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _made(run: StoredRun, files: list[Entity]) -> list[Entity]:
    """How the files were made: the simulation, and the program with the packages that it used."""
    about = run.manifest
    packages = {name: version for name, version in about["packages"].items() if version}
    results = [entry for entry in files if entry["@id"] != SCENARIO]
    return [
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": f"Simulation of {about['replications']} worlds of each of {len(about['arms'])} arms",
            "startTime": about["started"],
            "instrument": {"@id": "#laboratory"},
            "object": {"@id": SCENARIO},
            "result": [{"@id": entry["@id"]} for entry in results],
            "description": f"Seed {about['seed']}, {about['system']}",
        },
        {
            "@id": "#laboratory",
            "@type": "SoftwareApplication",
            "name": DISTRIBUTION,
            "version": f"{__version__}, model {about['model_version']}, revision {about['git_revision']}",
            "license": {"@id": LICENCE},
            "softwareRequirements": [{"@id": f"#{name}"} for name in ("python", *packages)],
        },
        *(
            {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "version": version}
            for name, version in ({"python": about["python"]} | packages).items()
        ),
    ]
