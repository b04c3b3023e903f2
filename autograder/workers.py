"""Those who grade: a cluster's workers, or processes of this machine, which begin at once.

This file loads nothing: to load nbgrader takes seconds, and meanwhile they can get ready.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

import typer

from autograder.bundle import Bundle
from autograder.pool import Pool

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
        with cluster.connected(scheduler) as connected:
            yield connected
        return
    count = workers or os.cpu_count() or 1
    with Pool(count) as pool:
        for _ in range(count):
            pool.submit(get_ready, bundle, trusted)
        from autograder.engine import sandbox_level

        sandbox_level(trusted)
        yield pool, count


def get_ready(bundle: Bundle | None, trusted: bool) -> None:
    """Load in this process what grading needs, and prepare for a lesson."""
    from autograder import engine

    if bundle:
        engine.prepare(bundle, trusted)
