import numpy as np
import pytest
from nbgrader.utils import determine_grade

from autograder import scoring
from autograder.errors import AutograderError
from autograder.scoring import Patient, graded_cells, read_cell
from course.checks import tasks, undecided
from course.checks.answer import Handle, Local, Raised, Reply
from course.reference import layers
from tests import small_lesson
from tests.small_lesson import LESSON, cell

RELEASE = small_lesson.release()
CELLS = {cell.task.stem: cell for cell in graded_cells(RELEASE, LESSON)}


def local(**functions):
    """Return what gives the answers of these functions, as a session does."""
    return lambda name: Patient(Local(functions[name], name))


def judged(stem, **functions):
    """Return the home Verdict and the final one of functions that live here."""
    home = scoring.at_home(CELLS[stem], local(**functions))
    return home, scoring.in_grading(CELLS[stem], home, local(**functions), seed=7)


def test_test_cells_are_read_without_running_them():
    assert [(c.task.stem, c.names, c.points) for c in CELLS.values()] == [
        ("affine_forward", ("affine_forward",), 3.0),
        ("affine_backward", ("affine_backward", "affine_forward"), 3.0),
        ("relu_forward", ("relu_forward",), 2.0),
    ]


REFUSED = [
    "check.relu_forward(relu_forward, points=3)",
    "check.relu_forward(relu_forward)",
    "check.relu_forward(points=2)",
    "check.relu_forward(lambda x: x, points=2)",
    "check.relu_forward(relu_forward, relu_forward, relu_forward, points=2)",
    "check.relu_forward(relu_forward, points=2, extra=1)",
    "check.relu_forward(*relu_forward, points=2)",
    "check.no_such_task(relu_forward, points=2)",
    "check.all()",
    "other.relu_forward(relu_forward, points=2)",
    "check.relu_forward(relu_forward, points=1 + 1)",
    "x = check.relu_forward(relu_forward, points=2)",
    "check.relu_forward(relu_forward, points=2); boom()",
    "check.relu_forward(__import__('os').system('x'), points=2)",
    "not python",
    "",
]


@pytest.mark.parametrize("source", REFUSED)
def test_a_test_cell_of_any_other_form_is_refused(source):
    test = cell(small_lesson.release(), "test-relu_forward")
    test.source = source
    with pytest.raises(AutograderError, match="test-relu_forward"):
        read_cell(test, LESSON)


def test_a_lesson_without_checks_is_named():
    with pytest.raises(AutograderError, match="no-such-lesson"):
        graded_cells(RELEASE, "no-such-lesson")


def test_a_right_answer_has_full_points_at_home_and_with_hidden_cases():
    home, final = judged("affine_forward", affine_forward=layers.affine_forward)
    assert (home.points, home.hidden) == (3.0, None)
    assert (final.points, final.status, set(final.hidden.values())) == (3.0, "right", {True})
    assert not scoring.hard_coded(final)


def test_an_unwritten_answer_has_nothing_to_lose():
    def relu_forward(x):
        raise NotImplementedError

    home = scoring.at_home(CELLS["relu_forward"], local(relu_forward=relu_forward))
    assert home.status == "not written" and not scoring.can_lose(home)


def test_an_answer_that_knows_the_visible_inputs_only_is_named_hard_coded():
    visible = [case.inputs[0].tobytes() for case in tasks(LESSON)["relu_forward"].cases()]

    def relu_forward(x):
        return np.maximum(0, x) if x.tobytes() in visible else np.zeros_like(x), x

    home, final = judged("relu_forward", relu_forward=relu_forward)
    assert home.points == 2.0
    assert final.points == 0.0 and final.status == "wrong" and scoring.hard_coded(final)


def test_a_group_counts_only_when_it_passes_in_both():
    def relu_forward(x):
        out = np.maximum(0, x)
        np.maximum(0, x, out=x)  # overwrites its input: care
        return out, x

    home, final = judged("relu_forward", relu_forward=relu_forward)
    assert scoring.can_lose(home) and final.groups["core"] and not final.groups["care"]
    assert final.points == home.points == 1.75
    assert not scoring.hard_coded(final)


def test_the_output_of_a_verdict_is_what_nbgrader_reads_as_its_points():
    _, final = judged("affine_forward", affine_forward=layers.affine_forward)
    for each in (final, undecided("affine_forward", 3.0, "it went away")):
        test = cell(small_lesson.release(), "test-affine_forward")
        test.outputs = [scoring.output(each)]
        assert determine_grade(test) == (each.points, 3.0)
        assert "affine_forward" in test.outputs[0].data["text/html"]


class Counted:
    """An answer that is interrupted from the n-th call on, and counts its calls."""

    name = "loop"

    def __init__(self, good):
        self.good, self.asked = good, 0

    def map(self, calls, keep=()):
        self.asked += len(calls)
        stop = Reply(error=Raised("KeyboardInterrupt", "stopped after 10 s"))
        return [Reply(value=1) if self.asked <= self.good else stop for _ in calls]


def test_an_answer_that_had_to_be_interrupted_is_not_asked_again():
    answer = Counted(good=2)
    patient = Patient(answer)
    assert [patient.call(()).error is None for _ in range(5)] == [True, True, False, False, False]
    assert answer.asked == 3 and patient.stuck == "stopped after 10 s"


def test_an_answer_that_had_to_be_interrupted_in_a_batch_is_not_asked_again():
    answer = Counted(good=0)
    patient = Patient(answer)
    replies = patient.map([()] * 100) + patient.map([()] * 100)
    assert answer.asked == 100 and len(replies) == 200
    assert all(reply.interrupted for reply in replies)


def test_an_empty_batch_has_no_replies():
    assert Patient(Counted(good=9)).map([]) == []


class Noted:
    """A function of the bank of layers that notes its calls."""

    def __init__(self, function):
        self.function, self.calls = function, []

    def __call__(self, *args):
        self.calls.append(args)
        return self.function(*args)


def test_a_forward_pass_is_not_made_twice_for_hidden_cases_when_all_cells_have_run():
    forward, backward = Noted(layers.affine_forward), Noted(layers.affine_backward)
    answer_of = local(affine_forward=forward, affine_backward=backward)
    tests, made, asked = [CELLS["affine_forward"], CELLS["affine_backward"]], {}, {}
    homes = [scoring.at_home(test, answer_of) for test in tests]
    for name, known in (("apart", None), ("together", made)):
        before = len(forward.calls), len(backward.calls)
        finals = [scoring.in_grading(*pair, answer_of, 7, known) for pair in zip(tests, homes, strict=True)]
        assert [final.points for final in finals] == [3, 3]
        asked[name] = len(forward.calls) - before[0], len(backward.calls) - before[1]
    cases = len(tests[0].task.cases())
    assert asked == {"apart": (2 * cases, cases), "together": (cases, cases)}


def test_an_answer_that_keeps_no_cache_is_asked_as_often_as_its_tests_do():
    function = Noted(layers.relu_backward)
    settled = scoring.Settled(Local(function), {}, is_forward=True)
    call = (np.ones(2), np.ones(2))
    assert len(settled.map([call, call])) == 2 and len(function.calls) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.zeros(2), np.zeros(2, "f4")),
        (np.zeros((2, 1)), np.zeros((1, 2))),
        (np.array([0.0]), np.array([-0.0])),
        ({"pad": 1}, {"pad": 1.0}),
        ((1, 2), [1, 2]),
        (Handle("tuple", None), Handle("tuple", None)),
    ],
)
def test_what_differs_is_spelt_differently(one, other):
    assert scoring.spelt((one,)) != scoring.spelt((other,))
    assert len({scoring.spelt((each,)) for each in (one, other, one)}) == 2
