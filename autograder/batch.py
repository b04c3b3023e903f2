"""Grade many submissions at once: a few are under way at a time, and each ends in one Result.

They are graded wherever an executor of the standard library's kind runs functions: processes of this machine,
or a cluster. A submission travels without what its whole lesson shares; that goes once to each process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from threading import Lock

from autograder.bundle import Bundle
from autograder.engine import Job, Result, failed, grade, prepare
from autograder.errors import AutograderError
from autograder.pool import Pool

AHEAD = 2  # jobs handed out for each worker: the next one is there when one ends
POLL_SECONDS = 0.2  # how soon it is seen that no more is wanted
TRIES = 2  # of a job whose worker died
BUNDLES = 8  # kept in each process

_bundles: dict[str, Bundle] = {}  # what this process was given, by name
_turn = Lock()


def grade_all(
    jobs: Iterable[Job],
    workers: int,
    executor: Executor | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> Iterator[Result]:
    """Yield the Result of each job as it comes, until all are done or it is over.

    executor: where there are so many workers; by default a Pool of processes.
    A worker that dies takes nothing with it but the job that it was at, which is graded again; a job that
    ends its worker then too is failed.
    Raises: AutograderError when the executor itself is gone.
    """
    with Pool(workers) if executor is None else nullcontext(executor) as executor:
        yield from Batch(iter(jobs), AHEAD * workers, executor, is_over).results()


class Batch:
    """Jobs on their way through an executor."""

    def __init__(self, jobs: Iterator[Job], width: int, executor: Executor, is_over: Callable[[], bool]):
        self._jobs, self._width, self._executor, self._is_over = jobs, width, executor, is_over
        self._running: dict[Future, tuple[Job, int]] = {}  # with how often the job was handed out

    def results(self) -> Iterator[Result]:
        """Yield the Results of jobs."""
        while not self._is_over():
            for job in islice(self._jobs, max(0, self._width - len(self._running))):
                self._hand_out(job)
            if not self._running:
                return
            done, _ = wait(self._running, POLL_SECONDS, FIRST_COMPLETED)
            for future in done:
                job, tries = self._running.pop(future)
                result = self._outcome(future, job, tries)
                if result is not None:
                    yield result

    def _hand_out(self, job: Job, tries: int = 1, bundle: Bundle | None = None) -> None:
        try:
            future = self._executor.submit(graded, replace(job, bundle=None), job.bundle.name, bundle)
        except BrokenExecutor as error:
            raise _gone(error) from error
        self._running[future] = job, tries

    def _outcome(self, future: Future, job: Job, tries: int) -> Result | None:
        """Return what a job came to; None when it was handed out again."""
        try:
            error = future.exception()
        except CancelledError as cancelled:  # nobody here has done that
            raise _gone(cancelled) from cancelled
        if isinstance(error, BrokenExecutor):
            if tries == TRIES:
                return failed(job, "the grader's own process died twice while it graded this")
            self._hand_out(job, tries + 1)
        elif error is not None:
            return failed(job, _own_fault(error))
        elif future.result() is None:
            self._hand_out(job, tries, job.bundle)
        else:
            return future.result()
        return None


def get_ready(bundle: Bundle, trusted: bool) -> None:
    """Load in this process what grading needs, and prepare for a lesson.

    Raises: NoSandbox, as prepare does.
    """
    with _turn:
        _keep(bundle.name, bundle)
        prepare(bundle, trusted)


def graded(job: Job, name: str, bundle: Bundle | None = None) -> Result | None:
    """Return the Result of a job that comes without its bundle; None when this process has none of its name.

    One job at a time, whatever the number of threads: a check turns what is printed aside, for the process.
    """
    with _turn:
        if bundle is not None:
            _keep(name, bundle)
        if name not in _bundles:
            return None
        job = replace(job, bundle=_bundles[name])
        try:
            return grade(job)
        except Exception as error:  # a fault of the grader's own must not cost the batch
            return failed(job, _own_fault(error))


def _keep(name: str, bundle: Bundle) -> None:
    if len(_bundles) == BUNDLES:
        _bundles.clear()
    _bundles[name] = bundle


def _own_fault(error: BaseException) -> str:
    """Return a fault of the grader's own as one line."""
    return f"the grader itself failed: {type(error).__name__}: {' '.join(str(error).split())}"


def _gone(error: BaseException) -> AutograderError:
    return AutograderError(
        f"the workers are gone ({type(error).__name__}): what is recorded stays; run it again to go on"
    )
