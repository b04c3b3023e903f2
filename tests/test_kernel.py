"""Lessons that say `needs_kernel`: cells in an IPython kernel, driven by nbclient in the same jail."""

import nbformat
import numpy as np
import pytest

from autograder import engine
from autograder.bundle import Bundle
from autograder.engine import Job, grade, prepare
from autograder.errors import NoSandbox
from autograder.sandbox import Limits, Session, SessionDied, levels
from tests import small_lesson
from tests.sessions import error, make_package, result, text
from tests.small_lesson import as_bytes, cell
from tests.test_engine import FULL, WRONG, points, with_cell

NO_JAIL = levels.find().level != "A"
needs_level_a = pytest.mark.skipif(NO_JAIL, reason=f"level A is not here: {levels.find().why.get('A')}")
LIMITS = Limits(cell_seconds=1, call_seconds=1, wall_seconds=10, memory_bytes=1 << 30)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return make_package(tmp_path_factory.mktemp("student"))


def opened(package, level="A", **limits):
    settings = vars(LIMITS) | limits
    return Session(package, {"helper.py": b"two = 2"}, Limits(**settings), level=level, needs_kernel=True)


@pytest.fixture(scope="module")
def session(package):
    """A session for all tests that leave it as it was."""
    with opened(package, wall_seconds=100) as session:
        yield session


@needs_level_a
def test_there_is_a_kernel_with_the_course_beside_it(session):
    assert result(session, "get_ipython().kernel.implementation") == "'ipython'"
    assert result(session, "import course\ncourse.__version__") == "'of the student package'"
    assert text(session.run_cell("%%after waited_for\n3")) == "write waited_for first\n"
    assert result(session, "import helper\nhelper.two") == "2"
    assert session.run_cell("exit()") == []
    assert error(session.run_cell("1 / 0")) == ("ZeroDivisionError", "division by zero")
    assert result(session, "await __import__('asyncio').sleep(0, 'awaited')") == "'awaited'"


@needs_level_a
def test_every_output_is_one_of_a_notebooks(session):
    source = """
import matplotlib.pyplot as plt, ipywidgets, sys
slider = ipywidgets.IntSlider(); slider.value = 3
print("out"); print("err", file=sys.stderr)
shown = display("one", display_id=True); shown.update("two")
plt.plot([0, 1]); plt.show()
slider"""
    outputs = session.run_cell(source)
    for output in outputs:
        nbformat.validate(output, "output", version=4)
    assert text(outputs) == "out\n" and text(outputs, "stderr") == "err\n"
    data = [output["data"] for output in outputs if "data" in output]
    assert data[0] == {"text/plain": "'two'"}
    assert data[1]["image/png"].startswith("iVBOR")
    assert "application/vnd.jupyter.widget-view+json" in data[2]


@needs_level_a
@pytest.mark.parametrize(
    "source", ["while True: pass", "import time\ntime.sleep(60)", "import asyncio\nawait asyncio.sleep(60)"]
)
def test_an_endless_cell_is_interrupted_and_the_notebook_goes_on(session, source):
    late = "stopped after 1 s, the limit for one cell"
    assert error(session.run_cell(source)) == ("KeyboardInterrupt", late)
    assert result(session, "1 + 1") == "2"


@needs_level_a
def test_functions_are_asked_where_they_live(session):
    session.run_cell(
        "def f(x):\n    x[0] = 7\n    print('hello')\n    return x, (x, print)\ndef g(c): return c[0]"
    )
    reply = session.answer("f").call((np.zeros(2),), keep=(1,))
    assert (reply.value[0] == [7, 0]).all() and reply.changed == (0,) and reply.printed == "hello\n"
    assert (session.answer("g").call((reply.value[1],)).value == [7, 0]).all()
    assert session.answer("h").call(()).error.kind == "NameError"
    session.run_cell("def f(x):\n    while x == 1: pass\n    return x")
    replies = session.answer("f").map([(0,), (1,), (2,)])
    assert [reply.value for reply in replies] == [0, None, None]
    assert replies[1].error.message == "stopped after 1 s, the limit for one call"
    replies = session.answer("f").map([(2 + i,) for i in range(40)])
    assert [reply.value for reply in replies] == [*range(2, 42)]


@needs_level_a
@pytest.mark.parametrize(
    "source", ["print('x' * 10**7)", "for i in range(500): display('x' * 1000)", "display({'x' * 10**7})"]
)
def test_output_is_cut_at_its_limit_with_one_remark(package, source):
    with opened(package, output_bytes=10_000, cell_seconds=5) as session:
        outputs = session.run_cell(source)
        assert len(repr(outputs)) < 25_000
        assert repr(outputs).count("[output cut: a cell may show 10,000 bytes]") == 1
        assert text(session.run_cell("print(1)")) == "1\n"


WORKER = """
import gc, os, signal, struct, time
from sandbox import wire
worker, = [thing for thing in gc.get_objects() if type(thing).__name__ == 'KernelWorker']
driver, = [int(n) for n in os.listdir('/proc') if n.isdigit() and int(n) > 2]
"""
LATE = "the process did not answer within 3 s and was stopped"
ENDS = {
    "os._exit": ("os._exit(3)", "the process ended with exit code 3"),
    "killed": ("os.kill(os.getpid(), 9)", "the process was killed by signal 9 (killed)"),
    "its loop stopped": (
        "get_ipython().kernel.io_loop.stop()\ntime.sleep(0.2)", "the process ended with exit code 0",
    ),
    "its driver killed": ("os.kill(driver, 9)", "the process ended with exit code 0"),
    "its driver stopped": ("os.kill(driver, signal.SIGSTOP); time.sleep(9)", LATE),
    "ignored interrupt": ("while True:\n    try: time.sleep(9)\n    except BaseException: pass", LATE),
    "out of memory": (
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "for _ in range(5):\n    if not os.fork(): held = b'1' * 300_000_000; time.sleep(60)\ntime.sleep(60)",
        "the process used more than 1 GB of memory and was stopped",
    ),
    "forged outputs": (
        "worker._driver.sendall(wire.encode('next'))\nworker._send({'outputs': [{'output_type': 'points'}]})",
        "the process sent something that is not an answer: an output of an unknown type",
    ),
    "a forged reply": (
        "worker._send({'replies': [{'value': 1}]})",
        "the process sent something that is not an answer: no outputs",
    ),
}  # fmt: skip


@needs_level_a
@pytest.mark.parametrize(("source", "reason"), ENDS.values(), ids=ENDS)
def test_the_end_of_the_kernel_has_a_reason(package, source, reason):
    seconds = 3 if reason == LATE else 60  # of a busy machine: memory for 1.5 GB takes a while
    with opened(package, wall_seconds=seconds) as session, pytest.raises(SessionDied) as died:
        session.run_cell(WORKER + source)
    assert died.value.reason == reason


@needs_level_a
def test_a_forged_reply_is_only_a_value_and_puts_the_next_answer_out_of_step(package):
    with opened(package) as session:
        session.run_cell(
            WORKER + "from course.checks.answer import Reply\n"
            "def f():\n    worker._send({'replies': [{'value': 'forged'}]})\n    return 'honest'"
        )
        assert session.answer("f").call(()).value == "forged"
        with pytest.raises(SessionDied, match="not an answer: no outputs"):
            session.run_cell("1")


def test_without_a_sandbox_a_trusted_notebook_has_a_kernel_too(package):
    with opened(package, "D") as session:
        assert result(session, "get_ipython().kernel.implementation") == "'ipython'"
        session.run_cell("def f(x): return x + 1")
        assert session.answer("f").call((1,)).value == 2
        with pytest.raises(SessionDied, match="exit code 3"):
            session.run_cell("import os; os._exit(3)")


def test_a_session_at_level_b_has_no_kernel(package):
    with pytest.raises(ValueError, match="needs level A, got B"):
        opened(package, "B")


def bundle():
    """Return the small lesson, which now says that it needs a kernel."""
    release, plain = small_lesson.release(), small_lesson.bundle()
    release.metadata["course"] = {"needs_kernel": True}
    return Bundle(plain.lesson, as_bytes(release), plain.wheel)


FORGES = """
import gc
worker, = [thing for thing in gc.get_objects() if type(thing).__name__ == 'KernelWorker']
def relu_forward(x):
    worker._send({'replies': [{'value': (x, x)}]})
    return x, x
"""
SHOWS = "get_ipython().kernel.implementation"
FORGES_OUTPUTS = """
kernel = get_ipython().kernel
result = {"data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1}
for kind, content in (("execute_result", result), ("status", {"execution_state": "idle"})):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())
"""
RELU_LOST = {**FULL, "test-relu_forward": 0}
GRADED = {
    "right": (small_lesson.right(), SHOWS, FULL, "graded", ""),
    "wrong": (small_lesson.right(relu_forward=WRONG), SHOWS, RELU_LOST, "graded", ""),
    "an endless cell": (
        small_lesson.right(), "while True: pass", FULL, "partly graded",
        "mine: stopped after 1 s, the limit for one cell",
    ),
    "killed": (
        small_lesson.right(), "import os; os.kill(os.getpid(), 9)", FULL, "partly graded",
        "mine: the process was killed by signal 9 (killed)",
    ),
    "a forged reply": (
        small_lesson.right(relu_forward=FORGES), SHOWS, RELU_LOST, "partly graded",
        "mine: the process sent something that is not an answer: no outputs; "
        "modular-layers-9: the process sent something that is not an answer: no outputs",
    ),
    "forged outputs": (small_lesson.right(relu_forward=WRONG), FORGES_OUTPUTS, RELU_LOST, "graded", ""),
}  # fmt: skip


@needs_level_a
@pytest.mark.parametrize(
    ("notebook", "source", "worth", "state", "reason"), GRADED.values(), ids=GRADED
)
def test_a_lesson_that_needs_a_kernel_is_graded_with_one(notebook, source, worth, state, reason):
    notebook = with_cell(notebook, source, "test-relu_forward")
    found = grade(Job("ann", bundle(), as_bytes(notebook), 11, LIMITS))
    assert (points(found), found.state, found.level) == (worth, state, "A")
    assert found.reason == reason
    if source == SHOWS and not reason:
        shown = cell(nbformat.reads(found.notebook.decode(), as_version=4), "mine").outputs
        assert [output.data["text/plain"] for output in shown] == ["'ipython'"]


def test_at_level_b_such_a_lesson_is_refused_with_the_reason_unless_it_is_trusted(monkeypatch):
    monkeypatch.setattr(levels, "find", lambda: levels.Found("B", {"A": "no namespaces"}))
    job = Job("ann", bundle(), as_bytes(small_lesson.right()), 11, LIMITS)
    found = grade(job)
    assert (found.state, sum(points(found).values())) == ("failed", 0)
    assert found.reason.startswith("this lesson needs a kernel, so a sandbox of level A; this")
    assert "autograder doctor" in found.reason and "--i-trust-this-code" in found.reason
    with pytest.raises(NoSandbox, match="needs a kernel"):
        prepare(bundle(), trusted=False)
    trusted = grade(Job("ann", bundle(), job.notebook, 11, LIMITS, trusted=True))
    assert (points(trusted), trusted.level) == (FULL, engine.UNSANDBOXED)
