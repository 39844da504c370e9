"""What a hit means: how often chance, or less of a model, hits as well; and what facts foretell."""
