"""The page."""
from pathlib import Path
def write_report(folder: Path) -> Path:
    path = folder / "report.html"
    path.write_text("<html></html>")
    return path
