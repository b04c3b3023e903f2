"""Grade one submission, or many at once: bytes in, a Result out.

The level is "process": a student's code runs in a process of its own with limits of time, memory and output,
and its points are made outside of it. There is no jail around it: it can read and write what the user who
grades can. Against hostile code this is no protection; grade only submissions of people whom you trust.
"""

from __future__ import annotations

import io
import json
import signal
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, ProcessPoolExecutor, wait
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from autograder import scoring
from autograder.run import Run
from autograder.sandbox import Limits, Session
from autograder.sanitise import Unreadable, sanitise
from autograder.weights import Weights, judged
from course.checks import Verdict, undecided

LEVEL = "process"
REASON = 300  # characters


@dataclass(frozen=True)
class Bundle:
    """What a lesson gives to each of its submissions: the released notebook, the students' wheel."""

    lesson: str
    release: bytes
    wheel: bytes


@dataclass(frozen=True)
class Job:
    """One submission to grade: the notebook as it came, and the seed of the hidden cases.

    weights: the file of weights beside it, where there is one.
    problem: why there is nothing to run, when collecting found that.  remarks: what collecting noticed.
    """

    student: str
    bundle: Bundle
    notebook: bytes
    seed: int
    limits: Limits = field(default_factory=Limits)
    weights: Weights | None = None
    problem: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What grading one submission found; all of it plain data."""

    student: str
    lesson: str
    state: str  # "graded", "partly graded" or "failed"
    reason: str  # one line; empty when graded without a remark
    notebook: bytes  # executed, with the verdict as output of each test cell
    verdicts: dict[str, dict]  # cell id of a test -> Verdict.to_json(), in the order of the lesson
    seed: int  # of the hidden cases
    notes: tuple[str, ...] = ()  # what was noticed and repaired, a line each
    seconds: float = 0.0
    level: str = LEVEL


def grade(job: Job) -> Result:
    """Return what a submission is worth; a submission that cannot be read is failed, with 0 points."""
    start = time.monotonic()
    release = nbformat.reads(job.bundle.release.decode(), as_version=4)
    cells = {cell.cell_id: cell for cell in scoring.graded_cells(release, job.bundle.lesson)}
    if job.problem:
        return failed(job, job.problem)
    try:
        notebook, repairs = sanitise(job.notebook, release)
    except Unreadable as problem:
        return failed(job, str(problem))
    with unpacked(job.bundle.wheel) as package:
        seed = zlib.crc32(job.notebook)  # of the student's random numbers: the same whenever it is graded
        run = Run(notebook, cells, lambda: Session(package, limits=job.limits, seed=seed))
        run.ask_visible()
        run.ask_hidden(job.seed)
    verdicts = {
        name: run.verdict(name) if cell.names else judged(job.weights, cell.points, job.seed)
        for name, cell in cells.items()
    }
    stopped, hard_coded = run.stopped(), [v.stem for v in verdicts.values() if scoring.hard_coded(v)]
    reasons = [f"{name}: {reason}" for name, reason in stopped.items()]
    weighed = [verdicts[name] for name, cell in cells.items() if not cell.names]
    reasons += [f"{verdict.stem}: {note}" for verdict in weighed for note in verdict.notes]
    if hard_coded:
        reasons.append(f"right for the inputs shown only: {', '.join(hard_coded)}")
    return Result(
        student=job.student,
        lesson=job.bundle.lesson,
        state="partly graded" if stopped else "graded",
        reason="; ".join(reasons)[:REASON],
        notebook=executed(notebook, verdicts, run.outputs, stopped),
        verdicts=as_data(verdicts),
        seed=job.seed,
        notes=(*job.remarks, *repairs),
        seconds=time.monotonic() - start,
    )


def failed(job: Job, reason: str) -> Result:
    """Return the Result of a submission that could not be graded: no points, and why."""
    release = nbformat.reads(job.bundle.release.decode(), as_version=4)
    verdicts = {
        cell.cell_id: undecided(cell.stem, cell.points, reason)
        for cell in scoring.graded_cells(release, job.bundle.lesson)
    }
    release.cells.insert(0, v4.new_code_cell(f"# Not graded: {reason}", id="not-graded"))
    return Result(
        student=job.student,
        lesson=job.bundle.lesson,
        state="failed",
        reason=reason[:REASON],
        notebook=executed(release, verdicts),
        verdicts=as_data(verdicts),
        seed=job.seed,
        notes=job.remarks,
    )


@contextmanager
def unpacked(wheel: bytes) -> Iterator[Path]:
    """Unpack the students' package into a folder of its own, for one submission: it could write there."""
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            archive.extractall(folder)
        yield Path(folder)


def as_data(verdicts: dict[str, Verdict]) -> dict[str, dict]:
    """Return Verdicts as JSON holds them."""
    return json.loads(json.dumps({name: verdict.to_json() for name, verdict in verdicts.items()}))


def executed(
    notebook: NotebookNode,
    verdicts: dict[str, Verdict],
    outputs: dict[str, list[dict]] | None = None,
    stopped: dict[str, str] | None = None,
) -> bytes:
    """Return the notebook as a file with outputs: verdicts at tests, a reason where a cell was stopped."""
    notebook, outputs, stopped = deepcopy(notebook), outputs or {}, stopped or {}
    for cell in notebook.cells:
        if cell.id in verdicts:
            cell.outputs = [scoring.output(verdicts[cell.id])]
        elif cell.id in outputs:
            cell.outputs = nbformat.from_dict(outputs[cell.id])
        elif cell.id in stopped:
            cell.outputs = [v4.new_output("error", ename="LeftOut", evalue=stopped[cell.id], traceback=[])]
    return nbformat.writes(notebook).encode("utf-8", "replace")


def grade_all(
    jobs: Iterable[Job], workers: int, pool: Callable[[int], Executor] | None = None
) -> Iterator[Result]:
    """Yield the Result of each job as it comes.

    A worker that dies takes nothing with it: what was under way is graded again, one job at a time, and a job
    that ends its worker then too is failed.
    """
    pool, jobs = pool or processes, iter(jobs)
    while True:
        lost = yield from _through(pool(workers), jobs, workers + 1)
        if not lost:
            return
        suspects = iter(lost)
        while guilty := (yield from _through(pool(1), suspects, 1)):
            for job in guilty:
                yield failed(job, "the grader's own process died twice while it graded this")


def processes(workers: int) -> ProcessPoolExecutor:
    """Return the default pool: processes of this machine, without what this process has in memory."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_quietly)


def _leave_quietly() -> None:
    """Let Ctrl-C, which reaches every process, end a worker without a traceback and with its session."""
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))


def _through(executor: Executor, jobs: Iterator[Job], width: int) -> Iterator[Result]:
    """Yield the Results of jobs, a few under way at a time; return those that were lost with the executor."""
    running, lost = {}, []
    with executor:
        while not lost:
            for job in islice(jobs, width - len(running)):
                try:
                    running[executor.submit(grade, job)] = job
                except BrokenExecutor:
                    lost.append(job)
            if not running:
                break
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                job = running.pop(future)
                error = future.exception()
                if isinstance(error, (BrokenExecutor, SystemExit)):  # SystemExit: a worker was interrupted
                    lost.append(job)
                elif error is not None:  # a fault of the grader's own must not cost the batch either
                    yield failed(job, f"the grader itself failed: {type(error).__name__}: {error}")
                else:
                    yield future.result()
        lost += running.values()
    return lost
