"""Measures: what is read off a finished run. Their names are part of the result format."""

from .outcome import Outcome
from .registry import MEASURES, Measure, measure_all

__all__ = ["MEASURES", "Measure", "Outcome", "measure_all"]
