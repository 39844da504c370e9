"""Sheets that a person reads, which stand before the tables of a run in a workbook."""
