"""The command line: ``python -m simulation``, and ``live-commerce`` where the package is installed."""

from .terminal.stopping import stoppable


def main() -> None:
    """Run the command line; a signal that comes while it is being imported ends it as well."""
    with stoppable(is_all=True):
        from .commands.app import main as run_app

        run_app()


if __name__ == "__main__":
    main()
