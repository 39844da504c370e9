"""Languages of whoever reads: English stands in the code, every other language is one catalogue here."""
