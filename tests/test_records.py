from dataclasses import replace
from datetime import datetime

import pytest

from autograder import records
from autograder.collect import Submission
from autograder.engine import Job, failed
from autograder.records import Graded
from autograder.weights import Weights
from tests import small_lesson
from tests.small_lesson import LESSON

WHAT = Graded("a submission", "a lesson")
RESULT = failed(Job("lee", small_lesson.bundle(), b"", seed=7), "the file is empty")
RECORD = f"lee/{LESSON}.json"
NOTEBOOK = f"lee/{LESSON}/{LESSON}.ipynb"


@pytest.fixture
def autograded(tmp_path):
    """Return a folder in which one Result was kept."""
    records.write_notebook(tmp_path, RESULT, datetime(2026, 3, 1, 12, 30))
    records.write_record(tmp_path, RESULT, WHAT)
    return tmp_path


def test_a_record_comes_back_as_the_result_that_was_written(autograded):
    assert records.read(autograded, "lee", LESSON) == (RESULT, WHAT)
    assert (autograded / RECORD).stat().st_mode & 0o777 == 0o600


DAMAGES = ["", "{", "[]", "null", '{"graded": "x"}', '{"graded": {}, "notes": []}', '{"seed": "x"}']


@pytest.mark.parametrize("text", DAMAGES)
def test_a_damaged_record_is_none(autograded, text):
    (autograded / RECORD).write_text(text)
    assert records.read(autograded, "lee", LESSON) is None
    assert records.seed(autograded, "lee", LESSON, WHAT.submission) is None


def test_a_record_without_its_notebook_is_none_but_still_knows_the_seed(autograded):
    (autograded / NOTEBOOK).unlink()
    assert records.read(autograded, "lee", LESSON) is None
    assert records.seed(autograded, "lee", LESSON, WHAT.submission) == 7


def test_a_record_beside_the_notebook_of_a_later_grading_is_none_but_still_knows_the_seed(autograded):
    later = replace(RESULT, notebook=RESULT.notebook + b"\n")
    records.write_notebook(autograded, later, None)
    assert records.read(autograded, "lee", LESSON) is None
    assert records.seed(autograded, "lee", LESSON, WHAT.submission) == 7


def test_what_a_killed_grading_left_is_swept_away_and_nothing_else(autograded):
    left = [autograded / "lee" / f".{LESSON}.json.abc", autograded / "lee" / LESSON / f".{LESSON}.ipynb.abc"]
    for path in left:
        path.touch()
    records.write_notebook(autograded, RESULT, datetime(2026, 3, 1, 12, 30))
    assert not any(path.exists() for path in left)
    assert records.read(autograded, "lee", LESSON) == (RESULT, WHAT)


def test_another_submission_has_no_seed_yet(autograded):
    assert records.seed(autograded, "lee", LESSON, "another submission") is None
    assert records.seed(autograded, "ann", LESSON, WHAT.submission) is None


def submission(notebook=b"a", remark="", weights=None):
    return Submission("lee", LESSON, "found", remark, notebook, weights)


def test_what_was_graded_is_the_notebook_with_its_weights_and_the_release():
    bundle = small_lesson.bundle()
    others = [
        records.graded(submission(b"b"), bundle),
        records.graded(submission(weights=Weights(b"numbers")), bundle),
        records.graded(submission(b"", "the file is empty"), bundle),
        records.graded(submission(b"", "the folder is empty"), bundle),
    ]
    one = records.graded(submission(), bundle)
    assert len({one.submission, *(other.submission for other in others)}) == 5
    assert {other.lesson for other in others} == {one.lesson}
    assert records.graded(submission(), replace(bundle, release=b"other")) == Graded(
        one.submission, records.digest(LESSON.encode(), b"other")
    )
    assert records.graded(submission(remark="renamed"), replace(bundle, wheel=b"new wheel")) == one
