"""What merchants decide: the day, the books, prices and effort, which platforms."""
