"""A laboratory of live commerce: claims tested in simulated worlds on common luck."""

__version__ = "0.3.1"
