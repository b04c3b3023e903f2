"""Ask a student's process: requests go out, answers are checked, time and bytes are counted."""

from __future__ import annotations

import contextlib
import functools
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from course.checks.answer import Handle, Reply

from . import received, wire
from .process import Line
from .server import SessionDied

CALLS = 256  # of one request
FORGET = 10_000  # objects that one request lets go
TREE_BYTES, FRAME_BYTES = 1_000, 10_000  # of each further reply when many come together


@dataclass
class Clock:
    """Seconds of waiting that are left, of those allowed; several conversations can share them."""

    allowed: float
    left: float


class Conversation:
    """Ask one process, over one line.

    Raises SessionDied when the process is gone or the time is over; every later use raises the same.
    """

    def __init__(self, reason: str = ""):
        self._line: Line | None = None
        self._reason = reason  # why it cannot be asked, or ""
        self._clock = Clock(0, 0)
        self._received = 0
        self._numbers, self._forgotten = weakref.WeakKeyDictionary(), []  # of Handles, of those that are gone

    def answer(self, name: str) -> Remote:
        """Return the notebook's function of this name as an answer; each call looks the name up anew."""
        return Remote(self, name)

    def ask(self, name: str, calls: Sequence[tuple], keep: tuple[int, ...] = ()) -> list[Reply]:
        """Call a function once for each tuple of arguments.

        Raises WireError for arguments that are no plain data, or too large.
        """
        frames = self._frames(name, calls, keep) if calls else []  # what has no reply is not sent either
        if frames:
            del self._forgotten[:FORGET]
        replies = []
        with self._waiting(len(calls)):
            for frame, batch in frames:
                self._line.send(frame, self._deadline)
                left = [len(args) for args in batch]
                while left:
                    came = self._receive("replies", functools.partial(received.replies, asked=left))
                    replies += came
                    del left[: len(came)]
        return replies

    def _frames(
        self, name: str, calls: Sequence[tuple], keep: tuple[int, ...]
    ) -> list[tuple[bytes, Sequence]]:
        """Return requests, and the calls of each, none larger than a frame may be."""
        request = {"do": "ask", "name": name, "calls": list(calls), "keep": list(keep)}
        try:
            if len(calls) <= CALLS:
                return [(wire.encode({**request, "forget": self._forgotten[:FORGET]}, self._refer), calls)]
        except wire.WireError:
            if len(calls) <= 1:
                raise
        half = len(calls) // 2
        return self._frames(name, calls[:half], keep) + self._frames(name, calls[half:], keep)

    @contextlib.contextmanager
    def _waiting(self, replies: int = 0) -> Iterator[None]:
        """Count the time and the bytes spent inside; end the session when a rule is broken."""
        if self._reason:
            raise SessionDied(self._reason)
        start = time.monotonic()
        self._deadline = start + self._clock.left
        self._budget = wire.Budget(
            wire.TREE_BYTES + replies * TREE_BYTES, wire.FRAME_BYTES + replies * FRAME_BYTES
        )
        try:
            yield
        except SessionDied as died:
            self._end(died.reason)
        except TimeoutError:
            self._end(f"the process did not answer within {self._clock.allowed:g} s and was stopped")
        except wire.WireError as error:
            self._end(f"the process sent something that is not an answer: {error}")
        except BaseException:  # its fork server has ended, or Ctrl-C: an answer may still be under way
            self._reason = "the session was broken off"
            self._hang_up()
            raise
        finally:
            self._clock.left -= time.monotonic() - start

    def _end(self, reason: str) -> NoReturn:
        self._reason = reason
        self._hang_up()
        raise SessionDied(reason) from None

    def _hang_up(self) -> None:
        self._line.close()

    def _receive(self, key: str, judge: Callable[[object], object]) -> object:
        """Read the next answer and return what the judge makes of its content."""
        read = functools.partial(self._line.read, deadline=self._deadline)
        answer = wire.receive(read, self._resolve, self._budget)
        came = received.content(answer, self._received, key)
        self._received += 1
        return judge(came)

    def _refer(self, handle: object) -> tuple[int, str]:
        if not isinstance(handle, Handle) or handle not in self._numbers:
            raise wire.WireError(f"{type(handle).__name__} can't be sent: it is no plain data")
        return self._numbers[handle], handle.kind

    def _resolve(self, number: int, kind: str) -> Handle:
        handle = Handle(kind, None)
        self._numbers[handle] = number
        weakref.finalize(handle, self._forgotten.append, number).atexit = False
        return handle


@dataclass(frozen=True)
class Remote:
    """Ask a function of a session's notebook, as `Local` asks a function of this process."""

    session: Conversation
    name: str

    def call(self, args: tuple, keep: tuple[int, ...] = ()) -> Reply:
        """Call the function once."""
        return self.session.ask(self.name, [args], keep)[0]

    def map(self, calls: Sequence[tuple], keep: tuple[int, ...] = ()) -> list[Reply]:
        """Call the function once for each tuple of arguments, many of them in one request."""
        return self.session.ask(self.name, calls, keep)
