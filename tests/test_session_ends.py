import contextlib
import os
from pathlib import Path

import pytest

from autograder.sandbox import Session, SessionDied
from tests.sessions import make_package, result, short


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return make_package(tmp_path_factory.mktemp("student"))


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


def is_running(mark):
    """Tell whether a process of this machine has the mark in its command line."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if mark.encode() in path.read_bytes():
                return True
    return False


def test_children_that_are_left_behind_are_killed_and_nothing_is_left_of_the_folder(package):
    mark = f"61.{os.getpid()}"
    with Session(package) as session:
        session.run_cell(f"import os, subprocess\nchild = subprocess.Popen(['sleep', '{mark}'])")
        session.run_cell("for _ in range(1100):\n    os.mkdir('d')\n    os.chdir('d')")
        assert is_running(mark)
    assert not is_running(mark)
    with Session(package) as session:
        assert result(session, "import os\nos.listdir()") == "[]"


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
    "another answer": "send(wire.encode({'at': 1, 'replies': [{}]}))",
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
            "    forged = {**vars(Reply('forged', seconds=0.1))}\n"
            "    send(wire.encode({'at': worker._sent, 'replies': [forged]}))\n"
            "    return 'honest'"
        )
        assert session.answer("f").call(()).value == "forged"
        with pytest.raises(SessionDied, match="not an answer: not the replies that should have come"):
            session.answer("f").call(())


def test_replies_that_are_too_large_together_end_the_session(package):
    with Session(package) as session:
        session.run_cell("import numpy as np\nx = np.zeros(3_000_000)\ndef f(): return x")
        assert session.answer("f").call(()).value.nbytes == 24_000_000
        with pytest.raises(SessionDied, match="too large"):
            session.answer("f").map([()] * 4)
