"""What a sweep found: what drives an outcome, where claims hold, fail and flip."""
