"""Everything that makes pages; nothing below imports it."""
