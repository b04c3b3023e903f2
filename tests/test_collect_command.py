"""`autograder collect --from`, its roster and its rehearsal, and `autograder grade --dry-run`."""

import pytest
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.folder import Folder
from autograder.people import Person
from tests import small_lesson
from tests.handed_in import exchange, zipped
from tests.small_lesson import LESSON, RIGHT, as_bytes, make_course

WRONG = RIGHT["affine_forward"].replace(" + b", "")
ROSTER = """id,First name,Last name,E-mail,lms_user_id
ann,Ann,Lee,ann@x.org,12
jo,Jo,"Doe, jr",,13
"""
ATTEMPTS = [
    (
        "ann",
        "2026-03-01 09:00:00 UTC",
        {f"{LESSON}.ipynb": as_bytes(small_lesson.right(affine_forward=WRONG))},
    ),
    ("ann", "2026-03-01 10:00:00 UTC", {f"{LESSON}.ipynb": as_bytes(small_lesson.right())}),
    ("ann", "2026-03-01 11:00:00 UTC", {f"{LESSON}.ipynb": as_bytes(small_lesson.release())}),
    ("zoe", "2026-03-01 11:00:00 UTC", {"x.txt": b""}),
]


class Course:
    """A course in which commands are called; what they said is returned as lines."""

    def __init__(self, root):
        self.root = make_course(root)
        self.folder = Folder(root, LESSON)

    def call(self, command, *arguments, code=0):
        done = CliRunner().invoke(app, [command, LESSON, *map(str, arguments)])
        assert done.exit_code == code, done.output
        return done.output.splitlines()

    def notebook(self, student):
        return (self.folder.submitted / student / LESSON / f"{LESSON}.ipynb").read_bytes()


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.root.ROOT", tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER)
    return path


def test_a_canvas_download_is_collected_by_the_roster(course, roster, tmp_path):
    files = {f"leeann_12_1_{LESSON}.ipynb": as_bytes(small_lesson.right()), "poemax_14_2_x.ipynb": b""}
    source = zipped(tmp_path / "in.zip", files)
    assert course.call("collect", "--from", source, "--roster", roster) == [
        f"{source}: a Canvas download",
        "ann: new, found",
        "poemax_14: new, empty (x.ipynb: the file is empty; not in the roster)",
        f"{LESSON}: 2 submissions, 1 can be graded; 2 new",
    ]
    assert course.call("collect", "--from", source)[-1].endswith("1 can be graded; 2 unchanged")
    assert course.call("collect")[0] == "ann: found"
    with course.folder.gradebook() as book:
        assert book.people() == [
            Person("ann", "Ann", "Lee", "ann@x.org", "12"),
            Person("jo", "Jo", "Doe, jr", "", "13"),
        ]


def test_a_roster_alone_is_entered_and_a_second_one_changes_what_it_says(course, roster):
    said = course.call("collect", "--roster", roster)
    assert said == [f"{LESSON}: 2 students in the roster, no submissions yet"]
    roster.write_text("id;email\njo;jo@x.org\nmax;\n")
    course.call("collect", "--roster", roster)
    with course.folder.gradebook() as book:
        assert {person.id: person.email for person in book.people()} == {
            "ann": "ann@x.org", "jo": "jo@x.org", "max": "",
        }  # fmt: skip
        assert book.people()[1].last_name == "Doe, jr"


BAD = [
    ("name\nann\n", "expected the headings id"),
    ("id\nann\nann\n", "the id ann is there twice"),
    ("id\n../x\n", "line 2: '../x' cannot be the name of a folder"),
    ("id\n..\n", "cannot be the name of a folder"),
    ("id,email\n,x\n", "cannot be the name of a folder"),
    ("", "is empty"),
    ("id\n\xff\n".encode("latin-1"), "not a CSV file in UTF-8"),
]


@pytest.mark.parametrize("content, said", BAD, ids=range(len(BAD)))
def test_a_roster_that_does_not_fit_is_refused_and_nothing_is_entered(course, tmp_path, content, said):
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (line,) = course.call("collect", "--roster", path, code=1)
    assert said in line and not (course.root / "gradebook.db").exists()


def test_the_best_attempt_is_found_by_grading(course, tmp_path):
    source = exchange(tmp_path / "exchange", *ATTEMPTS)
    said = course.call("collect", "--from", source, "--keep", "best")
    assert said[1] == "ann: new, found (the best of 3 attempts)"
    assert course.notebook("ann") == ATTEMPTS[1][2][f"{LESSON}.ipynb"]
    assert not (course.root / "autograded").exists()


def test_the_last_attempt_counts_unless_the_first_is_asked_for(course, tmp_path):
    source = exchange(tmp_path / "exchange", *ATTEMPTS)
    course.call("collect", "--from", source)
    assert course.notebook("ann") == ATTEMPTS[2][2][f"{LESSON}.ipynb"]
    assert course.call("collect", "--from", source, "--keep", "first")[1].startswith("ann: replaced, found")
    assert course.notebook("ann") == ATTEMPTS[0][2][f"{LESSON}.ipynb"]


def test_a_rehearsal_of_collecting_writes_nothing(course, roster, tmp_path):
    source = exchange(tmp_path / "exchange", *ATTEMPTS)
    before = sorted(course.root.rglob("*"))
    said = course.call("collect", "--from", source, "--roster", roster, "--dry-run", "1")
    assert said[1:] == [
        "ann: new, found (the last of 3 attempts)",
        f"{LESSON}: 1 submission, 1 can be graded; 1 new; nothing was written",
    ]
    assert sorted(course.root.rglob("*")) == before


def test_a_rehearsal_of_grading_says_what_the_first_are_worth_and_records_nothing(course, tmp_path):
    course.call("collect", "--from", exchange(tmp_path / "exchange", *ATTEMPTS[:2], *ATTEMPTS[3:]))
    before = sorted(course.root.rglob("*"))
    assert course.call("grade", "--dry-run", "2") == [
        "ann: 8 of 8 points, graded",
        "zoe: 0 of 8 points, failed (no notebook: only timestamp.txt, x.txt)",
        f"{LESSON}: 2 tried, nothing recorded",
    ]
    assert sorted(course.root.rglob("*")) == before


def test_a_rehearsal_without_submissions_says_so(course):
    course.folder.submitted.mkdir()
    (line,) = course.call("grade", "--dry-run", "3", code=1)
    assert line.startswith(f"autograder: no submissions of {LESSON}")
