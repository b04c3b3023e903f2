import numpy as np
import pytest

from course.gradient_check import (
    BLIND,
    FLOOR,
    KINK,
    TOLERANCE,
    check_gradient,
    directional_error,
    judge,
    numerical_gradient,
    points,
    relative_error,
    slopes,
)
from course.reference import im2col, layers, losses, sandwiches

CONV = {"stride": 2, "pad": 1}
POOL = {"pool_height": 2, "pool_width": 3, "stride": 2}
IMAGES, FILTERS = (2, 2, 5, 6), (3, 2, 3, 2)

# name: (forward, backward, shapes of the arguments that have a gradient, the other arguments)
LAYERS = {
    "affine": (layers.affine_forward, layers.affine_backward, [(3, 2, 4), (8, 5), (5,)], ()),
    "relu": (layers.relu_forward, layers.relu_backward, [(3, 7)], ()),
    "conv": (layers.conv_forward_naive, layers.conv_backward_naive, [IMAGES, FILTERS, (3,)], (CONV,)),
    "conv_im2col": (
        im2col.conv_forward_im2col,
        im2col.conv_backward_im2col,
        [IMAGES, FILTERS, (3,)],
        (CONV,),
    ),
    "max_pool": (layers.max_pool_forward_naive, layers.max_pool_backward_naive, [IMAGES], (POOL,)),
    "avg_pool": (layers.avg_pool_forward_naive, layers.avg_pool_backward_naive, [IMAGES], (POOL,)),
    "affine_relu": (
        sandwiches.affine_relu_forward,
        sandwiches.affine_relu_backward,
        [(3, 8), (8, 5), (5,)],
        (),
    ),
    "conv_relu_pool": (
        sandwiches.conv_relu_pool_forward,
        sandwiches.conv_relu_pool_backward,
        [IMAGES, FILTERS, (3,)],
        ({"stride": 1, "pad": 1}, POOL),
    ),
}
LOSSES = {"softmax": losses.softmax_loss, "svm": losses.svm_loss}


def layer(name, rng):
    """Return f, its arguments, their gradients and dout, for one random draw."""
    forward, backward, shapes, rest = LAYERS[name]
    args = [rng.standard_normal(shape) for shape in shapes]
    out, cache = forward(*args, *rest)
    dout = rng.standard_normal(out.shape)
    grads = backward(dout, cache)
    return lambda *a: forward(*a, *rest)[0], args, grads if isinstance(grads, tuple) else (grads,), dout


def loss(name, rng):
    y = rng.integers(0, 10, 4)
    x = rng.standard_normal((4, 10))
    return lambda a: LOSSES[name](a, y)[0], [x], (LOSSES[name](x, y)[1],), None


def draw(name, rng):
    return layer(name, rng) if name in LAYERS else loss(name, rng)


def one_argument(f, args, place):
    return lambda a: f(*args[:place], a, *args[place + 1 :])


ALL = [*LAYERS, *LOSSES]


@pytest.mark.parametrize("name", ALL)
def test_every_backward_pass_of_the_reference_passes(name):
    f, args, grads, dout = draw(name, np.random.default_rng(1))
    for place, grad in enumerate(grads):
        result = check_gradient(one_argument(f, args, place), args[place], grad, dout)
        assert result.verdict == "pass", result
        assert result.error < 1e-7


@pytest.mark.parametrize("name", ALL)
def test_a_gradient_that_is_off_by_a_thousandth_is_wrong(name):
    f, args, grads, dout = draw(name, np.random.default_rng(2))
    for place, grad in enumerate(grads):
        result = check_gradient(one_argument(f, args, place), args[place], grad * 1.001, dout)
        assert result.verdict == "wrong", (place, result)


@pytest.mark.parametrize("name", ALL)
def test_one_number_that_is_off_by_a_thousandth_is_found_and_located(name):
    f, args, grads, dout = draw(name, np.random.default_rng(3))
    for place, grad in enumerate(grads):
        index = np.unravel_index(np.abs(grad).argmax(), grad.shape)
        faulty = grad.copy()
        faulty[index] *= 1.001
        result = check_gradient(one_argument(f, args, place), args[place], faulty, dout)
        assert (result.verdict, result.index) == ("wrong", index)
        assert result.analytic == faulty[index]
        assert result.numerical == pytest.approx(grad[index])


@pytest.mark.parametrize("name", ALL)
def test_complex_directions_agree_to_the_last_bits_and_see_a_fault_in_one_number(name):
    rng = np.random.default_rng(4)
    f, args, grads, dout = draw(name, rng)
    assert directional_error(f, args, grads, dout, rng) < 1e-12
    for place, grad in enumerate(grads):
        faulty = [g.copy() for g in grads]
        faulty[place].flat[np.abs(grad).argmax()] *= 1.001
        assert directional_error(f, args, faulty, dout, rng) > 1e-9


def test_right_gradients_are_hardly_ever_undecided_and_never_wrong():
    rng = np.random.default_rng(5)
    verdicts = []
    for _ in range(20):
        for name in ("affine", "conv", "softmax"):
            f, args, grads, dout = draw(name, rng)
            verdicts += [
                check_gradient(one_argument(f, args, place), args[place], grad, dout).verdict
                for place, grad in enumerate(grads)
            ]
    assert "wrong" not in verdicts
    assert verdicts.count("cannot decide") <= 0.005 * len(verdicts)


@pytest.mark.parametrize("distance", [0, 1e-9, 1e-7, 2e-6, 5e-6, 9e-6, 9.99e-6, -3e-6, -9.9e-6])
def test_a_kink_inside_the_step_is_never_called_wrong(distance):
    x = np.array([0.7, distance, -1.3])
    dout = np.array([1.0, -2.0, 3.0])
    result = check_gradient(lambda a: layers.relu_forward(a)[0], x, layers.relu_backward(dout, x), dout)
    assert result.verdict == "cannot decide"
    assert result.kinks.tolist() == [False, True, False]
    assert "at a kink" in str(result)


@pytest.mark.parametrize("share", [0, 0.25, 1])
def test_any_split_of_a_tie_is_undecided_and_not_wrong(share):
    x, dout = np.array([[[[4.0, 4.0], [1.0, 2.0]]]]), np.array([[[[3.0]]]])
    param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    dx = np.array([[[[3.0 * share, 3.0 * (1 - share)], [0.0, 0.0]]]])
    result = check_gradient(lambda a: layers.max_pool_forward_naive(a, param)[0], x, dx, dout)
    assert result.verdict == "cannot decide"
    assert result.kinks[0, 0, 0].all() and not result.kinks[0, 0, 1].any()


def test_a_kink_does_not_hide_a_fault_elsewhere():
    x, dout = np.array([0.0, 1.0]), np.ones(2)
    result = check_gradient(lambda a: layers.relu_forward(a)[0], x, np.array([0.0, 1.001]), dout)
    assert (result.verdict, result.index) == ("wrong", (1,))


def test_a_gradient_outside_both_slopes_of_a_kink_is_wrong():
    result = check_gradient(lambda a: np.maximum(0, a), np.zeros(1), np.array([1.5]), np.ones(1))
    assert result.verdict == "wrong"


def test_jumps_of_opposite_sign_in_two_outputs_do_not_hide_a_kink():
    def f(a):
        return np.concatenate([np.maximum(0, a), np.maximum(0, a)])

    _, kinks = numerical_gradient(f, np.zeros(1), np.array([1.0, -1.0]))
    assert kinks.all()


def test_a_flat_spot_of_a_smooth_function_passes():
    result = check_gradient(lambda a: (a**2).sum(), np.array([0.0, 2.0]), np.array([0.0, 4.0]))
    assert result.verdict == "pass"
    assert "all 2 numbers agree" in str(result)


def test_the_numerical_gradient_of_a_product_is_the_other_factor():
    a, b = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[4.0, 5.0], [-6.0, 7.0]])
    gradient, kinks = numerical_gradient(lambda x: x * b, a, np.ones((2, 2)))
    assert relative_error(gradient, b) < 1e-9
    assert kinks.shape == (2, 2) and not kinks.any()


@pytest.mark.parametrize("raises", [False, True])
def test_x_is_left_as_it_was_even_by_a_function_that_overwrites_or_fails(raises):
    def f(a):
        a *= 2
        if raises and a.sum() != 12:
            raise RuntimeError("broken")
        return a.sum()

    x = np.array([1.0, 2.0, 3.0])
    if raises:
        with pytest.raises(RuntimeError, match="broken"):
            numerical_gradient(f, x)
    else:
        gradient, _ = numerical_gradient(f, x)
        assert relative_error(gradient, np.full(3, 2.0)) < 1e-9
    assert x.tolist() == [1.0, 2.0, 3.0]


def test_float32_inputs_are_computed_in_float64():
    rng = np.random.default_rng(6)
    x, w = rng.standard_normal((3, 4)).astype(np.float32), rng.standard_normal((4, 2)).astype(np.float32)
    out, cache = layers.affine_forward(x, w, np.zeros(2, np.float32))
    dout = rng.standard_normal(out.shape).astype(np.float32)
    dx = layers.affine_backward(dout, cache)[0]
    assert dx.dtype == np.float32

    def f(a):
        return layers.affine_forward(a, w, np.zeros(2))[0]

    assert check_gradient(f, x, dx, dout).verdict == "pass"
    assert check_gradient(f, x, dx * np.float32(1.001), dout).verdict == "wrong"


def test_a_function_that_computes_in_float32_is_undecided_because_rounding_hides_the_slope():
    x = np.random.default_rng(7).standard_normal(5)
    result = check_gradient(lambda a: (3 * a).astype(np.float32), x, np.full(5, 3.0), np.ones(5))
    assert result.verdict == "cannot decide"
    assert "rounding" in str(result)


def test_large_inputs_use_the_step_that_was_really_taken():
    x = np.array([12345.678, -98765.4321])
    gradient, _ = numerical_gradient(lambda a: 3 * a, x, np.ones(2))
    assert relative_error(gradient, np.full(2, 3.0)) < 1e-5
    assert check_gradient(lambda a: 3 * a, x, np.full(2, 3.0), np.ones(2)).verdict == "pass"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_is_wrong(value):
    assert check_gradient(np.sum, np.ones(3), np.array([1.0, value, 1.0])).verdict == "wrong"


def test_a_function_that_returns_nan_cannot_be_decided():
    result = check_gradient(lambda a: a.sum() * np.nan, np.ones(2), np.ones(2))
    assert result.verdict == "cannot decide"


def test_a_backward_pass_can_be_judged_from_values_that_were_computed_elsewhere():
    x, dout = np.array([0.5, -0.25]), np.array([2.0, 3.0])
    values = [layers.relu_forward(point)[0] for point in points(x)]
    assert len(values) == 1 + 2 * x.size
    assert judge(slopes(values, x, dout), np.array([2.0, 0.0])).verdict == "pass"


def test_the_relative_error_is_the_largest_and_has_a_floor_for_tiny_numbers():
    assert relative_error(np.array([1.0, 3.0]), np.array([1.0, 1.0])) == 0.5
    assert relative_error(1e-12, 0.0) == pytest.approx(1e-4)
    assert relative_error(np.zeros((0, 2)), np.zeros((0, 2))) == 0
    assert relative_error(np.array([1.0, np.nan]), np.ones(2)) == np.inf


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: relative_error(np.ones((1, 3)), np.ones(3)), r"same shape, got \(1, 3\) and \(3,\)"),
        (lambda: numerical_gradient(lambda a: a, np.ones(3)), r"dout must have the shape of f\(x\), \(3,\)"),
        (lambda: check_gradient(np.sum, np.ones(3), np.ones((1, 3))), r"shape of x, \(3,\), got \(1, 3\)"),
        (lambda: check_gradient(np.sum, np.ones((0,)), np.ones((0,))), "no numbers"),
        (
            lambda: directional_error(np.sum, [np.ones(2)], [np.ones(3)], None, np.random.default_rng(0)),
            r"must have the shape \(2,\), got \(3,\)",
        ),
        (
            lambda: directional_error(np.abs, [np.ones(2)], [np.ones(2)], None, np.random.default_rng(0)),
            r"dout must have the shape of f, \(2,\), got \(\)",
        ),
    ],
)
def test_shapes_that_do_not_fit_are_said(call, message):
    with pytest.raises(ValueError, match=message):
        call()


H, EPS = 1e-5, np.finfo(float).eps


def measured_exponential(k, h=H):
    """Return the Slopes of exp(k x) at 0, where the derivatives are k, k^2 and k^3."""
    return slopes([np.exp(k * point) for point in points(np.zeros(1), h)], np.zeros(1), np.ones(1), h)


@pytest.mark.parametrize("k", [1, 30, 300])
def test_truncation_is_a_sixth_of_the_third_derivative_times_h_squared(k):
    h = 1e-2 / k  # large enough to outweigh rounding
    assert measured_exponential(k, h).gradient[0] - k == pytest.approx(h**2 / 6 * k**3, rel=1e-3)


def test_the_tolerance_stays_above_truncation_up_to_a_third_derivative_of_120_000_slopes():
    limit = 12 * TOLERANCE / H**2
    assert limit == pytest.approx(120_000)
    for k, agrees in ((0.97 * limit**0.5, True), (1.03 * limit**0.5, False)):
        found = measured_exponential(k).gradient[0]
        assert (abs(found - k) <= TOLERANCE * (found + k)) == agrees


def test_a_fault_of_a_thousandth_is_500_times_the_tolerance_and_twice_what_rounding_may_reach():
    fault = 0.001 / 2  # as a part of |yours| + |numerical|
    assert fault / TOLERANCE == pytest.approx(500)
    assert fault / BLIND == pytest.approx(2)
    assert FLOOR > 4 * EPS / (2 * H)


def test_a_smooth_function_is_called_kinked_only_when_its_second_derivative_exceeds_20_slopes():
    limit = 2 * KINK / H
    assert limit == pytest.approx(20)
    assert not measured_exponential(0.95 * limit).kinks.any()
    assert measured_exponential(1.05 * limit).kinks.all()


@pytest.mark.parametrize("terms", [1, 100, 10_000])
def test_rounding_stays_below_its_bound_even_where_long_sums_cancel(terms):
    rng = np.random.default_rng(terms)
    for _ in range(50):
        a, x = rng.standard_normal(terms), rng.standard_normal(1)
        b = np.append(a, -a)  # the sum cancels, its terms do not
        found = slopes([np.sum(b * np.sin(point)) + np.cos(point[0]) for point in points(x)], x)
        off = abs(float(found.gradient[0] + np.sin(x[0])))
        assert off <= max(float(found.noise[0]), FLOOR)
