"""Which walls this machine can put around a student's process: found out by trying to get through them.

    A   namespaces: files, processes, network, users of its own; no capabilities, a filter of system calls
    B   no namespaces: Landlock and the filter deny files, processes, sockets; a notebook can write no file
    D   nothing

A level counts when a process at that level, asked to read, reach and change what it must not, could do none
of it, and could still do what a notebook needs.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from .jail import syscalls
from .server import JailBroken, Key, ServerGone, SessionDied
from .servers import Started

JAILS = ("A", "B")  # the best one first
NONE = "D"
PROBE_SECONDS = 30
MEMORY_BYTES = 2 << 30
IMPORTS = ("numpy", "IPython")
ENTERING = threading.Lock()

_known: list[Found] = []


class NoJail(Exception):
    """Tell that this machine has no walls to put around a student's process, and why."""


@dataclass(frozen=True)
class Found:
    """The best level of this machine, and why those above it are not there."""

    level: str
    why: dict[str, str]


def choose(trusting: bool = False) -> str:
    """Return the level at which submissions run here.

    trusting: run them without walls where there are none.
    Raises NoJail when there are none.
    """
    with ENTERING:
        found = find()
    if found.level == NONE and not trusting:
        reasons = "; ".join(f"level {level}: {why}" for level, why in found.why.items())
        raise NoJail(f"no sandbox on this machine, so no student's code is run ({reasons})")
    return found.level


def find() -> Found:
    """Return the best level of this machine, tried once in each process that was not told it."""
    if not _known:
        _known.append(tried())
    return _known[0]


def believe(found: Found) -> None:
    """Take what another process of this machine and this user has found."""
    _known[:] = [found]


def tried() -> Found:
    """Return the best level of this machine, tried now."""
    why = {}
    for level in JAILS:
        reason = why_not(level)
        if not reason:
            return Found(level, why)
        why[level] = reason
    return Found(NONE, why)


def why_not(level: str) -> str:
    """Return why a level does not work on this machine; "" when it does."""
    if sys.platform != "linux":
        return f"it needs Linux, this is {sys.platform}"
    if syscalls.MACHINE not in syscalls.AUDIT:
        return f"system calls of {syscalls.MACHINE} are not known, only of {', '.join(syscalls.AUDIT)}"
    try:
        said = probe(level)
    except (JailBroken, ServerGone, SessionDied, OSError) as error:
        return one_line(str(error))
    if said["leaks"]:
        return f"a process inside could {one_line(said['leaks'][0])}"
    if said["broken"]:
        return f"a process inside could not {one_line(said['broken'][0])}"
    return ""


def one_line(text: str) -> str:
    """Return the first words of a message."""
    return " ".join(text.split())[:200]


def probe(level: str) -> dict:
    """Run a probe at a level and return what it says: {leaks: [...], broken: [...]}.

    Raises JailBroken, ServerGone or SessionDied when the level could not be entered.
    """
    server = Started(Key(None, level))
    try:
        with tempfile.TemporaryDirectory(prefix="canary-") as folder:
            os.chmod(folder, 0o755)
            with Bait(Path(folder), server) as question:
                return asked(server, question)
    finally:
        server.close()


class Bait:
    """Files and sockets that a process in a jail must not reach; inside a `with` statement."""

    def __init__(self, folder: Path, server: Started):
        self._folder, self._server, self._sockets = folder, server, []

    def __enter__(self) -> dict:
        canary = self._folder / "canary"
        canary.write_text("a canary outside of the jail")
        canary.chmod(0o666)
        abstract = f"canary-{os.getpid()}-{self._server.pid}"
        self._listen(socket.AF_UNIX, "\0" + abstract)
        path, datagrams = str(self._folder / "stream"), str(self._folder / "datagrams")
        self._listen(socket.AF_UNIX, path)
        self._listen(socket.AF_UNIX, datagrams, socket.SOCK_DGRAM)
        for each in (path, datagrams):
            os.chmod(each, 0o777)
        return {
            "canary": str(canary),
            "environment": list(self._server.variables),
            "tcp": self._listen(socket.AF_INET, ("127.0.0.1", 0)).getsockname()[1],
            "abstract": abstract,
            "path": path,
            "datagrams": datagrams,
            "pids": [os.getpid(), self._server.pid, os.getppid()],
            "mark": "sandbox.forkserver",
            "outside": ["/", "/usr", "/etc", "/dev", "/grader", "/grader/worker", str(self._folder)],
            "places": self._server.variables["PYTHONPATH"].split(os.pathsep)[:-1],
            "imports": IMPORTS,
        }

    def __exit__(self, *_error) -> None:
        for each in self._sockets:
            each.close()

    def _listen(self, family: int, address, kind: int = socket.SOCK_STREAM) -> socket.socket:
        made = socket.socket(family, kind)
        self._sockets.append(made)
        made.bind(address)
        if kind == socket.SOCK_STREAM:
            made.listen()
        return made


def asked(server: Started, question: dict) -> dict:
    """Return what a probe in a server's jail says to a question."""
    connection, theirs = socket.socketpair()
    status, pipe = os.pipe()
    with connection, os.fdopen(status, "rb") as said:
        try:
            server.fork((theirs.fileno(), pipe), MEMORY_BYTES, question)
        finally:
            theirs.close()
            os.close(pipe)
        answer = b""
        while not answer.endswith(b"\n"):
            if not select.select([connection], [], [], PROBE_SECONDS)[0]:
                raise JailBroken(f"a process inside did not answer within {PROBE_SECONDS} s")
            part = connection.recv(1 << 12)
            if not part:
                server.end()
                raise JailBroken(said.readline().decode("utf-8", "replace").strip() or "it died inside")
            answer += part
        server.end()
    return json.loads(answer)
