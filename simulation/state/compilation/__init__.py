"""How rules are compiled, and what takes the place of compiling where nothing is."""
