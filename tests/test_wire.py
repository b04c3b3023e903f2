import io
import json
import math
import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox import wire

DTYPES = st.sampled_from(list(wire.DTYPES.values()))
ARRAYS = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=4)))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    ARRAYS,
    DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, ())).map(lambda array: array[()]),
)


def containers(parts):
    few = st.lists(parts, max_size=4)
    return few | few.map(tuple) | st.dictionaries(st.text(), parts, max_size=4)


VALUES = st.recursive(LEAVES, containers, max_leaves=12)


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (np.ndarray, np.generic)):
        return (a.dtype, a.shape) == (b.dtype, b.shape) and a.tobytes() == b.tobytes()
    return repr(a) == repr(b)


def decode(data, resolve=None):
    def read(count):
        assert 0 <= count <= wire.FRAME_BYTES
        part = stream.read(count)
        if len(part) < count:
            raise EOFError
        return part

    stream = io.BytesIO(data)
    return wire.receive(read, resolve)


def frame(tree, arrays=b""):
    data = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return struct.pack("<II", len(data), len(arrays)) + data + arrays


@settings(deadline=None)
@given(VALUES)
@example(10**399)
@example([-(10**399), -0.0, math.nan, math.inf, -math.inf, complex(math.nan, -0.0)])
@example(np.asfortranarray(np.arange(6.0).reshape(2, 3)))
@example(np.arange(24).reshape(2, 3, 4)[:, ::-2])
def test_what_is_sent_arrives(value):
    assert same(decode(wire.encode(value)), value)


def test_a_big_endian_array_arrives_in_native_order():
    sent = np.arange(3.0).astype(">f8")
    came = decode(wire.encode(sent))
    assert came.dtype == np.dtype("f8")
    assert (came == sent).all()


def test_what_arrives_can_be_written_to():
    came = decode(wire.encode(np.zeros(3)))
    came[0] = 1
    assert came[0] == 1


def test_half_a_surrogate_pair_becomes_a_question_mark():
    assert decode(wire.encode("\ud800x")) == "?x"


class Odd:
    pass


class Text(str):
    pass


@pytest.mark.parametrize(
    "value",
    [
        Odd(),
        Text("a"),
        {1, 2},
        b"bytes",
        print,
        np.array([None]),
        np.array(["text"]),
        np.array(["2015-01-01"], "M8[D]"),
        np.zeros(1, [("a", "f8")]),
        np.ma.array([1.0]),
        {1: "a key that is no string"},
        10**401,
        -(10**401),
        np.empty((0, 10**9)),
        "x" * (wire.TREE_BYTES + 1),
        [np.zeros(wire.FRAME_BYTES // 2 + 1, "u1")] * 2,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_plain_data_or_too_large_is_refused(value):
    with pytest.raises(wire.WireError):
        wire.encode(value)


def test_containers_that_are_too_deep_are_refused_on_both_sides():
    deep = []
    for _ in range(wire.DEPTH + 1):
        deep = [deep]
    with pytest.raises(wire.WireError, match="deep"):
        wire.encode(deep)
    with pytest.raises(wire.WireError, match="deep"):
        decode(frame(deep))


def test_objects_travel_as_number_and_kind():
    first, second = Odd(), Odd()
    numbers = {first: 5, second: 6}
    data = wire.encode([first, (second,)], lambda thing: (numbers[thing], "Odd"))
    assert decode(data, lambda number, kind: f"{kind} {number}") == ["Odd 5", ("Odd 6",)]
    with pytest.raises(wire.WireError, match="no objects"):
        decode(data)


MALFORMED = {
    "no JSON": b"{",
    "no UTF-8": b'"\xff"',
    "two values": b"1 2",
    "nothing": b"",
    "NaN": b"NaN",
    "an infinite literal": b"1e999",
    "a long integer": b"1" * 402,
    "an integer that takes long to read": b"1" * 1_000_000,
    "brackets without end": b"[" * 1_000_000,
    "half a surrogate pair": b'"\\ud800"',
    "half a surrogate pair as a key": b'{"d": {"\\ud800": 1}}',
    "no tag": {},
    "two tags": {"t": [], "d": {}},
    "a tag twice": b'{"t": [], "t": []}',
    "a key twice": b'{"d": {"x": 1, "y": 2, "x": 1}}',
    "a key twice, once escaped": b'{"d": {"x": 1, "\\u0078": 2}}',
    "an infinite literal in a tuple": b'{"t": [-1e999]}',
    "an infinite part of a complex number": b'{"c": [1e999, 0.0]}',
    "NaN in an array's shape": b'{"a": ["f8", [NaN]]}',
    "an unknown tag": {"x": 1},
    "a tuple that is an object": {"t": {}},
    "a tuple that is a number": {"t": 3},
    "a dictionary that is a list": {"d": []},
    "a dictionary with keys of any kind": {"d": [[1, 2]]},
    "an unknown special float": {"f": "infinity"},
    "a special float that is a list": {"f": ["nan"]},
    "a complex number of one part": {"c": [1.0]},
    "a complex number of integers": {"c": [1, 2]},
    "a complex number of complex numbers": {"c": [{"c": [1.0, 1.0]}, 1.0]},
    "an array without a shape": {"a": ["f8"]},
    "an array of objects": {"a": ["O", [1]]},
    "an array of text": {"a": ["U1", [1]]},
    "an array of an array": {"a": [["f8"], [1]]},
    "a shape that is a number": {"a": ["f8", 1]},
    "a negative length": {"a": ["f8", [-1]]},
    "two negative lengths": {"a": ["f8", [-1, -1]]},
    "a length that is true": {"a": ["f8", [True]]},
    "a length that is a float": {"a": ["f8", [1.0]]},
    "an absurd length": {"a": ["f8", [10**300]]},
    "an absurd length beside 0": {"a": ["f8", [0, 10**18]]},
    "too many dimensions": {"a": ["f8", [1] * 100]},
    "more bytes than came": {"a": ["f8", [2]]},
    "fewer bytes than came": {"a": ["i1", [7]]},
    "a scalar of text": {"n": "U1"},
    "a scalar with a shape": {"n": ["f8", [1]]},
    "a boolean of 7": {"a": ["b1", [8]]},
    "a scalar boolean of 7": [{"n": "b1"}, {"a": ["u1", [7]]}],
    "an object without a kind": {"h": [1]},
    "an object with a negative number": {"h": [-1, "x"]},
    "an object with a huge number": {"h": [2**60, "x"]},
    "an object with a long kind": {"h": [1, "x" * 101]},
    "an object where none is known": {"h": [1, "x"]},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_frame_is_a_wire_error(name):
    tree = MALFORMED[name]
    with pytest.raises(wire.WireError) as error:
        decode(frame(tree, b"\x07" * 8 if any(tag in str(tree) for tag in ("'a'", "'n'")) else b""))
    assert ("belong to no array" in str(error.value)) == (name == "fewer bytes than came")


@pytest.mark.parametrize(
    "sizes", [(2**32 - 1, 0), (0, 2**32 - 1), (wire.TREE_BYTES + 1, 0), (2, wire.FRAME_BYTES)]
)
def test_a_frame_that_claims_to_be_too_large_is_refused_before_it_is_read(sizes):
    with pytest.raises(wire.WireError, match="too large"):
        decode(struct.pack("<II", *sizes))


def test_bytes_that_belong_to_no_array_are_refused():
    with pytest.raises(wire.WireError, match="belong to no array"):
        decode(frame(1, b"x"))


def test_too_many_arrays_are_refused_on_both_sides(monkeypatch):
    many = wire.encode([np.zeros(1)] * 5)
    monkeypatch.setattr(wire, "ARRAYS", 4)
    with pytest.raises(wire.WireError, match="more than 4"):
        decode(many)
    with pytest.raises(wire.WireError, match="more than 4"):
        wire.encode([np.zeros(1)] * 5)


def test_a_budget_counts_over_several_frames():
    data = wire.encode(np.zeros(100))
    budget = wire.Budget(frame_bytes=2 * len(data))
    for _ in range(2):
        wire.receive(io.BytesIO(data).read, budget=budget)
    with pytest.raises(wire.WireError, match="too large"):
        wire.receive(io.BytesIO(data).read, budget=budget)


def only_wire_errors(data):
    try:
        decode(data, lambda number, kind: (number, kind))
    except (wire.WireError, EOFError):  # EOFError comes from the reader: the frame is cut off
        pass


@settings(max_examples=300, deadline=None)
@given(VALUES, st.data())
def test_a_changed_frame_raises_nothing_but_a_wire_error(value, data):
    mutant = bytearray(wire.encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(mutant) - 1))
        if data.draw(st.booleans()):
            mutant[place] = data.draw(st.integers(0, 255))
        else:
            mutant[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    only_wire_errors(bytes(mutant))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([*wire.DTYPES, "nan"]),
    lambda parts: (
        st.lists(parts, max_size=4) | st.dictionaries(st.sampled_from("tdfcanhx"), parts, max_size=2)
    ),
)


@settings(max_examples=300, deadline=None)
@given(JSON, st.binary(max_size=40))
def test_any_json_raises_nothing_but_a_wire_error(tree, arrays):
    only_wire_errors(frame(tree, arrays))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_raise_nothing_but_a_wire_error(data):
    only_wire_errors(data)
