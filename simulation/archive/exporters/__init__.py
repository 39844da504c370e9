"""Formats of other programs: one file a format, and nothing else; see `simulation.archive.exporting`."""
