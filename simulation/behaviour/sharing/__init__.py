"""Phase 6, sharing: who passes a link on, which way it goes, and who notices it."""
