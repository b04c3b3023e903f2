import json

import nbformat
import numpy as np
import pytest
from nbformat import v4
from nbgrader.utils import determine_grade, is_grade

from autograder import run
from autograder.batch import grade_all
from autograder.engine import Job, failed, grade
from autograder.sandbox import Limits
from course.checks import tasks
from tests import small_lesson
from tests.small_lesson import RIGHT, as_bytes, cell

LIMITS = Limits(cell_seconds=1.5, call_seconds=1, wall_seconds=8)
SEED = 11
FULL = {"test-affine_forward": 3, "test-affine_backward": 3, "test-relu_forward": 2}
VISIBLE = [case.inputs[0] for case in tasks("modular-layers")["relu_forward"].cases()]
HIDDEN = [case.inputs[0] for case in tasks("modular-layers")["relu_forward"].cases(SEED)]

HARD_CODED = f"""
def relu_forward(x):
    known = {[round(float(x.sum()), 6) for x in VISIBLE]}
    return (np.maximum(0, x) if round(float(x.sum()), 6) in known else x * 0), x
"""
NO_BIAS = RIGHT["affine_forward"].replace(" + b", "")
HANGS = "def relu_forward(x):\n    while True:\n        pass"
EXITS = "def relu_forward(x):\n    import os\n    os._exit(3)"
WRONG = "def relu_forward(x):\n    return x, x"
NEEDS = "largest = np.maximum\ndef relu_forward(x):\n    return largest(0, x), x"
TELLS = "SEEN = []\ndef relu_forward(x):\n    SEEN.append(x.copy())\n    return np.maximum(0, x), x"
DICE = "import random; print(random.random(), np.random.rand())"
TELLING = "print([repr(float(x.flat[0])) for x in SEEN if x.size])"


GOES = ("import os; os._exit(9)", "modular-layers-2")


def job(student, notebook, **options):
    return Job(student, small_lesson.bundle(), as_bytes(notebook), SEED, LIMITS, **options)


def with_cell(notebook, source, after):
    place = [each.id for each in notebook.cells].index(after) + 1
    name = "mine" if "mine" not in [each.id for each in notebook.cells] else None
    notebook.cells.insert(place, v4.new_code_cell(source, **({"id": name} if name else {})))
    return notebook


SUBMISSIONS = {
    "right": small_lesson.right(),
    "blank": small_lesson.release(),
    "wrong forward": small_lesson.right(affine_forward=NO_BIAS),
    "hard coded": small_lesson.right(relu_forward=HARD_CODED),
    "syntax": small_lesson.right(relu_forward="def relu_forward(x:"),
    "hangs": small_lesson.right(relu_forward=HANGS),
    "hangs at top": with_cell(small_lesson.right(), "while True: pass", "solution-affine_forward"),
    "exits in a cell": with_cell(small_lesson.right(), "import os; os._exit(3)", "test-affine_forward"),
    "exits when asked": small_lesson.right(relu_forward=EXITS),
    "exits always": with_cell(
        with_cell(with_cell(with_cell(small_lesson.right(), *GOES), *GOES), *GOES), *GOES
    ),
    "tells": with_cell(small_lesson.right(relu_forward=TELLS), TELLING, "modular-layers-10"),
    "dice": with_cell(small_lesson.right(), DICE, "modular-layers-10"),
    "same dice": with_cell(small_lesson.right(), DICE, "modular-layers-10"),
    "other dice": with_cell(small_lesson.right(), DICE + "  # mine", "modular-layers-10"),
    "draws random": with_cell(small_lesson.right(), "raise ValueError('mine')", "modular-layers-9"),
    "replaced later": with_cell(small_lesson.right(), WRONG, "modular-layers-10"),
    "deadly later": with_cell(small_lesson.right(), EXITS, "modular-layers-10"),
    "in need of it": with_cell(small_lesson.right(relu_forward=NEEDS), "del largest", "modular-layers-10"),
}


@pytest.fixture(scope="module")
def results():
    """Return each submission's Result, graded together."""
    return {r.student: r for r in grade_all([job(*pair) for pair in SUBMISSIONS.items()], workers=2)}


def points(result):
    return {name: verdict["points"] for name, verdict in result.verdicts.items()}


def shown(result, name):
    return cell(nbformat.reads(result.notebook.decode(), as_version=4), name).outputs


def test_every_submission_has_one_result_of_plain_data(results):
    assert set(results) == set(SUBMISSIONS)
    for result in results.values():
        json.dumps(result.verdicts, allow_nan=False)
        assert (result.lesson, result.level, result.seed) == ("modular-layers", "A", SEED)
        assert list(result.verdicts) == list(FULL) and result.seconds > 0
        assert "\n" not in result.reason


POINTS = {
    "right": FULL,
    "blank": dict.fromkeys(FULL, 0),
    "syntax": {**FULL, "test-relu_forward": 0},
    "hard coded": {**FULL, "test-relu_forward": 0},
    "hangs": {**FULL, "test-relu_forward": 0},
    "hangs at top": FULL,
    "exits in a cell": FULL,
    "exits when asked": {**FULL, "test-relu_forward": 0},
    "exits always": dict.fromkeys(FULL, 0),
    "tells": FULL,
    "draws random": FULL,
    "replaced later": FULL,
    "deadly later": FULL,
    "in need of it": FULL,
}


@pytest.mark.parametrize("student, expected", POINTS.items(), ids=list(POINTS))
def test_points_are_what_the_answers_are_worth(results, student, expected):
    assert points(results[student]) == expected


def test_a_wrong_forward_does_not_fail_a_right_backward(results):
    found = points(results["wrong forward"])
    assert found["test-affine_forward"] < 3 and found["test-affine_backward"] == 3
    assert results["wrong forward"].state == "graded"


STATES = {
    "right": ("graded", ""),
    "blank": ("graded", ""),
    "syntax": ("graded", ""),
    "hard coded": ("graded", "right for the inputs shown only: relu_forward"),
    "hangs": ("partly graded", "relu_forward: stopped after 1 s, the limit for one call"),
    "hangs at top": ("partly graded", "mine: stopped after 1.5 s, the limit for one cell"),
    "exits in a cell": ("partly graded", "mine: the process ended with exit code 3"),
    "exits when asked": ("partly graded", "test-relu_forward: the process ended with exit code 3"),
    "exits always": ("partly graded", "the process ended with exit code 9"),
}


@pytest.mark.parametrize("student, state, reason", [(s, *e) for s, e in STATES.items()], ids=list(STATES))
def test_the_state_and_its_reason_name_what_did_not_come_to_its_end(results, student, state, reason):
    assert results[student].state == state
    assert reason in results[student].reason and bool(reason) == bool(results[student].reason)


def test_a_process_that_ends_again_and_again_is_not_started_for_ever(results):
    verdicts = results["exits always"].verdicts.values()
    assert {verdict["status"] for verdict in verdicts} == {"cannot decide"}
    assert any("4 times" in verdict["sentences"][0] for verdict in verdicts)


def test_a_cell_that_waits_for_a_hanging_function_is_not_run(results):
    (output,) = shown(results["hangs"], "modular-layers-9")
    assert (output.output_type, output.evalue) == ("error", "not run: relu_forward does not come to an end")


def test_the_executed_notebook_shows_the_students_outputs_and_the_verdicts(results):
    (output,) = shown(results["right"], "modular-layers-9")
    assert output.data["text/plain"] == "array([0., 2.])"
    for name, most in FULL.items():
        notebook = nbformat.reads(results["wrong forward"].notebook.decode(), as_version=4)
        assert determine_grade(cell(notebook, name)) == (points(results["wrong forward"])[name], most)
    (error,) = shown(results["draws random"], "mine")
    assert (error.ename, error.evalue) == ("ValueError", "mine")


def test_a_cell_that_is_tagged_to_be_skipped_does_not_run(results):
    assert shown(results["right"], "modular-layers-10") == []


def first_numbers(inputs):
    """Return the first number of each input as it is printed; not one that stands anywhere, such as 0.0."""
    return {text for text in (repr(float(x.flat[0])) for x in inputs if x.size) if len(text) > 10}


def test_no_hidden_input_reaches_what_is_shown(results):
    (output,) = shown(results["tells"], "mine")
    seen, secret = first_numbers(VISIBLE), first_numbers(HIDDEN)
    assert seen and secret and all(number in output.text for number in seen)
    texts = results["tells"].notebook.decode() + json.dumps(results["tells"].verdicts)
    assert not any(number in texts for number in secret)


def test_random_numbers_of_a_notebook_are_the_same_whenever_it_is_graded(results):
    names = "dice", "same dice", "other dice"
    first, again, other = (shown(results[name], "mine")[0].text for name in names)
    assert first == again != other


def test_hidden_cases_depend_on_the_seed():
    again = [case.inputs[0] for case in tasks("modular-layers")["relu_forward"].cases(SEED)]
    other = [case.inputs[0] for case in tasks("modular-layers")["relu_forward"].cases(SEED + 1)]
    assert all(np.array_equal(*pair) for pair in zip(HIDDEN, again, strict=True))
    assert not all(np.array_equal(*pair) for pair in zip(HIDDEN, other, strict=True))


def test_deleted_and_copied_tests_are_repaired_and_said():
    notebook = small_lesson.right()
    test = cell(notebook, "test-relu_forward")
    notebook.cells = [each for each in notebook.cells if each.id != "test-affine_forward"]
    notebook.cells.append(nbformat.from_dict({**test, "id": "copy"}))
    result = grade(job("repaired", notebook, remarks=("named x.ipynb",)))
    assert (result.state, points(result)) == ("graded", FULL)
    assert result.notes[0] == "named x.ipynb" and len(result.notes) == 3


def test_what_a_notebook_shows_in_all_is_limited_and_the_cells_count_all_the_same(monkeypatch):
    monkeypatch.setattr(run, "OUTPUT_BYTES", 3_000)
    notebook = with_cell(small_lesson.right(), "print('x' * 5_000)", "modular-layers-2")
    result = grade(job("prints", notebook))
    assert shown(result, "mine")[0].text == run.TOO_MUCH
    assert shown(result, "modular-layers-9")[0].data["text/plain"] == "array([0., 2.])"
    assert (result.state, points(result)) == ("graded", FULL)


UNGRADABLE = [
    ({"notebook": b"<html>"}, "the file is not JSON"),
    ({"notebook": b"", "problem": "the folder is empty"}, "the folder is empty"),
]


@pytest.mark.parametrize("options, reason", UNGRADABLE, ids=["unreadable", "problem"])
def test_a_submission_that_cannot_be_read_is_failed_with_the_reason_and_no_points(options, reason):
    result = grade(Job("x", small_lesson.bundle(), seed=1, **options))
    assert result.state == "failed" and reason in result.reason
    assert points(result) == dict.fromkeys(FULL, 0)
    assert all(reason in verdict["sentences"][0] for verdict in result.verdicts.values())
    notebook = nbformat.reads(result.notebook.decode(), as_version=4)
    nbformat.validate(notebook)
    assert reason in notebook.cells[0].source
    assert all(determine_grade(each)[0] == 0 for each in notebook.cells if is_grade(each))


def test_a_failed_result_needs_no_package():
    bundle = small_lesson.bundle()
    broken = Job("x", type(bundle)(bundle.lesson, bundle.release, b"no wheel"), b"", 1)
    assert failed(broken, "why").reason == "why"
