"""Waves of runs, each where the facts leave worlds plausible, in a small size and in the larger."""
