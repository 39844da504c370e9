"""At which points a sweep looks at the scenario."""
