"""The convolution and the pooling of conv-step-by-step: the same numbers as with channels first."""

from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.gradient_check import check_gradient
from course.reference import layers
from course.reference.step_by_step import (
    conv_backward,
    conv_forward,
    conv_single_step,
    create_mask_from_window,
    distribute_value,
    pool_backward,
    pool_forward,
    zero_pad,
)

some = settings(max_examples=40, deadline=None)
few = st.integers(1, 3)
seeds = st.integers(0, 2**32 - 1)
MODES = ("max", "average")


@st.composite
def conv_inputs(draw):
    m, C, F, f, stride = (draw(few) for _ in range(5))
    pad = draw(st.integers(0, 3))
    H, W = (draw(st.integers(max(1, f - 2 * pad), 7)) for _ in range(2))
    rng = np.random.default_rng(draw(seeds))
    arrays = rng.normal(size=(m, H, W, C)), rng.normal(size=(f, f, C, F)), rng.normal(size=(1, 1, 1, F))
    return *arrays, {"stride": stride, "pad": pad}


@st.composite
def pool_inputs(draw):
    m, C, f, stride = (draw(few) for _ in range(4))
    H, W = (draw(st.integers(f, 7)) for _ in range(2))
    A_prev = np.random.default_rng(draw(seeds)).normal(size=(m, H, W, C))
    return A_prev, {"f": f, "stride": stride}, draw(st.sampled_from(MODES))


def channels_first(A):
    return A.transpose(0, 3, 1, 2)


def filters_first(W):
    return W.transpose(3, 2, 0, 1)


def upstream(out):
    return np.random.default_rng(0).normal(size=out.shape)


def same(mine, theirs):
    np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-12, strict=True)


@some
@given(inputs=conv_inputs())
def test_the_convolution_and_its_gradients_are_those_with_channels_first(inputs):
    A_prev, W, b, hparameters = inputs
    Z, cache = conv_forward(*inputs)
    out, their_cache = layers.conv_forward_naive(
        channels_first(A_prev), filters_first(W), b.ravel(), hparameters
    )
    same(channels_first(Z), out)
    dZ = upstream(Z)
    dA_prev, dW, db = conv_backward(dZ, cache)
    dx, dw, their_db = layers.conv_backward_naive(channels_first(dZ), their_cache)
    same(channels_first(dA_prev), dx)
    same(filters_first(dW), dw)
    same(db, their_db.reshape(1, 1, 1, -1))


@some
@given(inputs=pool_inputs())
def test_pooling_and_its_gradient_are_those_with_channels_first(inputs):
    A_prev, hparameters, mode = inputs
    f, stride = hparameters["f"], hparameters["stride"]
    kind = {"max": "max", "average": "avg"}[mode]
    forward, backward = (getattr(layers, f"{kind}_pool_{way}_naive") for way in ("forward", "backward"))
    A, cache = pool_forward(*inputs)
    param = {"pool_height": f, "pool_width": f, "stride": stride}
    out, their_cache = forward(channels_first(A_prev), param)
    same(channels_first(A), out)
    dA = upstream(A)
    same(channels_first(pool_backward(dA, cache, mode)), backward(channels_first(dA), their_cache))


@settings(max_examples=10, deadline=None)
@given(inputs=conv_inputs())
def test_the_gradients_of_the_convolution_are_the_measured_ones(inputs):
    Z, cache = conv_forward(*inputs)
    dZ = upstream(Z)
    for place, gradient in enumerate(conv_backward(dZ, cache)):

        def moved(value, place=place):
            return conv_forward(*inputs[:place], value, *inputs[place + 1 :])[0]

        assert check_gradient(moved, inputs[place], gradient, dZ).verdict == "pass"


@settings(max_examples=10, deadline=None)
@given(inputs=pool_inputs())
def test_the_gradient_of_pooling_is_the_measured_one(inputs):
    A_prev, hparameters, mode = inputs
    A, cache = pool_forward(*inputs)
    dA = upstream(A)
    outcome = check_gradient(
        lambda value: pool_forward(value, hparameters, mode)[0], A_prev, pool_backward(dA, cache, mode), dA
    )
    assert outcome.verdict == "pass"


@some
@given(inputs=conv_inputs())
def test_a_convolution_is_many_single_steps(inputs):
    A_prev, W, b, hparameters = inputs
    stride, padded = hparameters["stride"], zero_pad(A_prev, hparameters["pad"])
    Z, cache = conv_forward(*inputs)
    assert cache == inputs
    for i, h, w, c in np.ndindex(Z.shape):
        window = padded[i, h * stride :, w * stride :][: len(W), : len(W)]
        assert Z[i, h, w, c] == pytest.approx(conv_single_step(window, W[..., c], b[..., c]))


@some
@given(inputs=pool_inputs())
def test_the_cache_of_pooling_does_not_hold_the_mode(inputs):
    _, cache = pool_forward(*inputs)
    assert len(cache) == 2 and cache[0] is inputs[0] and cache[1] is inputs[1]


@some
@given(m=few, H=few, W=few, C=few, pad=st.integers(0, 3), kind=st.sampled_from(["f4", "f8", "i8", "u1"]))
def test_padding_puts_the_image_into_a_border_of_zeros(m, H, W, C, pad, kind):
    X = np.arange(1, m * H * W * C + 1).reshape(m, H, W, C).astype(kind)
    X_pad = zero_pad(X, pad)
    assert X_pad.shape == (m, H + 2 * pad, W + 2 * pad, C) and X_pad.dtype == X.dtype
    np.testing.assert_array_equal(X_pad[:, pad : pad + H, pad : pad + W], X)
    assert X_pad.sum() == X.sum()
    X_pad[:] = 0
    assert X.all()


def test_a_single_step_gives_a_float_that_is_no_array():
    Z = conv_single_step(np.ones((2, 2, 3)), np.full((2, 2, 3), 0.5), np.full((1, 1, 1), -1.0))
    assert type(Z) is float and Z == 5.0


def test_a_mask_marks_every_largest_number_and_pooling_gives_each_the_full_gradient():
    x = np.array([[5.0, 5.0], [1.0, 2.0]])
    mask = create_mask_from_window(x)
    assert mask.dtype == bool and mask.tolist() == [[True, True], [False, False]]
    _, cache = pool_forward(x[None, :, :, None], {"f": 2, "stride": 2})
    dA_prev = pool_backward(np.full((1, 1, 1, 1), 4.0), cache)
    assert dA_prev[0, :, :, 0].tolist() == [[4, 4], [0, 0]]


@given(dz=st.floats(-9, 9), H=few, W=few)
def test_a_distributed_value_adds_up_to_itself(dz, H, W):
    a = distribute_value(dz, (H, W))
    assert a.shape == (H, W) and np.ptp(a) == 0 and a.sum() == pytest.approx(dz)


def all_gradients(conv, pool, change):
    """Return what both layers give for inputs that went through `change`, gradients included."""
    conv, pool = (tuple(map(change, arguments)) for arguments in (conv, pool))
    Z, conv_cache = conv_forward(*conv)
    found = [Z, *conv_backward(change(upstream(Z)), conv_cache)]
    for mode in MODES:
        A, pool_cache = pool_forward(*pool, mode)
        found += [A, pool_backward(change(upstream(A)), pool_cache, mode)]
    return found


def whole_inputs():
    rng = np.random.default_rng(1)
    A_prev = rng.permutation(120).reshape(2, 5, 4, 3).astype(float)
    return (A_prev, rng.normal(size=(2, 2, 3, 2)), rng.normal(size=(1, 1, 1, 2))), A_prev


def test_float32_stays_float32():
    arrays, A_prev = whole_inputs()

    def single(value):
        return value.astype("f4") if isinstance(value, np.ndarray) else value

    found = all_gradients(
        (*arrays, {"stride": 2, "pad": 1}), (A_prev, {"f": 2, "stride": 1}), single
    )
    assert {value.dtype for value in found} == {np.dtype("f4")}
    assert distribute_value(np.float32(1), (2, 2)).dtype == np.float32


def test_pixels_of_whole_numbers_give_the_same_as_floats():
    arrays, A_prev = whole_inputs()
    layer = (*arrays, {"stride": 1, "pad": 1}), (A_prev, {"f": 3, "stride": 2})

    def pixels(value):
        return value.astype("u1") if isinstance(value, np.ndarray) and value.max() > 100 else value

    for mine, right in zip(all_gradients(*layer, pixels), all_gradients(*layer, deepcopy), strict=True):
        np.testing.assert_allclose(mine, right, rtol=1e-12)


def test_nothing_that_goes_in_is_changed():
    arrays, A_prev = whole_inputs()
    inputs = *arrays, {"stride": 1, "pad": 1}
    before = deepcopy(inputs)
    Z, cache = conv_forward(*inputs)
    dZ = upstream(Z)
    dZ_before = dZ.copy()
    conv_backward(dZ, cache)
    for mode in MODES:
        A, cache = pool_forward(A_prev, {"f": 2, "stride": 1}, mode)
        dA = upstream(A)
        dA_before = dA.copy()
        pool_backward(dA, cache, mode)
        np.testing.assert_array_equal(dA, dA_before)
    np.testing.assert_equal(inputs, before)
    np.testing.assert_array_equal(dZ, dZ_before)


A = np.ones((1, 3, 4, 2))
POOLED = A, {"f": 2, "stride": 2}


@pytest.mark.parametrize("call", [
    lambda mode: pool_forward(*POOLED, mode),
    lambda mode: pool_backward(np.ones((1, 1, 2, 2)), POOLED, mode),
])
@pytest.mark.parametrize("mode", ["mean", "Max", "", None])
def test_an_unknown_mode_is_refused_with_the_modes_that_there_are(call, mode):
    with pytest.raises(ValueError, match=f"mode must be 'max' or 'average', got {mode!r}"):
        call(mode)


@pytest.mark.parametrize("call, words", [
    (lambda: zero_pad(A[0], 1), r"X must have shape \(m, n_H, n_W, n_C\), got \(3, 4, 2\)"),
    (lambda: zero_pad(A, -1), "pad must be at least 0, got -1"),
    (lambda: conv_single_step(A[0], np.ones((3, 4, 1)), np.ones((1, 1, 1))), r"W must .* \(3, 4, 2\), got"),
    (lambda: conv_single_step(A[0], A[0], np.ones(1)), r"b must have shape \(1, 1, 1\), got \(1,\)"),
    (lambda: conv_forward(A, np.ones((2, 2, 3, 1)), np.ones((1, 1, 1, 1)), {"stride": 1, "pad": 0}),
     r"W must have shape \(2, 2, 2, n_C\), got \(2, 2, 3, 1\)"),
    (lambda: conv_forward(A, np.ones((6, 6, 2, 1)), np.ones((1, 1, 1, 1)), {"stride": 1, "pad": 1}),
     r"a kernel of 6 is larger than the padded input of 3 \+ 2 \* 1 = 5"),
    (lambda: conv_forward(A, np.ones((2, 2, 2, 3)), np.ones(3), {"stride": 1, "pad": 0}),
     r"b must have shape \(1, 1, 1, 3\), got \(3,\)"),
    (lambda: pool_forward(A, {"f": 4, "stride": 1}), "a kernel of 4 is larger than .* 3"),
    (lambda: conv_backward(A, (A, np.ones((2, 2, 2, 1)), np.ones((1, 1, 1, 1)), {"stride": 1, "pad": 0})),
     r"dZ must have shape \(1, 2, 3, 1\), got \(1, 3, 4, 2\)"),
    (lambda: pool_backward(A, POOLED), r"dA must have shape \(1, 1, 2, 2\), got \(1, 3, 4, 2\)"),
    (lambda: create_mask_from_window(A), r"x must have shape \(f, f\)"),
])
def test_what_does_not_fit_is_refused_with_the_numbers(call, words):
    with pytest.raises(ValueError, match=words):
        call()
