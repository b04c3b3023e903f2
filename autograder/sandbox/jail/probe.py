"""Try to get out, from inside: walls that are there but let something through must not count.

Each way out is a function that returns what it reached, or nothing; that a way is closed shows as an OSError.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import os
import socket
import stat
import threading

from . import calls

PTRACE_CONT = 7
HARMLESS = {"LC_CTYPE"}  # Python itself sets it
ROOM = 1000  # bytes that are tried to be written


def report(question: dict, level: str) -> dict:
    """Return {leaks: [...], broken: [...]}: what could be reached, and what should have worked and did not.

    question: {canary: a file outside, environment: names, tcp: port, abstract: name, path: of a socket,
    pids: of the grader and the server, outside: folders, imports: modules}.
    """
    leaks, broken = [], []
    for way in (*WAYS, *(ONLY_WITHOUT_NAMESPACES if level == "B" else ())):
        try:
            reached = way(question)
        except (OSError, KeyError):
            continue
        if reached:
            leaks.append(f"{way.__doc__.rstrip('.').lower()}: {reached}")
    for need in (NEEDS_WITH_NAMESPACES if level == "A" else ()) + NEEDS:
        try:
            need(question)
        except Exception as error:
            broken.append(f"{need.__doc__.rstrip('.').lower()}: {type(error).__name__}: {error}")
    return {"leaks": leaks, "broken": broken}


def _file(question):
    """Read a file outside."""
    with open(question["canary"]) as file:
        return file.read(50)


def _environment(question):
    """See the grader's environment."""
    return " ".join(sorted(set(os.environ) - set(question["environment"]) - HARMLESS))


def _network(question):
    """Connect to a port of the machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.connect(("127.0.0.1", question["tcp"]))
        return "127.0.0.1"


def _abstract_socket(question):
    """Connect to a socket of the machine that has a name."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
        tried.connect("\0" + question["abstract"])
        return question["abstract"]


def _path_socket(question):
    """Connect to a socket of the machine that has a path."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
        tried.connect(question["path"])
        return question["path"]


def _letter(question):
    """Send to a socket of the machine without connecting."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ends[0], ends[1]:
        ends[0].sendto(b"x", question["datagrams"])
        return question["datagrams"]


def _signal(question):
    """Send a signal to the grader."""
    reached = []
    for pid in [*question["pids"], -1]:
        try:
            os.kill(pid, 0)
        except OSError:
            continue
        if pid > 0 or os.getpid() > 9:  # inside namespaces -1 means one's own processes alone
            reached.append(str(pid))
    return " ".join(reached)


def _limits_of_others(question):
    """Change the grader's limits."""
    held = (ctypes.c_ulong * 2)()
    for pid in question["pids"]:
        calls.syscall("prlimit64", pid, 7, ctypes.c_void_p(None), held)
        return str(pid)


def _processes(question):
    """See the machine's processes."""
    seen = []
    for pid in question["pids"]:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            if question["mark"].encode() in file.read():
                seen.append(str(pid))
    return " ".join(seen)


def _write(question):
    """Write outside of its own folders."""
    for folder in question["outside"]:
        path = os.path.join(folder, f"probe-{os.getpid()}")
        try:
            with open(path, "x") as file:
                file.write("x" * ROOM)
        except OSError:
            continue
        os.unlink(path)
        return folder


def _change_mode(question):
    """Change the mode of a file outside."""
    os.chmod(question["canary"], 0o600)
    return question["canary"]


def _trace(question):
    """Trace a process."""
    nothing = ctypes.c_void_p(None)
    try:
        calls.syscall("ptrace", PTRACE_CONT, os.getpid(), nothing, nothing)
    except OSError as error:  # nothing is traced: the kernel says so only to who may ask
        return "" if error.errno == errno.EPERM else "ptrace"
    return "ptrace"


def _namespace(question):
    """Make new namespaces."""
    calls.unshare(calls.NEWUSER)
    return "unshare"


def _other_user(question):
    """Become root."""
    if os.getuid() == 0 or os.geteuid() == 0:
        return "it is root"
    os.setresuid(0, 0, 0)
    return "setresuid"


def _capabilities(question):
    """Have a capability."""
    return calls.capabilities() and f"{calls.capabilities():x}"


def _new_privileges(question):
    """Gain privileges from a program."""
    return "" if calls.prctl(calls.PR_GET_NO_NEW_PRIVS) else "no_new_privs is not set"


def _descriptors(question):
    """Inherit a file of the grader's."""
    seen = []
    for descriptor in range(256):
        try:
            kind = os.fstat(descriptor).st_mode
        except OSError as error:
            if error.errno == errno.EBADF:
                continue
            raise
        if not stat.S_ISSOCK(kind) and descriptor not in question["known"]:
            seen.append(str(descriptor))
    return " ".join(seen)


def _fork(question):
    """Start a process."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return "fork"


def _program(question):
    """Start a program."""
    calls.LIBC.execve(b"/nowhere", None, None)
    return "" if ctypes.get_errno() == errno.EPERM else "execve"


def _write_anywhere(question):
    """Write a file."""
    for folder in ("/tmp", "/var/tmp", "/dev/shm", os.getcwd()):
        try:
            with open(os.path.join(folder, f"probe-{os.getpid()}"), "x") as file:
                os.unlink(file.name)
        except OSError:
            continue
        return folder


def _can_read(question):
    """Read its programs."""
    for folder in question["places"]:
        os.listdir(folder)


def _can_import(question):
    """Import what notebooks need."""
    for name in question["imports"]:
        importlib.import_module(name)


def _can_start_threads(question):
    """Start a thread."""
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def _can_freeze(question):
    """Fork."""
    _fork(question)


def _can_write(question):
    """Write into its own folder."""
    with open("probe", "x") as file:
        file.write("x" * ROOM)
    os.unlink("probe")


WAYS = (
    _file, _environment, _network, _abstract_socket, _path_socket, _letter, _signal, _limits_of_others,
    _processes, _write, _change_mode, _trace, _namespace, _other_user, _capabilities, _new_privileges,
    _descriptors,
)  # fmt: skip
ONLY_WITHOUT_NAMESPACES = (_fork, _program, _write_anywhere)
NEEDS_WITH_NAMESPACES = (_can_freeze, _can_write)
NEEDS = (_can_read, _can_start_threads, _can_import)
