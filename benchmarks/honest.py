"""A class of honest students: right answers of the bank in various mixes, no two notebooks alike."""

import shutil
from dataclasses import replace
from pathlib import Path

from autograder.demo.__main__ import furnish, hand_in
from autograder.demo.handins import Ways
from autograder.demo.handins import hand_in as write_answers
from autograder.folder import Folder
from benchmarks.grade_folder import LESSON
from benchmarks.record import ROOT
from course.checks import tasks
from course.mistakes import right_ways


def students(release, count):
    """Yield hand-ins: the reference first, then each TODO in one right way after the other.

    A comment in each answer makes it the student's own, so that nothing is known from another one's.
    """
    stems = list(tasks(LESSON))
    ways = Ways(stems, right_ways(LESSON))
    for number in range(count):
        name = f"student-{number:05}"
        answers = {stem: ways.next(stem) if number else ways.called("reference", stem) for stem in stems}
        own = {stem: replace(each, source=signed(each.source, name)) for stem, each in answers.items()}
        yield write_answers(release, LESSON, name, "honest", own)


def signed(source, name):
    """Return an answer with a comment that names who wrote it."""
    return f"{source.rstrip()}\n# {name}\n"


def full_points(folder):
    """Return {test: points} of an honest submission."""
    tests = [cell for cell in folder.release.cells if cell.id.startswith("test-")]
    return {cell.id: float(cell.metadata.nbgrader.points) for cell in tests}


def points(folder):
    """Return {student: {test: points}} of a course folder's gradebook."""
    with folder.gradebook() as book:
        entries = book.entries()
    return {
        student: {name: score.points for name, score in entry.scores.items() if name.startswith("test-")}
        for student, entry in entries.items()
    }


def course(into, handins_of, count):
    """Make a course folder with a class in it, anew; return its Folder.

    handins_of: called with the released notebook and the number of students, it yields their hand-ins.
    """
    shutil.rmtree(into, ignore_errors=True)
    furnish(into, LESSON)
    shutil.copy(ROOT / "nbgrader_config.py", into)
    folder = Folder(into, LESSON)
    for handin in handins_of(folder.release, count):
        hand_in(folder, [handin])
    folder.gradebook().close()
    shutil.copy(into / "gradebook.db", into / "empty.db")
    return folder


def forget(root: Path):
    """Remove what grading has written into a course folder; its gradebook is as it was before."""
    for path in (*root.glob("gradebook.db*"), *root.glob("report-*.html")):
        path.unlink()
    for name in ("autograded", "feedback"):
        shutil.rmtree(root / name, ignore_errors=True)
    shutil.copy(root / "empty.db", root / "gradebook.db")
