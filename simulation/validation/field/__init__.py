"""Links and customers followed one by one, beside field studies."""
