"""Processes of this machine, seen from outside."""

import contextlib
import os
import signal
import time
from pathlib import Path


def is_there(pid):
    """Tell whether a process runs; one that has ended and that nobody has reaped does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def descendants(pid):
    """Return the numbers of all processes that a process has started, and that these have started."""
    found = []
    with contextlib.suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            found += [child, *descendants(child)]
    return found


def kill(pid):
    """Kill a process; wait until those that the kernel ends with it are gone too."""
    below = descendants(pid)
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 30
    while any(map(is_there, [pid, *below])) and time.monotonic() < until:
        time.sleep(0.001)
