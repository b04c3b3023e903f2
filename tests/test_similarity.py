"""Pairs that are more alike than their class usually is."""

import random
import re
from copy import deepcopy

import nbformat
import numpy as np
import pytest
from nbformat import v4

from autograder.build import ROOT
from autograder.engine import Result
from autograder.reports.similarity_report import similarity_report
from autograder.similarity import OWN, Similarity, compare
from course.mistakes import right_ways
from tests.small_lesson import LESSON

RELEASE = nbformat.read(ROOT / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)
SOURCE = nbformat.read(ROOT / "source" / LESSON / f"{LESSON}.ipynb", as_version=4)
ANSWERS = {cell.id: cell.source for cell in SOURCE.cells if cell.id.startswith("solution-")}
WAYS = right_ways(LESSON)
HABITS = [
    "count, size = 0, len(str(3))",
    "scale = 1.0 / max(1, 3)",
    "print('so far so good')",
    "result = None",
    "if count_of(3) < 0:\n        raise ValueError('no')",
    "flat = np.array([0.0, 1.0]).ravel().reshape(1, -1)",
    "for unused in range(2):\n        pass",
    "assert np.isfinite(np.zeros((2, 2))).all()",
    "keep = {'first': [], 'second': ()}",
]
EXPLORED = (
    "values = np.linspace(-3, 3, 50)\nplt.plot(values, np.maximum(values, 0), label='mine')\nplt.legend()"
)
TRIED = (
    "test = relu_forward(np.array([[1.5, -2.0], [0.25, 4.0]]))[0]\nprint(test.sum(), test.shape, test.dtype)"
)


def honest(dice):
    """Return {cell: source} of one student: right answers in one of their ways, with habits of their own."""
    written = {}
    for name, answer in ANSWERS.items():
        source = dice.choice([answer, *WAYS[name.removeprefix("solution-")].values()])
        head = re.search(r"^def .*?:\n", source, re.MULTILINE | re.DOTALL).end()
        habits = "".join(f"    {habit}\n" for habit in dice.sample(HABITS, dice.randrange(4)))
        written[name] = source[:head] + habits + source[head:]
    return written


def renamed(source):
    """Return code with other names for what is assigned in it, and comments of its own."""
    for number, name in enumerate(sorted(set(re.findall(r"\b([a-z_]+) =(?!=)", source)))):
        source = re.sub(rf"(?<![.\w]){name}\b(?!=)", f"my_{number}", source)
    return source.replace("\n    ", "\n\n    # as I see it\n    ", 1)


def handed_in(student, written, own=(), state="graded"):
    notebook = deepcopy(RELEASE)
    for cell in notebook.cells:
        cell.source = written.get(cell.id, cell.source)
    notebook.cells[3:3] = [v4.new_code_cell(source) for source in own]
    return Result(student, LESSON, state, "", nbformat.writes(notebook).encode(), {}, seed=1)


def a_class(count=16):
    dice = random.Random(4)
    return {f"s{number:02}": honest(dice) for number in range(count)}


@pytest.fixture(scope="module")
def works():
    return a_class()


def compared(works, **own):
    return compare([handed_in(name, each, own.get(name, ())) for name, each in works.items()], RELEASE)


def test_honest_work_does_not_stand_out(works):
    found = compared(works)
    assert found.pairs == () and found.students == len(works)
    assert len(found.above) == len(works) * (len(works) - 1) / 2
    assert 0 <= found.above.min() and found.above.max() < found.bound


def test_a_copy_stands_out_with_other_names_and_comments_and_cells_moved(works):
    own = {"s03": (EXPLORED, TRIED), "s09": (renamed(TRIED), EXPLORED), "s05": ("x = 1", "print(x)")}
    copied = {**works, "s09": {name: renamed(source) for name, source in works["s03"].items()}}
    found = compared(copied, **own)
    (pair,) = found.pairs
    assert pair.students == ("s03", "s09") and pair.above > 0.75
    assert {each.cell for each in pair.cells} >= {"solution-conv_backward_naive", OWN}
    assert all(each.alike > each.usual for each in pair.cells)
    versions = next(each.sources for each in pair.cells if each.cell == "solution-svm_loss")
    assert versions == (copied["s03"]["solution-svm_loss"], copied["s09"]["solution-svm_loss"])


def test_what_was_released_is_no_likeness():
    results = [handed_in(f"s{number}", {}) for number in range(5)]
    found = compare(results, RELEASE)
    assert found.pairs == () and not found.above.any()


def test_a_class_in_which_all_are_the_same_names_nobody(works):
    found = compared({f"s{number}": works["s00"] for number in range(6)})
    assert found.pairs == () and not found.above.any()


def test_two_that_are_the_same_are_named_in_a_class_of_few(works):
    few = {"a": works["s00"], "b": works["s01"], "c": works["s02"], "d": works["s00"]}
    assert [pair.students for pair in compared(few).pairs] == [("a", "d")]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_class_without_pairs_to_compare_has_a_report_too(works, count):
    found = compared(dict(list(works.items())[:count]))
    assert found.pairs == ()
    assert "A reason to talk, not a proof." in similarity_report(LESSON, found)


def test_what_could_not_be_graded_is_not_compared(works):
    results = [handed_in("a", works["s00"]), handed_in("b", works["s00"], state="failed")]
    assert compare(results, RELEASE).students == 1


def test_code_that_is_not_python_is_compared_as_well(works):
    broken = {name: f"def (:\n  ''' {source}\n\x00 )" for name, source in works["s00"].items()}
    found = compared({**works, "s01": broken, "s02": broken})
    assert ("s01", "s02") in [pair.students for pair in found.pairs]


def test_the_report_shows_both_sides_and_nothing_of_them_runs(works):
    evil = {**works["s00"], "solution-relu_forward": "x = '<script>alert(1)</script>' + '<b>'\n" * 20}
    found = compared({"</td><script>": evil, "b": works["s01"], "c": works["s02"], "d": evil})
    page = similarity_report(LESSON, found)
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert page.count('class="sides"') == 6 and "1 of 6 pairs stands out" in page
    assert "conv_<wbr>backward_<wbr>naive" in page


def test_a_report_on_very_many_pairs_stays_readable():
    (pair,) = compared({"a": ANSWERS, "b": a_class(1)["s00"], "c": a_class(2)["s01"], "d": ANSWERS}).pairs
    page = similarity_report(LESSON, Similarity(40, np.ones(780), 0.9, (pair,) * 700))
    assert "670 more pairs stand out" in page and len(page) < 6_000_000
