"""Jobs that end the worker that they come to."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from autograder.engine import Job


@dataclass(frozen=True)
class Deadly(Job):
    """A job that kills the worker which unpacks it: once, when there is a mark to leave, or every time."""

    mark: Path | None = None

    def __reduce__(self):
        fields = (self.student, self.bundle, self.notebook, self.seed, self.limits)
        return _die, (self.mark, os.getpid(), fields)


def _die(mark, parent, fields):
    if os.getpid() != parent and not (mark and mark.exists()):
        if mark:
            mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Job(*fields)
