"""What a run answers, as slides with charts that can be edited."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..exporting import Exporter

if TYPE_CHECKING:
    from ...pages.run.content import Content


def tell(content: Content, file: Path) -> None:
    """Write the slides."""
    from ..slides.contents import write_slides

    write_slides(content, file)


EXPORTER = Exporter("PowerPoint slides of a run", ".pptx", tell=tell)
