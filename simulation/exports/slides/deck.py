"""A deck of wide slides: titles, boxes of text that fit, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from ...languages.speaking import spoken
from .fitting import BETWEEN, LINE, size_that_fits

Place = tuple[float, float, float, float]
"""Left, top, width and height in inches."""
WIDTH, HEIGHT = 13.333, 7.5
LEFT, ACROSS = 0.7, 11.93
"""Inches of a slide, and where what stands on it begins and how wide it is."""
TOP, DOWN = 1.65, 5.1
"""Where what stands below a title begins, and how high it is."""
INK, SOFT, PALE = "1D2733", "566270", "F1F4F7"
KINDS = {"gain": "00684F", "loss": "A5370A", "sure": "005A8E", "unsure": "6A5600", "none": SOFT}
"""Colours of what is won and lost, as on pages."""
TITLE_ONLY = 5
"""Number of the layout that has a title and nothing else."""
SCRIPTS = {"zh": "zh-CN", "en": "en-GB"}
SMALLEST = 11
"""Points of the smallest letters; what does not fit in these is too long for a slide."""
BOLDER = 1.13
"""How much wider bold letters are."""
EAST_ASIAN = "Microsoft YaHei"
"""The font of Chinese letters, which a program without it replaces by its own."""


class Deck:
    """Slides that are being made."""

    def __init__(self) -> None:
        self.book = Presentation()
        self.book.slide_width, self.book.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.layout = self.book.slide_layouts[TITLE_ONLY]
        for number in reversed(range(len(self.book.slide_layouts))):
            if number != TITLE_ONLY:
                self.book.slide_layouts.remove(self.book.slide_layouts[number])
        for holder in [*self.layout.placeholders, *self.book.slide_master.placeholders]:
            if holder.placeholder_format.idx:  # dates and numbers lie where a narrow slide had them
                holder._element.getparent().remove(holder._element)

    def slide(self, title: str, small: bool = False) -> Any:
        """A new slide with a title, which is read first and listed in an outline."""
        made = self.book.slides.add_slide(self.layout)
        holder = made.shapes.title
        holder.left, holder.top, holder.width, holder.height = map(Inches, (LEFT, 0.45, ACROSS, 1.05))
        write(holder, [title], Look(20 if small else 28, bold=True, middle=True))
        return made

    def save(self, file: Path) -> None:
        """Write the deck."""
        with file.open("wb") as out:
            self.book.save(out)


@dataclass(frozen=True)
class Look:
    """How text looks: points of its letters at most, colour, whether bold, whether midway in its box."""

    largest: float
    colour: str = INK
    bold: bool = False
    middle: bool = False


def box(slide: Any, place: Place, texts: Sequence[str], look: Look) -> Any:
    """A box of text."""
    made = slide.shapes.add_textbox(*map(Inches, place))
    write(made, texts, look)
    return made


def write(shape: Any, texts: Sequence[str], look: Look) -> None:
    """Put paragraphs into a shape, in the largest letters in which they fit."""
    frame = shape.text_frame
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if look.middle else MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    write_in(frame, (shape.width.inches, shape.height.inches), texts, look)


def write_in(frame: Any, room: tuple[float, float], texts: Sequence[str], look: Look) -> None:
    """Put paragraphs into a frame that has so much room, in inches, in width and height."""
    frame.word_wrap = True
    size = size_that_fits(texts, room[0] / (BOLDER if look.bold else 1.0), room[1], look.largest, SMALLEST)
    for number, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.line_spacing = Pt(size * LINE)
        paragraph.space_before = Pt(size * LINE * BETWEEN if number else 0)
        paragraph.alignment = PP_ALIGN.LEFT
        style(paragraph.add_run(), text, size, look)


def style(run: Any, text: str, size: float, look: Look) -> None:
    """Put text of a size into a run, and say which language it is in."""
    run.text = text
    run.font.size, run.font.bold = Pt(size), look.bold
    run.font.color.rgb = RGBColor.from_string(look.colour)
    properties = run._r.get_or_add_rPr()
    properties.set("lang", SCRIPTS.get(spoken(), spoken()))
    font = properties.makeelement(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}ea", {"typeface": EAST_ASIAN}
    )
    properties.append(font)


def band(slide: Any, place: Place, colour: str) -> Any:
    """A plain area, behind whatever comes after it."""
    made = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, place))
    made.fill.solid()
    made.fill.fore_color.rgb = RGBColor.from_string(colour)
    made.line.fill.background()
    made.shadow.inherit = False
    return made
