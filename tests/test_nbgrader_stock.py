"""Stock nbgrader on the course: it validates the source, makes the same release, gives the same points."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook

from autograder import build
from autograder.build import ROOT
from course.checks import examine, find, verdict
from course.checks.answer import Local
from course.checks.oracle import Fresh
from course.checks.whole import answers_of
from course.mistakes import mistakes
from course.reference import im2col, inputs

LESSON = "modular-layers"
NOTEBOOK = f"{LESSON}.ipynb"
POINTS = build.read(LESSON).points
SOURCE = nbformat.read(ROOT / "source" / LESSON / NOTEBOOK, as_version=4)
RIGHT = {cell.id: cell.source for cell in SOURCE.cells if cell.id.startswith("solution-")}
WRONG = {f"solution-{one.stem}": one.source for one in mistakes(LESSON) if one.fault in ("wrong", "care")}


def nbgrader(folder, *arguments):
    """Run a command of nbgrader in a course folder; return what it says."""
    programs = Path(sys.executable).parent  # nbgrader starts alembic by its name
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COURSE_ORACLE": "fresh",
    }
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def half(blank):
    """Return answers of which a third is right, a third is a known mistake and a third is not written."""
    ways = (RIGHT, WRONG, blank)
    return {name: ways[place % 3][name] for place, name in enumerate(RIGHT)}


def submission(answers):
    """Return the released notebook with these answers, {cell id: source}."""
    notebook = nbformat.read(ROOT / "release" / LESSON / NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


@pytest.fixture(scope="module")
def submitted():
    """Return {student: {cell id: source}} of three students' answers."""
    blank = {cell.id: cell.source for cell in submission({}).cells if cell.id in RIGHT}
    return {"blank": blank, "reference": RIGHT, "half": half(blank)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, submitted):
    """Return a course folder in which stock nbgrader has released the lesson and graded three students."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "source" / LESSON).mkdir(parents=True)
    shutil.copy(ROOT / "source" / LESSON / NOTEBOOK, folder / "source" / LESSON)
    (folder / "source" / LESSON / "course-1.0.0-py3-none-any.whl").write_bytes(b"carried, not opened")
    nbgrader(folder, "generate_assignment", LESSON)
    for student, answers in submitted.items():
        (folder / "submitted" / student / LESSON).mkdir(parents=True)
        nbformat.write(submission(answers), folder / "submitted" / student / LESSON / NOTEBOOK)
    nbgrader(folder, "autograde", LESSON, "--ExecutePreprocessor.timeout=300")
    return folder


@pytest.fixture(scope="module")
def grades(folder):
    """Return {student: {stem: points}} as nbgrader has recorded them."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            one.student.id: {
                grade.name.removeprefix("test-"): grade.auto_score
                for grade in one.notebooks[0].grades
                if grade.name.startswith("test-")
            }
            for one in gradebook.assignment_submissions(LESSON)
        }


def our_points(answers):
    """Return {stem: points} that our checks give to answers, with the cases that stock nbgrader runs."""
    names = {"np": np, **vars(inputs), "im2col": im2col.im2col, "col2im": im2col.col2im}
    for source in answers.values():
        exec(source, names)
    found = {}
    for stem, most in POINTS.items():
        task = find(stem)
        asked = task.of or tuple(filter(None, (stem, task.forward)))
        answer, forward = answers_of(task, [Local(names[name]) for name in asked])
        results = examine(task, answer, forward, oracle=Fresh())
        found[stem] = verdict(task, most, results, forward=forward, oracle=Fresh()).points
    return found


def test_the_source_validates():
    said = nbgrader(ROOT, "validate", str(ROOT / "source" / LESSON / NOTEBOOK))
    assert "Success! Your notebook passes all the tests." in said


def test_generate_assignment_makes_the_committed_release_to_the_byte(folder):
    made = folder / "release" / LESSON / NOTEBOOK
    assert made.read_bytes() == (ROOT / "release" / LESSON / NOTEBOOK).read_bytes()


def test_generate_assignment_carries_the_wheel(folder):
    assert (
        folder / "release" / LESSON / "course-1.0.0-py3-none-any.whl"
    ).read_bytes() == b"carried, not opened"


def test_a_blank_release_earns_nothing(grades):
    assert grades["blank"] == dict.fromkeys(POINTS, 0)


def test_the_reference_earns_all(grades):
    assert grades["reference"] == POINTS


@pytest.mark.parametrize("student", ["blank", "half", "reference"])
def test_stock_nbgrader_gives_the_points_of_our_checks(grades, submitted, student):
    assert grades[student] == our_points(submitted[student])


def test_half_right_answers_earn_part_of_the_points(grades):
    assert 0 < sum(grades["half"].values()) < sum(POINTS.values())
    assert any(0 < points < POINTS[stem] for stem, points in grades["half"].items())
