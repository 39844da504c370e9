"""What a run's page answers on its first screen."""
