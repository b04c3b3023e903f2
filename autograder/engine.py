"""Grade one submission, or many at once: bytes in, a Result out."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.sandbox.session import Limits

LEVEL = "process"  # a process of its own, killed at its limits: no jail, no protection against hostile code


@dataclass(frozen=True)
class Bundle:
    """What a lesson gives to each of its submissions: the released notebook, the students' wheel."""

    lesson: str
    release: bytes
    wheel: bytes


@dataclass(frozen=True)
class Job:
    """One submission to grade: the notebook as it came, and the seed of the hidden cases."""

    student: str
    bundle: Bundle
    notebook: bytes
    seed: int
    limits: Limits = field(default_factory=Limits)


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
    notes: tuple[str, ...] = ()  # what sanitising repaired, a line each
    seconds: float = 0.0
    level: str = LEVEL
