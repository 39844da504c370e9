"""Charts that Office draws itself, with the run's numbers in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.util import Inches, Pt

from .deck import INK, SOFT, Place

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
LINES = "DFE4EA"
FEW = 7
"""Bars whose labels have two lines each."""
MOST_TICKS = 18
LABELS = 0.4
"""Share of a chart's width that labels of bars take."""


@dataclass(frozen=True)
class Form:
    """How numbers are written on an axis.

    Attributes
    ----------
    text : str
        A format of Office's, with ``{decimals}`` where these go.
    unit : float
        What it writes as 1.
    divisor : float
        By what values are divided before, for units that no format of Office's knows.
    """

    text: str
    unit: float = 1.0
    divisor: float = 1.0

    def with_steps(self, step: float) -> str:
        """With as many decimals as steps need: a format that may have none leaves a point behind."""
        digits = max(0, math.ceil(-math.log10(step / self.unit) - 1e-9))
        return self.text.replace("{decimals}", "." + "0" * digits if digits else "")


@dataclass(frozen=True)
class Bar:
    """One bar: what it is of, its value with the ends of its interval if there is one, colour, and text."""

    label: str
    value: float
    low: float | None
    high: float | None
    colour: str
    text: str


def bars(slide: Any, place: Place, name: str, shown: Sequence[Bar], form: Form) -> Any:
    """Horizontal bars, the first on top, with intervals as whiskers; the text of each is below its label."""
    shown = [_divided(bar, form.divisor) for bar in shown]
    low, high = _ends(shown)
    step = round_step(high - low)
    data = CategoryChartData(number_format=form.with_steps(step))
    few = len(shown) <= FEW
    between = "\n" if few else "  "
    data.categories = [f"{bar.label}{between}{bar.text}" for bar in shown]
    data.add_series(name, [bar.value for bar in shown])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *map(Inches, place), data)
    frame.name = name
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    _label_every(chart, 1)
    chart.font.size, chart.font.color.rgb = Pt(14 if few else 12), RGBColor.from_string(INK)
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 55, False
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.format.line.color.rgb = RGBColor.from_string(SOFT)
    _scale(chart.value_axis, form, step, (low, high))
    chart.value_axis.tick_labels.font.size = Pt(12)
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    _leave_room(chart)
    series = plot.series[0]
    series.invert_if_negative = False
    for number, bar in enumerate(shown):
        fill = series.points[number].format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(bar.colour.lstrip("#"))
    _whiskers(series, shown)
    return frame


def _divided(bar: Bar, divisor: float) -> Bar:
    """A bar in another unit."""
    low, high = (None if end is None else end / divisor for end in (bar.low, bar.high))
    return replace(bar, value=bar.value / divisor, low=low, high=high)


def _ends(shown: Sequence[Bar]) -> tuple[float, float]:
    """The least and the most that is to be in view: all intervals and zero."""
    ends = [0.0, *(end for bar in shown for end in (bar.value, bar.low, bar.high) if end is not None)]
    return min(ends), max(ends)


def _scale(axis: Any, form: Form, step: float, ends: tuple[float, float]) -> None:
    """A scale of round steps between two ends."""
    labels = axis.tick_labels
    labels.number_format, labels.number_format_is_linked = form.with_steps(step), False
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(LINES)
    axis.format.line.fill.background()
    axis.major_unit = step
    axis.minimum_scale, axis.maximum_scale = (
        step * math.floor(ends[0] / step),
        step * math.ceil(ends[1] / step),
    )


def round_step(reach: float) -> float:
    """1, 2 or 5 times a power of ten, of which four to ten make up `reach`."""
    if not reach > 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(reach / 4))
    return max(power * many for many in (1, 2, 5) if power * many <= reach / 4)


def _label_every(chart: Any, many: int) -> None:
    """Label every so many categories, where a program would choose for itself."""
    axis = chart.category_axis._element
    skip = etree.Element(f"{{{CHART}}}tickLblSkip", val=str(many))
    axis.find(f"{{{CHART}}}noMultiLvlLbl").addprevious(skip)


def _leave_room(chart: Any) -> None:
    """Give labels of bars as much room as they need, whatever program draws the chart."""
    area = chart._chartSpace.chart.plotArea
    layout = area.find(f"{{{CHART}}}layout")
    if layout is None:
        layout = etree.Element(f"{{{CHART}}}layout")
        area.insert(0, layout)
    manual = etree.SubElement(layout, f"{{{CHART}}}manualLayout")
    for tag, value in (
        ("layoutTarget", "inner"),
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", LABELS),
        ("y", 0.02),
        ("w", 0.97 - LABELS),
        ("h", 0.88),
    ):
        etree.SubElement(manual, f"{{{CHART}}}{tag}").set("val", str(value))


def _whiskers(series: Any, shown: Sequence[Bar]) -> None:
    """From the low to the high end of each interval; charts have them, python-pptx has no word for them."""
    if all(bar.low is None for bar in shown):
        return
    whisker = etree.Element(f"{{{CHART}}}errBars")
    for tag, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(whisker, f"{{{CHART}}}{tag}").set("val", value)
    for tag, reaches in (
        ("plus", [bar.high - bar.value if bar.high is not None else 0.0 for bar in shown]),
        ("minus", [bar.value - bar.low if bar.low is not None else 0.0 for bar in shown]),
    ):
        values = etree.SubElement(etree.SubElement(whisker, f"{{{CHART}}}{tag}"), f"{{{CHART}}}numLit")
        etree.SubElement(values, f"{{{CHART}}}ptCount").set("val", str(len(reaches)))
        for number, reach in enumerate(reaches):
            point = etree.SubElement(values, f"{{{CHART}}}pt", idx=str(number))
            etree.SubElement(point, f"{{{CHART}}}v").text = repr(float(reach))
    line = etree.SubElement(etree.SubElement(whisker, f"{{{CHART}}}spPr"), f"{{{DRAWING}}}ln", w="19050")
    fill = etree.SubElement(etree.SubElement(line, f"{{{DRAWING}}}solidFill"), f"{{{DRAWING}}}srgbClr")
    fill.set("val", INK)
    series._element.find(f"{{{CHART}}}cat").addprevious(whisker)


@dataclass(frozen=True)
class Line:
    """A line, dashed or not, or one layer of stacked bars: name, colour, and a value for each category."""

    label: str
    colour: str
    values: list[float]
    dashed: bool = False


def lines(slide: Any, place: Place, categories: Sequence[str], shown: Sequence[Line], form: Form) -> Any:
    """Lines over `categories`, with a legend."""
    chart = _with_legend(slide, XL_CHART_TYPE.LINE, place, categories, shown, form)
    _label_every(chart, math.ceil(len(categories) / MOST_TICKS))
    for series, line in zip(chart.plots[0].series, shown, strict=True):
        series.smooth = False
        series.format.line.width = Pt(2.75)
        series.format.line.color.rgb = RGBColor.from_string(line.colour.lstrip("#"))
        if line.dashed:
            series.format.line.dash_style = MSO_LINE.DASH
    return chart


def stacks(slide: Any, place: Place, categories: Sequence[str], shown: Sequence[Line], form: Form) -> Any:
    """Horizontal bars, one for each of `categories`, the first on top, in layers with a legend."""
    chart = _with_legend(slide, XL_CHART_TYPE.BAR_STACKED, place, categories, shown, form)
    chart.plots[0].gap_width = 45
    chart.category_axis.tick_labels.font.size = Pt(14 if len(categories) <= FEW else 11)
    _label_every(chart, 1)
    chart.category_axis.reverse_order = True
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    for series, line in zip(chart.plots[0].series, shown, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(line.colour.lstrip("#"))
    return chart


def _with_legend(
    slide: Any, kind: Any, place: Place, categories: Sequence[str], shown: Sequence[Line], form: Form
) -> Any:
    values = [[value / form.divisor for value in line.values] for line in shown]
    stacked = kind == XL_CHART_TYPE.BAR_STACKED
    most = max(map(sum, zip(*values, strict=True)) if stacked else map(max, values))
    step = round_step(most)
    data = CategoryChartData(number_format=form.with_steps(step))
    data.categories = list(categories)
    for line, row in zip(shown, values, strict=True):
        data.add_series(line.label, row)
    chart = slide.shapes.add_chart(kind, *map(Inches, place), data).chart
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size, chart.font.color.rgb = Pt(14), RGBColor.from_string(INK)
    _scale(chart.value_axis, form, step, (0.0, most))
    return chart
