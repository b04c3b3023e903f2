"""The fast layers do what the naive ones do, however a batch is cut into blocks and whatever it holds."""

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.reference import fast_layers, layers, windows

sizes = st.integers(1, 3)
seeds = st.integers(0, 2**32 - 1)
examples = settings(max_examples=100, deadline=None)


def floats(rng, shape):
    return rng.normal(size=shape)


def whole(rng, shape):
    return rng.integers(-2, 3, size=shape)


def pixels(rng, shape):
    return rng.integers(256, size=shape, dtype=np.uint8)


def turned(rng, shape):
    """Numbers that do not lie in memory in the order in which they are read."""
    return rng.normal(size=shape[::-1]).T


NUMBERS = [(floats, floats), (whole, floats), (whole, whole), (pixels, floats), (turned, turned)]
for_all_numbers = pytest.mark.parametrize("images, others", NUMBERS)
POOLS = ["max_pool", "avg_pool"]
FIRST_WINS = {"pool_height": 2, "pool_width": 2, "stride": 2}


@st.composite
def convolutions(draw):
    N, C, F, HH, WW, stride = draw(st.integers(1, 7)), *(draw(sizes) for _ in range(5))
    pad = draw(st.integers(0, 3))
    H, W = (draw(st.integers(max(1, kernel - 2 * pad), 8)) for kernel in (HH, WW))
    return (N, C, H, W), (F, C, HH, WW), {"stride": stride, "pad": pad}


@st.composite
def pools(draw):
    N, C, PH, PW, stride = draw(st.integers(1, 7)), *(draw(sizes) for _ in range(4))
    H, W = (draw(st.integers(kernel, 8)) for kernel in (PH, PW))
    return (N, C, H, W), {"pool_height": PH, "pool_width": PW, "stride": stride}


def block_of(number_of_bytes):
    return mock.patch.object(windows, "BLOCK_BYTES", number_of_bytes)


def assert_same(found, right):
    for ours, theirs in zip(found, right, strict=True):
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-11)


@for_all_numbers
@examples
@given(geometry=convolutions(), memory=st.integers(1, 5000), seed=seeds)
def test_convolution_is_the_naive_one_in_blocks_of_any_size(images, others, geometry, memory, seed):
    x_shape, w_shape, conv_param = geometry
    rng = np.random.default_rng(seed)
    x, w, b = images(rng, x_shape), others(rng, w_shape), others(rng, w_shape[:1])
    out, cache = layers.conv_forward_naive(x, w, b, conv_param)
    dout = others(rng, out.shape)
    with block_of(memory):
        fast_out, fast_cache = fast_layers.conv_forward_fast(x, w, b, conv_param)
        found = fast_layers.conv_backward_fast(dout, fast_cache)
    assert all(ours is theirs for ours, theirs in zip(fast_cache, cache, strict=True))
    assert_same([fast_out, *found], [out, *layers.conv_backward_naive(dout, cache)])


@pytest.mark.parametrize("name", POOLS)
@for_all_numbers
@examples
@given(geometry=pools(), memory=st.integers(1, 1000), seed=seeds)
def test_pooling_is_the_naive_one_in_blocks_of_any_size(name, images, others, geometry, memory, seed):
    shape, pool_param = geometry
    rng = np.random.default_rng(seed)
    x = images(rng, shape)
    out, cache = getattr(layers, f"{name}_forward_naive")(x, pool_param)
    dout = others(rng, out.shape)
    dx = getattr(layers, f"{name}_backward_naive")(dout, cache)
    with block_of(memory):
        fast_out, fast_cache = getattr(fast_layers, f"{name}_forward_fast")(x, pool_param)
        fast_dx = getattr(fast_layers, f"{name}_backward_fast")(dout, fast_cache)
    assert fast_cache[0] is x and fast_cache[1] is pool_param
    assert_same([fast_out, fast_dx], [out, dx])


@pytest.mark.parametrize(
    "pixels, winner",
    [([[1, 1], [1, 1]], (0, 0)), ([[0, 1], [1, 0]], (0, 1)), ([[0, 0], [1, 1]], (1, 0))],
)
def test_the_first_of_equal_maxima_wins(pixels, winner):
    _, cache = fast_layers.max_pool_forward_fast(np.array([[pixels]], dtype=float), FIRST_WINS)
    dx = fast_layers.max_pool_backward_fast(np.ones((1, 1, 1, 1)), cache)
    assert np.argwhere(dx[0, 0]).tolist() == [list(winner)]


def test_a_maximum_that_is_no_number_hands_its_gradient_out_once():
    image = np.array([[[[1.0, np.nan], [2.0, 3.0]]]])
    out, cache = fast_layers.max_pool_forward_fast(image, FIRST_WINS)
    assert np.isnan(out).all()
    assert fast_layers.max_pool_backward_fast(np.full((1, 1, 1, 1), 5.0), cache).sum() == 5


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_convolution_whose_input_is_not_learnt_has_the_same_other_gradients(kind):
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=shape).astype(kind) for shape in ((5, 3, 8, 7), (4, 3, 3, 3), (4,)))
    out, cache = fast_layers.conv_forward_fast(x, w, b, {"stride": 1, "pad": 1})
    dx, *others = fast_layers.conv_backward_fast(out, cache, need_dx=False)
    assert dx is None
    for found, right in zip(others, fast_layers.conv_backward_fast(out, cache)[1:], strict=True):
        np.testing.assert_array_equal(found, right)


def test_blocks_cover_every_image_once_and_are_never_empty():
    for N, image_bytes in [(1, 1), (7, 400), (7, 999), (7, 2000), (3, 1)]:
        with block_of(1000):
            parts = [list(range(N)[block]) for block in windows.blocks(N, image_bytes)]
        assert sum(parts, []) == list(range(N)) and all(parts)
        assert max(map(len, parts)) <= max(1, 1000 // image_bytes)
