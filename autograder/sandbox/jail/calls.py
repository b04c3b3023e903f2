"""System calls that Python has no name for; each raises OSError with what was tried."""

from __future__ import annotations

import ctypes
import os
import signal
import struct

from .syscalls import NUMBERS

NEWNS, NEWUTS, NEWIPC = 0x20000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
READ_ONLY, NO_SUID, NO_DEV, NO_EXEC = 1, 2, 4, 8
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 38, 39, 47
AMBIENT_RAISE = 2
CAPABILITIES = 64  # more than any kernel has
CAP_VERSION = 0x20080522

LIBC = ctypes.CDLL(None, use_errno=True)
HELD = ctypes.PyDLL(None, use_errno=True)  # keeps Python's lock: the one that a forked child then holds


def syscall(name: str, *arguments, library=LIBC) -> int:
    """Make a system call by its name."""
    given = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return checked(library.syscall(ctypes.c_long(NUMBERS[name]), *given), name)


def checked(result: int, what: str) -> int:
    """Return what a call returned; raise its OSError when that is -1."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """Put this process into namespaces of its own."""
    checked(LIBC.unshare(ctypes.c_int(flags)), "unshare")


def clone(flags: int) -> int:
    """Fork into new namespaces; return 0 in the child, which should only set up and fork again."""
    nothing = (ctypes.c_void_p(None),) * 4
    return syscall("clone", flags | signal.SIGCHLD, *nothing, library=HELD)


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or bind a folder or file."""
    texts = [os.fsencode(text) or None for text in (source, target, kind)]
    done = LIBC.mount(*texts, ctypes.c_ulong(flags), options.encode() or None)
    checked(done, f"mount {kind or source} on {target}")


def set_read_only(target: str) -> None:
    """Make a mount and all below it read-only, and set-user-id programs there harmless."""
    attributes = struct.pack("QQQQ", READ_ONLY | NO_SUID, 0, 0, 0)
    path = ctypes.c_char_p(os.fsencode(target))
    syscall("mount_setattr", AT_FDCWD, path, AT_RECURSIVE, ctypes.c_char_p(attributes), len(attributes))


def change_root(folder: str) -> None:
    """Make a folder that is a mount the root, and let go of the old one."""
    os.chdir(folder)
    checked(LIBC.pivot_root(b".", b"."), "pivot_root")
    checked(LIBC.umount2(b".", ctypes.c_int(DETACH)), "umount2")
    os.chdir("/")


def prctl(option: int, *arguments: int) -> int:
    """Change or read an attribute of this process."""
    given = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return checked(LIBC.prctl(ctypes.c_int(option), *given), f"prctl {option}")


def keep_capabilities() -> None:
    """Keep all capabilities over exec, as a user that is not called 0."""
    header = struct.pack("Ii", CAP_VERSION, 0)
    data = ctypes.create_string_buffer(24)
    checked(LIBC.capget(header, data), "capget")
    low, permitted, _, high, more, _ = struct.unpack("6I", data.raw)
    held = struct.pack("6I", low, permitted, permitted, high, more, more)
    checked(LIBC.capset(header, held), "capset")
    for capability in range(CAPABILITIES):
        if (permitted | more << 32) >> capability & 1:
            prctl(PR_CAP_AMBIENT, AMBIENT_RAISE, capability)


def bound_capabilities() -> None:
    """Let no program that this process starts have a capability."""
    for capability in range(CAPABILITIES):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # the kernel has no such one, or this process may not: then it has none
            continue


def drop_capabilities() -> None:
    """Give up all capabilities."""
    header = struct.pack("Ii", CAP_VERSION, 0)
    checked(LIBC.capset(header, struct.pack("6I", *[0] * 6)), "capset")


def capabilities() -> int:
    """Return the capabilities that this process has or can get, as bits."""
    header, data = struct.pack("Ii", CAP_VERSION, 0), ctypes.create_string_buffer(24)
    checked(LIBC.capget(header, data), "capget")
    low, permitted, inheritable, high, more, also = struct.unpack("6I", data.raw)
    return low | permitted | inheritable | (high | more | also) << 32
