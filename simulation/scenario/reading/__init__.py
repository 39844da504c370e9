"""Reading scenario files: from text to checked models, with errors that say where and what."""
