"""The page that says why to believe the model."""
