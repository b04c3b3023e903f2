"""Jobs of submissions, and grading that records nothing."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import replace

from autograder.batch import grade_all
from autograder.collect import Submission
from autograder.engine import Bundle, Job, Result
from autograder.sandbox import Limits


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
    limits: Limits | None = None,
) -> list[Result]:
    """Return the Results of submissions, in their order, all from the same fresh seed; record nothing."""
    seed, limits = secrets.randbits(63), limits or Limits()
    jobs = [
        replace(job_of(submission, bundle, seed, limits), student=str(number))
        for number, submission in enumerate(submissions)
    ]
    found = {int(result.student): result for result in grade_all(jobs, workers or os.cpu_count() or 1)}
    return [replace(found[i], student=submission.student) for i, submission in enumerate(submissions)]


def points(result: Result) -> float:
    """Return what the tests of a Result come to."""
    return sum(verdict["points"] for verdict in result.verdicts.values())


def line(result: Result) -> str:
    """Return what a person wants to know of a Result that is not recorded."""
    most = sum(verdict["max_points"] for verdict in result.verdicts.values())
    reason = f" ({result.reason})" if result.reason else ""
    return f"{result.student}: {points(result):g} of {most:g} points, {result.state}{reason}"
