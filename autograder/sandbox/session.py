"""A student's notebook in a process of its own, and its functions as answers that a check can ask.

The process is told nothing but the cells and the arguments of calls, and nothing that it says is believed:
what comes back are values to be checked. Its limits are kept from outside, by killing its whole group.
"""

from __future__ import annotations

import contextlib
import functools
import math
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from course.checks.answer import Handle, Reply

from . import received, wire
from .process import Process, SessionDied

START_SECONDS = 60
CALLS = 256  # of one request
FORGET = 10_000  # objects that one request lets go
TREE_BYTES, FRAME_BYTES = 1_000, 10_000  # of each further reply when many come together
OUTPUT_BYTES = 1_000_000  # the most that a cell may show: more of it might not fit into a frame


@dataclass(frozen=True)
class Limits:
    """How much a student's process may use.

    cell_seconds, call_seconds: a cell or a call is interrupted after them, and the notebook goes on.
    wall_seconds: of waiting for all cells and calls together; then the process is killed.
    output_bytes: of one cell's outputs, at most 1,000,000.
    memory_bytes, file_bytes: of address space, of one written file.
    """

    cell_seconds: float = 20
    call_seconds: float = 10
    wall_seconds: float = 120
    output_bytes: int = OUTPUT_BYTES
    memory_bytes: int = 2 << 30
    file_bytes: int = 64 << 20

    def __post_init__(self):
        for name, value in vars(self).items():
            if not 0 < value < math.inf:
                raise ValueError(f"{name} must be positive and finite, got {value}")
        if self.output_bytes > OUTPUT_BYTES:
            raise ValueError(f"output_bytes must be at most {OUTPUT_BYTES:,}, got {self.output_bytes:,}")


class Session:
    """Run a notebook's cells in a process of its own, inside a `with` statement.

    package: the folder of the unpacked student package, the one that holds `course`.
    files: what lies beside the notebook, relative path -> bytes.
    seed: of `random` and `numpy.random` in the process. The process can read it, so it must not be the seed
        that hidden cases are drawn from.
    Raises SessionDied when the process is gone or its time is over; every later use raises the same.
    """

    def __init__(
        self,
        package: Path,
        files: dict[str, bytes] | None = None,
        limits: Limits | None = None,
        seed: int = 0,
    ):
        self._package, self._files = Path(package).resolve(), files or {}
        self._limits, self._seed = limits or Limits(), seed
        self._process, self._reason = None, "the session is not open"
        self._received = 0
        self._numbers, self._forgotten = weakref.WeakKeyDictionary(), []  # of Handles, of those that are gone
        if not (self._package / "course" / "checks" / "answer.py").is_file():
            raise FileNotFoundError(f"{package} is no student package: it has no course/checks/answer.py")

    def __enter__(self) -> Session:
        self._process, self._reason = Process(self._package, self._files), ""
        try:
            self._allow(START_SECONDS)
            self._greet()
            self._allow(self._limits.wall_seconds)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error) -> None:
        if not self._reason:
            self._reason = "the session is closed"
            self._process.close()

    def run_cell(self, source: str) -> list[dict]:
        """Run one cell and return its outputs as nbformat output dictionaries.

        Raises WireError for a source above 8 MB.
        """
        frame = wire.encode({"do": "cell", "source": source})
        with self._waiting():
            self._process.send(frame, self._deadline)
            return self._receive("outputs", lambda came: received.outputs(came, self._limits.output_bytes))

    def answer(self, name: str) -> Remote:
        """Return the notebook's function of this name as an answer; each call looks the name up anew."""
        return Remote(self, name)

    def ask(self, name: str, calls: Sequence[tuple], keep: tuple[int, ...] = ()) -> list[Reply]:
        """Call a function once for each tuple of arguments.

        Raises WireError for arguments that are no plain data, or too large.
        """
        frames = self._frames(name, calls, keep)
        del self._forgotten[:FORGET]
        replies = []
        with self._waiting(len(calls)):
            for frame, batch in frames:
                self._process.send(frame, self._deadline)
                for args in batch:
                    judge = functools.partial(received.reply, asked=len(args))
                    replies.append(self._receive("reply", judge))
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

    def _greet(self) -> None:
        """Tell the worker its terms and wait until it is ready."""
        limits = self._limits
        terms = {
            **vars(limits),
            "cpu_seconds": 2 * math.ceil(limits.wall_seconds) + 10,  # should nobody be left to stop it
            "seed": self._seed,
        }
        with self._waiting():
            try:
                self._process.send(wire.encode(terms), self._deadline)
                self._receive("ready", lambda came: received.need(came is True, "no greeting"))
            except SessionDied as died:
                complaint = self._process.complaint() or "nothing on stderr"
                raise SessionDied(f"{died.reason} while it started: {complaint}") from None

    def _allow(self, seconds: float) -> None:
        """Allow so many seconds of waiting from now on."""
        self._allowed = self._left = seconds

    @contextlib.contextmanager
    def _waiting(self, replies: int = 0) -> Iterator[None]:
        """Count the time and the bytes spent inside; end the session when a rule is broken."""
        if self._reason:
            raise SessionDied(self._reason)
        start = time.monotonic()
        self._deadline = start + self._left
        self._budget = wire.Budget(
            wire.TREE_BYTES + replies * TREE_BYTES, wire.FRAME_BYTES + replies * FRAME_BYTES
        )
        try:
            yield
        except SessionDied as died:
            self._end(died.reason)
        except TimeoutError:
            self._end(f"the process did not answer within {self._allowed:g} s and was stopped")
        except wire.WireError as error:
            self._end(f"the process sent something that is not an answer: {error}")
        finally:
            self._left -= time.monotonic() - start

    def _end(self, reason: str) -> NoReturn:
        self._reason = reason
        self._process.close()
        raise SessionDied(reason) from None

    def _receive(self, key: str, judge: Callable[[object], object]) -> object:
        """Read the next answer and return what the judge makes of its content."""
        read = functools.partial(self._process.read, deadline=self._deadline)
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

    session: Session
    name: str

    def call(self, args: tuple, keep: tuple[int, ...] = ()) -> Reply:
        """Call the function once."""
        return self.session.ask(self.name, [args], keep)[0]

    def map(self, calls: Sequence[tuple], keep: tuple[int, ...] = ()) -> list[Reply]:
        """Call the function once for each tuple of arguments, many of them in one request."""
        return self.session.ask(self.name, calls, keep)
