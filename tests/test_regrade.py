"""`autograder regrade` and `autograder extend`, as a teacher uses them."""

import csv
import json
import os
import signal
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader import api
from typer.testing import CliRunner

from autograder import grade as grading
from autograder import interrupts, records
from autograder import regrade as regrading
from autograder.__main__ import app
from autograder.folder import Folder
from course.version import VERSION
from tests import small_lesson
from tests.small_lesson import LESSON, RIGHT, as_bytes, cell
from tests.test_grade_command import grade_by_hand, hand_in, make_course

NO_BIAS = RIGHT["affine_forward"].replace(" + b", "")
CLASS = {
    "ann": small_lesson.right(written_1="The chain rule."),
    "bob": small_lesson.right(affine_forward=NO_BIAS),
    "eve": small_lesson.right(),
}
DUE = datetime(2026, 3, 1, 12)
TEST = "test-affine_forward"


class Course:
    """A graded course folder whose commands can be called."""

    def __init__(self, root, monkeypatch):
        self.root, self._patch = make_course(root), monkeypatch
        self._patch.setattr("autograder.root.ROOT", root)
        self._patch.chdir(root)

    @property
    def folder(self):
        return Folder(self.root, LESSON)

    def call(self, command, *arguments, answer=None):
        return CliRunner().invoke(app, [command, LESSON, *arguments], input=answer)

    def points(self, student):
        with self.folder.gradebook() as book:
            return {name: score.points for name, score in book.entries()[student].scores.items()}

    def seeds(self):
        return {result.student: result.seed for result in grading.recorded(self.folder)[0]}

    def as_by_an_earlier_check(self, student, points):
        """Put back what a check that has been changed since would have recorded of a submission."""
        result, what = records.read(self.folder.autograded, student, LESSON)
        told = {**result.verdicts[TEST], "points": points, "version": "0.9.0"}
        told["groups"] = dict.fromkeys(told["groups"], points > 0)
        told |= {"hidden": told["groups"], "status": "right" if points else "wrong", "mistake": None}
        earlier = replace(result, verdicts={**result.verdicts, TEST: told})
        with self.folder.gradebook() as book:
            book.record(earlier, changed=False)
        records.write_record(self.folder.autograded, earlier, what)

    def content(self):
        """Return every file of the course."""
        return {path: path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        course = Course(tmp_path_factory.mktemp("regrade") / "course", patch)
        for student, notebook in CLASS.items():
            hand_in(course.root, student, as_bytes(notebook))
        done = course.call("grade", "--workers", "1")
        assert done.exit_code == 0, done.output
        grade_by_hand(course.root, "ann", 2.5)
        yield course


def test_a_changed_check_shows_who_gains_and_who_loses_before_anything_is_recorded(graded):
    seeds, before = graded.seeds(), graded.points("bob")
    graded.as_by_an_earlier_check("ann", 0.0)
    graded.as_by_an_earlier_check("bob", 3.0)
    files = graded.content()
    done = graded.call("regrade", "--workers", "1", "--table", "changes.csv")
    assert done.exit_code == 0, done.output
    (graded.root / "changes.csv").rename(table := graded.root.parent / "changes.csv")
    assert graded.content() == files
    lines = done.stdout.splitlines()
    assert lines[0] == f"new since the last grading: checks {VERSION} instead of 0.9.0, {VERSION}"
    assert f"ann  {TEST}  0 -> 3  (now right: core, geometry, care; no longer: wrong)" in lines
    assert any(line.startswith(f"bob  {TEST}  3 -> {before[TEST]:g}  (now wrong: ") for line in lines)
    assert any("now: bias forgotten" in line for line in lines)
    assert lines[-2] == f"{LESSON}: 3 graded again: 1 gain, 1 lose, 1 keep their points"
    assert lines[-1] == "nothing recorded: --record does it"
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [(row["student"], row["question"], row["change"]) for row in rows][0] == ("ann", TEST, "3")

    done = graded.call("regrade", "--workers", "1", "--record")
    assert f"{LESSON}: 3 of 3 recorded" in done.stdout, done.output
    assert graded.points("bob") == before and graded.points("ann")[TEST] == 3
    assert graded.points("ann")["written-1"] == 2.5 and graded.seeds() == seeds
    assert "0 graded, 0 partly graded, 0 failed, 3 skipped" in graded.call("grade").stdout


def test_points_by_hand_stay_and_nobody_has_to_look_at_them_again(graded):
    with api.Gradebook(f"sqlite:///{graded.root}/gradebook.db", "neural-networks") as book:
        assert not book.find_submission(LESSON, "ann").needs_manual_grade
        assert book.find_grade("written-1", LESSON, LESSON, "ann").manual_score == 2.5


def test_only_those_who_are_asked_for_are_graded_again(graded):
    done = graded.call("regrade", "--workers", "1", "--student", "eve", "--student", "nobody")
    assert "nobody: not graded again: nothing of it in " in done.stdout, done.output
    assert f"{LESSON}: 1 graded again: 0 gain, 0 lose, 1 keep their points" in done.stdout


@pytest.mark.parametrize("answer, said", [("n\n", "nothing recorded"), ("y\n", "1 of 1 recorded")])
def test_at_a_terminal_it_asks_whether_to_record(graded, monkeypatch, answer, said):
    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("autograder.__main__.sys", terminal)
    done = graded.call("regrade", "--workers", "1", "--student", "eve", answer=answer)
    assert "Record this? [y/N]" in done.stdout and said in done.stdout, done.output


def test_what_was_handed_in_again_or_never_graded_is_left_to_grade(graded):
    hand_in(graded.root, "zoe", as_bytes(small_lesson.right()))
    hand_in(graded.root, "eve", as_bytes(small_lesson.right(written_1="Later.")))
    done = graded.call("regrade", "--workers", "1", "--student", "zoe", "--student", "eve")
    assert "eve: not graded again: handed in again since, `autograder grade` grades it" in done.stdout
    assert "zoe: not graded again: not graded yet, `autograder grade` does it" in done.stdout
    assert f"{LESSON}: 0 graded again" in done.stdout
    hand_in(graded.root, "eve", as_bytes(CLASS["eve"]))
    graded.call("grade", "--workers", "1")


def test_a_lesson_with_other_points_is_shown_and_recorded(graded):
    release = small_lesson.release()
    other = cell(release, TEST)
    other.source = other.source.replace("points=3", "points=6")
    other.metadata.nbgrader.points = 6
    path = graded.root / "release" / LESSON / f"{LESSON}.ipynb"
    before, seeds = path.read_bytes(), graded.seeds()
    nbformat.write(release, path)
    done = graded.call("regrade", "--workers", "1", "--student", "ann", "--record")
    assert "new since the last grading: another release of the lesson" in done.stdout, done.output
    assert f"ann  {TEST}  3 -> 6  (worth 6 instead of 3)" in done.stdout
    assert graded.points("ann")[TEST] == 6 and graded.seeds() == seeds
    path.write_bytes(before)
    graded.call("grade", "--workers", "1")
    assert graded.points("ann")[TEST] == 3 and graded.seeds() == seeds


def test_a_preview_that_is_interrupted_records_nothing(graded, monkeypatch):
    graded.as_by_an_earlier_check("ann", 0.0)

    class Noticed:
        def __enter__(self):
            return lambda: True

        def __exit__(self, *_error):
            pass

    monkeypatch.setattr(interrupts, "noticed", Noticed)
    done = graded.call("regrade", "--workers", "1", "--record")
    assert done.exit_code == 130 and graded.points("ann")[TEST] == 0
    monkeypatch.undo()


def test_recording_can_be_interrupted_and_gone_on_with(graded, monkeypatch):
    for student in CLASS:
        graded.as_by_an_earlier_check(student, 0.5)
    record = grading.record
    with regrading.regraded(graded.folder, CLASS, workers=1) as again:

        def record_and_press_ctrl_c(*arguments):
            record(*arguments)
            os.kill(os.getpid(), signal.SIGINT)

        monkeypatch.setattr(grading, "record", record_and_press_ctrl_c)
        assert again.record() == 1
    left = [student for student in CLASS if graded.points(student)[TEST] == 0.5]
    assert len(left) == 2
    monkeypatch.setattr(grading, "record", record)
    done = graded.call("regrade", "--workers", "1", "--record")
    assert {line.split()[0] for line in done.stdout.splitlines() if TEST in line.split()} == set(left)
    assert graded.points("ann")[TEST] == 3


def test_nothing_graded_is_one_line(tmp_path, monkeypatch):
    course = Course(tmp_path / "course", monkeypatch)
    done = course.call("regrade")
    assert done.exit_code == 1 and "nothing is graded yet: run `autograder grade" in done.stderr


def test_an_extension_is_given_shown_and_taken_back(graded):
    assert graded.call("extend").stdout == f"{LESSON}: no due date\n"
    done = graded.call("extend", "ann", "--days", "2")
    assert done.exit_code == 1 and "no due date: nbgrader db assignment add" in done.stderr
    with api.Gradebook(f"sqlite:///{graded.root}/gradebook.db", "neural-networks") as book:
        book.update_or_create_assignment(LESSON, duedate=DUE)
    done = graded.call("extend", "ann", "--days", "1", "--hours", "12")
    due = f"{LESSON}: due 2026-03-01 12:00:00 UTC"
    assert done.stdout.splitlines() == [
        "ann: 2026-03-03 00:00:00 UTC, 1 day 12 h longer",
        f"{due}, 1 have longer",
    ]
    assert graded.call("extend").stdout == done.stdout
    assert graded.call("extend", "ann").stdout == done.stdout
    assert graded.call("extend", "ann", "--days", "0").stdout == f"{due}, 0 have longer\n"


def test_an_extension_for_a_stranger_or_of_less_than_nothing_is_refused(graded):
    done = graded.call("extend", "nobody", "--days", "2")
    assert done.exit_code == 1 and "nbgrader db student add nobody" in done.stderr
    done = graded.call("extend", "ann", "--days=-2")
    assert done.exit_code == 1 and "expected days and hours from 0 on" in done.stderr


def test_records_of_a_regraded_submission_are_whole(graded):
    for student in CLASS:
        told = json.loads((graded.root / "autograded" / student / f"{LESSON}.json").read_text())
        notebook = graded.root / "autograded" / student / LESSON / f"{LESSON}.ipynb"
        assert told["notebook"] == records.digest(notebook.read_bytes())
