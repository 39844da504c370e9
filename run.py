"""Run the live-commerce laboratory: ``uv run run.py`` answers the article's question."""

from simulation.__main__ import main

if __name__ == "__main__":
    main()
