"""All that can be said of a scenario before anything runs."""
