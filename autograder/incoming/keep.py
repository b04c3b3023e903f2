"""Which attempt of a student counts, and how it comes into the course's folder: as a whole, or not at all."""

import filecmp
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from autograder import jobs
from autograder.bundle import Bundle
from autograder.choices import Keep

from .attempts import Attempt

Best = Callable[[list[Attempt]], Attempt]


def choose(attempts: list[Attempt], keep: Keep, best: Best) -> Attempt:
    """Return the attempt that counts, of those in a source and the one that was collected before.

    What can be graded counts before what cannot. Without a time, what is collected now is the later one.
    best: finds the best of several by grading them, the latest of equals last in the list.
    """
    ready = [attempt for attempt in attempts if attempt.submission.gradable] or attempts
    ordered = sorted(ready, key=_when)
    if keep is Keep.BEST and len(ordered) > 1 and ordered[0].submission.gradable:
        return best(ordered)
    return ordered[0] if keep is Keep.FIRST else ordered[-1]


def _when(attempt: Attempt) -> tuple[datetime, bool]:
    unknown = datetime.min if attempt.is_kept else datetime.max
    return attempt.submission.timestamp or unknown, not attempt.is_kept


def by_grading(bundle: Bundle, trusted: bool) -> Best:
    """Return what finds the best attempt: each is graded, without being recorded, with the same hidden cases.

    Only what tests give counts: a written answer has no points yet.
    """

    def best(attempts: list[Attempt]) -> Attempt:
        results = jobs.rehearse([attempt.submission for attempt in attempts], bundle, trusted=trusted)
        points = [jobs.points(result) for result in results]
        return max(enumerate(attempts), key=lambda each: (points[each[0]], each[0]))[1]

    return best


def same(one: Path, other: Path) -> bool:
    """Tell whether two folders hold the same files with the same bytes."""
    names = sorted(os.listdir(one))
    if names != sorted(os.listdir(other)):
        return False
    _, differ, unread = filecmp.cmpfiles(one, other, names, shallow=False)
    return not differ and not unread


def place(attempt: Attempt, target: Path, aside: Path) -> None:
    """Put an attempt's folder in the place of what is there, which goes aside."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(target):
        target.rename(aside)
    attempt.folder.rename(target)
