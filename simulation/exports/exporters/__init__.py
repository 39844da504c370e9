"""Formats of other programs: one file per format, and nothing else; see `simulation.exports.exporting`."""
