"""What tests share: builders of worlds, stand-ins for slow parts, ways to tear files."""
