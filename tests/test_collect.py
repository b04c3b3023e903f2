import os
from datetime import datetime

import nbformat
import pytest

from autograder.collect import collect, folders
from autograder.errors import AutograderError
from autograder.sanitise import MAX_BYTES
from tests import small_lesson
from tests.small_lesson import LESSON, as_bytes

RELEASE = small_lesson.release()
NOTEBOOK = as_bytes(small_lesson.right())
OTHER_LESSON = as_bytes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", id="solution-other")]))


def hand_in(root, student, **files):
    """Write files into a student's folder; `ipynb` is the notebook of the right name."""
    folder = root / student / LESSON
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / (f"{LESSON}.ipynb" if name == "ipynb" else name)).write_bytes(data)
    return folder


def only(root):
    (submission,) = collect(root, LESSON, RELEASE)
    return submission


def test_each_student_with_the_lesson_is_collected_in_order(tmp_path):
    for student in ("b", "a", "Zoe, =1+1"):
        hand_in(tmp_path, student, ipynb=NOTEBOOK)
    (tmp_path / "c" / "another-lesson").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    found = list(collect(tmp_path, LESSON, RELEASE))
    assert [each.student for each in found] == ["Zoe, =1+1", "a", "b"]
    assert all((each.state, each.remark, each.notebook) == ("found", "", NOTEBOOK) for each in found)
    assert len(folders(tmp_path, LESSON)) == 3


def test_a_missing_folder_of_submissions_is_an_error_that_says_what_was_expected(tmp_path):
    with pytest.raises(AutograderError, match="submissions lie in"):
        list(collect(tmp_path / "nowhere", LESSON, RELEASE))


NAMES = ["modular-layers (1).ipynb", "Kopie.IPYNB", "modular-layers.ipynb.txt", "4711_lee.ipynb"]


@pytest.mark.parametrize("name", NAMES)
def test_a_renamed_notebook_is_recognised_by_its_cells(tmp_path, name):
    hand_in(tmp_path, "lee", **{name: NOTEBOOK, "notes.txt": b"", "other.ipynb": OTHER_LESSON})
    submission = only(tmp_path)
    assert (submission.state, submission.notebook) == ("renamed", NOTEBOOK)
    assert name in submission.remark


def test_the_notebook_with_the_right_name_counts_and_others_are_named(tmp_path):
    older = as_bytes(RELEASE)
    hand_in(tmp_path, "lee", **{"ipynb": NOTEBOOK, "modular-layers (1).ipynb": older, "same.ipynb": NOTEBOOK})
    submission = only(tmp_path)
    assert (submission.state, submission.notebook) == ("found", NOTEBOOK)
    assert submission.remark == "also there, not graded: modular-layers (1).ipynb"


STATES = [
    ("no notebook", {}),
    ("no notebook", {"essay.pdf": b"%PDF"}),
    ("several notebooks", {"a.ipynb": NOTEBOOK, "b.ipynb": as_bytes(RELEASE)}),
    ("another notebook", {"ipynb": OTHER_LESSON}),
    ("not JSON", {"ipynb": b"<html>log in first</html>"}),
    ("nbformat 3", {"ipynb": b'{"nbformat": 3, "worksheets": []}'}),
    ("empty", {"ipynb": b""}),
    ("too large", {"ipynb": b" " * (MAX_BYTES + 1)}),
]


@pytest.mark.parametrize("state, files", STATES, ids=range(len(STATES)))
def test_what_cannot_be_graded_is_named_in_one_line(tmp_path, state, files):
    hand_in(tmp_path, "lee", **files)
    submission = only(tmp_path)
    assert (submission.state, submission.gradable, submission.notebook) == (state, False, b"")
    assert submission.remark and "\n" not in submission.remark and len(submission.remark) < 200


def test_two_equal_copies_under_other_names_are_one_notebook(tmp_path):
    hand_in(tmp_path, "lee", **{"a.ipynb": NOTEBOOK, "b.ipynb": NOTEBOOK})
    assert only(tmp_path).state == "renamed"


def test_links_to_secrets_and_to_other_students_are_not_followed(tmp_path):
    root = tmp_path / "submitted"
    secret = tmp_path / f"{LESSON}.ipynb"
    secret.write_bytes(NOTEBOOK)
    theirs = hand_in(root, "bob", ipynb=NOTEBOOK)
    hand_in(root, "eve").joinpath(f"{LESSON}.ipynb").symlink_to(secret)
    hand_in(root, "kim").joinpath(f"{LESSON}.ipynb").symlink_to(theirs / f"{LESSON}.ipynb")
    hand_in(root, "lou").joinpath(f"{LESSON}.ipynb").symlink_to(f"{LESSON}.ipynb")
    (root / "max").mkdir()
    (root / "max" / LESSON).symlink_to(theirs)
    (root / "ned").symlink_to(root / "bob")
    states = {each.student: each.state for each in collect(root, LESSON, RELEASE)}
    assert states.pop("bob") == "found"
    assert states == dict.fromkeys(("eve", "kim", "lou", "max", "ned"), "link outside")


def test_a_pipe_or_a_folder_in_the_notebooks_place_does_not_stop_the_batch(tmp_path):
    os.mkfifo(hand_in(tmp_path, "pipe") / f"{LESSON}.ipynb")
    (hand_in(tmp_path, "folder") / f"{LESSON}.ipynb").mkdir()
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / LESSON).write_bytes(NOTEBOOK)
    states = {each.student: each.state for each in collect(tmp_path, LESSON, RELEASE)}
    assert states == {"pipe": "no file", "folder": "no file", "file": "not readable"}


def test_a_course_folder_that_is_itself_a_link_is_fine(tmp_path):
    hand_in(tmp_path / "disk", "lee", ipynb=NOTEBOOK)
    (tmp_path / "submitted").symlink_to(tmp_path / "disk")
    assert only(tmp_path / "submitted").state == "found"


TIMES = [
    (b"2026-03-01 12:00:00.500000 UTC\n", datetime(2026, 3, 1, 12, 0, 0, 500000), False),
    (b"2026-03-01 12:00:00 Europe/Zurich", datetime(2026, 3, 1, 11, 0), False),
    (b"2026-03-01 12:00:00 Nowhere/Atall", datetime(2026, 3, 1, 12, 0), False),
    (b"yesterday", None, True),
    (b"\xff\xfe", None, True),
    (b"9" * 10_000, None, True),
    (b"", None, True),
]


@pytest.mark.parametrize("text, expected, damaged", TIMES, ids=range(len(TIMES)))
def test_the_time_of_submission_is_read_as_nbgrader_reads_it(tmp_path, text, expected, damaged):
    hand_in(tmp_path, "lee", **{"ipynb": NOTEBOOK, "timestamp.txt": text})
    submission = only(tmp_path)
    assert submission.gradable
    assert submission.timestamp == expected
    assert ("timestamp.txt" in submission.remark) is damaged


def test_names_of_files_cannot_break_the_line(tmp_path):
    hand_in(tmp_path, "lee", **{"a\nb\x1b[31m" + "c" * 150 + ".ipynb": NOTEBOOK})
    assert only(tmp_path).remark.isprintable() and len(only(tmp_path).remark) < 100


def test_weights_are_read_only_where_a_lesson_asks_for_them(tmp_path):
    hand_in(tmp_path, "lee", **{"ipynb": NOTEBOOK, "weights.npz": b"no weights of this lesson"})
    assert (only(tmp_path).weights, only(tmp_path).has_weights) == (None, "")
