"""What one process may use: the kernel's own counters, which a process can only lower."""

from __future__ import annotations

import resource
from pathlib import Path

OPEN_FILES = 256
PROCESSES = 64  # with their threads


def confine(memory_bytes: int, file_bytes: int, cpu_seconds: int, shares_user: bool) -> None:
    """Cap what this process and each of its children may use.

    shares_user: the number of processes is counted over all of a user who may have others.
    """
    processes = PROCESSES + (threads_of_all() if shares_user else 0)
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, processes),
    ):
        _soft, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))


def threads_of_all() -> int:
    """Return how many threads the machine has, of which a user has no more."""
    try:
        return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[2])
    except (OSError, IndexError, ValueError):
        return 1 << 15
