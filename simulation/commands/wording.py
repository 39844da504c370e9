"""What errors say to whoever types commands: options for arguments, commands for functions."""

from __future__ import annotations

from ..errors import Wording
from ..resources import COMMAND

OPTIONS = {"folder": "--out", "target": "--out"}
"""Arguments whose options have other names."""

REMEDIES = {
    "resume": "finished runs are kept: --resume to go on",
    "resume_or_elsewhere": "--resume to go on, or another --out",
    "elsewhere": "another --out",
    "elsewhere_or_again": "another --out, or --other-version to run everything again beside them",
    "elsewhere_or_as_before": "another --out, or the scenario as it was",
    "wait": "to wait until that has ended, or another --out",
    "gather": "to go on with --resume --out {about} writes it again, from the runs that are kept",
    "end": "go on with --resume",
    "run": f"{COMMAND} run {{about}}/scenario.toml makes the run again, in a folder of its own",
    "run_again": "run the scenario again",
    "instead_run": f"or another command: {COMMAND} run {{about}}",
    "instead_sweep": f"or another command: {COMMAND} sweep {{about}}",
    "instead_search": f"or another command: {COMMAND} search {{about}}",
    "instead_search_or_sweep": f"or another command: {COMMAND} search {{about}} or {COMMAND} sweep {{about}}",
    "instead_calibrate": f"or another command: {COMMAND} calibrate {{about}}",
    "plausible_or_run": f"or {COMMAND} sweep {{about}} --plausible 40, in 40 of the worlds that look like "
    f"the facts, or {COMMAND} run {{about}}",
    "plausible_or_search": f"or {COMMAND} sweep {{about}} --plausible 40, in 40 of the worlds that look like "
    f"the facts, or {COMMAND} search {{about}}",
    "plausible_or_calibrate": f"or {COMMAND} sweep {{about}} --plausible 40, in 40 of the worlds that look "
    f"like the facts, or {COMMAND} calibrate {{about}}",
    "record": "run the scenario again with --record",
    "report": f"{COMMAND} report {{about}} writes a run's page",
    "analyse": f"{COMMAND} analyse {{about}} is for a sweep",
    "search": f"{COMMAND} search SCENARIO --resume --out {{about}} goes on with a policy search",
    "calibrate": f"{COMMAND} calibrate SCENARIO --resume --out {{about}} goes on with a calibration",
    "keep_plausible_worlds": f"{COMMAND} calibrate --ship makes it again",
    "keep_robustness": f"{COMMAND} validate --keep-robustness SWEEP writes it again; where it is missing, "
    "nothing is said of plausible worlds",
    "measure_scale": f"{COMMAND} validate --scale writes it again",
    "measure_facts": f"{COMMAND} validate --scale writes it again",
    "try_reasons": f"{COMMAND} validate --reasons writes it again",
    "foretell": f"{COMMAND} foretell CALIBRATION, {COMMAND} sweep after_2020 and {COMMAND} foretell SWEEP "
    "make it again",
}


def option(argument: str) -> str:
    """The option by which an argument is given: ``--merchant``."""
    return OPTIONS.get(argument, f"--{argument.replace('_', '-')}")


COMMAND_LINE = Wording(REMEDIES, option, set_key="--set ")
