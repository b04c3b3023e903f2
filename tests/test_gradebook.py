import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader import api
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import records
from autograder.automatic import NO_ANSWER
from autograder.engine import Job, Result, executed, failed, grade
from autograder.errors import AutograderError
from autograder.gradebook import Gradebook
from tests import small_lesson
from tests.small_lesson import LESSON, as_bytes, cell

RELEASE = small_lesson.release()
WHEN = datetime(2026, 3, 1, 12, 30)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    """Return a new gradebook as bytes: to make one takes seconds."""
    path = tmp_path_factory.mktemp("new") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}", "a-course", LESSON, RELEASE):
        pass
    return path.read_bytes()


@pytest.fixture(scope="module")
def template(postgresql):
    """Return the server, with a new gradebook to copy."""
    with Gradebook(postgresql.create("template"), "a-course", LESSON, RELEASE):
        pass
    yield postgresql
    postgresql.drop("template")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Return the address of a new gradebook, in each kind of database."""
    if request.param == "sqlite":
        (tmp_path / "gradebook.db").write_bytes(request.getfixturevalue("sqlite"))
        yield f"sqlite:///{tmp_path}/gradebook.db"
    else:
        server = request.getfixturevalue("template")
        yield server.create("copy", template="template")
        server.drop("copy")


@pytest.fixture
def book(url):
    with Gradebook(url, "a-course", LESSON, RELEASE) as book:
        yield book


@pytest.fixture(scope="module")
def graded():
    """Return the Result of right answers and a written one, run for real once."""
    notebook = small_lesson.right(written_1="The chain rule.")
    return grade(Job("lee", small_lesson.bundle(), as_bytes(notebook), seed=3))


def result(student="lee", points=(3, 2.5, 0), answer="An answer.", state="graded"):
    """Return a Result that was not run."""
    notebook = small_lesson.right(written_1=answer)
    names = ("test-affine_forward", "test-affine_backward", "test-relu_forward")
    verdicts = {name: {"points": value} for name, value in zip(names, points, strict=True)}
    data = executed(notebook, {})
    return Result(student, LESSON, state, "", data, verdicts, seed=3)


def by_hand(url, points, comment="", student="lee", cell="written-1"):
    """Grade a cell as the formgrader does."""
    with api.Gradebook(url, "a-course") as book:
        grade = book.find_grade(cell, LESSON, LESSON, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.find_comment("written-1", LESSON, LESSON, student).manual_comment = comment
        book.db.commit()


def points(book):
    return {name: [score.points for score in entry.scores.values()] for name, entry in book.entries().items()}


def test_points_are_recorded_and_a_written_answer_waits(book):
    book.record(result(), WHEN)
    (entry,) = book.entries().values()
    assert (entry.student, entry.timestamp) == ("lee", WHEN)
    assert {name: score.points for name, score in entry.scores.items()} == {
        "test-affine_forward": 3, "test-affine_backward": 2.5, "test-relu_forward": 0, "written-1": None,
    }  # fmt: skip
    assert [score.max_points for score in entry.scores.values()] == [3, 3, 2, 3]


def test_one_submission_is_read_as_all_are(book):
    for student in ("b", "a", "c"):
        book.record(result(student))
    assert list(book.entries()) == ["a", "b", "c"]
    assert book.entries("b") == {"b": book.entries()["b"]} and book.entries("nobody") == {}


def test_a_written_answer_that_was_left_as_released_has_no_points_and_nobody_waits(book):
    book.record(result(answer=cell(RELEASE, "written-1").source))
    (entry,) = book.entries().values()
    assert (entry.scores["written-1"].points, entry.scores["written-1"].comment) == (0, NO_ANSWER)


def test_points_given_by_hand_count_and_are_never_overwritten(book, url):
    book.record(result())
    by_hand(url, 2.0, "Good.")
    by_hand(url, 1.0, "Good.", cell="test-relu_forward")
    for changed in (False, True):
        book.record(result(points=(0, 0, 0)), changed=changed)
        (entry,) = book.entries().values()
        written = entry.scores["written-1"]
        assert (written.points, written.by_hand, written.comment) == (2.0, True, "Good.")
        assert points(book)["lee"] == [0, 0, 1.0, 2.0]


def needs_grading(url, student="lee"):
    with api.Gradebook(url, "a-course") as book:
        answer = book.find_submission(LESSON, student).needs_manual_grade
    return answer


def test_a_changed_submission_asks_the_person_to_look_again_and_an_unchanged_one_does_not(book, url):
    book.record(result())
    assert needs_grading(url)
    by_hand(url, 2.0)
    book.record(result(), changed=False)
    assert not needs_grading(url)
    book.record(result(answer="Another."), changed=True)
    assert needs_grading(url)


def test_a_failed_submission_has_no_points_and_its_reason_as_comment(book):
    book.record(failed(Job("lee", small_lesson.bundle(), b"", 1), "the file is empty"))
    (entry,) = book.entries().values()
    assert points(book)["lee"] == [0, 0, 0, 0]
    assert entry.scores["written-1"].comment == "the file is empty"


def test_a_submission_is_recorded_whole_or_not_at_all(book, monkeypatch):
    book.record(result(points=(1, 1, 1)), WHEN)

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Gradebook, "_penalise", stopped)
    for student in ("lee", "new"):
        with pytest.raises(KeyboardInterrupt):
            book.record(result(student, points=(3, 3, 2)))
    assert points(book) == {"lee": [1, 1, 1, None]}
    assert book.entries()["lee"].timestamp == WHEN


def test_the_same_lesson_can_be_opened_again_and_another_one_with_its_name_cannot(book, url):
    book.record(result())
    with Gradebook(url, "a-course", LESSON, RELEASE) as again:
        assert points(again) == {"lee": [3, 2.5, 0, None]}
    other = small_lesson.release()
    other.cells = [each for each in other.cells if each.id != "test-relu_forward"]
    with pytest.raises(AutograderError, match="other graded cells"):
        Gradebook(url, "a-course", LESSON, other)


def test_whatever_a_student_raised_can_be_recorded(book):
    book.record(failed(Job("lee", small_lesson.bundle(), b"", 1), "zero \x00, half a letter \ud800"))
    assert book.entries()["lee"].scores["written-1"].comment == "zero ?, half a letter ?"


def test_a_name_that_is_too_long_for_nbgrader_is_refused_on_every_database(book):
    with pytest.raises(AutograderError, match="at most 128 characters, this one has 129: rename"):
        book.record(result("s" * 129))
    book.record(result("s" * 128))
    assert list(book.entries()) == ["s" * 128]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_an_entry_that_nbgrader_refuses_is_one_line_and_nothing_is_recorded(book, monkeypatch):
    def refuse(*_arguments, **_named):
        raise api.InvalidEntry("UNIQUE constraint failed\nand a whole statement")

    with monkeypatch.context() as patch, pytest.raises(AutograderError) as caught:
        patch.setattr(api.Gradebook, "update_or_create_submission", refuse)
        book.record(result())
    assert str(caught.value) == "the gradebook refuses an entry: UNIQUE constraint failed"
    assert book.people() == []


def test_names_of_students_are_not_touched_by_grading(book, url):
    with api.Gradebook(url, "a-course") as other:
        other.add_student("lee", first_name="Ann", last_name="Lee, Jr.")
    book.record(result())
    (entry,) = book.entries().values()
    assert (entry.first_name, entry.last_name) == ("Ann", "Lee, Jr.")


@pytest.fixture
def course(tmp_path, graded, book):
    """Return a course folder in which one submission was handed in, graded and recorded."""
    for step, data in (("source", as_bytes(RELEASE)), ("release", as_bytes(RELEASE))):
        folder = tmp_path / step / LESSON
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.ipynb").write_bytes(data)
    submitted = tmp_path / "submitted" / "lee" / LESSON
    submitted.mkdir(parents=True)
    (submitted / f"{LESSON}.ipynb").write_bytes(as_bytes(small_lesson.right()))
    (submitted / "timestamp.txt").write_text("2026-03-01 12:30:00 UTC")
    records.write_notebook(tmp_path / "autograded", graded, WHEN)
    book.record(graded, WHEN)
    return tmp_path


def test_nbgraders_formgrader_sees_the_submission_as_graded(course, url):
    config = Config({"CourseDirectory": {"root": str(course), "db_url": url, "course_id": "a-course"}})
    seen = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    assert seen.get_autograded_students(LESSON) == {"lee"}
    (submission,) = seen.get_submissions(LESSON)
    assert submission["autograded"] and submission["submitted"] is not None
    assert (submission["score"], submission["max_score"], submission["needs_manual_grade"]) == (8, 11, True)
    (notebook,) = seen.get_notebook_submissions(LESSON, LESSON)
    assert notebook["failed_tests"] is False and notebook["index"] == 0
    seen.gradebook.engine.dispose()


def nbgrader(course, url, *arguments):
    paths = [str(Path(sys.executable).parent), os.environ["PATH"]]
    (course / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'a-course'\nc.CourseDirectory.db_url = {url!r}\n"
    )
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course, env={**os.environ, "PATH": os.pathsep.join(paths)}, capture_output=True, text=True,
    )  # fmt: skip


def test_nbgraders_own_feedback_and_export_work_on_it_and_hold_no_seed(course, url):
    done = nbgrader(course, url, "generate_feedback", LESSON)
    assert done.returncode == 0, done.stderr
    folder = course / "feedback" / "lee" / LESSON
    assert {path.name for path in folder.iterdir()} == {f"{LESSON}.html", "timestamp.txt"}
    assert "8.0" in (folder / f"{LESSON}.html").read_text() and "The chain rule." in (
        folder / f"{LESSON}.html"
    ).read_text()
    done = nbgrader(course, url, "export")
    assert done.returncode == 0, done.stderr
    line = (course / "grades.csv").read_text().splitlines()[1]
    assert line.split(",")[3] == "lee" and line.endswith("8.0,11.0")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_nbgraders_own_autograde_skips_what_was_graded_here(course, url):
    before = (course / "autograded" / "lee" / LESSON / f"{LESSON}.ipynb").read_bytes()
    done = nbgrader(course, url, "autograde", LESSON)
    assert done.returncode == 0 and "Skipping existing assignment" in done.stderr
    assert (course / "autograded" / "lee" / LESSON / f"{LESSON}.ipynb").read_bytes() == before


def test_without_a_time_of_submission_an_older_one_is_forgotten(course, graded, book):
    records.write_notebook(course / "autograded", graded, None)
    book.record(graded, None)
    assert not (course / "autograded" / "lee" / LESSON / "timestamp.txt").exists()
    assert book.entries()["lee"].timestamp is None
    nbformat.validate(nbformat.reads(graded.notebook.decode(), as_version=4))
