"""Tables of what figures draw."""
