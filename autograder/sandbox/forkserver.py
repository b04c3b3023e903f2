"""Fork a process for each submission out of one that has loaded everything already.

It imports no more than the student package and runs no student's code itself. Over its control socket come
lines of JSON, each with an answer:

    {do: "fork", level, needs_kernel, user, folder, rules, memory_bytes, question}   and two descriptors: the
        submission's connection, the pipe for how the process ended
    {do: "end"}     kill the process of the last fork, with all that it has started
    {do: "clone"}   and one descriptor, of another control socket: fork a server that answers there, and says
        so there; nothing is said here

The pipe carries lines: "exit 3", "signal 11", "memory", "broken <why the walls could not be built>".
It ends when the control socket is closed: `python -m sandbox.forkserver 3 preload`.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from . import loading
from .jail import calls, landlock, memory, namespaces, probe, seccomp, user

TICK_SECONDS = 0.1  # how often a submission's memory is looked at
MESSAGE_BYTES = 1 << 16
DESCRIPTORS = 2


class Gone(Exception):
    """Tell that whoever started the server has gone."""


class Server:
    """Serve one submission after another."""

    def __init__(self, control: socket.socket):
        self._control = control
        self._process = self._status = None
        self._inherited = memory.own(os.getpid())

    def serve(self) -> None:
        """Answer until the control socket is closed."""
        while True:
            request, descriptors = self._receive()
            if request["do"] == "clone":
                self._clone(socket.socket(fileno=descriptors[0]))
                continue
            self._status, error = descriptors[1], None
            try:
                self._process = self._fork(request, descriptors)
            except OSError as failed:
                error = str(failed)
            os.close(descriptors[0])  # that it is closed by the submission must be seen
            self._answer({"error": error})
            if error is None:
                self._watch(request)
                self._answer({"error": None})
            os.close(self._status)

    def _clone(self, control: socket.socket) -> None:
        """Go on as two servers: this one, and one that is asked over another socket."""
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a clone that ends is waited for by nobody
        with contextlib.suppress(OSError):  # no process more: who holds the socket sees it closed
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                control, self._control = self._control, control
                self._inherited = memory.own(os.getpid())
                self._answer({"error": None})
        control.close()

    def _fork(self, request: dict, descriptors: list[int]) -> int:
        pid = namespaces.separate() if request["level"] == "A" else os.fork()
        if pid == 0:
            self._control.close()
            try:
                if request["level"] == "A":
                    keep(request, descriptors)
                else:
                    be_worker(request, descriptors)
            except BaseException as error:
                report(self._status, f"broken {type(error).__name__}: {error}")
            os._exit(70)
        return pid

    def _watch(self, request: dict) -> None:
        """Wait until the process is to be ended; meanwhile say when it ends itself or takes too much."""
        is_alive = True
        try:
            while not select.select([self._control], [], [], TICK_SECONDS if is_alive else None)[0]:
                ended, code = os.waitpid(self._process, os.WNOHANG)
                if ended:
                    is_alive = False
                    if request["level"] != "A":  # there the keeper has said it
                        report(self._status, ending(code))
                elif request["level"] == "A" and self._takes_too_much(request["memory_bytes"]):
                    report(self._status, "memory")
                    self._kill()
            self._receive()
        finally:
            if is_alive:
                self._kill()
                os.waitpid(self._process, 0)

    def _takes_too_much(self, limit: int) -> bool:
        return memory.total(self._process, self._inherited, limit) > limit

    def _kill(self) -> None:
        for kill in (os.killpg, os.kill):  # a keeper leads no group, and a worker may not lead one yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self._process, signal.SIGKILL)

    def _receive(self) -> tuple[dict, list[int]]:
        data, descriptors = b"", []
        while not data.endswith(b"\n"):
            part, more, _flags, _address = socket.recv_fds(self._control, MESSAGE_BYTES, DESCRIPTORS)
            if not part:
                raise Gone
            data, descriptors = data + part, descriptors + more
        return json.loads(data), descriptors

    def _answer(self, answer: dict) -> None:
        self._control.sendall(json.dumps(answer).encode() + b"\n")


def keep(request: dict, descriptors: list[int]) -> None:
    """Be the first process of a submission's namespaces: start the worker and say how it ends."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no signal from inside reaches this process then
    calls.prctl(calls.PR_SET_PDEATHSIG, signal.SIGKILL)
    calls.prctl(calls.PR_SET_DUMPABLE, 0)
    offer_to_be_killed()
    namespaces.furnish()
    for name in ("home", "notebook"):
        os.mkdir(f"/tmp/{name}")
        os.chown(f"/tmp/{name}", request["user"], request["user"] if os.geteuid() == 0 else -1)
    worker = os.fork()
    if worker == 0:
        be_worker(request, descriptors)
    os.close(descriptors[0])
    ended = code = None
    while ended != worker:
        ended, code = os.waitpid(-1, 0)
    report(descriptors[1], ending(code))
    os._exit(0)


def be_worker(request: dict, descriptors: list[int]) -> None:
    """Put up the walls around this process, then run a submission in it; never return."""
    connection, status, level = socket.socket(fileno=descriptors[0]), descriptors[1], request["level"]
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if level != "A":
            offer_to_be_killed()
        rules = landlock.ruleset(**request["rules"]) if level == "B" else None
        if level != "D":
            user.become(request["user"])
        calls_home_when_orphaned(level)
        os.chdir(request["folder"])
        ask = None if request["question"] else prepared(connection, request)
        if rules is not None:
            landlock.confine(rules)
            os.close(rules)
        if level != "D":
            seccomp.confine(has_namespaces=level == "A")
        question = request["question"]
        answers = probe.report({**question, "known": [0, 1, 2, status]}, level) if question else None
    except EOFError:
        os._exit(0)
    except BaseException as error:
        report(status, f"broken {type(error).__name__}: {error}")
        os._exit(70)
    os.close(status)
    if answers is not None:
        connection.sendall(json.dumps(answers).encode() + b"\n")
        os._exit(0)
    try:
        ask()
    except EOFError:
        os._exit(0)  # a student's threads and exit handlers are not waited for
    except BaseException:
        os._exit(70)


def prepared(connection: socket.socket, request: dict) -> Callable[[], None]:
    """Return what serves a submission, set up as the session's first frame says."""
    from . import preloaded, worker  # late: this takes seconds where it was not done before the fork

    kind = worker.Worker
    if request["needs_kernel"]:
        from . import kernel

        kind = kernel.KernelWorker
    made = kind(connection, preloaded.shell, preloaded.outputs)
    made.prepare(shares_user=request["level"] != "A" and not request["has_own_user"])
    return made.serve


def calls_home_when_orphaned(level: str) -> None:
    """Have this process killed when the server is, where no keeper does it; later the filter forbids it."""
    if level != "A" and sys.platform == "linux":
        calls.prctl(calls.PR_SET_PDEATHSIG, signal.SIGKILL)


def offer_to_be_killed() -> None:
    """Ask the kernel to kill this process before any other one when memory runs out."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def ending(code: int) -> str:
    """Return how a process ended, given what waitpid says."""
    code = os.waitstatus_to_exitcode(code)
    return f"exit {code}" if code >= 0 else f"signal {-code}"


def report(status: int, text: str) -> None:
    """Write a line to the pipe; nobody may be reading any more."""
    with contextlib.suppress(OSError):
        os.write(status, text.replace("\n", " ")[:300].encode("utf-8", "replace") + b"\n")


def main() -> None:
    """Serve on the descriptor that the command line names."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    options, sys.argv = sys.argv[2:], [""]
    if "dies" in options:
        calls.prctl(calls.PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: its owner ends it
    if "preload" in options:
        with loading.once():
            from . import preloaded, worker  # noqa: F401 - to have them loaded is all

            if "kernel" in options:
                from . import kernel  # noqa: F401
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # until here its errors can be read
        os.dup2(null, descriptor)
    os.close(null)
    control.sendall(b'{"error": null}\n')
    try:
        Server(control).serve()
    except (Gone, ConnectionError):
        os._exit(0)


if __name__ == "__main__":
    main()
