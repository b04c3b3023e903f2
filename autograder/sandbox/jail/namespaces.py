"""Namespaces: what a process sees of files, processes, network and users is its own.

The fork server enters a set of them once, with a read-only root. Each submission then gets its own processes
and its own mounts, whose first process is the keeper: when the keeper ends, the kernel kills all the others.
"""

from __future__ import annotations

import os
import socket

from . import calls

SERVER = calls.NEWNS | calls.NEWNET | calls.NEWIPC | calls.NEWUTS
SUBMISSION = calls.NEWPID | calls.NEWNS
PRIVATE = {  # what a submission may write to: options of a file system in memory
    "/tmp": "size=64m,nr_inodes=5k,mode=1777",
    "/dev/shm": "size=16m,nr_inodes=500,mode=1777",
}
UNTRUSTED = calls.NO_SUID | calls.NO_DEV


def enter() -> None:
    """Leave the machine's namespaces; an ordinary user becomes the owner of a namespace of users first.

    Raises OSError when the kernel or its administrator does not allow it.
    """
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        calls.unshare(SERVER)
    else:
        calls.unshare(SERVER | calls.NEWUSER)
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    calls.mount("none", "/", flags=calls.RECURSIVE | calls.PRIVATE)
    socket.sethostname("notebook")


def separate() -> int:
    """Fork a keeper into a submission's namespaces; return its number, and 0 in the keeper."""
    return calls.clone(SUBMISSION)


def furnish() -> None:
    """Mount what the keeper's processes see of their own: empty folders and a list of processes."""
    for place, options in PRIVATE.items():
        calls.mount("tmpfs", place, "tmpfs", UNTRUSTED, options)
    flags = UNTRUSTED | calls.NO_EXEC | calls.READ_ONLY
    try:
        calls.mount("proc", "/proc", "proc", flags)
    except PermissionError:  # where the machine's own /proc is partly hidden no new one may be mounted
        calls.mount("tmpfs", "/proc", "tmpfs", flags, "size=4k")
