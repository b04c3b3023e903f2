"""The page on the course: every row of it names what is there."""

import re
from dataclasses import replace

import pytest

from autograder import build
from autograder.build import ROOT, BuildError, course_page
from course.checks import tasks
from course.checks.lessons import LESSONS, WEIGHED
from course.checks.wholes import WHOLES

ROWS = course_page.read_rows(ROOT / "docs" / "rows.toml")


@pytest.fixture(scope="module")
def lessons():
    return [build.read(name) for name in build.in_order()]


def test_the_page_is_what_the_lessons_make(lessons):
    assert (ROOT / "docs" / "course.md").read_text(encoding="utf-8") == course_page.course_page(lessons, ROWS)


def test_every_check_of_the_course_stands_in_a_row():
    named = [check for row in ROWS for check in row.get("checks", ())]
    wholes = [task.stem for task in WHOLES.values()]
    every = [stem for lesson in LESSONS for stem in tasks(lesson)]
    assert sorted(named) == sorted(every + wholes)
    assert WEIGHED not in named  # C.5 names the tests of handed-in nets instead


def test_every_row_is_shown_or_tested_somewhere():
    for row in ROWS:
        assert row.get("checks") or row.get("picture") or row.get("tests"), row["id"]
        for path in row.get("tests", ()):
            assert (ROOT / path).is_file(), path


def test_the_rows_are_those_of_the_course_each_once():
    ids = [row["id"] for row in ROWS]
    assert len(set(ids)) == len(ids)
    numbered = {part: sum(i.startswith(f"{part}.") for i in ids) for part in "PTSMCB"}
    assert numbered == {"P": 9, "T": 5, "S": 7, "M": 8, "C": 8, "B": 7}
    assert {"L1", "L2", "L3"} <= set(ids)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"lesson": "knitting"}, "no such lesson"),
        ({"heading": "99. Nothing"}, "has no heading '99. Nothing'"),
        ({"checks": ["no_such"]}, "has no check 'no_such'"),
        ({"picture": "A horse"}, "has no picture described as 'A horse'"),
    ],
)
def test_a_row_that_names_what_is_not_there_is_refused(lessons, changed, message):
    row = {**ROWS[0], **changed}
    with pytest.raises(BuildError, match=rf"row P\.1: .*{re.escape(message)}"):
        course_page.course_page(lessons, [row])


def test_a_lesson_without_goals_is_refused(lessons):
    silent = [replace(lessons[0], cells=lessons[0].cells[:2])]
    with pytest.raises(BuildError, match="perceptron-xor: no list below"):
        course_page.course_page(silent, [])
