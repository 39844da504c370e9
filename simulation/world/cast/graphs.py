"""igraph, imported without its drawing.

igraph draws with Matplotlib and imports it if it is there, which takes one second in every process;
nothing here is drawn with it. Whoever wants igraph's plots in the same program imports Matplotlib first.
"""

from __future__ import annotations

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
_drawing = "matplotlib"
_undrawn = _drawing not in _modules
if _undrawn:
    _modules[_drawing] = None  # an import of it now fails, as if it were not installed
try:
    import igraph
finally:
    if _undrawn:
        del _modules[_drawing]

__all__ = ["igraph"]
