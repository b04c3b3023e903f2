"""What being late costs: due dates, extensions, nbgrader's plugin of the course."""

from datetime import datetime, timedelta

import pytest
from nbgrader import api
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from autograder import late
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.gradebook import Gradebook
from tests import small_lesson
from tests.small_lesson import LESSON
from tests.test_gradebook import by_hand, result

DUE = datetime(2026, 3, 1, 12)
DAY = timedelta(days=1)
PER_DAY = """
from nbgrader.plugins import LateSubmissionPlugin

class PerDay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * 0.1 * total_seconds_late / 86400

c = get_config()
c.AssignLatePenalties.plugin_class = PerDay
"""


@pytest.mark.parametrize("handed_in, due, extension, seconds", [
    (DUE + DAY, DUE, None, 86400),
    (DUE, DUE, None, 0),
    (DUE - DAY, DUE, None, 0),
    (DUE + 2 * DAY, DUE, DAY, 86400),
    (DUE + DAY, DUE, 2 * DAY, 0),
    (DUE + DAY, None, DAY, 0),
    (None, DUE, None, 0),
])  # fmt: skip
def test_seconds_are_counted_from_the_due_date_and_the_extension(handed_in, due, extension, seconds):
    assert late.seconds_late(handed_in, due, extension) == seconds


def penalty(plugin=None, **settings):
    chosen = {"AssignLatePenalties": {"plugin_class": plugin}} if plugin else {}
    return late.penalty(Config({**chosen, **settings}))


class Asks(LateSubmissionPlugin):
    wants = 0

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return self.wants


@pytest.mark.parametrize("wants, taken_off", [(None, 0), (-1, 0), (2.5, 2.5), (99, 8)])
def test_nothing_is_given_and_no_more_taken_than_there_is(monkeypatch, wants, taken_off):
    monkeypatch.setattr(Asks, "wants", wants)
    assert penalty(Asks)("lee", 8.0, 60.0) == taken_off


def test_nbgraders_own_methods_are_known():
    assert penalty()("lee", 8.0, 60.0) == 0
    zero = penalty(LateSubmissionPlugin={"penalty_method": "zero"})
    assert (zero("lee", 8.0, 60.0), zero("lee", 8.0, 0.0)) == (8, 0)


def test_a_plugin_that_cannot_be_used_is_said_in_one_line(monkeypatch):
    with pytest.raises(AutograderError, match="plugin_class nowhere.Plugin cannot be used"):
        penalty("nowhere.Plugin")
    monkeypatch.setattr(Asks, "late_submission_penalty", lambda *_: 1 / 0)
    with pytest.raises(AutograderError, match="late penalty of lee .*ZeroDivisionError"):
        penalty(Asks)("lee", 8.0, 60.0)


@pytest.fixture
def course(tmp_path):
    """Return a course that takes a tenth a day off."""
    for step in ("source", "release"):
        (tmp_path / step / LESSON).mkdir(parents=True)
    (tmp_path / "release" / LESSON / f"{LESSON}.ipynb").write_bytes(small_lesson.bundle().release)
    (tmp_path / "source" / LESSON / "course-1.0.0-py3-none-any.whl").write_bytes(b"a wheel")
    url = f"sqlite:///{tmp_path}/gradebook.db"
    settings = f"c.CourseDirectory.root = {str(tmp_path)!r}\nc.CourseDirectory.db_url = {url!r}\n"
    settings += "c.CourseDirectory.course_id = 'a-course'\n"
    (tmp_path / "nbgrader_config.py").write_text(PER_DAY + settings)
    monkey = pytest.MonkeyPatch()
    monkey.setattr(api, "get_alembic_version", lambda: "a version")  # a process of its own, and seconds
    yield Folder(tmp_path, LESSON), url
    monkey.undo()


def set_due_date(url, due=DUE):
    with api.Gradebook(url, "a-course") as book:
        book.update_or_create_assignment(LESSON, duedate=due)


def test_what_the_course_takes_off_is_recorded_and_follows_points_dates_and_extensions(course):
    folder, url = course
    set_due_date(url)
    with folder.gradebook() as book:
        book.record(result(points=(3, 3, 2)), DUE + 2 * DAY)
        book.record(result("punctual"), DUE)

        def taken_off():
            with api.Gradebook(url, "a-course") as stock:
                kept = stock.find_submission(LESSON, "lee").late_submission_penalty
            entry = book.entries()["lee"]
            assert entry.late_penalty == kept and book.entries()["punctual"].late_penalty == 0
            return kept

        assert taken_off() == pytest.approx(0.1 * 2 * 8)
        by_hand(url, 2.0)
        book.settle()
        assert taken_off() == pytest.approx(0.1 * 2 * 10)
        book.extend("lee", DAY)
        assert taken_off() == pytest.approx(0.1 * 1 * 10)
        assert book.entries()["lee"].seconds_late == 86400
        book.extend("lee", 3 * DAY)  # instead of the other, not besides
        assert taken_off() == 0
        book.record(result(points=(3, 3, 2)), DUE + 4 * DAY)
        assert taken_off() == pytest.approx(0.1 * 1 * 10)
        book.extend("lee", 0 * DAY)
        assert taken_off() == pytest.approx(0.1 * 4 * 10)
        set_due_date(url, DUE + 9 * DAY)
        book.settle()
        assert taken_off() == 0


def test_an_extension_can_be_given_before_anything_is_handed_in(course):
    folder, url = course
    set_due_date(url)
    with folder.gradebook() as book:
        book.extend("lee", 2 * DAY)
        assert book.entries() == {} and book.dates().extensions == {"lee": 2 * DAY}
        with api.Gradebook(url, "a-course") as stock:
            assert not stock.find_submission(LESSON, "lee").needs_manual_grade
        book.record(result(), DUE + 3 * DAY)
        entry = book.entries()["lee"]
        assert (entry.seconds_late, entry.scores["written-1"].points) == (86400, None)
        assert entry.late_penalty == pytest.approx(0.55)
        with api.Gradebook(url, "a-course") as stock:
            assert stock.find_submission(LESSON, "lee").total_seconds_late == 86400


def test_without_a_due_date_nothing_is_late_and_no_extension_is_given(course):
    folder, _ = course
    with folder.gradebook() as book:
        book.record(result(), DUE + 9 * DAY)
        assert book.entries()["lee"].late_penalty == 0
        with pytest.raises(AutograderError, match="no due date: nbgrader db assignment add"):
            book.extend("lee", DAY)


def test_a_course_that_says_nothing_takes_nothing_off(tmp_path):
    with Gradebook(f"sqlite:///{tmp_path}/new.db", "a-course", LESSON, small_lesson.release()) as book:
        book.record(result(), DUE)
        assert book.entries()["lee"].late_penalty == 0
