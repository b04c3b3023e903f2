"""Cells that wait for a function: they run, or they say in one line what is to be written first."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.build import ROOT, run

FUNCTIONS = """
import course
import matplotlib.pyplot as plt

def written(x):
    return x + 1

def stub(x):
    out = 0
    raise NotImplementedError

def through(x):
    return stub(x)

def wrong(x):
    return x + "one"

def careless():
    return made

"""
CELLS = {
    "functions": FUNCTIONS,
    "runs": "%%after written\nvalue = written(1)\nvalue",
    "keeps names": "value",
    "ends with a statement": "%%after written\nother = 5",
    "shows nothing after a semicolon": "%%after written\nwritten(1);",
    "magic inside": "%%after written\nhere = %pwd\nwritten(len(here) * 0 + 2)",
    "not written": "%%after written stub\nplt.figure()\nstub(1)",
    "no picture is left": "plt.get_fignums()",
    "not written, deep inside": "%%after through\nthrough(1)",
    "not there": "%%after written absent\nabsent(1)",
    "no function": "%%after value\nvalue",
    "would make a name": "%%after stub\nmade = stub(1)",
    "needs it": "%%after written\nalso = [written(made) for _ in range(2)]",
    "needs it in turn": "%%after written\nwritten(also[0])",
    "needs it inside a function": "%%after careless\ncareless()",
    "written by now": "def stub(x):\n    return x",
    "needs it still": "%%after written\nwritten(made)",
    "wrong": "%%after wrong\nprint('before')\nwrong(1)",
    "somebody else's": "%%after written\nraise NotImplementedError('not this')",
    "not Python": "%%after written\nwritten)",
    "only words": "%%after written\n# nothing to do",
}


@pytest.fixture(scope="module")
def outputs():
    cells = [new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(CELLS.values())]
    executed = run.run(nbformat.from_dict(new_notebook(cells=cells)), path=[ROOT])
    return dict(zip(CELLS, (cell.outputs for cell in executed.cells), strict=True))


def said(outputs):
    return [
        (output.output_type, output.get("text", output.get("data", {}).get("text/plain")))
        for output in outputs
    ]


def test_a_cell_whose_functions_are_written_runs_and_shows_its_last_value(outputs):
    assert said(outputs["runs"]) == [("execute_result", "2")]
    assert said(outputs["keeps names"]) == [("execute_result", "2")]
    assert said(outputs["magic inside"])[-1] == ("execute_result", "3")


@pytest.mark.parametrize("case", ["ends with a statement", "shows nothing after a semicolon", "only words"])
def test_a_cell_without_a_value_shows_none(outputs, case):
    assert said(outputs[case]) == []


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("not written", "stub"),
        ("not written, deep inside", "stub"),
        ("not there", "absent"),
        ("no function", "value"),
        ("needs it", "stub"),
        ("needs it in turn", "stub"),
    ],
)
def test_a_cell_says_which_function_is_to_be_written_first(outputs, case, name):
    assert said(outputs[case]) == [("stream", f"write {name} first\n")]
    assert outputs[case][0].name == "stdout"


def test_a_picture_that_was_begun_is_not_left_over(outputs):
    assert said(outputs["no picture is left"]) == [("execute_result", "[]")]


@pytest.mark.parametrize(
    ("case", "error"),
    [
        ("wrong", "TypeError"),
        ("somebody else's", "NotImplementedError"),
        ("not Python", "SyntaxError"),
        ("needs it inside a function", "NameError"),
        ("needs it still", "NameError"),
    ],
)
def test_other_errors_are_shown_as_everywhere(outputs, case, error):
    assert [output.ename for output in outputs[case] if output.output_type == "error"] == [error]


def test_a_traceback_begins_in_the_cell(outputs):
    text = "\n".join(outputs["wrong"][-1].traceback)
    assert "magics.py" not in text and "run_cell_magic" not in text
    rule, head, cell, function, message = outputs["wrong"][-1].traceback
    assert "wrong" in cell and "x + " in function


def test_plain_python_does_not_pay_for_ipython():
    code = "import sys, course; sys.exit('IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
