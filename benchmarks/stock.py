"""nbgrader as it comes: its commands in a course folder, and the points that it has given."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.honest import LESSON
from benchmarks.record import ROOT

CELL_SECONDS = 300


def nbgrader(root, *arguments):
    """Run one of its commands; raise RuntimeError with what it said when it fails."""
    programs = Path(sys.executable).parent  # it starts alembic by its name
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COURSE_ORACLE": "fresh",
    }
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"nbgrader {' '.join(arguments)}: {done.stderr[-2000:]}")


def prepare(root):
    """Release the lesson, which enters it into the gradebook; keep that one beside it."""
    shutil.rmtree(root / "release", ignore_errors=True)
    nbgrader(root, "generate_assignment", LESSON)
    shutil.copy(root / "gradebook.db", root / "empty.db")


def autograde(root):
    """Grade the class."""
    nbgrader(root, "autograde", LESSON, f"--ExecutePreprocessor.timeout={CELL_SECONDS}")


def generate_feedback(root):
    """Write the class's feedback."""
    nbgrader(root, "generate_feedback", LESSON)
