"""Grade one submission: bytes in, a Result out.

The level is "process": a student's code runs in a process of its own with limits of time, memory and output,
and its points are made outside of it. There is no jail around it: it can read and write what the user who
grades can. Against hostile code this is no protection; grade only submissions of people whom you trust.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
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

    @cached_property
    def name(self) -> str:
        """Return what tells this content from any other."""
        parts = self.lesson.encode(), self.release, self.wheel
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


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
