"""Designs of a sweep: one file per design, and nothing else; see `simulation.ensembles.sampling.design`."""
