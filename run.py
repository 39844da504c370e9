"""Run the live-commerce laboratory: ``uv run run.py`` answers the article's question."""

from simulation.stopping import stoppable

if __name__ == "__main__":
    with stoppable(is_all=True):
        from simulation.cli import main

        main()
