"""`kill -9` of a whole grading, whatever it is at: the next run goes on, and nothing is lost or silent."""

import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest

from autograder import grade as grading
from autograder.folder import Folder
from tests import small_lesson
from tests.small_lesson import LESSON, RIGHT, as_bytes
from tests.test_grade_command import hand_in, make_course

COMMAND = """
import sys
from pathlib import Path
from autograder import root
root.ROOT = Path(sys.argv.pop(1))
from autograder.__main__ import app
if __name__ == "__main__":
    app()
"""
RIGHT_ONE = as_bytes(small_lesson.right(written_1="The chain rule."))
CLASS = {
    "a": RIGHT_ONE,
    "b": as_bytes(small_lesson.right(affine_forward=RIGHT["affine_forward"].replace(" + b", ""))),
    "c": b"<html>log in first</html>",
    "d": RIGHT_ONE,
    "e": as_bytes(small_lesson.right(relu_forward="import os; os._exit(1)")),
    "f": RIGHT_ONE,
}
STATES = {"a": "graded", "b": "graded", "c": "failed", "d": "graded", "e": "partly graded", "f": "graded"}
MOST_SECONDS = 300  # of waiting for a grading to come so far


def started(root, script):
    """Start `autograder grade` as a program."""
    return subprocess.Popen(
        [sys.executable, script, root, "grade", LESSON, "--workers", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=root, start_new_session=True,
    )  # fmt: skip


def recorded(root):
    return {path.parent.name for path in (root / "autograded").glob(f"*/{LESSON}.json")}


def kill(process, root, at_least, moment):
    """Kill the process some time after so many submissions are recorded; tell whether it still ran."""
    end = time.monotonic() + MOST_SECONDS
    while len(recorded(root)) < at_least and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.01)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Return a course whose grading was killed at four moments and then let be, and what that said."""
    root = make_course(tmp_path_factory.mktemp("killed") / "course")
    script = root / "autograder_of_this_course.py"
    script.write_text(COMMAND)
    for student, notebook in CLASS.items():
        hand_in(root, student, notebook)
    moments = [(0, random.uniform(0, 9)), (1, random.uniform(0, 0.3)), (2, random.uniform(0, 1)), (4, 0.0)]
    before = [kill(started(root, script), root, *moment) for moment in moments]
    there = recorded(root)
    process = started(root, script)
    said, _ = process.communicate(timeout=MOST_SECONDS)
    assert any(before)
    return root, said, there, f"kills at {moments}, still running then: {before}\n{said}"


def test_each_submission_ends_graded_once_in_one_state_that_is_explained(killed):
    root, _, _, story = killed
    results, entries = grading.recorded(Folder(root, LESSON))
    assert {result.student: result.state for result in results} == STATES, story
    assert all(result.reason for result in results if result.state != "graded"), story
    points = {name: [score.points for score in entry.scores.values()] for name, entry in entries.items()}
    assert points["a"] == points["d"] == points["f"] == [3, 3, 2, None], story
    assert points["c"] == [0, 0, 0, 0] and points["e"][:2] == [3, 3] and points["e"][2] < 2, story
    assert points["b"][0] < 3 and points["b"][1:3] == [3, 2], story
    for student in CLASS:
        assert Folder(root, LESSON).page(student).is_file(), story


def test_the_last_run_says_how_many_it_skipped_and_grades_the_rest(killed):
    _, said, there, story = killed
    last = said.splitlines()[-1]
    now = sum(int(count) for count in re.findall(r"(\d+) (?:graded|partly graded|failed)\b", last))
    skipped = re.search(r"(\d+) skipped, already graded and unchanged", last)
    assert now + int(skipped[1]) == len(CLASS) and 4 <= int(skipped[1]) <= len(there), story


def test_kills_leave_no_file_that_is_half_written(killed):
    root, _, _, story = killed
    for folder in ("autograded", "feedback"):
        names = {path.name for path in (root / folder).rglob("*") if path.is_file()}
        assert names <= {f"{LESSON}.ipynb", f"{LESSON}.json", f"{LESSON}.html"}, story
