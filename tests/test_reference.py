"""Laws that every layer and loss of the reference keeps, one table of operations."""

from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.reference import fast_layers, im2col, layers, losses, sandwiches

few = settings(max_examples=30, deadline=None)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def affine_sizes(draw):
    return draw(st.lists(st.integers(1, 3), min_size=1, max_size=4)), draw(st.integers(1, 4))


@st.composite
def conv_sizes(draw):
    N, C, F = (draw(st.integers(1, 2)) for _ in range(3))
    HH, WW, stride, pad = (draw(st.integers(*limits)) for limits in ((1, 3), (1, 3), (1, 3), (0, 3)))
    H, W = (draw(st.integers(max(1, kernel - 2 * pad), 5)) for kernel in (HH, WW))
    return (N, C, H, W), (F, C, HH, WW), {"stride": stride, "pad": pad}


@st.composite
def pool_sizes(draw):
    N, C, PH, PW, stride = (draw(st.integers(*limits)) for limits in ((1, 2), (1, 2), (1, 3), (1, 3), (1, 3)))
    H, W = (draw(st.integers(kernel, 6)) for kernel in (PH, PW))
    return (N, C, H, W), {"pool_height": PH, "pool_width": PW, "stride": stride}


def affine_arguments(sizes, rng):
    shape, M = sizes
    return rng.normal(size=shape), rng.normal(size=(int(np.prod(shape[1:])), M)), rng.normal(size=M)


def relu_arguments(sizes, rng):
    return (rng.normal(size=sizes[0]),)


def conv_arguments(sizes, rng):
    x_shape, w_shape, conv_param = sizes
    return rng.normal(size=x_shape), rng.normal(size=w_shape), rng.normal(size=w_shape[0]), conv_param


def pool_arguments(sizes, rng):
    shape, pool_param = sizes
    return rng.normal(size=shape), pool_param


def conv_pool_arguments(sizes, rng):
    (_, _, H, W), (_, _, HH, WW), conv_param = sizes
    stride, pad = conv_param["stride"], conv_param["pad"]
    PH, PW = (min(2, (size + 2 * pad) // stride) for size in (H - HH + stride, W - WW + stride))
    return *conv_arguments(sizes, rng), {"pool_height": PH, "pool_width": PW, "stride": 1}


def loss_arguments(sizes, rng):
    N, C = len(sizes[0]) + 1, sizes[1] + 1
    return rng.normal(size=(N, C)), rng.integers(C, size=N)


def conv_by_loops(x, w, b, conv_param):
    """Every product of the equation, one by one, asking of each pixel whether it lies in the image."""
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    tops, lefts = range(-pad, H + pad - HH + 1, stride), range(-pad, W + pad - WW + 1, stride)
    out = np.zeros((N, F, len(tops), len(lefts)))
    for n, f, i, j in np.ndindex(out.shape):
        out[n, f, i, j] = b[f] + sum(
            x[n, c, tops[i] + p, lefts[j] + q] * w[f, c, p, q]
            for c, p, q in np.ndindex(C, HH, WW)
            if 0 <= tops[i] + p < H and 0 <= lefts[j] + q < W
        )
    return out


def pool_by_loops(x, pool_param, reduce=max):
    (N, C, H, W), stride = x.shape, pool_param["stride"]
    PH, PW = pool_param["pool_height"], pool_param["pool_width"]
    tops, lefts = range(0, H - PH + 1, stride), range(0, W - PW + 1, stride)
    out = np.zeros((N, C, len(tops), len(lefts)))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = reduce([x[n, c, tops[i] + p, lefts[j] + q] for p, q in np.ndindex(PH, PW)])
    return out


def mean_pool_by_loops(x, pool_param):
    return pool_by_loops(x, pool_param, np.mean)


def affine_by_loops(x, w, b):
    return np.array([[sum(sample.flat * w[:, m]) + b[m] for m in range(len(b))] for sample in x])


def relu_by_loops(x):
    return np.array([number if number > 0 else 0.0 for number in x.flat]).reshape(x.shape)


def softmax_by_loops(x, y):
    chances = [np.exp(row[label]) / sum(np.exp(row)) for row, label in zip(x, y, strict=True)]
    return -sum(np.log(chance) for chance in chances) / len(y)


def svm_by_loops(x, y):
    margins = [[max(0, score - row[label] + 1) for score in row] for row, label in zip(x, y, strict=True)]
    return sum(sum(row) - 1 for row in margins) / len(y)  # the right class itself always counts 1


def affine_relu_by_loops(x, w, b):
    return relu_by_loops(affine_by_loops(x, w, b))


def conv_relu_by_loops(x, w, b, conv_param):
    return relu_by_loops(conv_by_loops(x, w, b, conv_param))


def conv_relu_pool_by_loops(x, w, b, conv_param, pool_param):
    return pool_by_loops(conv_relu_by_loops(x, w, b, conv_param), pool_param)


@dataclass(frozen=True)
class Operation:
    """Both passes, the forward one again in plain loops, and how to draw its arguments."""

    name: str
    forward: object
    backward: object
    loops: object
    sizes: object
    arguments: object


def loss_as_a_layer(loss, loops):
    def forward(x, y):
        return loss(x, y)[0], (x, y)

    def backward(dout, cache):
        return dout * loss(*cache)[1]

    return Operation(loss.__name__, forward, backward, loops, affine_sizes, loss_arguments)


def layer(module, forward, loops, sizes, arguments):
    backward = getattr(module, forward.replace("forward", "backward"))
    return Operation(forward, getattr(module, forward), backward, loops, sizes, arguments)


OPERATIONS = [
    layer(layers, "affine_forward", affine_by_loops, affine_sizes, affine_arguments),
    layer(layers, "relu_forward", relu_by_loops, affine_sizes, relu_arguments),
    loss_as_a_layer(losses.softmax_loss, softmax_by_loops),
    loss_as_a_layer(losses.svm_loss, svm_by_loops),
    layer(layers, "conv_forward_naive", conv_by_loops, conv_sizes, conv_arguments),
    layer(im2col, "conv_forward_im2col", conv_by_loops, conv_sizes, conv_arguments),
    layer(fast_layers, "conv_forward_fast", conv_by_loops, conv_sizes, conv_arguments),
    layer(layers, "max_pool_forward_naive", pool_by_loops, pool_sizes, pool_arguments),
    layer(fast_layers, "max_pool_forward_fast", pool_by_loops, pool_sizes, pool_arguments),
    layer(layers, "avg_pool_forward_naive", mean_pool_by_loops, pool_sizes, pool_arguments),
    layer(fast_layers, "avg_pool_forward_fast", mean_pool_by_loops, pool_sizes, pool_arguments),
    layer(sandwiches, "affine_relu_forward", affine_relu_by_loops, affine_sizes, affine_arguments),
    layer(sandwiches, "conv_relu_forward", conv_relu_by_loops, conv_sizes, conv_arguments),
    layer(sandwiches, "conv_relu_pool_forward", conv_relu_pool_by_loops, conv_sizes, conv_pool_arguments),
]
for_every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


def draw_arguments(operation, data):
    rng = np.random.default_rng(data.draw(seeds, label="seed"))
    return operation.arguments(data.draw(operation.sizes(), label="sizes"), rng), rng


def floats(arguments):
    """The places of the arguments that have a gradient."""
    return [place for place, value in enumerate(arguments) if np.asarray(value).dtype.kind == "f"]


def gradients(operation, dout, cache):
    found = operation.backward(dout, cache)
    return found if isinstance(found, tuple) else (found,)


def moved(arguments, place, step):
    """The arguments with a step added to one of them."""
    return *arguments[:place], arguments[place] + step, *arguments[place + 1 :]


def run_both(operation, arguments, rng):
    """The output, a random dout in the output's precision, and the gradients."""
    out, cache = operation.forward(*arguments)
    dout = rng.normal(size=np.shape(out)).astype(np.result_type(out, 1.0))
    return out, dout, gradients(operation, dout, cache)


@for_every_operation
@few
@given(data=st.data())
def test_inputs_and_dout_are_never_modified(operation, data):
    arguments, rng = draw_arguments(operation, data)
    arguments_before = deepcopy(arguments)
    out, cache = operation.forward(*arguments)
    dout = rng.normal(size=np.shape(out))
    dout_before = dout.copy()
    gradients(operation, dout, cache)
    np.testing.assert_equal(arguments, arguments_before)
    np.testing.assert_array_equal(dout, dout_before)


@for_every_operation
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@few
@given(data=st.data())
def test_the_precision_of_the_input_is_kept(operation, dtype, data):
    arguments, rng = draw_arguments(operation, data)
    places = floats(arguments)
    arguments = [value.astype(dtype) if place in places else value for place, value in enumerate(arguments)]
    out, dout, found = run_both(operation, arguments, rng)
    assert [np.asarray(value).dtype for value in (out, *found)] == [dtype] * (1 + len(found))


@for_every_operation
@few
@given(data=st.data())
def test_integer_input_gives_the_same_answer_as_whole_floats(operation, data):
    arguments, rng = draw_arguments(operation, data)
    whole = np.round(10 * arguments[0])
    out, dout, found = run_both(operation, (whole, *arguments[1:]), rng)
    integer_out, cache = operation.forward(whole.astype(int), *arguments[1:])
    np.testing.assert_allclose(integer_out, out, rtol=1e-12)
    for right, gradient in zip(found, gradients(operation, dout, cache), strict=True):
        assert gradient.dtype == float
        np.testing.assert_allclose(gradient, right, rtol=1e-12)


@for_every_operation
@few
@given(data=st.data())
def test_gradients_have_the_shapes_of_their_arguments(operation, data):
    arguments, rng = draw_arguments(operation, data)
    _, _, found = run_both(operation, arguments, rng)
    assert [value.shape for value in found] == [arguments[place].shape for place in floats(arguments)]


@for_every_operation
@few
@given(data=st.data())
def test_backward_equals_central_differences_where_the_output_has_no_kink(operation, data):
    arguments, rng = draw_arguments(operation, data)
    out, dout, found = run_both(operation, arguments, rng)
    for place, gradient in zip(floats(arguments), found, strict=True):
        direction, h = rng.normal(size=gradient.shape), 1e-6
        after, before = (operation.forward(*moved(arguments, place, step * direction))[0] for step in (h, -h))
        if np.all(np.abs((after - out) - (out - before)) < 1e-4 * h):  # no corner between the three points
            slope = np.sum(dout * (after - before)) / (2 * h)
            np.testing.assert_allclose(np.sum(gradient * direction), slope, rtol=1e-5, atol=1e-7)


@for_every_operation
@few
@given(data=st.data())
def test_backward_equals_the_complex_step(operation, data):
    arguments, rng = draw_arguments(operation, data)
    _, dout, found = run_both(operation, arguments, rng)
    for place, gradient in zip(floats(arguments), found, strict=True):
        direction, h = rng.normal(size=gradient.shape), 1e-30
        slope = operation.forward(*moved(arguments, place, 1j * h * direction))[0].imag / h
        np.testing.assert_allclose(np.sum(gradient * direction), np.sum(dout * slope), rtol=1e-9, atol=1e-11)


@for_every_operation
@few
@given(data=st.data())
def test_forward_equals_plain_loops(operation, data):
    arguments, _ = draw_arguments(operation, data)
    out, _ = operation.forward(*arguments)
    np.testing.assert_allclose(out, operation.loops(*arguments), rtol=1e-10, atol=1e-12)


FAST = [
    ("conv_forward_naive", fast_layers.conv_forward_fast, fast_layers.conv_backward_fast),
    ("conv_forward_naive", im2col.conv_forward_im2col, im2col.conv_backward_im2col),
    ("max_pool_forward_naive", fast_layers.max_pool_forward_fast, fast_layers.max_pool_backward_fast),
    ("avg_pool_forward_naive", fast_layers.avg_pool_forward_fast, fast_layers.avg_pool_backward_fast),
]


@pytest.mark.parametrize("name, forward, backward", FAST, ids=lambda value: getattr(value, "__name__", value))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_fast_layer_equals_the_naive_one(name, forward, backward, data):
    naive = next(operation for operation in OPERATIONS if operation.name == name)
    arguments, _ = draw_arguments(naive, data)
    out, _, right = run_both(naive, arguments, np.random.default_rng(0))
    fast = replace(naive, forward=forward, backward=backward)
    fast_out, _, found = run_both(fast, arguments, np.random.default_rng(0))
    for theirs, ours in zip((out, *right), (fast_out, *found), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)
