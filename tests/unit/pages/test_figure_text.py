"""Labels in figures are shown letter by letter, though Plotly reads HTML in every text."""

from __future__ import annotations

import html
import json

import plotly.graph_objects as go

from simulation.pages.kit.figure_text import BREAK, as_written, bold, italic, wrapped
from simulation.pages.kit.style import Exhibit, View, labels_above, layout, panels
from simulation.pages.kit.templates import figures_json

LABEL = "<b>R&D</b> &lt; <a href='x'>y</a> <br> %{x}"


def test_only_our_own_marks_become_html():
    text = bold(LABEL) + BREAK + italic(LABEL)
    safe = html.escape(LABEL, quote=False)
    assert as_written(text) == f"<b>{safe}</b><br><i>{safe}</i>"
    assert as_written({"text": [LABEL], "x": (1, None), "hovertemplate": "%{x}<extra></extra>"}) == {
        "text": [safe],
        "x": [1, None],
        "hovertemplate": "%{x}<extra></extra>",
    }
    assert as_written(wrapped("some words", 5)) == "some<br>words"


def test_a_label_is_safe_wherever_it_stands_in_a_figure():
    wide = panels([LABEL], 1, 100, {"title": {"text": LABEL}}, {"ticktext": [LABEL]})
    figure = go.Figure(layout=layout(100) | wide)
    figure.add_scatter(x=[LABEL], y=[1], name=LABEL, text=[LABEL], hovertext=LABEL, legendgroup=LABEL)
    figure.add_bar(x=[1], y=[LABEL], customdata=[[LABEL]])
    view = View(LABEL, LABEL, figure, labels_above([LABEL], [LABEL], 30))
    drawn = json.loads(figures_json([Exhibit("one", LABEL, LABEL, [view])]))["one"][0]
    assert drawn.pop("finding") == LABEL, "set as text, not as HTML"
    parts = json.dumps(drawn)
    assert "R&amp;D" in parts and "R&D" not in parts and "<a" not in parts
    assert parts.count("<b>") == 1, "the panel's title"
