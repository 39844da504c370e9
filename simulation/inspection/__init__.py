"""One merchant's or one viewer's life, read from the line list of a run."""
