import collections
import subprocess
import sys
import warnings

import numpy as np
import pytest

from course.checks.answer import MESSAGE, PRINTED, Handle, Local, plain


def ask(function, *args, keep=()):
    return Local(function).call(args, keep)


def test_a_call_returns_the_value_and_the_time_it_took():
    reply = ask(lambda a, b: a + b, 1, 2)
    assert (reply.value, reply.error, reply.args, reply.printed, reply.warnings) == (3, None, None, "", ())
    assert reply.seconds > 0


def test_the_name_is_the_functions_or_the_given_one():
    assert Local(np.linalg.norm).name == "norm"
    assert Local(lambda: 0, "f").name == "f"


def test_map_asks_once_for_each_tuple():
    assert [reply.value for reply in Local(abs).map([(-1,), (2,)])] == [1, 2]


def test_map_makes_no_more_calls_once_one_was_interrupted():
    asked = []

    def interrupted_at(x):
        asked.append(x)
        if x == 2:
            raise KeyboardInterrupt

    replies = Local(interrupted_at).map([(1,), (2,), (3,), (4,)])
    assert asked == [1, 2] and [reply.interrupted for reply in replies] == [False, True, True, True]


def overwrite_array(x):
    x[0] = 7


def overwrite_dictionary(param):
    param["pad"] = 9


def overwrite_inside(cache):
    cache[1]["w"][0] = 5


@pytest.mark.parametrize(
    ("function", "argument", "after"),
    [
        (overwrite_array, np.zeros(2), np.array([7.0, 0.0])),
        (overwrite_dictionary, {"pad": 1}, {"pad": 9}),
        (overwrite_inside, (0, {"w": np.zeros(1)}), (0, {"w": np.array([5.0])})),
    ],
)
def test_a_modified_argument_is_seen_and_the_callers_stays_as_it_was(function, argument, after):
    before = repr(argument)
    reply = ask(lambda first, second: function(second), 1.0, argument)
    assert reply.changed == (1,)
    assert reply.changed_names(("first", "second")) == ["second"]
    assert repr(reply.args) == repr((1.0, after))
    assert repr(argument) == before


@pytest.mark.parametrize(
    "argument",
    [np.array([np.nan, -0.0]), {"a": [1, (2.0, None)]}, "text", np.float32(np.nan), np.zeros((0, 3))],
)
def test_an_argument_that_is_only_read_is_not_modified(argument):
    assert ask(lambda x: repr(x), argument).args is None


def test_an_argument_modified_before_an_error_is_seen():
    def function(x):
        x += 1
        return 1 / 0

    reply = ask(function, np.zeros(1))
    assert (reply.error.kind, reply.changed) == ("ZeroDivisionError", (0,))


def test_an_array_whose_shape_was_changed_in_place_is_modified():
    def function(x):
        x.shape = (4,)

    assert ask(function, np.zeros((2, 2))).changed == (0,)


class Agreeable(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs):
        return True

    def __array_function__(self, *args, **kwargs):
        return True


class Number(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__

    def __float__(self):
        return 99.0


Pair = collections.namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.arange(3.0).view(Agreeable), np.arange(3.0)),
        (np.ma.array([1.0, 2.0]), np.array([1.0, 2.0])),
        (np.arange(2).astype(">i4"), np.arange(2, dtype="i4")),
        (np.float32(1.5), np.float32(1.5)),
        (Number(2.0), 2.0),
        (True, True),
        (Pair(1, [2, None]), (1, [2, None])),
        (collections.OrderedDict(a=np.ones(1)), {"a": np.ones(1)}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_become_plain_data(value, expected):
    came = ask(lambda: value).value
    assert type(came) is type(expected)
    assert repr(came) == repr(expected)
    assert getattr(came, "dtype", None) == getattr(expected, "dtype", None)


def test_a_value_is_a_copy():
    array = np.zeros(2)
    value = ask(lambda: array).value
    array[0] = 1
    assert value[0] == 0


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (np.array([None]), "array of object"),
        (np.array(["a"]), "array of <U1"),
        ({1, 2}, "set"),
        ({1: 2}, "dict"),
        (print, "builtin_function_or_method"),
        (Handle("tuple", 3), "Handle"),
    ],
)
def test_what_is_no_plain_data_stays_behind_a_handle(value, kind):
    handle = ask(lambda: (1, [value])).value[1][0]
    assert (type(handle), handle.kind, handle.holds) == (Handle, kind, value)


def test_a_list_that_contains_itself_ends_in_a_handle():
    endless = []
    endless.append(endless)
    value = plain(endless)
    while isinstance(value, list):
        (value,) = value
    assert isinstance(value, Handle)


def forward(x):
    return 2 * x, (x, Odd())


class Odd:
    pass


def test_a_kept_part_is_passed_back_as_it_was():
    out, cache = ask(forward, np.ones(2), keep=(1,)).value
    assert (out == 2).all()
    assert (type(cache), cache.kind) == (Handle, "tuple")

    def backward(dout, cache):
        x, odd = cache
        assert type(odd) is Odd
        return dout * x

    assert (ask(backward, np.full(2, 3.0), cache).value == 3).all()


def test_a_kept_object_that_a_call_overwrites_is_seen_and_not_spoilt():
    cache = ask(forward, np.ones(2), keep=(1,)).value[1]

    def backward(dout, cache):
        cache[0][:] = 0
        return cache[0]

    for _ in range(2):
        reply = ask(backward, 1.0, cache)
        assert reply.changed == (1,)
        assert (reply.args[1].holds[0] == 0).all()
        assert (cache.holds[0] == 1).all()


def test_a_kept_object_that_cannot_be_copied_is_passed_as_it_is():
    cache = ask(lambda: (1, (number for number in range(3))), keep=(1,)).value[1]
    assert ask(next, cache).value == 0
    assert ask(next, cache).value == 1


def raise_here(x):
    y = 1
    return y / x


def exit_here():
    sys.exit(3)


def interrupted():
    raise KeyboardInterrupt("too slow")


def unwritten():
    raise NotImplementedError("write me")


class Wild(BaseException):
    def __str__(self):
        raise RuntimeError


def wild():
    raise Wild


def endless(n=0):
    return endless(n + 1)


@pytest.mark.parametrize(
    ("function", "kind", "message", "written"),
    [
        (exit_here, "SystemExit", "3", True),
        (interrupted, "KeyboardInterrupt", "too slow", True),
        (unwritten, "NotImplementedError", "write me", False),
        (wild, "Wild", "(an error without a readable message)", True),
        (endless, "RecursionError", "maximum recursion depth exceeded", True),
    ],
)
def test_whatever_is_raised_becomes_the_replys_error(function, kind, message, written):
    reply = ask(function)
    assert (reply.value, reply.error.kind, reply.error.written) == (None, kind, written)
    assert reply.error.message.startswith(message)


def test_an_error_names_the_line_in_the_function():
    error = ask(raise_here, 0).error
    assert (error.kind, error.message) == ("ZeroDivisionError", "division by zero")
    assert error.line == raise_here.__code__.co_firstlineno + 2
    assert error.source == "return y / x"


def test_an_error_inside_a_library_names_the_line_that_called_it():
    def function():
        return np.zeros(2).reshape(3)

    error = ask(lambda: np.linalg.inv(np.zeros((2, 2)))).error
    assert (error.kind, error.source[:5]) == ("LinAlgError", "error")
    assert ask(function).error.source == "return np.zeros(2).reshape(3)"


def test_wrong_arguments_have_no_line_in_the_function():
    error = ask(raise_here, 1, 2).error
    assert (error.kind, error.line, error.source) == ("TypeError", None, None)


def test_a_long_message_is_cut():
    def function():
        raise ValueError("x" * 10_000)

    assert len(ask(function).error.message) == MESSAGE


def test_printed_text_is_captured_and_cut(capfd):
    def function():
        sys.stdout.write("out\n")
        sys.stderr.write("err\n")
        sys.stdout.write("x" * 10_000)
        sys.stdout.write("more")

    printed = ask(function).printed
    assert printed.startswith("out\nerr\nxxx")
    assert len(printed) == PRINTED
    assert capfd.readouterr() == ("", "")


def test_warnings_are_collected_once_each_and_reach_no_stream(capfd):
    def function(x):
        for _ in range(3):
            np.exp(x)
            x / 0.0
        warnings.warn("odd", stacklevel=1)

    assert ask(function, np.array([1000.0])).warnings == (
        "RuntimeWarning: overflow encountered in exp",
        "RuntimeWarning: divide by zero encountered in divide",
        "UserWarning: odd",
    )
    assert capfd.readouterr() == ("", "")


def test_a_function_that_changes_the_error_state_changes_it_for_itself_only():
    before = np.geterr()
    ask(lambda: np.seterr(all="raise"))
    assert np.geterr() == before


def test_it_needs_nothing_but_numpy():
    file = sys.modules[Local.__module__].__file__
    source = (
        "import sys, importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('answer', {file!r})\n"
        "answer = importlib.util.module_from_spec(spec)\n"
        "sys.modules['answer'] = answer\n"
        "spec.loader.exec_module(answer)\n"
        "assert answer.Local(abs).call((-1,)).value == 1\n"
        "assert not {'IPython', 'matplotlib', 'course'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", source], check=True)
