"""Money of those who own platforms."""
