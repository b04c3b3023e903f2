"""Fork servers of this process: started when they are first needed, kept for the next submission.

A server serves one submission at a time, and is given a folder of its own to see.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from multiprocessing.util import Finalize
from pathlib import Path

from .furniture import SUBMISSION_FOLDERS, environment, furnish, own_tree
from .jail import tree, user
from .scratch import Scratch, remove

START_SECONDS, END_SECONDS = 60, 20
IDLE = 2  # servers that are kept; each holds some 100 MB


class SessionDied(Exception):
    """Tell that a student's process is gone, and why, in one line."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class ServerGone(Exception):
    """Tell that a fork server has ended: whatever it served can be begun again with another one."""


class JailBroken(Exception):
    """Tell that the walls around a process could not be put up, and why."""


class Server:
    """A running fork server.

    package: the student package, None for a server that loads nothing.
    """

    def __init__(self, package: Path | None, level: str):
        self.key, self.level, self.owner = (package, level), level, os.getpid()
        self.is_started = False
        self._scratch = Scratch()
        self._folder = self._scratch.path
        try:
            furnish(self._folder, package)
            self._tree = own_tree(self._folder, level)
            self._control, theirs = socket.socketpair()
            with theirs:
                self._process = self._start(theirs, loads=package is not None)
        except BaseException:
            self._scratch.close()
            raise
        self.user = user.passing(self._process.pid) if os.geteuid() == 0 else os.geteuid()
        for name in ("matplotlib", "ipython"):  # Matplotlib refuses a folder of another user's
            os.chown(self._folder / name, self.user, -1)

    @property
    def pid(self) -> int:
        """Return the number of its process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Tell whether it can be asked."""
        return self.owner == os.getpid() and self._process.poll() is None

    @property
    def variables(self) -> dict[str, str]:
        """Return all environment variables of what it starts."""
        return environment(self._tree, self._folder, self.level)

    def fork(self, descriptors: tuple[int, ...], memory_bytes: int, question: dict | None = None) -> None:
        """Start a process for a submission, which inherits these descriptors and no others.

        Raises ServerGone when the server has ended, SessionDied when it never came to its start.
        """
        self._await_start()
        for name in SUBMISSION_FOLDERS if self.level != "A" else ():
            (self._folder / name).mkdir()
            os.chown(self._folder / name, self.user, -1)
        folder = Path(tree.OWN if self.level == "A" else self._folder) / "notebook"
        request = {
            "do": "fork",
            "level": self.level,
            "user": self.user,
            "has_own_user": self.level != "D" and self.user != os.geteuid(),
            "folder": str(folder),
            "rules": tree.allowed(self._tree) if self.level == "B" else None,
            "memory_bytes": memory_bytes,
            "question": question,
        }
        try:
            socket.send_fds(self._control, [json.dumps(request).encode() + b"\n"], descriptors)
        except OSError:
            raise ServerGone("the fork server has ended") from None
        self._ask(END_SECONDS)

    def end(self) -> None:
        """Kill the process of the last fork with all that it has started; wait until it is gone.

        Raises ServerGone when the server has ended; it has taken the process with it.
        """
        try:
            self._control.sendall(b'{"do": "end"}\n')
        except OSError:
            raise ServerGone("the fork server has ended") from None
        self._ask(END_SECONDS)
        self._tidy()

    def close(self) -> None:
        """End the server, and remove its folder."""
        if self.owner != os.getpid():
            return
        self._control.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stderr.close()
        self._scratch.close()

    def _start(self, theirs: socket.socket, loads: bool) -> subprocess.Popen:
        descriptor, python = theirs.fileno(), os.path.realpath(sys.executable)
        flags = ["-B", "-P", "-S", "-m"]
        is_safe = sys.platform == "linux"  # to fork once libraries are loaded; elsewhere they are loaded then
        options = [
            *(["preload"] if loads and is_safe else []),
            *(["dies"] if is_safe and threading.current_thread() is threading.main_thread() else []),
        ]
        process = subprocess.Popen(
            [python, *flags, "sandbox.start", str(descriptor)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,  # until the server is ready: then it turns to /dev/null
            pass_fds=(descriptor,),
            start_new_session=True,
            cwd=self._folder,
            env={"PYTHONPATH": str(self._folder / "worker"), "LANG": "C.UTF-8"},
        )
        plan = {
            "level": self.level,
            "root": str(self._folder / "root"),
            "tree": self._tree,
            "command": [python, *flags, "sandbox.forkserver", str(descriptor), *options],
            "environment": self.variables,
        }
        with contextlib.suppress(OSError):  # it has ended: who asks it next learns why
            self._control.sendall(json.dumps(plan).encode() + b"\n")
        return process

    def _await_start(self) -> None:
        if self.is_started:
            return
        try:
            self._ask(START_SECONDS)
        except ServerGone:
            code = self._process.wait()
            if code == -9:
                raise
            text = self._process.stderr.read(1 << 16).decode("utf-8", "replace")
            complaint = text.strip().rpartition("\n")[2][:300] or "nothing on stderr"
            reason = f"the process ended with exit code {code} while it started: {complaint}"
            raise SessionDied(reason) from None
        self.is_started = True

    def _ask(self, seconds: float) -> None:
        """Wait for the server's answer."""
        answer, deadline = b"", time.monotonic() + seconds
        while not answer.endswith(b"\n"):
            self._control.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                part = self._control.recv(1 << 12)
            except TimeoutError:
                self._process.kill()
                part = b""
            except OSError:
                part = b""
            if not part:
                raise ServerGone("the fork server has ended")
            answer += part
        error = json.loads(answer)["error"]
        if error:
            raise JailBroken(error)

    def _tidy(self) -> None:
        """Remove what a submission has left, where that was not in memory."""
        if self.level != "A":
            for name in SUBMISSION_FOLDERS:
                remove(self._folder / name)


class Pool:
    """The servers of this process that serve nothing at the moment."""

    def __init__(self):
        self._idle: list[Server] = []
        self._lock = threading.Lock()

    def take(self, package: Path, level: str) -> Server:
        """Return a server for a student package, a waiting one where there is one."""
        with self._lock:
            for server in reversed(self._idle):
                if server.key == (package, level) and server.is_alive:
                    self._idle.remove(server)
                    return server
        return Server(package, level)

    def give_back(self, server: Server) -> None:
        """Keep a server for the next submission; end those that have waited longest."""
        with self._lock:
            self._idle.append(server)
            surplus = [each for each in self._idle if not each.is_alive]
            living = [each for each in self._idle if each.is_alive]
            surplus += living[:-IDLE]
            self._idle = living[-IDLE:]
        for each in surplus:
            each.close()

    def close(self) -> None:
        """End all waiting servers."""
        with self._lock:
            idle, self._idle = self._idle, []
        for server in idle:
            server.close()


POOL = Pool()
Finalize(None, POOL.close, exitpriority=0)  # unlike atexit also at the end of a process of multiprocessing
