"""The tables of a scenario file, one file a table or group of tables."""
