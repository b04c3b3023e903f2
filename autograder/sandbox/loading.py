"""Loading much, once: Python's search for what nobody needs any more is in its way."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def once() -> Iterator[None]:
    """Load modules inside: what they make stays, and is never looked through again.

    To look through it while it grows takes a fifth of the time of an import, and at the end of the process
    half a second. A process that is forked later does not touch it, so that it stays shared.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
