"""Made-up evidence for tests of its page: what other commands would have kept, and what is run."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simulation.calibration.facts import Fact, read_facts
from simulation.calibration.plausible_worlds import EVIDENCE_FOLDER, FINDINGS
from simulation.claims.reading import check_table, read_scenario
from simulation.ensembles.folder import SWEEP
from simulation.ensembles.sweep import about_sweep
from simulation.pages.evidence.figures.scale import SHOWN
from simulation.scenario import Scenario
from simulation.scenario.identity import as_table
from simulation.scenario.reading.read import find_scenario
from simulation.storage.manifest import MODEL_VERSION
from simulation.storage.plain_values import plain_values
from simulation.validation.collecting import SCALE, Live, worlds_in_words
from simulation.validation.field.spread_of_links import PUBLISHED
from simulation.validation.mathematics.checks import half_life, poisson_audiences
from simulation.validation.musiclab.experiment import Experiment
from simulation.validation.musiclab.repetitions import repeat_musiclab
from simulation.validation.robustness import ROBUSTNESS, keep_robustness
from simulation.validation.scale import write_scale
from simulation.validation.shares import SHARES
from tests.support.worlds import preset

LABELS = {
    "taobao_live": "Taobao Live",
    "tencent_live": "Tencent Live",
    "tencent_live_plus_feed": "Tencent Live with a feed",
}


def facts(explained: dict[str, str] | None = None) -> list[Fact]:
    """Our facts, of which only those are explained that are named."""
    return [
        fact.model_copy(update={"miss": (explained or {}).get(fact.id, "")})
        for fact in read_facts(EVIDENCE_FOLDER / "facts.toml")
    ]


def write_facts(path: Path, explained: dict[str, str] | None = None) -> None:
    """Our facts as a file; strings and numbers of JSON are those of TOML."""
    tables = [fact.model_dump(mode="json", exclude_none=True) for fact in facts(explained)]
    texts = [
        "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items())
        for table in tables
    ]
    path.write_text("".join(f"[[facts]]\n{text}\n" for text in texts), encoding="utf-8")


def some(use: str, many: int) -> tuple[str, ...]:
    """The first facts that are tuned to, or that are not."""
    return tuple(fact.id for fact in facts() if fact.use == use)[:many]


MISSED = (*some("target", 2), *some("check", 1))


def calibration(missed: tuple[str, ...] = MISSED, told: int = 9) -> Any:
    """What a calibration keeps, with `told` parameters told and these facts missed."""
    scenario = read_scenario(find_scenario("calibration"))
    assert scenario.sweep is not None
    luck, keys = np.random.default_rng(3), [factor.key for factor in scenario.sweep.factors]
    rows = _facts_at_the_median(missed, luck)
    return plain_values(
        {
            "model_version": MODEL_VERSION,
            "scenario": "calibration",
            "worlds": 200,
            "misses_allowed": 5,
            "waves": [
                {"wave": 1, "points": 1000, "left": 1.0, "plausible": 3},
                {"wave": 2, "points": 800, "left": 0.031, "plausible": 90},
                {"wave": 3, "points": 800, "left": 0.012, "plausible": 211},
            ],
            "factors": [
                factor.model_dump(mode="json", exclude_none=True) for factor in scenario.sweep.factors
            ],
            "spread": {key: sorted(luck.uniform(0, 1, 3).tolist()) for key in keys},
            "recovery": [
                {
                    "key": key,
                    "coverage": 0.9 + 0.002 * place,
                    "width": 0.4 + 0.01 * place if place < told else 0.9,
                    "correlation": 0.5,
                    "identified": place < told,
                    "low": 0.2,
                    "middle": 0.5,
                    "high": 0.8,
                }
                for place, key in enumerate(keys)
            ],
            "emulators": {},
            "facts": [fact.model_dump(mode="json", exclude_none=True) for fact in facts()],
            "met_over_worlds": {fact.id: 0.8 for fact in facts() if fact.use == "target"},
            "prior": {"target": 0.2, "check": 0.3},
            "without": [{"mechanism": "heat", "target": 0.5, "check": 0.4}],
            "left_out": [
                {"family": "hosts_views", "use": "target", "prior": 0.0, "foretold": 0.0, "worlds": 20},
                {"family": "moments", "use": "check", "prior": 0.3, "foretold": 0.7, "worlds": 20},
                {"family": "returns", "use": "target", "prior": 0.4, "foretold": 0.41, "worlds": 20},
            ],
            "default_is": "medoid",
            "default_world": dict.fromkeys(keys, 1.0),
            "at_default": rows,
        }
    )


def _facts_at_the_median(missed: tuple[str, ...], luck: np.random.Generator) -> list[dict[str, Any]]:
    """What the median world makes of each fact, within its range unless it is missed."""
    rows = []
    for place, fact in enumerate(facts()):
        half = (fact.highest - fact.lowest) / 2
        away = (2.0, -7.5, -1.4)[place % 3] if fact.id in missed else luck.uniform(-0.8, 0.8)
        mean = fact.middle + away * half
        rows.append(
            {
                "fact": fact.id,
                "mean": mean,
                "low": mean - 0.3 * half,
                "high": mean + 0.3 * half,
                "met": fact.id not in missed,
                "missed": max(0.0, abs(away) - 1),
            }
        )
    return rows


def scale(drift: float = 0.0) -> pd.DataFrame:
    """Worlds of three sizes, in which the first key measure changes by `slope` per factor of ten."""
    luck, rows = np.random.default_rng(5), []
    for viewers, many in ((5_000, 6), (50_000, 4), (500_000, 2)):
        for replicate in range(many):
            for arm in LABELS:
                row = {
                    "viewers": viewers,
                    "persons": 20 * viewers,
                    "merchants": viewers // 50,
                    "replicate": replicate,
                    "arm": arm,
                }
                row |= {name: 0.3 + 0.0005 * luck.normal() for name in SHOWN}
                row[SHOWN[0]] *= 1 + drift * np.log10(viewers / 5_000)
                row["largest_stream_audience"] = 5.0 * viewers**0.8 * np.exp(0.01 * luck.normal())
                rows.append(row)
    return pd.DataFrame(rows)


def swept_scenario() -> Scenario:
    """Three claims of its own: one that always holds, one that never does, one that a factor decides."""
    test = {
        "kind": "difference",
        "measure": "conversion_rate",
        "arm": "shared",
        "against": "central",
        "direction": "higher",
        "margin": 0.001,
        "why": "made up",
    }
    claims = [
        {"id": "always", "title": "It always holds", "title_zh": "总是成立", "tests": [test]},
        {
            "id": "never",
            "title": "It never holds",
            "title_zh": "从不成立",
            "tests": [test | {"direction": "lower"}],
        },
        {
            "id": "at_times",
            "title": "It depends",
            "title_zh": "视情况而定",
            "tests": [test | {"measure": "revisit_rate_30d"}],
        },
    ]
    return check_table(
        {
            "name": "plausible",
            "title": "Plausible",
            "article_claims": False,
            "claims": claims,
            "world": {"viewers": 800, "merchants": 60, "days": 100},
            "arms": [
                {"name": "shared", "platform": preset("tencent_live")},
                {"name": "central", "platform": preset("taobao_live")},
            ],
            "sweep": {
                "design": "list",
                "replications": 2,
                "all_claims": True,
                "csv": "/somewhere/else/plausible_worlds.csv",
                "factors": [
                    {"key": "trust.half_life", "low": 15, "high": 240},
                    {"key": "sharing.base_rate", "low": 0.01, "high": 0.3},
                ],
            },
        },
        "test",
    )


def sweep(folder: Path, points: int = 60) -> Path:
    """A sweep's folder as it would be left behind, with far more measures than claims look at."""
    luck, rows = np.random.default_rng(7), []
    for point in range(points):
        keys = {"trust.half_life": luck.uniform(15, 240), "sharing.base_rate": luck.uniform(0.01, 0.3)}
        for replicate in range(2):
            base = 0.02 + 0.001 * luck.normal()
            depends = 0.01 * (1 if keys["trust.half_life"] > 120 else -1) + 1e-5 * luck.normal()
            arms = {"central": (base, 0.3), "shared": (base + 0.01 + 1e-5 * luck.normal(), 0.3 + depends)}
            for arm, (conversion, revisit) in arms.items():
                rows.append(
                    {
                        "point": point,
                        "replicate": replicate,
                        "arm": arm,
                        "against": "",
                        **keys,
                        "conversion_rate": conversion,
                        "revisit_rate_30d": revisit,
                        **{f"other_{number}": luck.normal() for number in range(40)},
                    }
                )
            rows.append(rows[-1] | {"arm": "shared", "against": "central", "conversion_rate": 0.01})
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_parquet(folder / "sweep.parquet", index=False)
    text = json.dumps(about_sweep(swept_scenario()))
    (folder / "sweep.json").write_text(text, encoding="utf-8")
    return folder


def keep_everything(folder: Path) -> Path:
    """All that other commands keep."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FINDINGS).write_text(json.dumps(calibration()), encoding="utf-8")
    write_facts(folder / "facts.toml")
    write_scale(scale(), folder / SCALE)
    keep_robustness(sweep(folder / "sweep"), folder / ROBUSTNESS)
    return folder


@cache
def live() -> Live:
    """Two checks, a small MusicLab, and made-up links and customers."""
    headline = read_scenario(find_scenario("tencent_live_2020"))
    small = Experiment(people=60, worlds=3, independent_people=120, splits=3)
    down = Experiment(people=60, worlds=3, independent_people=120, splits=3, reads_down=True)
    spread = [
        {
            "arm": arm,
            "statistic": name,
            "cascades": 2_000,
            "replications": 4,
            "mean": share,
            "low": share - 0.01,
            "high": share + 0.01,
            "published": published,
        }
        for arm in ("tencent_live", "tencent_live_plus_feed")
        for (name, published), share in zip(PUBLISHED.items(), (0.60, 0.37, 0.02, 0.0), strict=True)
    ]
    customer = {
        "arm": "tencent_live",
        "referred": 40,
        "others": 400,
        "worlds": 4,
        "value_referred": 120.0,
        "value_others": 100.0,
        "ratio": 1.20,
        "ratio_low": 1.17,
        "ratio_high": 1.23,
        "stayed_referred": 0.4,
        "stayed_others": 0.5,
        "staying": -0.1,
        "staying_low": -0.2,
        "staying_high": 0.1,
    }
    return Live(
        [poisson_audiences(), half_life()],
        repeat_musiclab(headline, 3, 1, small),
        repeat_musiclab(headline, 3, 1, down),
        pd.DataFrame(spread),
        pd.DataFrame([customer]),
        worlds_in_words(4, headline.world),
    )


def weighed_today(folder: Path, version: str = MODEL_VERSION) -> Path:
    """What is kept of the claims' robustness as if weighed by this version of the model, with today's rules.

    The counts are those that are kept, whatever version of the model they were made by.
    """
    kept = EVIDENCE_FOLDER / ROBUSTNESS
    asked = read_scenario(find_scenario("plausible_worlds"))
    about = json.loads((kept / SWEEP).read_text(encoding="utf-8"))
    shares = json.loads((kept / SHARES).read_text(encoding="utf-8"))
    about |= {"model_version": version, "scenario": plain_values(as_table(asked))}
    for entry in shares.values():
        entry["model_version"] = version
    shutil.copytree(kept, folder / ROBUSTNESS)
    for name, values in ((SWEEP, about), (SHARES, shares)):
        (folder / ROBUSTNESS / name).write_text(json.dumps(values), encoding="utf-8")
    return folder
