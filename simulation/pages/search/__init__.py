"""The page of a policy search."""
