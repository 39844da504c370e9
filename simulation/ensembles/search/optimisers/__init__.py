"""Optimisers of a policy search: one file each; see `simulation.ensembles.search.optimiser`."""
