"""The tables of a scenario file, one file per table or group of tables."""
