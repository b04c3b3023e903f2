"""The layers in the memory order of rows, and whole steps made of them, do what the layers one by one do."""

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.reference import layers, rows_conv
from course.reference.fast_pool import avg_pool_forward_fast, max_pool_backward_fast, max_pool_forward_fast
from course.reference.lenet import LENET
from course.reference.losses import softmax_loss
from course.reference.models import init_two_layer_convnet, two_layer_convnet, two_layer_convnet_fast
from course.reference.network import Network
from course.reference.rows_affine import affine_backward_rows, affine_forward_rows
from course.reference.rows_conv import as_images, as_rows, conv_backward_rows, conv_forward_rows
from course.reference.rows_fused import conv_relu_pool_backward_rows, conv_relu_pool_forward_rows
from course.reference.sandwiches import conv_relu_pool_backward, conv_relu_pool_forward

POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
CONV = {"layer": "conv", "filters": 3, "size": 3, "pad": 1}
RELU, OUT = {"layer": "relu"}, {"layer": "affine", "units": 4}
MAX, WIDE = ({"layer": "max_pool", "size": size, "stride": 2} for size in (2, 3))
MEAN = {"layer": "avg_pool", "size": 2, "stride": 2}
STACKS = {
    "fused": [CONV, RELU, MAX, OUT],
    "pooled before ReLU": [CONV, MAX, RELU, {"layer": "flatten"}, OUT],
    "fused twice": [CONV, RELU, MAX, CONV, RELU, MAX, OUT],
    "windows that overlap": [CONV, RELU, WIDE, CONV, RELU, MEAN, OUT],
    "no affine layer": [CONV, RELU, CONV, RELU, {"layer": "flatten"}],
    "pooled first": [MAX, CONV, RELU, OUT],
    "a wide affine layer": [CONV, RELU, {"layer": "affine", "units": 60}, RELU, OUT],
    "strides": [{**CONV, "stride": 2}, RELU, MAX, {**CONV, "stride": 3}, RELU, OUT],
}
examples = settings(max_examples=100, deadline=None)
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 3)


@st.composite
def convolutions(draw, least=1):
    """Draw images, filters, biases and conv_param; at least so many output rows and columns."""
    N, C, F, HH, WW, stride = draw(st.integers(1, 4)), *(draw(sizes) for _ in range(5))
    pad = draw(st.integers(0, 3))
    H, W = (draw(st.integers(max(1, kernel + (least - 1) * stride - 2 * pad), 9)) for kernel in (HH, WW))
    rng = np.random.default_rng(draw(seeds))
    x, w, b = (rng.normal(size=shape) for shape in ((N, C, H, W), (F, C, HH, WW), (F,)))
    in_rows = draw(st.booleans())
    x = as_images(np.ascontiguousarray(as_rows(x))) if in_rows else x
    return x, w, b, {"stride": stride, "pad": pad}


def assert_same(found, right):
    for ours, theirs in zip(found, right, strict=True):
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10 * np.abs(theirs).max(initial=0))


def like(out, seed=0):
    return np.random.default_rng(seed).normal(size=out.shape)


@examples
@given(convolutions(), st.integers(1, 40))
def test_a_convolution_in_rows_is_the_naive_one_in_stretches_of_any_length(arguments, stretch):
    right, right_cache = layers.conv_forward_naive(*arguments)
    with mock.patch.object(rows_conv, "STRETCH", stretch):
        out, cache = conv_forward_rows(*arguments)
        dout = like(out)
        gradients = conv_backward_rows(dout, cache)
    assert_same([out, *gradients], [right, *layers.conv_backward_naive(dout, right_cache)])
    dx, dw, db = conv_backward_rows(dout, cache, need_dx=False)
    assert dx is None
    assert_same([dw, db], gradients[1:])
    assert as_rows(out).flags.c_contiguous and as_rows(gradients[0]).flags.c_contiguous


@examples
@given(convolutions(least=2))
def test_three_layers_as_one_are_the_three_naive_ones(arguments):
    right, right_cache = conv_relu_pool_forward(*arguments, POOL)
    out, cache = conv_relu_pool_forward_rows(*arguments)
    dout = like(out)
    gradients = conv_relu_pool_backward_rows(dout, cache)
    assert_same([out, *gradients], [right, *conv_relu_pool_backward(dout, right_cache)])
    dx, dw, db = conv_relu_pool_backward_rows(dout, cache, need_dx=False)
    assert dx is None
    assert_same([dw, db], gradients[1:])


@examples
@given(st.integers(1, 4), st.integers(1, 12), *[sizes] * 3)
def test_an_affine_layer_on_images_in_rows_is_the_plain_one(N, M, C, H, W):
    x, w, b = (like(np.empty(shape)) for shape in ((N, C, H, W), (C * H * W, M), (M,)))
    right, right_cache = layers.affine_forward(x, w, b)
    for images in (x, as_images(np.ascontiguousarray(as_rows(x)))):
        out, cache = affine_forward_rows(images, w, b)
        found = affine_backward_rows(like(out), cache)
        assert_same([out, *found], [right, *layers.affine_backward(like(out), right_cache)])


@pytest.mark.parametrize("size, stride", [(2, 2), (3, 2), (2, 1)])
def test_pooling_of_images_in_rows_keeps_their_order(size, stride):
    x = as_images(np.ascontiguousarray(as_rows(like(np.empty((5, 3, 7, 8))))))
    pool_param = {"pool_height": size, "pool_width": size, "stride": stride}
    out, cache = max_pool_forward_fast(x, pool_param)
    dx = max_pool_backward_fast(like(out), cache)
    right, right_cache = layers.max_pool_forward_naive(x, pool_param)
    assert_same([out, dx], [right, layers.max_pool_backward_naive(like(out), right_cache)])
    mean = avg_pool_forward_fast(x, pool_param)[0]
    assert all(as_rows(array).flags.c_contiguous for array in (out, dx, mean))


def composed(network, X, model, y):
    """Return the loss and the gradients of a network of the naive layers, one after another."""
    x, caches = X, []
    for i, layer in enumerate(network.layers):
        s = layer.settings
        w, b = model.get(f"{i}.w"), model.get(f"{i}.b")
        pool_param = {"pool_height": s.get("size"), "pool_width": s.get("size"), "stride": s.get("stride")}
        x, cache = {
            "conv": lambda x=x, w=w, b=b, s=s: layers.conv_forward_naive(x, w, b, s),
            "relu": lambda x=x: layers.relu_forward(x),
            "max_pool": lambda x=x, p=pool_param: layers.max_pool_forward_naive(x, p),
            "avg_pool": lambda x=x, p=pool_param: layers.avg_pool_forward_naive(x, p),
            "flatten": lambda x=x: (x.reshape(len(x), -1), x.shape),
            "affine": lambda x=x, w=w, b=b: layers.affine_forward(x, w, b),
        }[layer.kind]()
        caches.append(cache)
    loss, dout = softmax_loss(x, y)
    backward = {
        "conv": layers.conv_backward_naive, "relu": layers.relu_backward, "affine": layers.affine_backward,
        "max_pool": layers.max_pool_backward_naive, "avg_pool": layers.avg_pool_backward_naive,
        "flatten": np.reshape,
    }
    grads = {}
    for i in reversed(range(len(caches))):
        found = backward[network.layers[i].kind](dout, caches[i])
        dout, *others = found if isinstance(found, tuple) else (found,)
        grads |= {f"{i}.{name}": value for name, value in zip("wb", others, strict=False)}
    return loss, grads


@pytest.mark.parametrize("architecture", STACKS.values(), ids=STACKS)
@pytest.mark.parametrize("N", [1, 5])
def test_a_step_of_a_network_is_that_of_its_layers(architecture, N):
    rng = np.random.default_rng(N)
    network = Network(architecture, (2, 13, 10))
    model = {name: rng.normal(size=shape) for name, shape in network.shapes.items()}
    X, y = rng.normal(size=(N, 2, 13, 10)), rng.integers(0, 4, N)
    loss, grads = network(X, model, y)
    right_loss, right = composed(network, X, model, y)
    assert loss == pytest.approx(right_loss, rel=1e-10)
    assert grads.keys() == right.keys() == model.keys()
    assert_same([grads[name] for name in model], [right[name] for name in model])


@pytest.mark.parametrize("N, H, W, f", [(4, 8, 8, 5), (1, 2, 3, 3), (3, 7, 9, 1)])
@pytest.mark.parametrize("reg", [0.0, 0.5])
def test_the_fast_step_of_the_two_layer_convnet_is_the_composed_one(N, H, W, f, reg):
    rng = np.random.default_rng(0)
    model = init_two_layer_convnet(0.3, 0.3, (2, H, W), 3, 4, f, rng=rng)
    X, y = rng.normal(size=(N, 2, H, W)), rng.integers(0, 3, N)
    loss, grads = two_layer_convnet_fast(X, model, y, reg)
    right_loss, right = two_layer_convnet(X, model, y, reg)
    assert loss == pytest.approx(right_loss, rel=1e-10)
    assert_same([grads[name] for name in model], [right[name] for name in model])
    np.testing.assert_array_equal(two_layer_convnet_fast(X, model), two_layer_convnet(X, model))


def test_the_fast_step_refuses_what_the_composed_one_refuses():
    X, model = np.zeros((2, 3, 8, 8)), init_two_layer_convnet(input_shape=(3, 8, 8))
    model["W1"] = np.zeros((32, 3, 4, 4))
    with pytest.raises(ValueError, match="square and of odd size; got 4 x 4"):
        two_layer_convnet_fast(X, model, np.zeros(2, int))


def test_float32_stays_float32_through_a_whole_step():
    rng = np.random.default_rng(0)
    network = Network(LENET)
    X, y = rng.normal(size=(4, 3, 32, 32)).astype(np.float32), rng.integers(0, 10, 4)
    _, grads = network(X, network.init(rng=rng), y, 0.1)
    model = {name: value.astype(np.float32) for name, value in init_two_layer_convnet(rng=rng).items()}
    _, fast = two_layer_convnet_fast(X, model, y, 0.1)
    assert {value.dtype for value in [*grads.values(), *fast.values()]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("H, W", [(4, 1), (1, 4)])
def test_maps_too_small_to_be_pooled_are_refused_as_pooling_refuses_them(H, W):
    x, w, b = np.zeros((1, 1, H, W)), np.zeros((1, 1, 1, 1)), np.zeros(1)
    with pytest.raises(ValueError, match="a kernel of 2 is larger than the padded input"):
        conv_relu_pool_forward_rows(x, w, b, {"stride": 1, "pad": 0})
