"""Experiments: which worlds to run, where, how they are compared, and where results are stored."""
