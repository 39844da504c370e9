"""The figures of the evidence page."""
