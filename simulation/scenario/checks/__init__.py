"""What in a scenario does not go together, although each part of it may stand."""
