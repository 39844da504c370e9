"""The figures of a run, one file per group."""
