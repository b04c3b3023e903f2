"""A student's notebook in a process of its own, and its functions as answers that a check can ask.

The process is told nothing but the cells and the arguments of calls, and nothing that it says is believed:
what comes back are values to be checked. Its limits are kept from outside, by killing all that it started.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from . import levels, received, wire
from .conversation import Clock, Conversation
from .process import Process
from .server import Key

START_SECONDS = 60
OUTPUT_BYTES = 1_000_000  # the most that a cell may show: more of it might not fit into a frame
NAME_BYTES, PATH_BYTES = 250, 1_000  # of a file beside the notebook


@dataclass(frozen=True)
class Limits:
    """How much a student's process may use.

    cell_seconds, call_seconds: a cell or a call is interrupted after them, and the notebook goes on.
    wall_seconds: of waiting for all cells and calls together; then the process is killed.
    output_bytes: of one cell's outputs, at most 1,000,000.
    memory_bytes: of address space of each process, and of memory of all its processes together.
    file_bytes: of one written file.
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


class Session(Conversation):
    """Run a notebook's cells in a process of its own, inside a `with` statement.

    package: the folder of the unpacked student package, the one that holds `course`.
    files: what lies beside the notebook, relative path -> bytes.
    seed: of `random` and `numpy.random` in the process. The process can read it, so it must not be the seed
        that hidden cases are drawn from.
    level: of the sandbox, by default the best one of this machine.
    needs_kernel: run the cells in an IPython kernel; level B, which forbids processes and sockets, has none.
    Raises SessionDied when the process is gone or its time is over; every later use raises the same.
    Raises ServerGone when the fork server was killed, which is no fault of the process: begin again.
    """

    def __init__(
        self,
        package: Path,
        files: dict[str, bytes] | None = None,
        limits: Limits | None = None,
        seed: int = 0,
        level: str | None = None,
        needs_kernel: bool = False,
    ):
        super().__init__("the session is not open")
        self._package, self._files = Path(package).resolve(), checked(files or {})
        self._limits, self._seed = limits or Limits(), seed
        self.level, self._needs_kernel = level or levels.choose(), needs_kernel
        if needs_kernel and self.level == "B":
            raise ValueError("a session with a kernel needs level A, got B")
        if not (self._package / "course" / "checks" / "answer.py").is_file():
            raise FileNotFoundError(f"{package} is no student package: it has no course/checks/answer.py")

    def __enter__(self) -> Session:
        key = Key(self._package, self.level, self._needs_kernel)
        self._line, self._reason = Process(key, self._limits.memory_bytes), ""
        try:
            self._clock = Clock(START_SECONDS, START_SECONDS)
            self._greet()
            self._clock = Clock(self._limits.wall_seconds, self._limits.wall_seconds)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error) -> None:
        if not self._reason:
            self._reason = "the session is closed"
            self._hang_up()

    def run_cell(self, source: str) -> list[dict]:
        """Run one cell and return its outputs as nbformat output dictionaries.

        Raises WireError for a source above 8 MB.
        """
        frame = wire.encode({"do": "cell", "source": source})
        with self._waiting():
            self._line.send(frame, self._deadline)
            return self._receive("outputs", lambda came: received.outputs(came, self._limits.output_bytes))

    def _greet(self) -> None:
        """Tell the worker its terms and wait until it is ready."""
        limits = self._limits
        terms = {
            **vars(limits),
            "cpu_seconds": 2 * math.ceil(limits.wall_seconds) + 10,  # should nobody be left to stop it
            "seed": self._seed,
            "files": {name: np.frombuffer(data, np.uint8) for name, data in self._files.items()},
        }
        with self._waiting():
            self._line.send(wire.encode(terms), self._deadline)
            self._receive("ready", lambda came: received.need(came is True, "no greeting"))


def checked(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files that can be written beside the notebook.

    Raises ValueError for a file's name that leads out of the notebook's folder or can't be written.
    """
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\0" in name:
            raise ValueError(f"a file beside the notebook needs a relative path without '..', got {name!r}")
        if not path.parts or len(name) > PATH_BYTES or max(len(p.encode()) for p in path.parts) > NAME_BYTES:
            raise ValueError(f"a name of {len(name)} characters can't be written beside the notebook")
    return files
