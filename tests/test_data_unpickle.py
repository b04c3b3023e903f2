"""A pickle is read as data, whatever it wants to do."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.data import unpickle as module
from course.data.unpickle import unpickle
from tests.cifar10_files import CONTENT, FILES, NAMES, array, dictionary, listed, number, pickled, string


@pytest.mark.parametrize("name", NAMES)
def test_a_file_written_as_the_official_ones_is_read_whole(name):
    images, labels = CONTENT[name]
    data = unpickle(FILES[name])
    assert data[b"batch_label"] == b"some batch"
    assert data[b"labels"] == labels.tolist()
    assert np.array_equal(data[b"data"], images.reshape(len(images), 3072))
    assert data[b"filenames"] == [b"a.png"] * len(labels)


def touch(path):
    return string(f"touch {path}".encode())


# Each way a pickle has to call os.system(command); {} is the command as a string.
WAYS_TO_CALL = {
    "GLOBAL and REDUCE": b"\x80\x02cposix\nsystem\n{}\x85R.",
    "INST": b"({}iposix\nsystem\n.",
    "OBJ": b"(cposix\nsystem\n{}o.",
    "NEWOBJ": b"\x80\x02csubprocess\nPopen\n{}N\x88\x87\x81.",
    "STACK_GLOBAL": b"\x80\x04\x8c\x05posix\x8c\x06system\x93{}\x85R.",
    "by another name": b"\x80\x02cnumpy.f2py.diagnose\nos\n0cposix\nsystem\n{}\x85R.",
    "in a key": b"\x80\x02}(cposix\nsystem\n{}\x85RK\x01u.",
    "eval": b"\x80\x02cbuiltins\neval\n{}\x85R.",
}
RUNS = ("GLOBAL and REDUCE", "INST", "STACK_GLOBAL")


@pytest.mark.parametrize("way", WAYS_TO_CALL)
def test_a_pickle_with_code_in_it_executes_nothing(way, tmp_path):
    hostile = WAYS_TO_CALL[way].replace(b"{}", touch(tmp_path / "harmed"))
    with pytest.raises(ValueError, match="no pickle of CIFAR-10"):
        unpickle(hostile)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the command of these pickles is one of Unix")
@pytest.mark.parametrize("way", RUNS)
def test_the_same_pickle_does_harm_where_pickles_are_run(way, tmp_path):
    hostile = WAYS_TO_CALL[way].replace(b"{}", touch(tmp_path / "harmed"))
    run = "import pickle, sys; pickle.load(sys.stdin.buffer)"
    subprocess.run([sys.executable, "-c", run], input=hostile, check=True)
    assert (tmp_path / "harmed").exists()


def test_the_format_s_own_functions_are_not_called_with_other_arguments():
    grab = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n(J\xff\xff\xff\x7ftU\x01b\x87R"
    assert unpickle(pickled(grab)) == (
        "numpy.core.multiarray _reconstruct", ("numpy ndarray", (2**31 - 1,), b"b")
    )


FOREIGN = {
    "nothing": b"",
    "no pickle": b"<html>404 Not Found</html>",
    "an empty pickle": b".",
    "two values": pickled(b"NN"),
    "an unknown instruction": pickled(b"\xff"),
    "text instead of bytes": pickled(b"X\x01\x00\x00\x00a"),
    "a fraction": pickled(b"G" + b"\0" * 8),
    "the same object twice": pickled(b"]q\x01(h\x01e"),
    "a persistent id": pickled(b"U\x01aQ"),
    "an extension": pickled(b"\x82\x01"),
    "more taken than there is": pickled(b"\x87"),
    "no mark": pickled(b"t"),
    "items for a number": pickled(b"K\x01(K\x02e"),
    "items for a tuple": pickled(b"N\x85(K\x02K\x03u"),
    "a key without a value": pickled(b"}(U\x01au"),
    "a list as a key": pickled(b"}(]K\x01u"),
    "a string longer than the file": pickled(b"T\xff\xff\xff\x7fabc"),
    "a string of negative length": pickled(b"T\xff\xff\xff\xffabc"),
    "an array of objects": pickled(array((1, 8), b"\0" * 8, kind=b"O8")),
    "an array of other numbers": pickled(array((1, 8), b"\0" * 8, kind=b"f8")),
    "an array with too few bytes": pickled(array((10_000, 3072), b"\0" * 8)),
    "an array of an absurd shape": pickled(array((2**31 - 1, 2**31 - 1), b"")),
    "an array of a negative shape": pickled(array((-2, -4), b"\0" * 8)),
    "an array of nothing": pickled(array((0, 3072), b"")),
    "a state for a list": pickled(b"](K\x01e}b"),
    "a state for a name": pickled(b"cnumpy\nndarray\n}b"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_anything_else_is_refused_in_one_line(what):
    with pytest.raises(ValueError, match="no pickle of CIFAR-10") as refusal:
        unpickle(FOREIGN[what])
    assert "\n" not in str(refusal.value)


def test_a_pickle_that_wants_much_memory_for_nothing_gets_none():
    remember_far_away = b"r\xff\xff\xff\x7f"
    assert unpickle(pickled(b"K\x01" + remember_far_away)) == 1


def test_too_many_instructions_are_refused():
    with pytest.raises(ValueError, match="100,000 instructions"):
        unpickle(pickled(b"K\x01" * 200_000))


def test_a_tuple_as_deep_as_the_limit_allows_does_no_harm():
    deep = b"K\x01" + b"\x85" * 90_000
    assert isinstance(unpickle(pickled(deep)), tuple)
    with pytest.raises(ValueError, match="a key is not a string"):
        unpickle(pickled(b"}(" + deep + b"Nu"))
    with pytest.raises(ValueError, match="something other than an array"):
        unpickle(pickled(deep + b"]b"))


def test_too_many_bytes_are_refused(monkeypatch):
    raw = pickled(string(b"a" * 1000))
    assert unpickle(raw) == b"a" * 1000
    monkeypatch.setattr(module, "LIMIT_BYTES", 1000)
    with pytest.raises(ValueError, match="at most 1,000 bytes"):
        unpickle(raw)


SHORT = pickled(dictionary(labels=listed([number(3), number(700)]), data=array((1, 4), b"abcd")))


@given(st.integers(0, len(SHORT) - 1))
def test_a_pickle_that_is_cut_off_anywhere_is_refused(length):
    with pytest.raises(ValueError, match="no pickle of CIFAR-10"):
        unpickle(SHORT[:length])


def plain(data):
    """Return whether data is made of nothing but what CIFAR-10's files hold."""
    if isinstance(data, dict):
        return all(plain(item) for pair in data.items() for item in pair)
    if isinstance(data, list | tuple):
        return all(map(plain, data))
    return data is None or type(data) in (bytes, int, bool, str, np.ndarray, object, np.dtypes.UInt8DType)


@given(st.lists(st.tuples(st.integers(0, len(SHORT) - 1), st.integers(0, 255)), min_size=1, max_size=6))
@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")
def test_a_damaged_pickle_is_refused_or_gives_plain_data(changes):
    raw = bytearray(SHORT)
    for place, value in changes:
        raw[place] = value
    try:
        data = unpickle(bytes(raw))
    except ValueError as refusal:
        assert "\n" not in str(refusal)
    else:
        assert plain(data)
