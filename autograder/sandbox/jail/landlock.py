"""Landlock: the files that a process may read, none that it may write, no port, no signal to others."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from . import calls

LEAST = 4  # the first version that also knows of network ports
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
NET, SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals
PATH_BENEATH = 1


def version() -> int:
    """Return the kernel's version of Landlock, 0 where there is none."""
    try:
        return calls.syscall("landlock_create_ruleset", ctypes.c_void_p(None), 0, 1)
    except OSError:
        return 0


def ruleset(readable: Iterable[str], listed: Iterable[str] = (), written: Iterable[str] = ()) -> int:
    """Return the descriptor of a set of rules.

    readable: folders and files that may be read with all that is below them.  listed: folders of which only
    the names may be seen.  written: devices such as /dev/null.
    Raises OSError where the kernel has no Landlock, or one older than version 4.
    """
    abi = version()
    if abi < LEAST:
        raise OSError(f"Landlock has version {abi}, {LEAST} or later is needed")
    files = (1 << 15) - 1 | (IOCTL if abi >= 5 else 0)
    attributes = struct.pack("QQQ", files, NET, SCOPES if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16
    made = calls.syscall("landlock_create_ruleset", ctypes.c_char_p(attributes), size, 0)
    for paths, access in (
        (readable, READ_FILE | READ_DIR | EXECUTE),
        (listed, READ_DIR),
        (written, READ_FILE | WRITE_FILE),
    ):
        for path in paths:
            _allow(made, path, access)
    return made


def _allow(made: int, path: str, access: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            access &= ~READ_DIR
        rule = ctypes.c_char_p(struct.pack("=Qi", access, place))
        calls.syscall("landlock_add_rule", made, PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def confine(made: int) -> None:
    """Hold this process, and what it starts, to a set of rules."""
    calls.prctl(calls.PR_SET_NO_NEW_PRIVS, 1)
    calls.syscall("landlock_restrict_self", made, 0)
