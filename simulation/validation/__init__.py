"""Why to believe the model, and where not to: what is run to find out."""
