"""A laboratory of live commerce: claims tested in simulated worlds on common luck."""
