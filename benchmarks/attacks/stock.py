"""How many forged points does stock nbgrader give? It believes what a notebook puts out."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from tqdm import tqdm

from autograder.gradebook import Gradebook
from benchmarks.attacks import lesson as lessons
from benchmarks.attacks.attack import LAYERS, RIGHT_ALONE, Attack
from benchmarks.record import ROOT
from course.files import write

TOLD = {"pids": [], "mark": "none", "folder": "/nowhere", "canary": "/nowhere", "gradebook": "/nowhere"}
SECONDS, MOST_SECONDS = 10, 60  # of a cell, of a submission


def fooled(attacks: list[Attack]) -> tuple[list[str], list[str]]:
    """Return the names of attacks to which stock nbgrader gives more than they are worth, and of all."""
    with tempfile.TemporaryDirectory(prefix="course-") as made:
        folder = Path(made)
        shutil.copy(ROOT / "nbgrader_config.py", folder)
        write(
            folder / "source" / LAYERS / f"{LAYERS}.ipynb", nbformat.writes(lessons.release(LAYERS)).encode()
        )
        nbgrader(folder, "generate_assignment", LAYERS)
        names = []
        for attack in tqdm(attacks, unit="attack"):
            place = folder / "submitted" / attack.student / LAYERS / f"{LAYERS}.ipynb"
            write(place, json.dumps(lessons.notebook(attack, TOLD)).encode())
            student = f"--student={attack.student}"
            nbgrader(
                folder,
                "autograde",
                LAYERS,
                student,
                f"--ExecutePreprocessor.timeout={SECONDS}",
                seconds=MOST_SECONDS,
            )
            given = points(folder, attack.student)
            if any(given.get(stem, 0) > worth for stem, worth in RIGHT_ALONE.items()):
                names.append(attack.name)
        return names, [attack.name for attack in attacks]


def points(folder: Path, student: str) -> dict[str, float]:
    """Return {stem: points} as nbgrader has recorded them, empty where it has not."""
    release = nbformat.read(folder / "release" / LAYERS / f"{LAYERS}.ipynb", as_version=4)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "", LAYERS, release) as book:
        found = book.entries(student).get(student)
    scores = found.scores if found else {}
    return {name.removeprefix("test-"): score.points or 0 for name, score in scores.items()}


def nbgrader(folder: Path, *arguments: str, seconds: float | None = None) -> None:
    """Run a command of nbgrader's in a course's folder, for so many seconds at most."""
    programs = Path(sys.executable).parent  # nbgrader starts alembic by its name
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COURSE_ORACLE": "fresh",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "nbgrader", *arguments]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=seconds)
