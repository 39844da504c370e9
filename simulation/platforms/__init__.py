"""Platforms: the channels by which viewers come into rooms. A platform is a mix of them."""
