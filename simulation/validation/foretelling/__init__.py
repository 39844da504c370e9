"""The market run on, and what was published later."""
