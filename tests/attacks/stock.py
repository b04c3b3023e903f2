"""For comparison: how many of the forged points does stock `nbgrader autograde` give?"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from tests import small_lesson
from tests.attacks.points import POINTS
from tests.attacks.users import ROOT
from tests.small_lesson import LESSON, as_bytes

WORDS = {}  # none of these rows names what there is to harm
SECONDS = 60


def compare():
    """Return a line: how many rows get more than they are worth from stock nbgrader, and which."""
    with tempfile.TemporaryDirectory(prefix="stock-") as folder:
        root = Path(folder)
        shutil.copy(ROOT / "nbgrader_config.py", root)
        write(root / "source" / LESSON, small_lesson.release())
        nbgrader(root, "generate_assignment", LESSON)
        for number, attack in enumerate(POINTS):
            data = nbformat.reads(attack.bytes(WORDS).decode(), as_version=4)
            write(root / "submitted" / f"s{number}" / LESSON, data)
            nbgrader(
                root,
                "autograde",
                LESSON,
                "--student",
                f"s{number}",
                f"--ExecutePreprocessor.timeout={SECONDS}",
            )
        with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
            given = [score(book, f"s{number}") for number in range(len(POINTS))]
    fooled = [each.name for each, got in zip(POINTS, given, strict=True) if got > each.worth]
    return (
        f"stock nbgrader autograde: fooled by {len(fooled)} of {len(POINTS)} forgeries: {', '.join(fooled)}"
    )


def score(book, student):
    """Return the points that stock nbgrader gave to a student's tests; 0 without a submission."""
    try:
        grades = book.find_submission(LESSON, student).notebooks[0].grades
    except MissingEntry:
        return 0.0
    return sum(grade.auto_score or 0.0 for grade in grades if grade.name.startswith("test-"))


def write(folder, notebook):
    """Write a notebook where nbgrader looks for it."""
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.ipynb").write_bytes(as_bytes(notebook))


def nbgrader(folder, *arguments):
    """Run a command of nbgrader in a course folder; it may fail."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it starts alembic by its name
    variables = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "COURSE_ORACLE": "fresh"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    subprocess.run(command, cwd=folder, env=variables, capture_output=True, check=False)
