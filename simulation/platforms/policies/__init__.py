"""Effects of dated policies: one file per effect, and nothing else; see `simulation.platforms.policy`."""
