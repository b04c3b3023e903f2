"""Grade one submission: bytes in, a Result out.

A student's code runs in a process of its own, in the best jail that this machine has, and its points are made
outside of it. Where there is no jail nothing is graded, unless the job says that its code is trusted.
"""

from __future__ import annotations

import gc
import json
import time
import zlib
from dataclasses import dataclass, field
from functools import lru_cache

import nbformat
from nbformat import NotebookNode, v4

from autograder import notebooks, scoring
from autograder.bundle import Bundle, unpacked
from autograder.errors import NoSandbox
from autograder.run import Run
from autograder.sandbox import Limits, ServerGone, Session, levels
from autograder.sanitise import Unreadable, sanitise
from autograder.trust import sandbox_level
from autograder.weights import Weights, judged
from course.checks import Verdict, undecided

REASON = 300  # characters
UNSANDBOXED = "UNSANDBOXED"  # what stands in place of a level in every grade made without one
BUNDLES = 8  # read, and kept in each process
TRIES = 2  # of a submission whose fork server was killed


@dataclass(frozen=True)
class Job:
    """One submission to grade: the notebook as it came, and the seed of the hidden cases.

    weights: the file of weights beside it, where there is one.
    trusted: run it even where there is no jail.
    problem: why there is nothing to run, when collecting found that.  remarks: what collecting noticed.
    """

    student: str
    bundle: Bundle
    notebook: bytes
    seed: int
    limits: Limits = field(default_factory=Limits)
    weights: Weights | None = None
    trusted: bool = False
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
    level: str = ""  # of the sandbox, empty where no code was run


def grade(job: Job) -> Result:
    """Return what a submission is worth; a submission that cannot be read is failed, with 0 points."""
    start = time.monotonic()
    release, cells = read(job.bundle)
    if job.problem:
        return failed(job, job.problem)
    try:
        notebook, repairs = sanitise(job.notebook, release)
    except Unreadable as problem:
        return failed(job, str(problem))
    try:
        level = sandbox_level(job.trusted, job.bundle.needs_kernel)
    except NoSandbox as problem:
        return failed(job, str(problem))
    run = asked(job, notebook, cells, level)
    if run is None:
        return failed(job, f"the process that starts the students' processes was killed {TRIES} times")
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
        level=UNSANDBOXED if level == levels.NONE else level,
    )


def prepare(bundle: Bundle, trusted: bool) -> None:
    """Load what grading needs: the first submission of a process would wait seconds for it.

    Raises: NoSandbox, as sandbox_level does.
    """
    _, cells = read(bundle)
    for cell in cells.values():
        if cell.task:
            scoring.ORACLE.solved(cell.task)
    level, needs_kernel = sandbox_level(trusted, bundle.needs_kernel), bundle.needs_kernel
    with Session(unpacked(bundle.wheel).path, level=level, needs_kernel=needs_kernel):
        pass
    gc.freeze()  # what stays for ever need not be looked through for each submission


def asked(job: Job, notebook: NotebookNode, cells: dict[str, scoring.GradedCell], level: str) -> Run | None:
    """Return what came of running and asking a notebook; None when its fork server was killed each time."""
    package, needs_kernel = unpacked(job.bundle.wheel).path, job.bundle.needs_kernel
    seed = zlib.crc32(job.notebook)  # of the student's random numbers: the same whenever it is graded
    for _ in range(TRIES):
        run = Run(notebook, cells, lambda: Session(package, None, job.limits, seed, level, needs_kernel))
        try:
            run.ask(job.seed)
        except ServerGone:  # no doing of the student's
            continue
        return run
    return None


def failed(job: Job, reason: str) -> Result:
    """Return the Result of a submission that could not be graded: no points, and why."""
    release, cells = read(job.bundle)
    verdicts = {name: undecided(cell.stem, cell.points, reason) for name, cell in cells.items()}
    notice = v4.new_code_cell(f"# Not graded: {reason}", id="not-graded")
    return Result(
        student=job.student,
        lesson=job.bundle.lesson,
        state="failed",
        reason=reason[:REASON],
        notebook=executed(NotebookNode({**release, "cells": [notice, *release.cells]}), verdicts),
        verdicts=as_data(verdicts),
        seed=job.seed,
        notes=job.remarks,
    )


@lru_cache(maxsize=BUNDLES)
def read(bundle: Bundle) -> tuple[NotebookNode, dict[str, scoring.GradedCell]]:
    """Return the released notebook, not to be changed, and its tests by cell id."""
    release = nbformat.reads(bundle.release.decode(), as_version=4)
    return release, {cell.cell_id: cell for cell in scoring.graded_cells(release, bundle.lesson)}


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
    outputs = dict(outputs or {})
    for name, reason in (stopped or {}).items():
        outputs.setdefault(name, [v4.new_output("error", ename="LeftOut", evalue=reason, traceback=[])])
    outputs |= {name: [scoring.output(verdict)] for name, verdict in verdicts.items()}
    cells = [
        {**cell, "outputs": outputs.get(cell.id, [])} if cell.cell_type == "code" else cell
        for cell in notebook.cells
    ]
    return notebooks.dumps({**notebook, "cells": cells})
