"""Rules set beside known mathematics."""
