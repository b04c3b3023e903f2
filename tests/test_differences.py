import pytest

from autograder import late
from autograder.differences import LATE, changes, fault, lines, passed, why
from autograder.engine import Result, executed
from autograder.gradebook import Entry, Score
from tests import small_lesson
from tests.small_lesson import LESSON, cell

GROUPS = ("core", "geometry", "care")
TESTS = ("test-affine_forward", "test-affine_backward", "test-relu_forward")


def told(points, most=3, groups="core geometry care", mistake="", status="", hidden=None):
    """Return a verdict's JSON; groups: those that pass, hidden: those that pass in hidden cases."""
    named = {"name": f"affine_forward.{mistake}", "fault": "wrong"} if mistake else None
    return {
        "points": points, "max_points": most, "mistake": named, "version": "1.0.0",
        "status": status or ("right" if points == most else "wrong"),
        "groups": {name: name in groups for name in GROUPS},
        "hidden": None if hidden is None else {name: name in hidden for name in GROUPS},
    }  # fmt: skip


def result(*verdicts, answer="An answer.", state="graded", reason=""):
    notebook = executed(small_lesson.right(written_1=answer), {})
    named = dict(zip(TESTS, verdicts or (told(3), told(3), told(2, 2)), strict=False))
    return Result("lee", LESSON, state, reason, notebook, named, seed=3)


def entry(points=(3, 3, 2, None), by_hand=(), seconds_late=0.0, penalty=0.0):
    names, most = (*TESTS, "written-1"), (3, 3, 2, 3)
    each = zip(names, points, most, strict=True)
    scores = {name: Score(given, worth, name in by_hand, "") for name, given, worth in each}
    return Entry("lee", "", "", None, penalty, scores, seconds_late)


def found(*arguments, penalty=late.free):
    return [(one.question, one.before, one.after, one.why) for one in changes(*arguments, penalty)]


def test_the_same_points_are_no_change():
    assert found(entry(), result(), result()) == []


def test_a_question_whose_points_differ_is_a_change_with_its_reason():
    before = result(told(0.5, groups="care", mistake="bias_forgotten"))
    after = result(told(3), told(3), told(2, 2))
    assert found(entry((0.5, 3, 2, None)), before, after) == [
        ("test-affine_forward", 0.5, 3, "now right: core, geometry; no longer: bias forgotten")
    ]


WHYS = [
    (told(3), told(4, 4), ["worth 4 instead of 3"]),
    (told(3), told(2, groups="core"), ["now wrong: geometry, care", "now: wrong"]),
    (told(3, hidden="core geometry care"), told(2, hidden="core"),
     ["now wrong: geometry, care", "now: wrong"]),
    (told(0, groups="", status="not written"), told(3),
     ["now right: core, geometry, care", "no longer: not written"]),
    (told(0, groups="", mistake="bias_forgotten"), told(0.5, groups="care", mistake="transposed"),
     ["now right: care", "no longer: bias forgotten", "now: transposed"]),
    (told(1.5, groups="core"), told(1.75, groups="core"), ["the same cases count for more or less"]),
]  # fmt: skip


@pytest.mark.parametrize("before, after, reasons", WHYS, ids=range(len(WHYS)))
def test_the_reason_is_what_differs_between_two_verdicts(before, after, reasons):
    assert why(before, after) == reasons


def test_a_group_passes_when_its_visible_and_its_hidden_cases_do():
    assert passed(told(1, groups="core care", hidden="care")) == {
        "core": False, "geometry": False, "care": True,
    }  # fmt: skip


def test_a_verdict_that_could_not_be_reached_is_a_fault_too():
    assert fault(told(0, groups="", status="cannot decide")) == "cannot decide"


def test_points_given_by_hand_stay_and_what_the_check_gives_now_is_said():
    before, after = result(told(1, groups="core"), told(3), told(2, 2)), result()
    ((question, then, now, said),) = found(entry((2, 3, 2, None), by_hand=TESTS[:1]), before, after)
    assert (question, then, now) == (TESTS[0], 2, 2)
    assert said.startswith("given by hand, stays; the check gives 3 instead of 1; now right: geometry, care")
    assert found(entry((2, 3, 2, 2.5), by_hand=(*TESTS[:1], "written-1")), before, before) == []


def test_a_written_answer_that_waits_still_waits_and_one_left_as_released_has_no_points():
    empty = cell(small_lesson.release(), "written-1").source
    assert found(entry(), result(), result(answer=empty)) == [
        ("written-1", None, 0, "now left as released")
    ]
    assert found(entry((3, 3, 2, 0)), result(answer=empty), result()) == [("written-1", 0, None, "now waits")]


def test_a_submission_that_fails_now_says_why():
    after = result(*(told(0, most, "", status="cannot decide") for most in (3, 3, 2)),
                   state="failed", reason="the process died")  # fmt: skip
    said = [one[3] for one in found(entry(), result(), after)]
    assert len(said) == 3 and all(one.startswith("failed: the process died; now wrong: core") for one in said)


def test_the_late_penalty_follows_the_points():
    def tenth(student, points, seconds):
        return points / 10

    after = result(told(3), told(3), told(2, 2))
    late_entry = entry((1, 3, 2, None), seconds_late=60.0, penalty=0.6)
    changed = found(late_entry, result(told(1, groups="core")), after, penalty=tenth)
    assert changed[1] == (LATE, -0.6, -0.8, "follows points and dates")


def test_lines_name_each_change_then_questions_then_who_gains_and_who_loses():
    ups = changes(entry((1, 3, 2, None)), result(told(1, groups="core")), result(), late.free)
    downs = changes(entry(), result(), result(told(3), told(1, groups="core")), late.free)
    downs = [type(one)("ann", one.question, one.before, one.after, one.why) for one in downs]
    assert lines(LESSON, 5, [*ups, *downs]) == [
        "lee  test-affine_forward  1 -> 3  (now right: geometry, care; no longer: wrong)",
        "ann  test-affine_backward  3 -> 1  (now wrong: geometry, care; now: wrong)",
        "test-affine_forward: 1 gain 2, 0 lose 0",
        "test-affine_backward: 0 gain 0, 1 lose 2",
        f"{LESSON}: 5 graded again: 1 gain, 1 lose, 3 keep their points",
    ]


def test_of_many_changes_the_first_are_shown_and_the_rest_are_counted():
    (one,) = changes(entry((1, 3, 2, None)), result(told(1, groups="core")), result(), late.free)
    many = [type(one)(f"s{i}", one.question, one.before, one.after, one.why) for i in range(45)]
    said = lines(LESSON, 45, many)
    assert said[40] == "... and 5 more: --table writes all"
    assert said[-1] == f"{LESSON}: 45 graded again: 45 gain, 0 lose, 0 keep their points"
