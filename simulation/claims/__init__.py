"""Claims: the article's and the user's, as data, and how each comes to its verdict."""
