"""Carry plain data between two processes that do not trust each other.

A frame is  u32 n | u32 m | n bytes of JSON | m bytes of arrays,  all little-endian. The JSON is a tree:

    null, true, 3, 0.5, "text", [...]    None, bool, int, float, str, list
    {"t": [...]}   {"d": {...}}          tuple, dict with string keys
    {"f": "nan"}   {"c": [re, im]}       float that JSON has no word for, complex
    {"a": ["f8", [2, 3]]}  {"n": "f4"}   array, NumPy scalar: the next bytes of the second part are theirs
    {"h": [7, "tuple"]}                  an object that stays with the sender: its number and its kind

Arrays take their bytes in the order of the tree, so that no byte is read twice and none is left over.
The worker's copy of this file runs where the project is not: it imports nothing of ours.
"""

from __future__ import annotations

import json
import math
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

FRAME_BYTES = 64 << 20  # of tree and arrays together
TREE_BYTES = 8 << 20  # JSON grows by a factor of twenty when it is read
ARRAYS = 100_000  # and objects, in one frame
DEPTH = 24  # of containers in containers
DIGITS = 400  # of an integer, nearly; the conversion to and from decimals takes quadratic time
BITS = int(DIGITS * math.log2(10)) - 1
DIMENSIONS = 32
KIND = 100  # characters of an object's kind
DTYPES = {name: np.dtype(name) for name in "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split()}
SENT = {name: dtype.newbyteorder("<") for name, dtype in DTYPES.items()}
NAMES = {dtype.newbyteorder(order): name for name, dtype in DTYPES.items() for order in "<>"}
SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
HEADER = struct.Struct("<II")

Read = Callable[[int], bytes | bytearray]  # count -> exactly so many bytes
Refer = Callable[[object], tuple[int, str]]  # object -> number, kind
Resolve = Callable[[int, str], object]  # number, kind -> object


class WireError(ValueError):
    """Tell that a value can't be sent, or that what came is no frame."""


@dataclass
class Budget:
    """Count down what may still be read: bytes of trees, and of frames as wholes."""

    tree_bytes: int = TREE_BYTES
    frame_bytes: int = FRAME_BYTES

    def spend(self, tree_bytes: int, array_bytes: int) -> None:
        """Raise WireError when a frame of this size is more than one may have, or than is left."""
        self.tree_bytes -= tree_bytes
        self.frame_bytes -= tree_bytes + array_bytes
        is_large = tree_bytes > TREE_BYTES or tree_bytes + array_bytes > FRAME_BYTES
        if is_large or self.tree_bytes < 0 or self.frame_bytes < 0:
            raise WireError(f"a frame of {tree_bytes:,} + {array_bytes:,} bytes is too large")


def encode(value: object, refer: Refer | None = None) -> bytes:
    """Return the frame of a value.

    refer: names an object that is no plain data; without it such an object is a WireError.
    """
    writer = _Writer(refer)
    node = writer.node(value)
    tree = ENCODER.encode(node).encode("utf-8", "replace")  # half a surrogate pair becomes "?"
    Budget().spend(len(tree), writer.size)
    return b"".join([HEADER.pack(len(tree), writer.size), tree, *writer.blobs])


def receive(read: Read, resolve: Resolve | None = None, budget: Budget | None = None) -> object:
    """Read one frame and return its value.

    resolve: finds an object by number and kind; without it a frame must not refer to one.
    budget: what this frame and the next ones may hold together, beyond the caps of one frame.
    Raises WireError when the bytes are not a frame that `encode` could have made.
    """
    tree_bytes, array_bytes = HEADER.unpack(read(HEADER.size))
    (budget or Budget()).spend(tree_bytes, array_bytes)
    body = read(tree_bytes + array_bytes)
    source = _Reader(body, tree_bytes, resolve)
    value = source.value(_parse(body[:tree_bytes]))
    if source.offset != len(body):
        raise WireError(f"{len(body) - source.offset} bytes belong to no array")
    return value


def reader(connection: socket.socket) -> Read:
    """Return a function that reads exactly so many bytes from a socket, or raises EOFError."""
    buffered = connection.makefile("rb")

    def read(count: int) -> bytes:
        data = buffered.read(count)
        if len(data) < count:
            raise EOFError("the connection is closed")
        return data

    return read


class _Writer:
    """Turn a value into a tree, and its arrays into blobs."""

    def __init__(self, refer: Refer | None):
        self.blobs, self.size, self._refer = [], 0, refer

    def node(self, value: object, depth: int = 0) -> object:
        if depth > DEPTH:
            raise WireError(f"containers stand more than {DEPTH} deep in each other")
        kind = type(value)
        if kind is np.ndarray and (name := NAMES.get(value.dtype)):
            self._add(value, name)
            return {"a": [name, value.shape]}
        if value is None or kind in (bool, str):
            return value
        if kind is tuple:
            return {"t": [self.node(part, depth + 1) for part in value]}
        if kind is dict:
            if not all(type(key) is str for key in value):
                raise WireError("a dictionary has keys that are not strings")
            return {"d": {key: self.node(part, depth + 1) for key, part in value.items()}}
        if kind is int:
            if value.bit_length() > BITS:
                raise WireError(f"an integer has more than {DIGITS} digits")
            return value
        if kind is float:
            return value if math.isfinite(value) else {"f": repr(value)}
        if kind is complex:
            return {"c": [self.node(value.real), self.node(value.imag)]}
        if kind is list:
            return [self.node(part, depth + 1) for part in value]
        if isinstance(value, np.generic) and (name := NAMES.get(value.dtype)):
            self._add(value, name)
            return {"n": name}
        if self._refer is None:
            what = f"an array of {value.dtype}" if kind is np.ndarray else kind.__name__
            raise WireError(f"{what} can't be sent")
        return {"h": list(self._refer(value))}

    def _add(self, array: np.ndarray | np.generic, name: str) -> None:
        _check_shape(array.shape, DTYPES[name])
        self.size += array.nbytes
        if self.size > FRAME_BYTES or len(self.blobs) == ARRAYS:
            raise WireError(f"more than {ARRAYS:,} arrays or {FRAME_BYTES:,} bytes of arrays")
        is_as_sent = array.dtype == SENT[name]
        self.blobs.append((array if is_as_sent else array.astype(SENT[name])).tobytes())


class _Reader:
    """Turn a tree of untrusted JSON back into a value."""

    def __init__(self, body: bytes | bytearray, offset: int, resolve: Resolve | None):
        self._body, self.offset, self._taken, self._resolve = body, offset, 0, resolve

    def value(self, node: object, depth: int = 0) -> object:
        if depth > DEPTH:
            raise WireError(f"containers stand more than {DEPTH} deep in each other")
        kind = type(node)
        if kind is tuple:
            if len(node) != 1:
                raise WireError("an object of the tree needs exactly one tag")
            ((tag, body),) = node
            if tag not in TAGS:
                raise WireError(f"unknown tag {tag[:20]!r}")
            return TAGS[tag](self, body, depth)
        if kind is str:
            return _text(node)
        if kind is list:
            return [self.value(part, depth + 1) for part in node]
        return _plain(node)

    def _tuple(self, body: object, depth: int) -> tuple:
        _need(type(body) is list, "a tuple is a list of values")
        return tuple([self.value(part, depth + 1) for part in body])

    def _dict(self, body: object, depth: int) -> dict:
        _need(type(body) is tuple, "a dictionary is an object of values")
        value = {_text(key): self.value(part, depth + 1) for key, part in body}
        _need(len(value) == len(body), "a key stands twice in an object")
        return value

    def _special(self, body: object, _depth: int) -> float:
        _need(type(body) is str and body in SPECIAL, "a special float is nan, inf or -inf")
        return SPECIAL[body]

    def _complex(self, body: object, _depth: int) -> complex:
        _need(type(body) is list and len(body) == 2, "a complex number has two parts")
        parts = [self.value(part, DEPTH) for part in body]
        _need(all(type(part) is float for part in parts), "the parts of a complex number are floats")
        return complex(*parts)

    def _array(self, body: object, _depth: int) -> np.ndarray:
        _need(type(body) is list and len(body) == 2, "an array has a dtype and a shape")
        name, shape = body
        _need(type(shape) is list, "a shape is a list")
        return self._take(name, tuple(shape))

    def _scalar(self, body: object, _depth: int) -> np.generic:
        return self._take(body, ())[()]

    def _object(self, body: object, _depth: int) -> object:
        _need(type(body) is list and len(body) == 2, "an object has a number and a kind")
        number, kind = body
        self._count()
        _need(type(number) is int and 0 <= number < 2**53, "an object's number is a whole number")
        _need(type(kind) is str and len(kind) <= KIND, "an object's kind is a short text")
        _need(self._resolve is not None, "no objects are known here")
        return self._resolve(number, _text(kind))

    def _count(self) -> None:
        self._taken += 1
        if self._taken > ARRAYS:
            raise WireError(f"more than {ARRAYS:,} arrays and objects")

    def _take(self, name: object, shape: tuple) -> np.ndarray:
        """Return a writable copy of the next array of the second part."""
        if type(name) is not str or name not in DTYPES:
            raise WireError(f"an array's dtype is not one of {' '.join(DTYPES)}")
        for size in shape:
            if type(size) is not int or size < 0:
                raise WireError("a shape is made of whole numbers")
        _check_shape(shape, DTYPES[name])
        self._count()
        count, start = math.prod(shape), self.offset
        self.offset += count * DTYPES[name].itemsize
        _need(self.offset <= len(self._body), "an array is larger than the bytes that came")
        if not count:  # at the end of the bytes nothing can't be read either
            return np.empty(shape, DTYPES[name])
        array = np.ndarray(shape, SENT[name], self._body, start)
        if name == "b1":
            _need(array.view(np.uint8).max() <= 1, "a boolean is neither 0 nor 1")
        return array.astype(DTYPES[name])


def _parse(data: bytes | bytearray) -> object:
    """Return the tree of untrusted JSON bytes."""
    try:
        return DECODER.decode(data.decode("utf-8"))
    except WireError:
        raise
    except (ValueError, RecursionError) as error:
        raise WireError(f"the tree is not JSON: {str(error)[:200]}") from None


def _plain(node: None | bool | int | float) -> object:
    if type(node) is int and node.bit_length() > BITS:
        raise WireError(f"an integer has more than {DIGITS} digits")
    if type(node) is float and not math.isfinite(node):
        raise WireError("a float is out of range")
    return node


def _constant(text: str) -> None:
    raise WireError(f"{text} is not JSON")


def _text(value: str) -> str:
    """Return a text that UTF-8 can carry."""
    if value.isascii():
        return value
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise WireError("a text contains half a surrogate pair") from None
    return value


ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
# An object becomes a tuple of its pairs, which nothing else does; no hook for each number.
DECODER = json.JSONDecoder(parse_constant=_constant, object_pairs_hook=tuple)
TAGS = {
    "t": _Reader._tuple,
    "d": _Reader._dict,
    "f": _Reader._special,
    "c": _Reader._complex,
    "a": _Reader._array,
    "n": _Reader._scalar,
    "h": _Reader._object,
}


def _check_shape(shape: tuple[int, ...], dtype: np.dtype) -> None:
    """Refuse shapes that NumPy refuses or that no frame can hold, empty ones included."""
    if len(shape) > DIMENSIONS:
        raise WireError(f"an array has more than {DIMENSIONS} dimensions")
    size = math.prod([length or 1 for length in shape] if 0 in shape else shape) * dtype.itemsize
    if size > FRAME_BYTES:
        raise WireError(f"an array has more than {FRAME_BYTES:,} bytes")


def _need(true: bool, message: str) -> None:
    if not true:
        raise WireError(message)
