"""Ctrl-C as a wish that is looked at between two steps, not as an exception in the middle of one."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def noticed() -> Iterator[Callable[[], bool]]:
    """Give a function that tells whether Ctrl-C was pressed, or the process was asked to end.

    An exception raised by a signal can be lost where Python cannot hand it on, in a callback of the garbage
    collector; what is noted is not lost. A second Ctrl-C does what it did before.
    """
    wished = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield wished.is_set  # signals are another thread's
        return
    before = {number: signal.getsignal(number) for number in ENDING}

    def note(*_signal):
        wished.set()
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in ENDING:
        signal.signal(number, note)
    try:
        yield wished.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held_back() -> Iterator[None]:
    """Keep Ctrl-C from this thread until the end, and from the processes that it starts for good."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
