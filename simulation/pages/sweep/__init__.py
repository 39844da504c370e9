"""The page of an analysed sweep."""
