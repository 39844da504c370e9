"""Kinds of test that a claim can have: one file a kind, and nothing else; see `simulation.claims.kind`."""
