"""Where the laboratory keeps what comes with it, in a checkout as where it is installed; where results go."""

from pathlib import Path

DISTRIBUTION = "live-commerce-laboratory"
"""What the package is called where packages are installed from."""
PACKAGE_FOLDER = Path(__file__).resolve().parent
PROJECT_FOLDER = PACKAGE_FOLDER.parent
"""The folder from which the package is imported: that of the checkout, or the environment's."""
IN_CHECKOUT = (PROJECT_FOLDER / "run.py").is_file() and (PROJECT_FOLDER / "scenarios").is_dir()
"""Whether this is a checkout. An installed package is never written to."""
SCENARIOS_FOLDER = PROJECT_FOLDER / "scenarios" if IN_CHECKOUT else PACKAGE_FOLDER / "_scenarios"
EVIDENCE_FOLDER = SCENARIOS_FOLDER / "evidence"
PLATFORMS_FOLDER = SCENARIOS_FOLDER / "platforms"
FINISHED_FOLDER = SCENARIOS_FOLDER / "finished"
"""Runs that come with the laboratory."""
RESULTS_FOLDER = Path("results")
"""As seen from the working folder."""
COMMAND = "run.py" if IN_CHECKOUT else "live-commerce"
"""What the command line is called in messages."""
TYPED = f"uv run {COMMAND}" if IN_CHECKOUT else COMMAND
"""What is typed to start it."""
