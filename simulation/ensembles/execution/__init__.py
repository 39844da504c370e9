"""Where the runs of a sweep execute, and what is done when workers die."""
