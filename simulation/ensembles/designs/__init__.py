"""Designs of a sweep: one file a design, and nothing else; see `simulation.ensembles.sampling.design`."""
