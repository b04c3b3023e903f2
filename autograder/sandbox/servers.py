"""Fork servers of this process: started when they are first needed, kept for the next submission.

To start one takes seconds. At level A, where all that a submission touches is its own, one that has loaded
everything can be cloned for other processes: each then has one of its own at once.

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
from multiprocessing.util import Finalize

from .furniture import SUBMISSION_FOLDERS, environment, furnish, own_tree
from .jail import tree, user
from .scratch import Scratch, remove
from .server import END_SECONDS, Key, Server, ServerGone, SessionDied

IDLE = 2  # servers that are kept; each holds some 100 MB


class Started(Server):
    """A fork server that this process has started."""

    def __init__(self, key: Key):
        self._scratch = Scratch()
        folder = self._scratch.path
        try:
            furnish(folder, key.package)
            self._tree = own_tree(folder, key.level)
            control, theirs = socket.socketpair()
            super().__init__(key, control, os.geteuid(), folder)
            with theirs:
                self._process = self._start(theirs)
        except BaseException:
            self._scratch.close()
            raise
        self._clones = 0
        self.user = self._passing_user()
        for name in ("matplotlib", "ipython"):  # Matplotlib refuses a folder of another user's
            os.chown(folder / name, self.user, -1)

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

    def clone(self) -> tuple[socket.socket, int]:
        """Fork a server for another process at level A; return its control socket, and its user.

        The other process makes a Server of them. Where there is no server to fork, or no longer, that one is
        as gone as any other.
        """
        mine, theirs = socket.socketpair()
        with theirs, contextlib.suppress(ServerGone):
            self._tell({"do": "clone"}, (theirs.fileno(),))
        self._clones += 1
        return mine, self._passing_user()

    def end(self) -> None:
        """Kill the process of the last fork; remove what it has left, where that was not in memory."""
        super().end()
        if self.level != "A":
            for name in SUBMISSION_FOLDERS:
                remove(self._folder / name)

    def close(self) -> None:
        """End the server, and remove its folder."""
        if self.owner != os.getpid():
            return
        super().close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stderr.close()
        self._scratch.close()

    def _passing_user(self) -> int:
        return user.passing(self.pid + self._clones) if os.geteuid() == 0 else os.geteuid()

    def _start(self, theirs: socket.socket) -> subprocess.Popen:
        descriptor, python = theirs.fileno(), os.path.realpath(sys.executable)
        flags = ["-B", "-P", "-S", "-m"]
        is_safe = sys.platform == "linux"  # to fork once libraries are loaded; elsewhere they are loaded then
        options = [
            *(["preload"] if self.key.package and is_safe else []),
            *(["kernel"] if self.key.needs_kernel else []),
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

    def _request(self, memory_bytes: int, question: dict | None) -> dict:
        for name in SUBMISSION_FOLDERS if self.level != "A" else ():
            (self._folder / name).mkdir()
            os.chown(self._folder / name, self.user, -1)
        rules = tree.allowed(self._tree) if self.level == "B" else None
        return {**super()._request(memory_bytes, question), "rules": rules}

    def _await_start(self) -> None:
        try:
            super()._await_start()
        except ServerGone:
            code = self._process.wait()
            if code == -9:
                raise
            text = self._process.stderr.read(1 << 16).decode("utf-8", "replace")
            complaint = text.strip().rpartition("\n")[2][:300] or "nothing on stderr"
            reason = f"the process ended with exit code {code} while it started: {complaint}"
            raise SessionDied(reason) from None

    def _stop(self) -> None:
        self._process.kill()


class Pool:
    """The servers of this process that serve nothing at the moment."""

    def __init__(self):
        self._idle: list[Server] = []
        self._lock = threading.Lock()

    def take(self, key: Key) -> Server:
        """Return a server for submissions of this kind, a waiting one where there is one."""
        with self._lock:
            for server in reversed(self._idle):
                if server.key == key and server.is_alive:
                    self._idle.remove(server)
                    return server
        return Started(key)

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
