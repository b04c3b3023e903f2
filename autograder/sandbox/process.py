"""A student's process, seen from outside: how bytes go to and fro, how it ended."""

from __future__ import annotations

import os
import select
import signal
import socket
import time

from .server import JailBroken, Key, ServerGone, SessionDied
from .servers import POOL

AHEAD = 1 << 14  # bytes that are taken when they are there
END_SECONDS = 1.0  # how long a process may take to end after it has closed the connection


class Line:
    """A connection to a process.

    Raises SessionDied when the process ends or hangs up, TimeoutError at a deadline, a value of
    time.monotonic().
    """

    def __init__(self, connection: socket.socket, watched: int):
        self._connection, self._watched = connection, watched  # a pipe that can be read when it has ended
        self._ahead = bytearray()  # what came with what was asked for
        connection.setblocking(False)

    def send(self, frame: bytes, deadline: float) -> None:
        """Send all of a frame."""
        view = memoryview(frame)
        while view:
            try:
                view = view[self._connection.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            except OSError:
                raise SessionDied(self._ending()) from None

    def read(self, count: int, deadline: float) -> bytearray:
        """Read exactly so many bytes."""
        if count <= len(self._ahead):
            data = self._ahead[:count]
            del self._ahead[:count]
            return data
        data = bytearray(count)
        view = memoryview(data)
        while view:
            if not self._ahead:
                self._wait(select.POLLIN, deadline)
                if len(view) > AHEAD:
                    view = view[self._received(self._connection.recv_into, view) :]
                    continue
                self._ahead += self._received(self._connection.recv, AHEAD)
            taken = min(len(view), len(self._ahead))
            view[:taken] = self._ahead[:taken]
            del self._ahead[:taken]
            view = view[taken:]
        return data

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _received(self, receive, how):
        """Return what a call for bytes gives; it is known that it need not wait."""
        try:
            got = receive(how)
        except OSError:
            got = None
        if not got:
            raise SessionDied(self._ending())
        return got

    def _wait(self, event: int, deadline: float) -> None:
        """Wait until bytes can be moved."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        poll = select.poll()
        poll.register(self._connection, event)
        poll.register(self._watched, select.POLLIN)
        ready = dict(poll.poll(left * 1000))
        if not ready:
            raise TimeoutError
        if self._connection.fileno() not in ready:
            raise SessionDied(self._ending())

    def _ending(self) -> str:
        return "the process has ended"


class Process(Line):
    """A process for one submission, forked by a server that is taken for it alone.

    Raises JailBroken when its walls could not be put up, ServerGone when its server has ended.
    """

    def __init__(self, key: Key, memory_bytes: int):
        self._memory_bytes, self._told = memory_bytes, b""
        self._server = POOL.take(key)
        try:
            connection = self._fork()
        except ServerGone:  # it had ended while it waited
            self._server = POOL.take(key)
            connection = self._fork()
        super().__init__(connection, self._status)

    def close(self) -> None:
        """Kill the process and all that it has started; wait until they are gone."""
        super().close()
        os.close(self._status)
        try:
            self._server.end()
        except (ServerGone, JailBroken):
            self._server.close()
        else:
            POOL.give_back(self._server)

    def _fork(self) -> socket.socket:
        connection, theirs = socket.socketpair()
        self._status, pipe = os.pipe()
        try:
            self._server.fork((theirs.fileno(), pipe), self._memory_bytes)
        except BaseException:
            connection.close()
            os.close(self._status)
            self._server.close()
            raise
        finally:
            theirs.close()
            os.close(pipe)
        return connection

    def _ending(self) -> str:
        """Return how the process has ended.

        Raises JailBroken and ServerGone where that was no doing of the process.
        """
        deadline = time.monotonic() + END_SECONDS
        while b"\n" not in self._told:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._status], [], [], left)[0]:
                return "the process closed its connection and was stopped"
            part = os.read(self._status, 1 << 12)
            if not part:
                raise ServerGone("the fork server has ended, and the process with it")
            self._told += part
        kind, _, what = self._told.partition(b"\n")[0].decode("utf-8", "replace").partition(" ")
        if kind == "broken":
            raise JailBroken(what)
        if kind == "memory":
            return f"the process used more than {self._memory_bytes / 2**30:.2g} GB of memory and was stopped"
        if kind == "exit":
            return f"the process ended with exit code {what}"
        return f"the process was killed by signal {what} ({str(signal.strsignal(int(what))).lower()})"
