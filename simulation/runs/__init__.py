"""One question run once: probes, processes, and paired comparisons of what came out."""
