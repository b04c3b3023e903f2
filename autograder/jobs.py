"""Jobs of submissions, and grading that records nothing."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from autograder.batch import grade_all
from autograder.bundle import Bundle
from autograder.collect import Submission, collect
from autograder.engine import Job, Result
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.sandbox import Limits
from autograder.trust import sandbox_level


def job_of(
    submission: Submission, bundle: Bundle, seed: int, limits: Limits, trusted: bool = False
) -> Job:
    """Return the job of grading a submission with hidden cases from this seed."""
    return Job(
        student=submission.student,
        bundle=bundle,
        notebook=submission.notebook,
        weights=submission.weights,
        seed=seed,
        limits=limits,
        trusted=trusted,
        problem="" if submission.gradable else submission.remark,
        remarks=(submission.remark,) if submission.gradable and submission.remark else (),
    )


def rehearse(
    submissions: Sequence[Submission],
    bundle: Bundle,
    workers: int | None = None,
    trusted: bool = False,
) -> list[Result]:
    """Return the Results of submissions, in their order, all from the same fresh seed; record nothing.

    Raises: NoSandbox when this machine would have to run what is not trusted.
    """
    sandbox_level(trusted, bundle.needs_kernel)
    seed = secrets.randbits(63)
    jobs = [
        replace(job_of(submission, bundle, seed, Limits(), trusted), student=str(number))
        for number, submission in enumerate(submissions)
    ]
    found = {int(result.student): result for result in grade_all(jobs, workers or os.cpu_count() or 1)}
    return [replace(found[i], student=submission.student) for i, submission in enumerate(submissions)]


def dry_run(folder: Folder, count: int, workers: int | None = None, trusted: bool = False) -> list[Result]:
    """Return the Results of a lesson's first submissions; record nothing.

    Raises: AutograderError when there are none, NoSandbox as `rehearse` does.
    """
    first = list(islice(collect(folder.submitted, folder.lesson, folder.release), count))
    if not first:
        raise AutograderError(f"no submissions of {folder.lesson} in {folder.submitted}")
    return rehearse(first, folder.bundle, workers, trusted)


def points(result: Result) -> float:
    """Return what the tests of a Result come to."""
    return sum(verdict["points"] for verdict in result.verdicts.values())


def line(result: Result) -> str:
    """Return what a person wants to know of a Result that is not recorded."""
    most = sum(verdict["max_points"] for verdict in result.verdicts.values())
    reason = f" ({result.reason})" if result.reason else ""
    return f"{result.student}: {points(result):g} of {most:g} points, {result.state}{reason}"
