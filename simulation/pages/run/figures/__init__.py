"""The figures of a run, one file a group."""
