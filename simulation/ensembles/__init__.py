"""Many runs: sweeps, their analysis, the search for settings."""
