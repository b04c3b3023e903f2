"""Those who grade: a cluster's workers, or processes of this machine, which begin at once.

This file loads little: to load nbgrader takes seconds, and meanwhile they can get ready. What all of them
need is loaded once, in a fork server of which each has a clone.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import typer

from autograder.bundle import Bundle, unpacked
from autograder.pool import Beginning, Pool
from autograder.sandbox import levels
from autograder.sandbox.server import Key, Server
from autograder.sandbox.servers import POOL, Started
from autograder.trust import sandbox_level

Team = tuple[Executor, int]  # and how many submissions they take at a time


@contextmanager
def workers_of(
    bundle: Bundle | None, scheduler: str | None = None, workers: int | None = None, trusted: bool = False
) -> Iterator[Team]:
    """Give an executor and the number of its workers: a cluster's, or processes of this machine.

    bundle: of the lesson to get ready for, where it is known.  The rest is as in `grade`.
    Raises: NoSandbox when this machine would have to run what is not trusted.
    """
    if scheduler is not None:
        from autograder import cluster

        if warning := cluster.warning(scheduler):
            typer.secho(warning, fg="red", bold=True, err=True)
        from autograder.batch import get_ready

        first = (get_ready, bundle, trusted) if bundle else ()
        with cluster.connected(scheduler, *first) as connected:
            yield connected
        return
    count = workers or os.cpu_count() or 1
    with ExitStack() as stack:
        pool = stack.enter_context(Pool(count, lambda: getting_ready()))  # it loads from here on
        getting_ready = stack.enter_context(from_one_server(bundle, trusted))
        pool.start()
        yield pool, count


@contextmanager
def from_one_server(bundle: Bundle | None, trusted: bool) -> Iterator[Callable[[], GettingReady]]:
    """Give what makes the beginning of a process that grades: at level A with a clone of one server.

    Raises: NoSandbox when this machine would have to run what is not trusted.
    """
    with ExitStack() as stack:
        server = None
        if bundle and sys.platform == "linux":  # it loads while the level is tried
            server = stack.enter_context(closing(Started(key_of(bundle))))
        if sandbox_level(trusted, bundle is not None and bundle.needs_kernel) != "A":
            server = None
        yield lambda: GettingReady(bundle, trusted, levels.find(), server.clone() if server else None)


def key_of(bundle: Bundle) -> Key:
    """Return what a fork server for a lesson at level A is for."""
    return Key(unpacked(bundle.wheel).path, "A", bundle.needs_kernel)


@dataclass
class GettingReady(Beginning):
    """Load what grading needs, and prepare for a lesson.

    found: the level of this machine.  clone: of a fork server that has loaded the lesson's package: its
    control socket, and its user.
    """

    bundle: Bundle | None
    trusted: bool
    found: levels.Found
    clone: tuple[socket.socket, int] | None

    def __call__(self) -> None:
        """Do it, in the process that is to grade."""
        from autograder.batch import get_ready

        levels.believe(self.found)
        if self.clone:
            POOL.give_back(Server(key_of(self.bundle), *self.clone))
        if self.bundle:
            get_ready(self.bundle, self.trusted)

    def close(self) -> None:
        """Leave the clone to the process that has it now."""
        if self.clone:
            self.clone[0].close()
