"""What one process may use: the kernel's own counters, which a process can only lower."""

from __future__ import annotations

import resource

OPEN_FILES = 256
PROCESSES = 64  # with their threads; of the user, so only where the jail's user has nothing else


def confine(memory_bytes: int, file_bytes: int, cpu_seconds: int, counts_processes: bool) -> None:
    """Cap what this process and each of its children may use."""
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        *([(resource.RLIMIT_NPROC, PROCESSES)] if counts_processes else []),
    ):
        _soft, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
