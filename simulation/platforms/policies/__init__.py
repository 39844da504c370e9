"""Effects of dated policies: one file an effect, and nothing else; see `simulation.platforms.policy`."""
