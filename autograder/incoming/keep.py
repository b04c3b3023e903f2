"""Which attempt of a student counts, and how it comes into the course's folder: as a whole, or not at all."""

import filecmp
import os
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from .attempts import Attempt

Best = Callable[[list[Attempt]], Attempt]


class Keep(StrEnum):
    """The policy: the last attempt, the first, or the one that its grading finds best."""

    LAST = "last"
    FIRST = "first"
    BEST = "best"


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
