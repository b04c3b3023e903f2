import os
import shutil
from pathlib import Path

import numpy as np
import pytest

import course
from autograder.sandbox import Limits, Session, SessionDied
from autograder.sandbox.wire import WireError
from course.checks.answer import Handle
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


def test_one_value_that_cannot_be_sent_costs_no_other_reply(session):
    session.run_cell("def f(x): return 10**500 if x == 3 else x")
    replies = session.answer("f").map([(i,) for i in range(40)])
    assert [i for i, reply in enumerate(replies) if reply.error] == [3]
    assert "what f returns can't be sent: an integer has more than 400 digits" in replies[3].error.message
    assert [reply.value for reply in replies if not reply.error] == [i for i in range(40) if i != 3]


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


def test_an_endless_call_is_interrupted_and_no_more_are_made_of_its_request(package):
    with short(package, wall_seconds=60) as session:
        session.run_cell("def f(x):\n    while x == 1: pass\n    return x")
        replies = session.answer("f").map([(0,), (1,), (2,)])
        assert [reply.value for reply in replies] == [0, None, None] and replies[2] == replies[1]
        assert session.answer("f").call((2,)).value == 2
        assert (replies[1].error.kind, replies[1].error.line) == ("KeyboardInterrupt", 2)
        assert replies[1].error.message == "stopped after 1 s, the limit for one call"


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
    kinds = [line.partition(":")[0] for line in opened.split() if not line.endswith(".ttf")]
    assert kinds == ["socket"]


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


def test_a_student_package_of_another_age_is_asked_all_the_same(package, tmp_path):
    older = tmp_path / "older"
    shutil.copytree(package, older)
    (older / "course" / "checks" / "answer.py").write_text("class Handle: pass\nclass Local: pass\n")
    with Session(older) as session:
        session.run_cell("def f(x): return x + 1")
        assert session.answer("f").call((1,)).value == 2
