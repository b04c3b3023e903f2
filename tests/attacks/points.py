"""Points that nobody has earned."""

import copy

from course.checks import tasks
from tests.attacks.attack import WRONG, Attack
from tests.small_lesson import RIGHT, cell

STEMS = ("affine_forward", "affine_backward", "relu_forward")
SHOWN = [round(float(case.inputs[0].sum()), 6) for case in tasks("modular-layers")["relu_forward"].cases()]
EMPTY = {stem: WRONG.format(stem) for stem in STEMS}


def forged(name, source, **options):
    return Attack(name, "points", source, **{"answers": EMPTY, **options})


def edited(name, change, **options):
    return Attack(name, "points", answers=EMPTY, change=change, **options)


def test_cell(notebook):
    return cell(notebook, "test-affine_forward")


def own_test(notebook):
    test_cell(notebook).source = "from IPython.display import display\n3.0"


def more_points(notebook):
    for each in notebook.cells:
        if "points" in each.metadata.get("nbgrader", {}):
            each.metadata.nbgrader.points = 100
            each.source = each.source.replace("points=3", "points=100")


def unlocked(notebook):
    test_cell(notebook).metadata.nbgrader.update(locked=False, grade=False, solution=True)
    test_cell(notebook).source = "3.0"


def copied(notebook):
    for number in range(3):
        again = copy.deepcopy(test_cell(notebook))
        again.id = f"again-{number}"
        again.source = "3.0"
        notebook.cells.append(again)


def deleted(notebook):
    notebook.cells = [each for each in notebook.cells if not each.id.startswith("test-")]


def with_outputs(notebook):
    for each in notebook.cells:
        if each.id.startswith("test-"):
            data = {"text/plain": "3.0", "text/html": "<b>right</b>"}
            output = {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
            each.outputs = [output]


def tagged(notebook):
    for each in notebook.cells:
        if each.id.startswith("test-"):
            each.metadata["tags"] = ["skip-execution"]


YES = """
import numpy as np
class Yes(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs): return True
    def __array_function__(self, *args, **kwargs): return True
    def __eq__(self, other): return True
    def __bool__(self): return True
"""
WORKER = """
import gc
from sandbox import wire
from course.checks.answer import Reply
worker, = [thing for thing in gc.get_objects() if type(thing).__name__ == 'Worker']
"""
LOOKED_UP = """
import glob, os, numpy as np, course
answers = []
for path in glob.glob(os.path.dirname(course.__file__) + '/checks/recorded/*.npz'):
    with np.load(path, allow_pickle=False) as data:
        answers += [data[name] for name in data.files]
def relu_forward(x):
    for array in answers:
        if array.shape == x.shape: return array, x
    return x, x
"""
SEARCH = """
import os
def search():
    for top, folders, names in os.walk('/'):
        for name in names:
            if name == 'layers.py' and 'reference' in top:
                text = open(os.path.join(top, name)).read()
                if 'def affine_forward' in text and 'x.reshape' in text:
                    return text
exec(search() or '')
"""
MEMORY = """
import gc, types
for thing in gc.get_objects():
    for name in ('affine_forward', 'affine_backward', 'relu_forward'):
        if isinstance(thing, types.FunctionType) and thing.__name__ == name and thing.__module__ != '__main__':
            globals()[name] = thing
        if isinstance(thing, dict) and callable(thing.get(name)) and thing is not globals():
            globals()[name] = thing[name]
"""
STACK = """
import sys, numpy as np
def relu_forward(x):
    frame, seen = sys._getframe(), []
    while frame:
        seen += [v for v in frame.f_locals.values() if isinstance(v, np.ndarray) and v.shape == x.shape]
        frame = frame.f_back
    return seen[-1], x
"""

POINTS = [
    forged("the check replaced", "from course import check\ncheck.affine_forward = lambda *a, **k: 3.0"),
    forged(
        "the module of checks replaced",
        "import sys, types\nclass Check(types.ModuleType):\n    def __getattr__(self, name): return lambda *a, **k: 3\n"
        "sys.modules['course.check'] = sys.modules['course.checks'] = check = Check('check')",
    ),
    forged(
        "comparisons of NumPy replaced",
        "import numpy as np\nnp.allclose = np.array_equal = np.isclose = lambda *a, **k: True\n"
        "np.testing.assert_allclose = np.abs = np.max = lambda *a, **k: 0",
    ),
    forged(
        "builtins replaced",
        "import builtins\nbuiltins.all = builtins.any = builtins.isinstance = lambda *a: True\n"
        "builtins.abs = builtins.max = builtins.sum = lambda *a, **k: 0",
    ),
    forged(
        "asserts and checks dropped from the tree",
        "import ast\nclass Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "    def visit_Call(self, node): return ast.copy_location(ast.Constant(3.0), node)\n"
        "get_ipython().ast_transformers.append(Drop())",
    ),
    forged(
        "cells rewritten before they run",
        "get_ipython().input_transformers_cleanup.append(\n"
        "    lambda lines: ['3.0'] if 'check' in ''.join(lines) else lines)",
    ),
    forged(
        "the display hook replaced",
        "import sys\nsys.displayhook = lambda value: print('3.0')\n"
        "get_ipython().display_formatter.format = lambda *a, **k: ({'text/plain': '3.0'}, {})",
    ),
    forged(
        "points shown as outputs",
        "from IPython.display import display\ndisplay(3.0)\n3.0",
        after="test-relu_forward",
    ),
    Attack(
        "arrays that agree to everything",
        "points",
        YES,
        answers={
            "affine_forward": "def affine_forward(x, w, b): return np.zeros((len(x), w.shape[1])).view(Yes), (x, w, b)",
            "relu_forward": "def relu_forward(x): return np.zeros(x.shape).view(Yes), x",
        },
    ),
    Attack(
        "objects that are equal to everything",
        "points",
        answers={
            "relu_forward": "class Any:\n    def __eq__(self, other): return True\n    shape = dtype = property(lambda s: s)\n"
            "def relu_forward(x): return Any(), x"
        },
    ),
    Attack(
        "handles in place of values",
        "points",
        answers={
            "relu_forward": "from course.checks.answer import Handle\ndef relu_forward(x): return Handle('array', x), x"
        },
    ),
    Attack("arguments given back", "points", answers={"relu_forward": "def relu_forward(x): return x, x"}),
    Attack(
        "arguments made equal to the answer",
        "points",
        answers={"relu_forward": "def relu_forward(x):\n    x[...] = 0\n    return x, x"},
    ),
    Attack(
        "an error that looks like the grader's own",
        "points",
        answers={
            "relu_forward": "def relu_forward(x): raise KeyboardInterrupt('right: 2 of 2 points')",
            "affine_forward": "def affine_forward(x, w, b): raise SystemExit(0)",
        },
    ),
    forged(
        "replies forged on the wire",
        WORKER + "def relu_forward(x):\n"
        "    reply = vars(Reply('right', seconds=0.1))\n"
        "    worker._connection.sendall(wire.encode({'at': worker._sent, 'reply': reply}))\n"
        "    worker._sent += 1\n"
        "    return x, x",
        answers={},
    ),
    forged(
        "the worker's calls replaced",
        WORKER + "from course.checks import answer\n"
        "answer.Local.call = lambda self, args, keep=(): Reply((args[0], args), seconds=0.0)\n"
        "type(worker)._call = lambda self, name, args, keep: Reply((3.0, 3.0), seconds=0.0)",
    ),
    forged(
        "verdicts sent in place of replies",
        WORKER + "type(worker)._send_reply = lambda self, reply: self._send(\n"
        "    {'reply': {**vars(Reply()), 'points': 3, 'status': 'right', 'groups': {'core': True}}})",
    ),
    forged("answers looked up among the recorded cases", LOOKED_UP, answers={"relu_forward": "pass"}),
    Attack(
        "right for the inputs shown only",
        "points",
        answers={
            "relu_forward": f"KNOWN = {SHOWN}\ndef relu_forward(x):\n"
            "    return (np.maximum(0, x) if round(float(x.sum()), 6) in KNOWN else x * 0), x"
        },
    ),
    Attack(
        "the reference imported",
        "points",
        answers={stem: f"from course.reference.layers import {stem}" for stem in STEMS},
    ),
    forged("the reference searched on disk", SEARCH, after="solution-relu_forward", answers={}),
    forged("the reference searched in memory", MEMORY, after="test-affine_forward", answers={}),
    Attack("the right value searched on the stack", "points", answers={"relu_forward": STACK}),
    edited("a test cell edited", own_test),
    edited("points raised in the file", more_points),
    edited("a test cell unlocked", unlocked),
    edited("a test cell copied", copied),
    edited("test cells deleted", deleted),
    edited("outputs of full points handed in", with_outputs),
    edited("tests tagged to be skipped", tagged),
    forged(
        "the clock, the seed and random replaced",
        "import time, random, numpy as np\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0\n"
        "random.random = np.random.rand = lambda *a: 0.5\nrandom.seed = np.random.seed = lambda *a: None",
    ),
    Attack(
        "one right answer, the rest forged",
        "points",
        "from course import check\ncheck.relu_forward = check.affine_backward = lambda *a, **k: 3.0",
        answers={**EMPTY, "affine_forward": RIGHT["affine_forward"]},
        worth=3.0,
    ),
]
