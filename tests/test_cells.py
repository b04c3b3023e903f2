import base64

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from autograder.sandbox import Limits, Session
from autograder.sandbox.cells import NOT_PYTHON
from tests.sessions import error, make_package, result, short, text


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return make_package(tmp_path_factory.mktemp("student"))


@pytest.fixture(scope="module")
def session(package):
    """A session for all tests that leave it as it was."""
    with Session(package) as session:
        yield session


@pytest.fixture
def fresh(package):
    with Session(package) as session:
        yield session


def test_outputs_come_in_order_as_a_notebook_has_them(fresh):
    outputs = fresh.run_cell("import sys\nprint(1)\nprint(2)\nprint(3, file=sys.stderr)\ndisplay(4)\n5")
    assert outputs == [
        {"output_type": "stream", "name": "stdout", "text": "1\n2\n"},
        {"output_type": "stream", "name": "stderr", "text": "3\n"},
        {"output_type": "display_data", "data": {"text/plain": "4"}, "metadata": {}},
        {"output_type": "execute_result", "data": {"text/plain": "5"}, "metadata": {}, "execution_count": 1},
    ]
    assert fresh.run_cell("6")[0]["execution_count"] == 2
    assert fresh.run_cell("6;") == []


def test_pictures_are_pngs_and_every_output_is_valid(session):
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 2])"
    outputs = session.run_cell(f"%matplotlib inline\n{plot}\nplt.show()\n1 / 0")
    assert [output["output_type"] for output in outputs] == ["display_data", "error"]
    assert base64.b64decode(outputs[0]["data"]["image/png"]).startswith(b"\x89PNG")
    assert "image/png" in session.run_cell("plt.plot([3, 4]);")[0]["data"]
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(output) for output in outputs])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_displays_can_be_updated_and_cleared(session):
    outputs = session.run_cell("shown = display('old', display_id=True)\nshown.update('new')")
    assert [output["data"]["text/plain"] for output in outputs] == ["'new'"]
    cell = "from IPython.display import clear_output\nprint(1)\nclear_output(wait={})\n"
    assert session.run_cell(cell.format(False)) == []
    assert text(session.run_cell(cell.format(True))) == "1\n"
    assert text(session.run_cell(cell.format(True) + "print(2)")) == "2\n"


@pytest.mark.parametrize(
    ("cell", "name", "value"),
    [
        ("1 / 0", "ZeroDivisionError", "division by zero"),
        ("x = = 1", "SyntaxError", "invalid syntax"),
        ("nowhere", "NameError", "name 'nowhere' is not defined"),
        ("import sys\nsys.exit(3)", "SystemExit", "3"),
        ("raise SystemExit", "SystemExit", ""),
        ("raise ExceptionGroup('several', [ValueError()])", "ExceptionGroup", "several"),
        ("def f(): return f()\nf()", "RecursionError", "maximum recursion depth exceeded"),
        ("input()", "EOFError", "EOF when reading a line"),
        ("import numpy as np\nnp.zeros(50 * 2**30 // 8)", "MemoryError", "Unable to allocate 50.0 GiB"),
        ("raise ValueError('x' * 10**7)", "ValueError", "xxx"),
    ],
    ids=lambda value: value[:30],
)
def test_an_error_is_an_output_and_the_notebook_goes_on(session, cell, name, value):
    outputs = session.run_cell(cell)
    ename, evalue = error(outputs)
    assert (ename, evalue[: len(value)]) == (name, value)
    assert len(repr(outputs)) < 110_000
    assert result(session, "1 + 1") == "2"


def test_exit_does_not_end_the_notebook(session):
    assert session.run_cell("exit()") == []
    assert session.run_cell("quit") == []
    assert result(session, "1 + 1") == "2"


@pytest.mark.parametrize(
    "cell", ["while True: pass", "import time\ntime.sleep(60)", "def f():\n    while True: pass\nf()"]
)
def test_an_endless_cell_is_interrupted_and_the_notebook_goes_on(package, cell):
    with short(package, wall_seconds=60) as session:
        assert error(session.run_cell(cell)) == (
            "KeyboardInterrupt",
            "stopped after 1 s, the limit for one cell",
        )
        assert result(session, "1 + 1") == "2"


def test_a_list_that_grows_for_ever_ends_in_a_memory_error(package):
    with Session(package, limits=Limits(memory_bytes=1 << 30)) as session:
        assert error(session.run_cell("x = []\nwhile True: x.append(bytes(10**8))"))[0] == "MemoryError"
        assert result(session, "len(x) < 20") == "True"


@pytest.mark.parametrize(
    "cell",
    [
        "print('x' * 10**8)",
        "for _ in range(10**5): print('x' * 100)",
        "import sys\nfor _ in range(10**5): sys.stderr.write('é' * 100)",
        "display({'x' * 10**8})",
        "for i in range(10**3): display('x' * 1000)",
        "for i in range(100):\n    try: 1 / 0\n    except ZeroDivisionError: get_ipython().showtraceback()",
    ],
)
def test_output_is_cut_at_its_limit_with_one_remark(package, cell):
    with Session(package, limits=Limits(output_bytes=10_000)) as session:
        outputs = session.run_cell(cell)
        assert len(repr(outputs)) < 25_000
        assert repr(outputs).count("[output cut: a cell may show 10,000 bytes]") == 1
        assert text(session.run_cell("print(1)")) == "1\n"


def test_a_full_cell_still_shows_its_error(package):
    with Session(package, limits=Limits(output_bytes=1000)) as session:
        assert error(session.run_cell("print('x' * 5000)\n1 / 0"))[0] == "ZeroDivisionError"


def test_as_many_control_characters_as_a_cell_may_print_fit_into_a_frame(session):
    assert text(session.run_cell("print('\\0' * 10**6)")) == "\0" * 10**6


def test_what_is_printed_below_python_goes_nowhere(session, capfd):
    cell = "import os\nfor _ in range(1600): os.write(1, b'x' * 2**16); os.write(2, b'x' * 2**16)"
    assert session.run_cell(cell) == []
    assert capfd.readouterr() == ("", "")


def test_a_closed_stdout_is_open_again_in_the_next_cell(session):
    session.run_cell("import sys\nsys.stdout.close()\nsys.stdout = None")
    assert text(session.run_cell("print(1)")) == "1\n"


def test_a_daemon_thread_that_prints_for_ever_does_no_harm(fresh):
    fresh.run_cell(
        "import threading, time\n"
        "def chatter():\n"
        "    while True: print('x' * 100); time.sleep(0.0001)\n"
        "threading.Thread(target=chatter, daemon=True).start()"
    )
    fresh.run_cell("def f(x): return x + 1")
    assert fresh.answer("f").call((1,)).value == 2
    assert fresh.run_cell("1 + 1")[-1]["data"]["text/plain"] == "2"


PIECES = """x = 1 |x = %time 1|y=!ls|%time x|%%after f|!ls|?x|x?|/f x|,f x|;f x|>>> x|... x|In [1]: x|  x|
if x:|    y %= 2|z != 3|'%s' % x|# a % b|f(x) %y|s = 'a""".split("|")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("\n".join))
@example("\n\nx = 1")
def test_a_cell_that_is_taken_for_python_is_nothing_else_to_ipython(source):
    if not NOT_PYTHON.search(source):
        assert TransformerManager().transform_cell(source) == source + "\n"
