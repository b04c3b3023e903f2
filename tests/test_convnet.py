"""The two-layer ConvNet: shapes, losses known beforehand, gradients, sizes, pictures learnt by heart."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course.data.stand_in import generate
from course.gradient_check import check_gradient
from course.reference.convnet import (
    confusion_matrix,
    conv_size,
    two_layer_convnet_loss,
    two_layer_convnet_scores,
    two_layer_convnet_shapes,
)
from course.reference.layers import conv_forward_naive, max_pool_forward_naive
from course.reference.models import init_two_layer_convnet, two_layer_convnet
from course.reference.trainer import ClassifierTrainer

sizes = st.integers(2, 7)
few = st.integers(1, 3)
odd = st.sampled_from([1, 3, 5])
seeds = st.integers(0, 2**32 - 1)


def tiny(seed=0, input_shape=(2, 5, 6), num_classes=3, num_filters=4, filter_size=3, N=3):
    """Images, a model with weights of ordinary size, and labels."""
    rng = np.random.default_rng(seed)
    model = init_two_layer_convnet(1.0, 1.0, input_shape, num_classes, num_filters, filter_size, rng=rng)
    return rng.standard_normal((N, *input_shape)), model, rng.integers(0, num_classes, N)


def test_the_default_net_has_the_shapes_of_cifar10():
    shapes = {"W1": (32, 3, 5, 5), "b1": (32,), "W2": (8192, 10), "b2": (10,)}
    assert two_layer_convnet_shapes() == shapes
    assert {name: value.shape for name, value in init_two_layer_convnet().items()} == shapes


def test_the_scales_are_the_standard_deviations_of_weights_and_biases():
    model = init_two_layer_convnet(1e-2, 3, num_classes=500, num_filters=400, rng=np.random.default_rng(2))
    expected = {"W1": 1e-2, "W2": 1e-2, "b1": 3, "b2": 3}
    for name, value in model.items():
        assert value.std() == pytest.approx(expected[name], rel=0.1)
        assert value.mean() == pytest.approx(0, abs=5 * expected[name] / np.sqrt(value.size))
    assert not init_two_layer_convnet()["b1"].any() and not init_two_layer_convnet()["b2"].any()


def test_a_seed_gives_the_same_parameters_again_and_none_gives_others():
    first, *others = (
        init_two_layer_convnet(rng=rng) for rng in (*map(np.random.default_rng, (1, 1, 2)), None)
    )
    same = [np.array_equal(first["W1"], other["W1"]) for other in others]
    assert same == [True, False, False]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_first_loss_is_ln_10_and_rises_with_reg(dtype):
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((20, 3, 32, 32)).astype(dtype), rng.integers(0, 10, 20)
    model = {name: value.astype(dtype) for name, value in init_two_layer_convnet(rng=rng).items()}
    losses = [two_layer_convnet(X, model, y, reg)[0] for reg in (0.0, 1.0, 10.0)]
    assert losses[0] == pytest.approx(np.log(10), abs=0.02)
    penalty = 0.5 * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))
    assert losses[1] - losses[0] == pytest.approx(penalty, rel=1e-3)
    assert losses[2] - losses[0] == pytest.approx(10 * penalty, rel=1e-3)


@settings(max_examples=25, deadline=None)
@given(N=few, C=few, H=sizes, W=sizes, F=few, f=odd, seed=seeds)
def test_the_scores_are_those_of_the_naive_layers(N, C, H, W, F, f, seed):
    X, model, _ = tiny(seed, (C, H, W), 3, F, f, N)
    features, _ = conv_forward_naive(X, model["W1"], model["b1"], {"stride": 1, "pad": (f - 1) // 2})
    assert features.shape == (N, F, H, W)
    param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    pooled, _ = max_pool_forward_naive(np.maximum(0, features), param)
    np.testing.assert_allclose(
        two_layer_convnet(X, model), pooled.reshape(N, -1) @ model["W2"] + model["b2"], rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("reg", [0.0, 0.3])
@pytest.mark.parametrize(
    "sizes", [{}, {"filter_size": 1, "num_filters": 1}, {"input_shape": (1, 7, 4), "N": 1}]
)
def test_the_gradients_agree_with_the_numerical_ones(sizes, reg):
    X, model, y = tiny(**sizes)
    grads = two_layer_convnet(X, model, y, reg)[1]
    assert list(grads) == list(model)
    for name, value in model.items():
        outcome = check_gradient(
            lambda moved, name=name: two_layer_convnet(X, {**model, name: moved}, y, reg)[0],
            value,
            grads[name],
        )
        assert outcome.verdict == "pass", (name, str(outcome))


def test_dscores_is_the_gradient_of_the_loss():
    X, model, y = tiny()
    scores = two_layer_convnet(X, model)
    dscores = two_layer_convnet_loss(scores, y, model, 0.1)[1]
    outcome = check_gradient(lambda s: two_layer_convnet_loss(s, y, model, 0.1)[0], scores, dscores)
    assert outcome.verdict == "pass", str(outcome)


def test_float32_stays_float32_and_integers_work():
    X, model, y = tiny()
    whole = np.round(3 * X).astype(int)
    np.testing.assert_allclose(two_layer_convnet(whole, model), two_layer_convnet(whole * 1.0, model))
    single = {name: value.astype(np.float32) for name, value in model.items()}
    loss, grads = two_layer_convnet(X.astype(np.float32), single, y, 0.1)
    assert {loss.dtype, two_layer_convnet(X.astype(np.float32), single).dtype} == {np.dtype(np.float32)}
    assert {value.dtype for value in grads.values()} == {np.dtype(np.float32)}


def test_nothing_that_goes_in_is_changed():
    X, model, y = tiny()
    before = X.copy(), {name: value.copy() for name, value in model.items()}, y.copy()
    two_layer_convnet(X, model, y, 0.5)
    np.testing.assert_equal((X, model, y), before)


def test_fifty_pictures_are_learnt_by_heart():
    pictures, y = generate(50)
    X = pictures.astype(np.float32)
    X -= X.mean(axis=0)
    rng = np.random.default_rng(0)
    model = init_two_layer_convnet(num_filters=8, filter_size=3, rng=rng)
    model = {name: value.astype(np.float32) for name, value in model.items()}
    settings = {"update": "adam", "learning_rate": 1e-3, "num_epochs": 10, "batch_size": 10, "rng": rng}
    _, losses, accuracies, _ = ClassifierTrainer().train(X, y, X, y, model, two_layer_convnet, **settings)
    assert accuracies[-1] == 1 and losses[-1] < 0.2 < 2 < losses[0]


def test_even_filters_and_filters_that_are_not_square_are_refused_with_their_size():
    for call in (two_layer_convnet_shapes, init_two_layer_convnet):
        with pytest.raises(ValueError, match=r"^Filter size must be odd; got 4$"):
            call(filter_size=4)
    for size in ((2, 2), (3, 5), (3, 2)):
        model = {**init_two_layer_convnet(), "W1": np.zeros((32, 3, *size))}
        with pytest.raises(ValueError, match=f"square and of odd size; got {size[0]} x {size[1]}"):
            two_layer_convnet(np.zeros((1, 3, 32, 32)), model)


def test_images_of_another_number_of_channels_are_refused():
    _, model, _ = tiny()
    with pytest.raises(ValueError, match=r"X must have shape \(N, 2, H, W\), got \(1, 3, 5, 6\)"):
        two_layer_convnet_scores(np.zeros((1, 3, 5, 6)), model)


@settings(max_examples=40, deadline=None)
@given(C=few, H=sizes, W=sizes, F=few, f=few, stride=few, pad=st.integers(0, 2))
def test_the_size_of_a_convolution_is_that_of_a_convolution(C, H, W, F, f, stride, pad):
    assume(f <= min(H, W) + 2 * pad)
    output_shape, parameters, multiply_adds = conv_size((C, H, W), F, f, stride, pad)
    w, b = np.ones((F, C, f, f)), np.zeros(F)
    out, _ = conv_forward_naive(np.ones((1, C, H + 2 * pad, W + 2 * pad)), w, b, {"stride": stride, "pad": 0})
    assert out.shape[1:] == output_shape
    assert parameters == w.size + b.size
    assert multiply_adds == out.sum()  # of ones: each product adds 1


def test_the_convolution_of_the_lecture_has_its_known_costs():
    assert conv_size((3, 32, 32), 64, 3, pad=1) == ((64, 32, 32), 1_792, 1_769_472)


def test_a_filter_larger_than_the_padded_image_is_refused_with_both_sizes():
    with pytest.raises(ValueError, match="filter of size 7 is larger than the padded image of 6 x 10"):
        conv_size((1, 4, 8), 1, 7, pad=1)


@settings(max_examples=30, deadline=None)
@given(N=st.integers(1, 40), num_classes=st.integers(1, 12), seed=seeds)
def test_a_confusion_matrix_counts_every_pair(N, num_classes, seed):
    y, guesses = np.random.default_rng(seed).integers(0, num_classes, (2, N))
    counts = confusion_matrix(y, guesses, num_classes)
    pairs = list(zip(y, guesses, strict=True))
    assert counts.dtype.kind == "i"
    assert counts.tolist() == [[pairs.count((r, g)) for g in range(num_classes)] for r in range(num_classes)]


@pytest.mark.parametrize(
    "y, guesses, error, words",
    [
        ([0, 1], [0, 1, 1], ValueError, r"guesses must have shape \(2,\), got \(3,\)"),
        ([0, 3], [0, 1], ValueError, r"0\.\.2, got 0\.\.3"),
        ([0, 1], [0, -1], ValueError, r"0\.\.2, got -1\.\.0"),
        ([0, 1], [0.0, 1.0], TypeError, "integer array, got float64"),
    ],
)
def test_labels_that_no_class_has_are_refused(y, guesses, error, words):
    with pytest.raises(error, match=words):
        confusion_matrix(np.array(y), np.array(guesses), 3)
