"""Bring submissions into a course: from nbgrader's exchange, a Canvas or Moodle download, or a folder.

What comes is hostile. Everything goes into a folder aside first, is looked into there as grading will look
into it, and then each student's comes into submitted/<student>/<lesson>/ as a whole.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder import people
from autograder.choices import Keep
from autograder.collect import Submission, collect, look_into
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.people import Directory

from . import attempts as attempting
from .attempts import Attempt
from .keep import Best, by_grading, choose, place, same

__all__ = ["Taken", "collected", "directory", "inbound", "take_in"]


WHAT = ("new", "replaced", "unchanged", "not taken")


@dataclass(frozen=True)
class Taken:
    """What came of one student's attempts.

    what: one of WHAT; "not taken" when what was collected before counts.
    """

    submission: Submission
    what: str
    remarks: tuple[str, ...] = ()

    def line(self) -> str:
        """Return what a person wants to know of it."""
        return _line(self.submission, f"{self.what}, ", self.remarks)


def collected(
    folder: Folder,
    source: Path | None = None,
    keep: Keep = Keep.LAST,
    roster: Path | None = None,
    at_most: int | None = None,
    trusted: bool = False,
) -> list[str]:
    """Collect and return what to say of it, a line each; without a source, of what is there already.

    roster: a CSV file of students.  at_most: a rehearsal with so many of them.  trusted: where the best
    attempt is found by grading, run it even without a sandbox.
    """
    known = directory(folder, roster, at_most is not None) if source or roster else Directory([])
    if source is None and roster and not folder.submitted.is_dir():
        return [f"{folder.lesson}: {len(known.people)} students in the roster, no submissions yet"]
    if source is None:
        there = list(islice(collect(folder.submitted, folder.lesson, folder.release), at_most))
        lines = [_line(submission) for submission in there]
        return [*lines, _sum(folder, there)]
    taken, said = take_in(folder, source, known, by_grading(folder.bundle, trusted), keep, at_most)
    counts = Counter(each.what for each in taken)
    done = ", ".join(f"{counts[what]} {what}" for what in WHAT if counts[what])
    nothing = "" if at_most is None else "; nothing was written"
    total = _sum(folder, [each.submission for each in taken])
    return [*said, *(each.line() for each in taken), f"{total}; {done}{nothing}"]


def _line(found: Submission, what: str = "", remarks: tuple[str, ...] = ()) -> str:
    """Return what a person wants to know of a submission."""
    said = "; ".join(filter(None, (found.remark, found.has_weights, *remarks)))
    return f"{found.student}: {what}{found.state}{f' ({said})' if said else ''}"


def _sum(folder: Folder, found: list[Submission]) -> str:
    ready = sum(each.gradable for each in found)
    return f"{folder.lesson}: {len(found)} submission{'s' * (len(found) != 1)}, {ready} can be graded"


def directory(folder: Folder, roster: Path | None = None, is_rehearsal: bool = False) -> Directory:
    """Return whom the gradebook knows, after a roster was entered into it; a rehearsal enters nothing."""
    listed = people.roster(roster) if roster else []
    known = []
    if folder.has_gradebook or not is_rehearsal:
        with folder.gradebook() as book:
            if listed and not is_rehearsal:
                book.enrol(listed)
            known = book.people()
    return Directory({person.id: person for person in (*known, *listed)}.values())


def take_in(
    folder: Folder,
    source: Path,
    directory: Directory,
    best: Best,
    keep: Keep = Keep.LAST,
    at_most: int | None = None,
) -> tuple[list[Taken], list[str]]:
    """Collect from a source; return what was taken, by student, and what to say of the source.

    at_most: a rehearsal with so many students, which writes nothing into the course.
    Raises: AutograderError when the source cannot be read or nobody's files are recognised.
    """
    source = inbound(source)
    with _aside(folder, at_most is not None) as aside:
        found, said = attempting.stage(source, folder.release, folder.lesson, directory, aside)
        if not found:
            raise AutograderError(f"{source} holds no submissions of {folder.lesson}")
        by_student: dict[str, list[Attempt]] = {}
        for attempt in found:
            by_student.setdefault(attempt.submission.student, []).append(attempt)
        taken = []
        for student in sorted(by_student)[:at_most]:
            target = folder.submitted / student / folder.lesson
            chosen, what = _decided(by_student[student], target, folder, keep, best)
            if at_most is None and what in ("new", "replaced"):
                place(chosen, target, aside / f"before-{len(taken)}")
            count = len(by_student[student])
            several = (f"the {keep} of {count} attempts",) if count > 1 else ()
            taken.append(Taken(chosen.submission, what, (*several, *chosen.remarks)))
    return taken, said


def inbound(source: Path) -> Path:
    """Return where submissions lie when the source is nbgrader's exchange, or a course in it.

    Raises: AutograderError when there are several courses.
    """
    courses = [course for course in (source, *source.glob("*")) if _is_course(course)]
    if len(courses) > 1:
        names = ", ".join(sorted(course.name for course in courses))
        raise AutograderError(f"{source} is the exchange of several courses ({names}): name one's folder")
    return courses[0] / "inbound" if courses else source


def _is_course(folder: Path) -> bool:
    return (folder / "inbound").is_dir() and (folder / "outbound").is_dir()


def _decided(
    attempts: list[Attempt], target: Path, folder: Folder, keep: Keep, best: Best
) -> tuple[Attempt, str]:
    """Return the attempt that counts, and what that means for what lies in its place."""
    if not os.path.lexists(target):
        return choose(attempts, keep, best), "new"
    before = Attempt(look_into(target, folder.release), target, is_kept=True)
    if any(_is_there(attempt, before) for attempt in attempts):
        attempts = [attempt for attempt in attempts if not _is_there(attempt, before)]
        chosen = choose([*attempts, before], keep, best)
        return chosen, "unchanged" if chosen is before else "replaced"
    chosen = choose([*attempts, before], keep, best)
    return chosen, "not taken" if chosen is before else "replaced"


def _is_there(attempt: Attempt, before: Attempt) -> bool:
    return before.folder.is_dir() and not before.folder.is_symlink() and same(attempt.folder, before.folder)


@contextmanager
def _aside(folder: Folder, is_rehearsal: bool) -> Iterator[Path]:
    """Give a folder on the disk of submissions, so that what was looked into only has to be renamed."""
    try:
        if not is_rehearsal:
            folder.submitted.mkdir(parents=True, exist_ok=True)
        place = None if is_rehearsal else folder.submitted
        with TemporaryDirectory(prefix=".collecting-", dir=place) as aside:
            yield Path(aside)
    except OSError as error:
        raise AutograderError(f"submissions cannot be written: {error.strerror or error}") from error
