"""Where the laboratory keeps its own files."""

from pathlib import Path

PACKAGE_FOLDER = Path(__file__).resolve().parent
PROJECT_FOLDER = PACKAGE_FOLDER.parent
SCENARIOS_FOLDER = PROJECT_FOLDER / "scenarios"
EVIDENCE_FOLDER = SCENARIOS_FOLDER / "evidence"
PLATFORMS_FOLDER = SCENARIOS_FOLDER / "platforms"
RESULTS_FOLDER = PROJECT_FOLDER / "results"
CHANNELS_FOLDER = PACKAGE_FOLDER / "platforms" / "channels"
