"""Worlds that begin with a past: templates that have run for long, and worlds cut from them."""
