"""A fork server, seen from outside: what it can be asked over its control socket."""

from __future__ import annotations

import json
import os
import select
import socket
import time
from pathlib import Path
from typing import NamedTuple

from .jail import tree

START_SECONDS, END_SECONDS = 60, 20


class SessionDied(Exception):
    """Tell that a student's process is gone, and why, in one line."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class ServerGone(Exception):
    """Tell that a fork server has ended: whatever it served can be begun again with another one."""


class JailBroken(Exception):
    """Tell that the walls around a process could not be put up, and why."""


class Key(NamedTuple):
    """What a fork server is for.

    package: the student package that it has loaded, None where it has loaded nothing.
    needs_kernel: its submissions run their cells in an IPython kernel.
    """

    package: Path | None
    level: str
    needs_kernel: bool = False


class Server:
    """What is asked over the control socket of a fork server.

    user: whom its submissions run as.
    folder: of its own, where submissions do not have all that they touch in memory.
    """

    def __init__(self, key: Key, control: socket.socket, user: int, folder: Path | None = None):
        self.key, self.level, self.user, self.owner = key, key.level, user, os.getpid()
        self._control, self._folder, self.is_started = control, folder, False

    @property
    def is_alive(self) -> bool:
        """Tell whether it can be asked."""
        try:
            is_quiet = not select.select([self._control], [], [], 0)[0]
            return self.owner == os.getpid() and (is_quiet or bool(self._control.recv(1, socket.MSG_PEEK)))
        except (OSError, ValueError):  # it has hung up, or this side has
            return False

    def fork(self, descriptors: tuple[int, ...], memory_bytes: int, question: dict | None = None) -> None:
        """Start a process for a submission, which inherits these descriptors and no others.

        Raises ServerGone when the server has ended, SessionDied when it never came to its start.
        """
        self._await_start()
        self._tell(self._request(memory_bytes, question), descriptors)
        self._ask(END_SECONDS)

    def end(self) -> None:
        """Kill the process of the last fork with all that it has started; wait until it is gone.

        Raises ServerGone when the server has ended; it has taken the process with it.
        """
        self._tell({"do": "end"})
        self._ask(END_SECONDS)

    def close(self) -> None:
        """End the server."""
        self._control.close()

    def _request(self, memory_bytes: int, question: dict | None) -> dict:
        return {
            "do": "fork",
            "level": self.level,
            "needs_kernel": self.key.needs_kernel,
            "user": self.user,
            "has_own_user": self.level != "D" and self.user != os.geteuid(),
            "folder": str(Path(tree.OWN if self.level == "A" else self._folder) / "notebook"),
            "rules": None,
            "memory_bytes": memory_bytes,
            "question": question,
        }

    def _await_start(self) -> None:
        if not self.is_started:
            self._ask(START_SECONDS)
            self.is_started = True

    def _tell(self, request: dict, descriptors: tuple[int, ...] = ()) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(request).encode() + b"\n"], descriptors)
        except OSError:
            raise ServerGone("the fork server has ended") from None

    def _ask(self, seconds: float) -> None:
        """Wait for the server's answer."""
        answer, deadline = b"", time.monotonic() + seconds
        while not answer.endswith(b"\n"):
            self._control.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                part = self._control.recv(1 << 12)
            except TimeoutError:
                self._stop()
                part = b""
            except OSError:
                part = b""
            if not part:
                raise ServerGone("the fork server has ended")
            answer += part
        error = json.loads(answer)["error"]
        if error:
            raise JailBroken(error)

    def _stop(self) -> None:
        """End a server that does not answer."""
        self._control.close()
