"""One merchant's or viewer's life, as text and page."""
