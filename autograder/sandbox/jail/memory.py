"""How much memory a process and all that it has started use together."""

from __future__ import annotations

import contextlib
from pathlib import Path

PROC = Path("/proc")


def own(pid: int) -> int:
    """Return bytes of a process that no file on disk holds."""
    counted = 0
    for line in _lines(PROC / str(pid) / "status"):
        if line.startswith(("RssAnon:", "RssShmem:")):
            counted += int(line.split()[1]) * 1024
    return counted


def shared_out(pid: int) -> int:
    """Return bytes of a process where those that several share are divided among them; slow."""
    for line in _lines(PROC / str(pid) / "smaps_rollup"):
        if line.startswith("Pss_Anon:"):
            return int(line.split()[1]) * 1024
    return own(pid)


def family(pid: int) -> list[int]:
    """Return a process and those that descend from it."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):  # it has ended, and its folder with it
            for path in (PROC / str(each) / "task").glob("*/children"):
                found += [int(child) for line in _lines(path) for child in line.split()]
    return found


def total(pid: int, inherited: int, limit: int) -> int:
    """Return the memory of a family beyond what each inherited; exactly only when it may be above a limit."""
    members = family(pid)
    most = sum(max(0, own(each) - inherited) for each in members)
    return most if most <= limit else sum(map(shared_out, members))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:  # it has ended
        return []
