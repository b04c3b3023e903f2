import csv
import io

import pytest

from autograder.engine import Result
from autograder.exports import grades, per_question, text
from autograder.gradebook import Entry, Score


def score(points, most=3.0):
    return Score(points, most, by_hand=False, comment="")


def entry(student, *points, last="", penalty=0.0):
    names = ("test-affine_forward", "test-relu_forward", "written-1")
    return Entry(student, "", last, None, penalty, dict(zip(names, map(score, points), strict=True)))


def result(student, state="graded", reason=""):
    return Result(student, "modular-layers", state, reason, b"", {}, seed=1, level="A")


def rows(entries, results=()):
    table = per_question(grades(entries, results))
    return list(csv.DictReader(io.StringIO(table)))


def test_each_submission_is_a_line_and_each_question_a_column():
    (line,) = rows([entry("lee", 3.0, 2.5, 1.0)], [result("lee")])
    assert line == {
        "student": "lee", "last name": "", "first name": "", "test-affine_forward": "3",
        "test-relu_forward": "2.5", "written-1": "1", "late penalty": "0", "so far": "6.5", "total": "6.5",
        "of": "9", "state": "graded", "reason": "", "level": "A",
    }  # fmt: skip


def test_a_question_that_waits_for_a_person_is_waiting_and_so_is_the_total():
    (line,) = rows([entry("lee", 3.0, 2.5, None)], [result("lee")])
    assert (line["written-1"], line["total"], line["so far"]) == ("waiting", "waiting", "5.5")


def test_a_penalty_for_being_late_is_taken_off_and_never_below_zero():
    first, second = rows([entry("a", 3.0, 2.5, 1.0, penalty=2.0), entry("b", 1.0, 0.0, 0.0, penalty=2.0)])
    assert (first["total"], second["total"]) == ("4.5", "0")


def test_state_and_reason_come_from_the_last_grading():
    failed = result("lee", "failed", 'the file is "empty", or so')
    (line,) = rows([entry("lee", 0.0, 0.0, 0.0)], [failed])
    assert (line["state"], line["reason"]) == ("failed", 'the file is "empty", or so')
    (line,) = rows([entry("lee", 0.0, 0.0, 0.0)])
    assert (line["state"], line["level"]) == ("not graded here", "")


@pytest.mark.parametrize("name", ["Lee, Ann", 'the "best"', "two\nlines", "=1+1", "+1", "-1", "@a", "\tb"])
def test_every_name_stays_in_its_column_and_none_is_a_formula(name):
    (line,) = rows([entry(name, 1.0, 1.0, 1.0, last=name)], [result(name)])
    assert line["student"] == line["last name"] == text(name)
    assert line["student"].removeprefix("'") == name and line["total"] == "3"
    assert not line["student"].startswith(("=", "+", "-", "@", "\t"))


def test_every_field_is_quoted():
    table = per_question(grades([entry("lee", 1.0, 1.0, None)], []))
    assert all(part.startswith('"') and part.endswith('"') for part in table.strip().split("\n"))
    assert table.count('"') == 2 * 13 * 2


def test_a_lesson_without_submissions_has_a_heading_only():
    assert rows([]) == [] and per_question([]).count("\n") == 1
