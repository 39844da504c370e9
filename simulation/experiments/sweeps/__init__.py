"""Sweeps: designs, where they run, never losing a run, and what is learned from them."""
