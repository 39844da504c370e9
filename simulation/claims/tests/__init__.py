"""Kinds of test that a claim can have: one file per kind, and nothing else; see `simulation.claims.kind`."""
