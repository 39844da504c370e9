"""Evidence: calibration, recovery, validation, and the page that tells of it."""
