"""Viewers and merchants as Mesa agents, and what Mesa expects of a model."""
