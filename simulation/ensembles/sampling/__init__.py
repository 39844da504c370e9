"""The points of a sweep: what a design is, where factors lie in their ranges, checks of all points."""
