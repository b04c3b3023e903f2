"""The reference at its edges: ties, zeros, huge scores, and input that has no answer."""

import re

import numpy as np
import pytest

from course.reference import fast_layers, im2col, layers, losses, sandwiches

x = np.linspace(-1, 1, 2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
w, b = np.ones((4, 3, 2, 3)), np.ones(4)
rows, scores = np.ones((2, 6)), np.ones((2, 3))
whole = {"stride": 1, "pad": 0}
window = {"pool_height": 2, "pool_width": 3, "stride": 1}
labels = np.array([0, 2])

POOLS = [
    (layers.max_pool_forward_naive, layers.max_pool_backward_naive),
    (fast_layers.max_pool_forward_fast, fast_layers.max_pool_backward_fast),
]
CONVS = [
    layers.conv_forward_naive,
    im2col.conv_forward_im2col,
    fast_layers.conv_forward_fast,
    sandwiches.conv_relu_forward,
]


@pytest.mark.parametrize("forward, backward", POOLS)
def test_equal_maxima_get_the_gradient_exactly_once(forward, backward):
    ties = np.array([[1.0, 1.0, 0.0, 2.0], [1.0, 0.0, 2.0, 2.0]]).reshape(1, 1, 2, 4)
    out, cache = forward(ties, {"pool_height": 2, "pool_width": 2, "stride": 2})
    dx = backward(np.array([[[[3.0, 5.0]]]]), cache)
    np.testing.assert_array_equal(out, [[[[1, 2]]]])
    np.testing.assert_array_equal([dx[..., :2].sum(), dx[..., 2:].sum()], [3, 5])
    np.testing.assert_array_equal(dx[ties == 0], 0)


def test_the_slope_of_relu_at_zero_is_zero():
    np.testing.assert_array_equal(layers.relu_backward(np.ones(3), np.array([-1.0, 0.0, 1.0])), [0, 0, 1])


def test_a_margin_of_exactly_zero_has_no_gradient():
    loss, dx = losses.svm_loss(np.array([[3.0, 2.0, 1.0]]), np.array([0]))
    assert loss == 0
    np.testing.assert_array_equal(dx, 0)


@pytest.mark.parametrize("shift", [0, 1000, -1000])
def test_softmax_does_not_overflow(shift):
    loss, dx = losses.softmax_loss(np.array([[0.0, 1000.0], [shift, shift]]), np.array([0, 1]))
    assert loss == pytest.approx((1000 + np.log(2)) / 2, rel=1e-15)
    np.testing.assert_allclose(dx, [[-0.5, 0.5], [0.25, -0.25]])


@pytest.mark.parametrize("loss", [losses.softmax_loss, losses.svm_loss])
def test_equal_scores_give_the_loss_of_a_guess(loss):
    expected = np.log(10) if loss is losses.softmax_loss else 9
    assert loss(np.zeros((5, 10)), np.arange(5))[0] == pytest.approx(expected)


@pytest.mark.parametrize("stride, left_over", [(2, 1), (3, 2)])
def test_rows_and_columns_that_are_left_over_have_no_gradient(stride, left_over):
    image = np.ones((1, 1, 2 * stride + left_over, 3 * stride))
    out, cache = layers.avg_pool_forward_naive(
        image, {"pool_height": stride, "pool_width": stride, "stride": stride}
    )
    dx = layers.avg_pool_backward_naive(np.ones(out.shape), cache)
    np.testing.assert_array_equal(dx[:, :, 2 * stride :], 0)
    np.testing.assert_allclose(dx[:, :, : 2 * stride], 1 / stride**2)


BAD = [
    (layers.affine_forward, ([[1.0]], np.ones((1, 1)), np.ones(1)), TypeError, "x", "NumPy array", "list"),
    (layers.affine_forward, (rows > 0, np.ones((6, 1)), np.ones(1)), TypeError, "x", "numbers", "bool"),
    (layers.affine_forward, (rows, np.ones((5, 2)), np.ones(2)), ValueError, "w", "(6, M)", "(5, 2)"),
    (layers.affine_forward, (rows, np.ones((6, 2)), np.ones((1, 2))), ValueError, "b", "(2,)", "(1, 2)"),
    (
        layers.affine_forward,
        (rows[:0], np.ones((6, 2)), np.ones(2)),
        ValueError,
        "(N, ...)",
        "(0, 6)",
        "empty",
    ),
    (
        layers.affine_backward,
        (np.ones((2, 3)), (rows, np.ones((6, 2)), np.ones(2))),
        ValueError,
        "(2, 2)",
        "(2, 3)",
    ),
    (
        sandwiches.affine_relu_forward,
        (rows, np.ones((5, 2)), np.ones(2)),
        ValueError,
        "w",
        "(6, M)",
        "(5, 2)",
    ),
    (layers.relu_forward, ("text",), TypeError, "x", "NumPy array", "str"),
    (layers.relu_backward, (np.ones((2, 2)), rows), ValueError, "dout", "(2, 6)", "(2, 2)"),
    (losses.softmax_loss, (scores, np.array([0, 3])), ValueError, "0..2", "0..3"),
    (losses.softmax_loss, (scores, np.array([-1, 0])), ValueError, "0..2", "-1..0"),
    (losses.softmax_loss, (scores, np.array([0.0, 1.0])), TypeError, "integer", "float64"),
    (losses.softmax_loss, (scores, [0, 1]), TypeError, "integer", "list"),
    (losses.svm_loss, (scores, np.array([0])), ValueError, "y", "(2,)", "(1,)"),
    (losses.svm_loss, (scores, np.array([0, 3])), ValueError, "0..2", "0..3"),
    (losses.svm_loss, (scores[:0], labels[:0]), ValueError, "(N, C)", "(0, 3)", "empty"),
    (losses.svm_loss, (scores[0], labels), ValueError, "(N, C)", "(3,)"),
    *(
        (forward, arguments, ValueError, *parts)
        for forward in CONVS
        for arguments, parts in [
            ((x[0], w, b, whole), ("x", "(N, C, H, W)", "(3, 4, 5)")),
            ((x[:0], w, b, whole), ("x", "(N, C, H, W)", "(0, 3, 4, 5)", "empty")),
            ((x, w[:, :2], b, whole), ("w", "(F, 3, HH, WW)", "(4, 2, 2, 3)")),
            ((x, w, b[:3], whole), ("b", "(4,)", "(3,)")),
            ((x, np.ones((4, 3, 5, 3)), b, whole), ("kernel of 5", "4 + 2 * 0 = 4")),
            ((x, np.ones((4, 3, 2, 8)), b, {"stride": 1, "pad": 1}), ("kernel of 8", "5 + 2 * 1 = 7")),
            ((x, w, b, {"stride": 0, "pad": 0}), ("stride >= 1", "2, 0, 0")),
            ((x, w, b, {"stride": 1, "pad": -1}), ("pad >= 0", "2, 1, -1")),
        ]
    ),
    *(
        (
            backward,
            (np.ones((2, 4, 3, 4)), (x, w, b, whole)),
            ValueError,
            "dout",
            "(2, 4, 3, 3)",
            "(2, 4, 3, 4)",
        )
        for backward in (
            layers.conv_backward_naive,
            im2col.conv_backward_im2col,
            fast_layers.conv_backward_fast,
        )
    ),
    *(
        (forward, arguments, ValueError, *parts)
        for forward in (
            layers.max_pool_forward_naive,
            layers.avg_pool_forward_naive,
            fast_layers.max_pool_forward_fast,
            fast_layers.avg_pool_forward_fast,
        )
        for arguments, parts in [
            ((x[0], window), ("x", "(N, C, H, W)", "(3, 4, 5)")),
            ((x, {**window, "pool_height": 5}), ("kernel of 5", "4")),
            ((x, {**window, "pool_width": 6}), ("kernel of 6", "5")),
            ((x, {**window, "stride": 0}), ("stride >= 1", "2, 0, 0")),
        ]
    ),
    *(
        (backward, (np.ones((2, 3, 4, 5)), (x, window)), ValueError, "dout", "(2, 3, 3, 3)", "(2, 3, 4, 5)")
        for backward in (
            layers.max_pool_backward_naive,
            layers.avg_pool_backward_naive,
            fast_layers.max_pool_backward_fast,
            fast_layers.avg_pool_backward_fast,
        )
    ),
    (im2col.col2im, (np.ones((2, 2)), x.shape, 2, 3, whole), ValueError, "rows", "(18, 18)", "(2, 2)"),
]


@pytest.mark.parametrize("function, arguments, error, parts", [(*row[:3], row[3:]) for row in BAD])
def test_bad_input_is_refused_in_one_line_with_what_was_expected_and_what_came(
    function, arguments, error, parts
):
    with pytest.raises(error) as caught:
        function(*arguments)
    message = str(caught.value)
    assert "\n" not in message
    for part in parts:
        assert re.search(rf"(?<![\w]){re.escape(part)}(?![\w])", message), (part, message)
