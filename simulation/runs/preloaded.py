"""What the server of processes imports before it forks workers.

Importing may take a minute where nothing is compiled yet, during which the server would not notice that
its driver is gone. So a thread watches meanwhile; it ends before anything is forked. In the end the server
has nothing to tidy up, so it does not take all apart that it has imported, which takes seconds.
"""

import atexit
import os
import sys
from importlib import import_module
from threading import Event, Thread

POLL_SECONDS = 0.5


def _end_without(driver: int, done: Event) -> None:
    while not done.wait(POLL_SECONDS):
        if os.getppid() != driver:
            os._exit(1)


_done = Event()
_watch = Thread(target=_end_without, args=(os.getppid(), _done), daemon=True)
_watch.start()
try:
    # All that takes long of what `execution` draws on, which itself stands above the start of processes.
    import_module("..measures.tables", __package__)
    import_module("..world.line_list", __package__)
    import_module("..world.model", __package__)
finally:
    _done.set()
    _watch.join()
if any("multiprocessing.forkserver" in word for word in sys.orig_argv):  # and no program that imports this
    atexit.register(os._exit, 0)
