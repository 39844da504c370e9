"""How a program is stopped from outside: Ctrl-C, a scheduler's SIGTERM, the closing of its terminal.

On the command line all of them end the work in the same order: what is half-written is removed, processes
end, and the exit status says which signal it was. Handlers of programs that use the laboratory from Python
are left as they are.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)
"""Signals that ask for an end, as far as this system has them."""
SIGNALLED = 128
"""Shells add this to a signal's number to give the exit status of a program that it ended."""

AGAIN_SECONDS = 0.05
"""After which a signal is sent once more whose exception was lost in a finaliser."""

_stopped_by: int | None = None


class Stopped(KeyboardInterrupt):
    """One of `SIGNALS` came: as after Ctrl-C, whoever began something ends it."""


@contextmanager
def stoppable(is_all: bool = False) -> Iterator[None]:
    """Every one of `SIGNALS` raises `Stopped` meanwhile, and decides the exit status.

    One that comes while another is being answered is dropped: it asks for nothing new.
    Signals that the caller ignores (``nohup``, a shell's background jobs) or handles stay so.

    Parameters
    ----------
    is_all : bool
        The program has nothing to do afterwards: once stopped, it ignores signals while Python shuts down.
    """
    global _stopped_by
    ours = (signal.SIG_DFL, signal.default_int_handler)
    handlers = {number: signal.getsignal(number) for number in SIGNALS if _in_main_thread()}
    handlers = {number: handler for number, handler in handlers.items() if handler in ours}
    for number in handlers:
        signal.signal(number, _stop)
    unraisable = sys.unraisablehook
    sys.unraisablehook = partial(_tell_unraisable, unraisable)
    try:
        yield
    except (SystemExit, KeyboardInterrupt) as end:
        if _stopped_by is None or (isinstance(end, SystemExit) and not end.code):
            raise
        sys.exit(SIGNALLED + _stopped_by)
    finally:
        sys.unraisablehook = unraisable
        ignored = is_all and _stopped_by is not None
        for number, handler in handlers.items():
            signal.signal(number, signal.SIG_IGN if ignored else handler)
        if handlers:  # else this lies within another that still has to know
            _stopped_by = None


def end_if_stopped() -> None:
    """Raise `Stopped` once more if it came before: exceptions out of the blue get lost, say in imports."""
    if _stopped_by is not None:
        raise Stopped


@contextmanager
def undisturbed() -> Iterator[None]:
    """Tidy up in peace: signals that have a handler wait meanwhile and come to it afterwards.

    Where a program is being stopped already they are dropped.
    """
    if not _in_main_thread():
        yield
        return
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    handlers = {number: handler for number, handler in handlers.items() if callable(handler)}
    came: list[int] = []
    for number in handlers:
        signal.signal(number, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if came and not _is_stopping():
            signal.raise_signal(came[0])


def _stop(number: int, frame: FrameType | None) -> None:
    global _stopped_by
    _stopped_by = _stopped_by or number
    if not _is_stopping():
        raise Stopped


def _tell_unraisable(tell: Callable[[Any], Any], lost: Any) -> None:
    """A `Stopped` that came up in a finaliser is not printed, and comes again."""
    if not isinstance(lost.exc_value, Stopped):
        tell(lost)
        return
    again = threading.Timer(AGAIN_SECONDS, _send_again)
    again.daemon = True
    again.start()


def _send_again() -> None:
    """Send it to the main thread, which wakes it whatever it waits for; else it comes when that is over."""
    if _stopped_by is None:
        return
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, _stopped_by)
    else:
        signal.raise_signal(_stopped_by)


def _is_stopping() -> bool:
    """Whether what goes on at present is the tidying up after an earlier signal."""
    present = sys.exc_info()[1]
    return isinstance(present, KeyboardInterrupt) or (
        _stopped_by is not None and isinstance(present, SystemExit)
    )


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
