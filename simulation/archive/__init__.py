"""The folder in which one run is kept: written, read and refused here."""
