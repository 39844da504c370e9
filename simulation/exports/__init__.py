"""Results for other programs: tables, slides, and folders to be handed on."""
