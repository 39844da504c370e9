"""Who lives and sells in a world: drawn once per replication, identical in every arm."""
