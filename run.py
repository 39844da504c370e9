"""Run the live-commerce laboratory: ``uv run run.py`` answers the article's question."""

from simulation.terminal.stopping import stoppable

if __name__ == "__main__":
    with stoppable(is_all=True):
        from simulation.commands.app import main

        main()
