import base64
import os
import shutil
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest

import course
from autograder.sandbox import Limits, Session, SessionDied
from autograder.sandbox.wire import WireError
from course.checks.answer import Handle

OPEN_NAME = """
def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise ImportError(f"{name} is what you write in this lesson")
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A student package: what answers need, and a reference whose names are still open."""
    folder = tmp_path_factory.mktemp("student")
    for name, source in {
        "course/__init__.py": '__version__ = "of the student package"',
        "course/checks/__init__.py": "",
        "course/reference/__init__.py": "",
        "course/reference/layers.py": OPEN_NAME,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(source)
    for name in ("checks/answer.py", "magics.py"):
        shutil.copy(Path(course.__file__).parent / name, folder / "course" / name)
    return folder


@pytest.fixture(scope="module")
def session(package):
    """A session for all tests that leave it as it was."""
    with Session(package) as session:
        yield session


@pytest.fixture
def fresh(package):
    with Session(package) as session:
        yield session


def short(package, wall_seconds=2):
    return Session(package, limits=Limits(1, 1, wall_seconds))


def text(outputs, name="stdout"):
    return "".join(output["text"] for output in outputs if output.get("name") == name)


def result(session, expression):
    (output,) = session.run_cell(expression)
    return output["data"]["text/plain"]


def error(outputs):
    (output,) = [output for output in outputs if output["output_type"] == "error"]
    return output["ename"], output["evalue"]


# Cells


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


def test_an_endless_call_is_interrupted_and_the_others_are_answered(package):
    with short(package, wall_seconds=60) as session:
        session.run_cell("def f(x):\n    while x == 1: pass\n    return x")
        replies = session.answer("f").map([(0,), (1,), (2,)])
        assert [reply.value for reply in replies] == [0, None, 2]
        assert (replies[1].error.kind, replies[1].error.line) == ("KeyboardInterrupt", 2)
        assert replies[1].error.message == "stopped after 1 s, the limit for one call"


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


# Answers


def test_a_function_answers_with_what_it_computes(session):
    session.run_cell("def f(x, param):\n    print('hello')\n    return x * param['two'], (x, [None, 'a'])")
    x = np.arange(6, dtype="f4").reshape(2, 3)
    reply = session.answer("f").call((x, {"two": 2}))
    out, (same, rest) = reply.value
    assert out.dtype == np.float32
    assert (out == 2 * x).all() and (same == x).all() and rest == [None, "a"]
    assert (reply.printed, reply.error, reply.args) == ("hello\n", None, None)


def test_map_keeps_the_order_of_more_calls_than_one_request_holds(session):
    session.run_cell("def f(x): return x + 1")
    replies = session.answer("f").map([(i,) for i in range(700)])
    assert [reply.value for reply in replies] == list(range(1, 701))
    assert session.answer("f").map([]) == []


def test_map_splits_what_is_too_large_for_one_frame(session):
    session.run_cell("def f(x): return x[-1]")
    large = np.full(4_000_000, 3.0)
    assert [reply.value for reply in session.answer("f").map([(large,)] * 3)] == [3.0] * 3


def test_an_argument_that_is_no_plain_data_is_refused_and_the_session_lives(session):
    session.run_cell("def f(x): return x")
    with pytest.raises(WireError, match="set can't be sent"):
        session.answer("f").call(({1, 2},))
    with pytest.raises(WireError, match="Handle can't be sent"):
        session.answer("f").call((Handle("from another session", None),))
    assert session.answer("f").call((1,)).value == 1


def test_a_handle_is_passed_back_to_the_object_it_stands_for(session):
    session.run_cell(
        "def forward(x): return x, (x, print)\ndef backward(dout, cache): return dout * cache[0]"
    )
    out, cache = session.answer("forward").call((np.array([2.0]),), keep=(1,)).value
    assert cache.kind == "tuple"
    assert session.answer("backward").call((np.array([3.0]), cache)).value == 6
    (reply,) = session.answer("backward").map([(out, cache)])
    assert reply.value == 4


def test_objects_whose_handles_are_gone_are_let_go(fresh):
    fresh.run_cell("class Cache: pass\ndef f(): return 1, Cache()\ndef g(): pass")
    count = "import gc\nsum(type(thing).__name__ == 'Cache' for thing in gc.get_objects())"
    kept = fresh.answer("f").map([()] * 5, keep=(1,))
    assert result(fresh, count) == "5"
    del kept
    fresh.answer("g").call(())
    assert result(fresh, count) == "0"


def test_a_modified_input_is_seen(session):
    session.run_cell("def f(x):\n    x[0] = 7\n    return x")
    x = np.zeros(2)
    reply = session.answer("f").call((x,))
    assert reply.changed == (0,)
    assert (reply.args[0] == [7, 0]).all()
    assert (x == 0).all()


@pytest.mark.parametrize(
    ("cell", "kind", "message", "line", "written"),
    [
        ("f = None\ndel f", "NameError", "name 'f' is not defined", None, True),
        ("f = 3", "TypeError", "'int' object is not callable", None, True),
        ("def f():\n    raise NotImplementedError", "NotImplementedError", "", 2, False),
        ("def f():\n    y = 0\n    return 1 / y", "ZeroDivisionError", "division by zero", 3, True),
        ("import sys\ndef f(): sys.exit('bye')", "SystemExit", "bye", 2, True),
        ("def f(): return f()", "RecursionError", "maximum recursion depth exceeded", 1, True),
        (
            "import numpy as np\ndef f(): return np.zeros(10**7)",
            "ValueError",
            "what f returns can't be",
            None,
            True,
        ),
        (
            "def f(): return [0.5] * 10**6, 'x' * 10**7",
            "ValueError",
            "what f returns can't be sent",
            None,
            True,
        ),
        ("def f(): return 10**500", "ValueError", "what f returns can't be sent", None, True),
    ],
    ids=lambda value: str(value)[:30],
)
def test_whatever_goes_wrong_in_a_call_is_the_replys_error(session, cell, kind, message, line, written):
    session.run_cell(cell)
    reply = session.answer("f").call(())
    assert (reply.value, reply.error.kind, reply.error.line, reply.error.written) == (
        None,
        kind,
        line,
        written,
    )
    assert reply.error.message.startswith(message)
    assert result(session, "1 + 1") == "2"


def test_the_line_of_an_error_is_shown_as_the_student_wrote_it(session):
    session.run_cell("def f(x):\n    return 1 / x  # here")
    assert session.answer("f").call((0,)).error.source == "return 1 / x  # here"


def test_what_is_no_plain_data_comes_as_a_handle(session):
    session.run_cell("import numpy as np\ndef f(): return np.array([None]), {1, 2}, np.array(['a'])")
    assert [part.kind for part in session.answer("f").call(()).value] == [
        "array of object",
        "set",
        "array of <U1",
    ]


def test_an_array_that_agrees_to_everything_comes_as_a_plain_one(session):
    session.run_cell(
        "import numpy as np\n"
        "class Yes(np.ndarray):\n"
        "    def __array_ufunc__(self, *args, **kwargs): return True\n"
        "def f(): return np.zeros(2).view(Yes)"
    )
    value = session.answer("f").call(()).value
    assert type(value) is np.ndarray
    assert not (value == 1).any()


def test_warnings_of_numpy_come_with_the_reply(session, capfd):
    session.run_cell("import numpy as np\ndef f(x): return np.exp(x)")
    assert session.answer("f").call((np.array([1000.0]),)).warnings == (
        "RuntimeWarning: overflow encountered in exp",
    )
    assert capfd.readouterr() == ("", "")


# Ends


ENDS = {
    "os._exit": ("import os\nos._exit(3)", "the process ended with exit code 3"),
    "os._exit(0)": ("import os\nos._exit(0)", "the process ended with exit code 0"),
    "segfault": (
        "import ctypes\nctypes.string_at(0)",
        "the process was killed by signal 11 (segmentation fault)",
    ),
    "abort": ("import os\nos.abort()", "the process was killed by signal 6 (aborted)"),
    "ignored interrupt": (
        "while True:\n    try:\n        while True: sum(range(9))\n    except BaseException: pass",
        "the process did not answer within 2 s and was stopped",
    ),
    "ignored signals": (
        "import signal, time\n"
        "for s in set(signal.Signals) - {9, 19}: signal.signal(s, signal.SIG_IGN)\n"
        "time.sleep(60)",
        "the process did not answer within 2 s and was stopped",
    ),
    "stopped itself": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        "the process did not answer within 2 s and was stopped",
    ),
    "hung up": (
        "import os, signal, time\nos.closerange(3, 50)\nsignal.alarm(0)\ntime.sleep(60)",
        "the process closed its connection and was stopped",
    ),
    "gone, with a child that keeps the connection": (
        "import os, time\nif os.fork(): os._exit(5)\ntime.sleep(60)",
        "the process ended with exit code 5",
    ),
}


@pytest.mark.parametrize(("cell", "reason"), ENDS.values(), ids=ENDS)
def test_the_end_of_the_process_has_a_reason_that_every_later_use_repeats(package, cell, reason):
    with short(package) as session:
        answer = session.answer("f")
        with pytest.raises(SessionDied) as died:
            session.run_cell(cell)
        assert died.value.reason == str(died.value) == reason
        for use in (lambda: session.run_cell("1"), lambda: answer.call(()), lambda: answer.map([()])):
            with pytest.raises(SessionDied) as again:
                use()
            assert again.value.reason == reason


def test_a_function_can_end_the_process_too(package):
    with short(package) as session:
        session.run_cell("import os\ndef f(x): return x if x < 5 else os._exit(7)")
        assert session.answer("f").call((1,)).value == 1
        with pytest.raises(SessionDied, match="exit code 7"):
            session.answer("f").map([(i,) for i in range(10)])


def test_waiting_counts_over_all_cells_and_calls_together(package):
    with short(package) as session:
        session.run_cell("import time\ndef f(): time.sleep(0.3)")
        with pytest.raises(SessionDied, match="within 2 s"):
            for _ in range(10):
                session.answer("f").call(())


def test_a_session_that_is_not_open_says_so(package):
    session = Session(package)
    with pytest.raises(SessionDied, match="not open"):
        session.run_cell("1")
    with session:
        assert result(session, "1") == "1"
    with pytest.raises(SessionDied, match="closed"):
        session.run_cell("1")


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def test_children_that_are_left_behind_are_killed_and_the_folder_is_removed(package):
    with Session(package) as session:
        cell = "import os, subprocess\nchild = subprocess.Popen(['sleep', '60'])\nchild.pid, os.getpid()"
        pids = eval(result(session, cell))
        folder = Path(eval(result(session, "os.getcwd()"))).parent
        session.run_cell("for _ in range(1100):\n    os.mkdir('d')\n    os.chdir('d')")
        assert all(map(is_running, pids)) and folder.is_dir()
    waited_until = time.monotonic() + 10
    while any(map(is_running, pids)) and time.monotonic() < waited_until:
        time.sleep(0.01)
    assert not any(map(is_running, pids))
    assert not folder.exists()


# What the process can see


DESCRIPTORS = """
for fd in range(3, 50):
    try: print(os.readlink(f'/proc/self/fd/{fd}'))
    except OSError: pass
"""


def test_its_environment_and_descriptors_hold_nothing_of_the_parents(package, monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    with open(tmp_path / "gradebook.db", "w") as file:
        os.set_inheritable(file.fileno(), True)
        with Session(package) as session:
            seen = text(session.run_cell("import os\nprint(dict(os.environ))"))
            opened = text(session.run_cell(DESCRIPTORS))
    assert "LANG" in seen and "hunter2" not in seen and "SECRET" not in seen
    assert [line.partition(":")[0] for line in opened.split()] == ["socket"]


def test_its_course_is_the_student_package_and_the_project_is_nowhere(session):
    assert result(session, "import course\ncourse.__version__") == "'of the student package'"
    for name in ("autograder", "tests", "course.mistakes", "course.lessons"):
        assert error(session.run_cell(f"import {name}"))[1] == f"No module named '{name}'"
    assert error(session.run_cell("from course.reference.layers import affine_forward"))[1] == (
        "affine_forward is what you write in this lesson"
    )
    project = str(Path(course.__file__).parents[1])
    assert result(session, f"import sys\n{project!r} in sys.path") == "False"


def test_files_lie_beside_the_notebook_and_cannot_replace_numpy(package):
    files = {"numpy.py": b"1 / 0", "helper.py": b"two = 2", "data/x.txt": b"three"}
    with Session(package, files) as session:
        assert (
            result(session, "import helper, numpy\nhelper.two, open('data/x.txt').read()") == "(2, 'three')"
        )


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "a\0b", "", ".", "x" * 300])
def test_a_file_that_leads_out_of_the_folder_is_refused(package, name):
    with pytest.raises(ValueError, match="beside the notebook"), Session(package, {name: b""}):
        pass


def test_the_same_seed_draws_the_same_numbers(package):
    def drawn(seed):
        with Session(package, seed=seed) as session:
            return result(session, "import random, numpy as np\nrandom.random(), np.random.rand(), hash('a')")

    assert drawn(2**40 + 3) == drawn(2**40 + 3) != drawn(4)


def test_a_package_that_does_not_start_is_named_with_its_error(package, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(package, broken)
    (broken / "course" / "__init__.py").write_text("raise ImportError('half a package')")
    with (
        pytest.raises(SessionDied, match="exit code 1 while it started: ImportError: half a package"),
        Session(broken),
    ):
        pass
    with pytest.raises(FileNotFoundError, match="no student package"):
        Session(tmp_path)


@pytest.mark.parametrize(
    "limits", [{"wall_seconds": 0}, {"memory_bytes": -1}, {"cell_seconds": float("inf")}]
)
def test_limits_must_be_positive(limits):
    with pytest.raises(ValueError, match="must be positive"):
        Limits(**limits)


def test_more_output_than_a_frame_holds_is_refused():
    with pytest.raises(ValueError, match="output_bytes must be at most"):
        Limits(output_bytes=2_000_000)


# Forged answers

CONNECTION = """
import gc, os, struct, numpy as np
from sandbox import wire
worker, = [thing for thing in gc.get_objects() if type(thing).__name__ == 'Worker']
send = worker._connection.sendall
stream = {'output_type': 'stream', 'name': 'stdout', 'text': ''}
"""
FORGED = {
    "text": "send(b'HTTP/1.1 200 OK\\r\\n\\r\\n')",
    "a frame of nothing": "send(struct.pack('<II', 0, 0))",
    "a frame that is too large": "send(struct.pack('<II', 2**32 - 1, 2**32 - 1))",
    "half a frame": "send(struct.pack('<II', 10, 0) + b'12345'); os._exit(0)",
    "a frame that never comes": "send(struct.pack('<II', 10, 0)); import time; time.sleep(60)",
    "deep JSON": "send(struct.pack('<II', 10**6, 0) + b'[' * 10**6)",
    "an array of objects": "send(struct.pack('<II', 15, 8) + b'{\"a\":[\"O\",[1]]}' + bytes(8))",
    "another answer": "send(wire.encode({'at': 1, 'reply': {}}))",
    "an answer to an earlier question": "send(wire.encode({'at': 0, 'ready': True}))",
    "odd outputs": "send(wire.encode({'at': 1, 'outputs': [{**stream, 'name': 1}]}))",
    "too much output": "send(wire.encode({'at': 1, 'outputs': [{**stream, 'text': 'x' * 7 * 10**6}]}))",
    "noise": "send(np.random.bytes(10**6))",
}


@pytest.mark.parametrize("forgery", FORGED.values(), ids=FORGED)
def test_a_forged_answer_ends_the_session(package, forgery):
    with short(package) as session, pytest.raises(SessionDied) as died:
        session.run_cell(CONNECTION + forgery)
    assert died.value.reason.startswith("the process ")
    assert "\n" not in died.value.reason


def test_a_forged_reply_is_only_a_value_and_puts_the_next_answer_out_of_step(package):
    with short(package) as session:
        session.run_cell(
            CONNECTION + "from course.checks.answer import Reply\n"
            "def f():\n"
            "    send(wire.encode({'at': worker._sent, 'reply': {**vars(Reply('forged', seconds=0.1))}}))\n"
            "    return 'honest'"
        )
        assert session.answer("f").call(()).value == "forged"
        with pytest.raises(SessionDied, match="not an answer: not the reply that was asked for"):
            session.answer("f").call(())


def test_replies_that_are_too_large_together_end_the_session(package):
    with Session(package) as session:
        session.run_cell("import numpy as np\nx = np.zeros(3_000_000)\ndef f(): return x")
        assert session.answer("f").call(()).value.nbytes == 24_000_000
        with pytest.raises(SessionDied, match="too large"):
            session.answer("f").map([()] * 4)
