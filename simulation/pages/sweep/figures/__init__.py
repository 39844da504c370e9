"""The figures of a sweep: claims, outcomes, and the axes of factors that both share."""
