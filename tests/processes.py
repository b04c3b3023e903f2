"""Processes of this machine, seen from outside."""

import contextlib
from pathlib import Path


def is_there(pid):
    """Tell whether a process runs; one that has ended and that nobody has reaped does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False
