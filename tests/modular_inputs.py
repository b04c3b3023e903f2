"""Inputs for every TODO of modular-layers, and what a caller sees of an answer to them."""

import io
import warnings
from contextlib import redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from course.reference import im2col, layers, losses

# Ordinary shapes and parameters: small, not square, overlapping, strided, with rows left over.
SIZES = {
    "affine": [((3, 2, 2, 3), 4), ((1, 5), 3), ((4, 4), 4), ((2, 3, 2), 2)],
    "relu": [((3, 4),), ((2, 3, 2, 4),), ((1, 1),)],
    "softmax": [(3, 4), (1, 5), (5, 3)],
    "svm": [(3, 4), (1, 5), (5, 3)],
    "conv": [
        ((2, 3, 5, 4), (2, 3, 2, 3), 2, 1),
        ((2, 2, 7, 5), (3, 2, 3, 2), 2, 0),
        ((1, 1, 4, 6), (2, 1, 2, 2), 2, 1),
        ((3, 2, 4, 5), (2, 2, 3, 3), 3, 2),
        ((2, 2, 5, 3), (3, 2, 3, 3), 1, 1),
    ],
    "pool": [
        ((2, 3, 6, 5), (2, 3), 1),
        ((2, 2, 8, 7), (3, 2), 2),
        ((1, 1, 4, 6), (2, 2), 2),
        ((3, 2, 5, 8), (2, 2), 3),
    ],
}


def reference(stem):
    """The reference function of a stem."""
    return next(vars(module)[stem] for module in (layers, losses, im2col) if stem in vars(module))


def kind(stem):
    return "pool" if "pool" in stem else stem.split("_")[0]


def arguments(stem, sizes, rng):
    """Arguments for the forward pass of a stem, or for the loss."""
    if kind(stem) == "affine":
        shape, M = sizes
        return rng.normal(size=shape), rng.normal(size=(int(np.prod(shape[1:])), M)), rng.normal(size=M)
    if kind(stem) == "relu":
        return (rng.normal(size=sizes[0]),)
    if kind(stem) == "conv":
        shape, w_shape, stride, pad = sizes
        arrays = rng.normal(size=shape), rng.normal(size=w_shape), rng.normal(size=w_shape[0])
        return *arrays, {"stride": stride, "pad": pad}
    if kind(stem) == "pool":
        shape, (PH, PW), stride = sizes
        return rng.normal(size=shape), {"pool_height": PH, "pool_width": PW, "stride": stride}
    N, C = sizes
    return rng.normal(size=(N, C)), rng.integers(C, size=N)


def changed(stem, change):
    """Ordinary arguments whose first array was changed."""
    rng = np.random.default_rng(7)
    drawn = [arguments(stem, sizes, rng) for sizes in SIZES[kind(stem)]]
    return [(change(x), *others) for x, *others in drawn]


def ordinary(stem):
    return changed(stem, np.array)


def whole(x):
    """Different whole numbers around 0, one of them 0."""
    return np.random.default_rng(x.size).permutation(x.size).reshape(x.shape) - x.size // 2


def huge(stem):
    scores = np.array([[0.0, 1000.0, 3.0], [1.0, 2.0, 0.0], [-1000.0, -1000.0, -999.0]])
    return [(scores, np.array([1, 0, 2])), (scores[:1], np.array([0]))] if "loss" in stem else []


def careful(stem):
    """Integers, zeros and ties, and huge scores where there are scores."""
    return changed(stem, whole) + changed(stem, np.round) + huge(stem)


def single(stem):
    """Ordinary arguments in float32."""
    return [
        tuple(value.astype(np.float32) if np.asarray(value).dtype == float else value for value in values)
        for values in ordinary(stem)
    ]


def inputs(stem, forward_arguments, forward=None):
    """What a stem is called with: (dout, cache) for a backward pass, the cache made by `forward`."""
    if "backward" not in stem:
        return forward_arguments
    forward = forward or reference(stem.replace("backward", "forward"))
    out, made = forward(*deepcopy(forward_arguments))
    return np.random.default_rng(3).normal(size=out.shape).astype(np.result_type(out, 1.0)), made


@dataclass
class Seen:
    """What a caller sees: values or the error, dtypes, whether inputs changed, what was printed."""

    values: list
    dtypes: list
    changed: bool
    printed: str


def see(function, stem, given_arguments):
    given_arguments, printed = deepcopy(given_arguments), io.StringIO()
    before = deepcopy(given_arguments)
    try:
        with redirect_stdout(printed), np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            answer = function(*given_arguments)
    except Exception as error:
        return Seen([f"{type(error).__name__}: {error}"], [], False, "")
    answer = answer if isinstance(answer, tuple) else (answer,)
    answer = answer[:1] if "forward" in stem else answer
    values = [np.asarray(value) for value in answer]
    return Seen(
        values, [value.dtype for value in values], not equal(given_arguments, before), printed.getvalue()
    )


def equal(one, other):
    try:
        np.testing.assert_equal(one, other)
    except AssertionError:
        return False
    return True


def same_values(one, other):
    def close(a, b):
        if isinstance(a, str) or isinstance(b, str):
            return isinstance(a, str) and isinstance(b, str) and a == b
        tolerance = 1e-4 if np.float32 in (a.dtype, b.dtype) else 1e-8
        return a.shape == b.shape and np.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True)

    return len(one.values) == len(other.values) and all(map(close, one.values, other.values))


def same(one, other):
    return same_values(one, other) and replace(one, values=[]) == replace(other, values=[])


@st.composite
def sizes_of(draw, stem):
    size, few = st.integers(1, 3), st.integers(1, 2)
    if kind(stem) == "affine":
        return draw(st.lists(size, min_size=1, max_size=4)), draw(size)
    if kind(stem) == "relu":
        return (draw(st.lists(size, min_size=1, max_size=4)),)
    if kind(stem) in ("softmax", "svm"):
        return draw(size), draw(st.integers(1, 5))
    N, C, F, stride, pad = draw(few), draw(few), draw(few), draw(size), draw(st.integers(0, 3))
    kernel = draw(size), draw(size)
    pad = 0 if kind(stem) == "pool" else pad
    shape = (N, C, *(draw(st.integers(max(1, length - 2 * pad), 6)) for length in kernel))
    return (shape, kernel, stride) if kind(stem) == "pool" else (shape, (F, C, *kernel), stride, pad)
