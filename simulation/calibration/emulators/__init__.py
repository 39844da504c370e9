"""Emulators: what the model would say, without running it, and how surely; which of them to trust."""
