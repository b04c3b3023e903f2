"""Architectures and the networks made from them."""

import math

import numpy as np
import pytest

from course.gradient_check import check_gradient
from course.reference.architecture import MOST_LAYERS, ArchitectureError, plan, table
from course.reference.layers import (
    affine_forward,
    avg_pool_forward_naive,
    conv_forward_naive,
    max_pool_forward_naive,
    relu_forward,
)
from course.reference.lenet import LENET
from course.reference.network import Network

CONV = {"layer": "conv", "filters": 3, "size": 3, "stride": 2, "pad": 1}
MAX = {"layer": "max_pool", "size": 2, "stride": 1}
AVERAGE = {"layer": "avg_pool", "size": 2, "stride": 2}
RELU, FLAT, NORM = {"layer": "relu"}, {"layer": "flatten"}, {"layer": "batchnorm"}
OUT = {"layer": "affine", "units": 4}
STACKS = {
    "affine alone": [OUT],
    "conv and affine": [CONV, OUT],
    "every layer that is trained": [
        CONV, RELU, MAX, AVERAGE, FLAT, {"layer": "affine", "units": 5}, RELU, OUT,
    ],
}
SHAPE = (2, 8, 11)


def drawn(architecture, seed=0):
    """Return a network, a model in float64, images and labels."""
    rng = np.random.default_rng(seed)
    network = Network(architecture, SHAPE)
    model = {name: rng.standard_normal(shape) for name, shape in network.shapes.items()}
    return network, model, rng.standard_normal((3, *SHAPE)), rng.integers(0, 4, 3)


@pytest.mark.parametrize("architecture", STACKS.values(), ids=STACKS)
@pytest.mark.parametrize("reg", [0.0, 0.3])
def test_every_gradient_of_a_network_agrees_with_the_numerical_one(architecture, reg):
    network, model, X, y = drawn(architecture)
    grads = network(X, model, y, reg)[1]
    assert grads.keys() == model.keys()
    for name, value in model.items():
        def loss(changed, name=name):
            return network(X, model | {name: changed}, y, reg)[0]

        assert check_gradient(loss, value, grads[name]).verdict in ("pass", "cannot decide"), name


def test_scores_are_those_of_the_layers_one_after_the_other():
    network, model, X, _ = drawn(STACKS["every layer that is trained"])
    out = conv_forward_naive(X, model["0.w"], model["0.b"], {"stride": 2, "pad": 1})[0]
    out = max_pool_forward_naive(relu_forward(out)[0], {"pool_height": 2, "pool_width": 2, "stride": 1})[0]
    out = avg_pool_forward_naive(out, {"pool_height": 2, "pool_width": 2, "stride": 2})[0]
    out = relu_forward(affine_forward(out, model["5.w"], model["5.b"])[0])[0]
    expected = affine_forward(out, model["7.w"], model["7.b"])[0]
    np.testing.assert_allclose(network(X, model), expected, rtol=1e-10)


def test_a_batch_normalisation_is_evaluated_with_its_measured_numbers_and_dropout_not_at_all():
    network, model, X, y = drawn([NORM, {"layer": "dropout", "p": 0.5}, OUT])
    model["0.var"] = np.abs(model["0.var"])
    normal = (X - model["0.mean"][:, None, None]) / np.sqrt(model["0.var"][:, None, None] + 1e-5)
    normal = model["0.gamma"][:, None, None] * normal + model["0.beta"][:, None, None]
    expected = affine_forward(normal, model["2.w"], model["2.b"])[0]
    np.testing.assert_allclose(network(X, model), expected, rtol=1e-10)
    with pytest.raises(ValueError, match="batchnorm is not trained here"):
        network(X, model, y)


def test_a_network_at_its_start_guesses_and_keeps_float32():
    network = Network(LENET)
    rng = np.random.default_rng(0)
    model = network.init(rng=rng)
    X, y = rng.standard_normal((50, 3, 32, 32), dtype=np.float32), rng.integers(0, 10, 50)
    loss, grads = network(X, model, y, 1e-3)
    assert abs(network(X, model, y)[0] - math.log(10)) < 0.05
    assert network(X, model).dtype == np.float32
    assert {value.dtype for value in grads.values()} == {np.dtype(np.float32)}
    assert loss > network(X, model, y)[0]


def test_a_loss_changes_neither_images_nor_model():
    network, model, X, y = drawn(STACKS["every layer that is trained"])
    before = {name: value.copy() for name, value in model.items()}, X.copy()
    network(X, model, y, 0.1)
    assert all((model[name] == value).all() for name, value in before[0].items()) and (before[1] == X).all()


def test_the_cost_of_a_layer_is_that_of_its_loops():
    conv, affine = plan([CONV, OUT], SHAPE)
    assert conv.output_shape == (3, 4, 6)
    loops = sum(1 for _ in np.ndindex(3, 4, 6, 2, 3, 3))  # filters, places, and each filter's numbers
    assert (conv.multiply_adds, conv.size) == (loops, 3 * 2 * 3 * 3 + 3)
    assert (affine.multiply_adds, affine.size) == (3 * 4 * 6 * 4, 3 * 4 * 6 * 4 + 4)


def test_lenet_has_the_parameters_that_are_counted_by_hand():
    layers = plan(LENET)
    assert [layer.size for layer in layers if layer.size] == [456, 2416, 48120, 10164, 850]
    assert "62,006" in table(layers) and "16 x 10 x 10" in table(layers)
    assert len({len(line) for line in table(layers).splitlines()}) == 1


REFUSED = {
    "no list": ("conv", "list of 1 to 64 layers"),
    "no layer at all": ([], "list of 1 to 64 layers"),
    "too many": ([RELU] * (MOST_LAYERS + 1), "list of 1 to 64 layers"),
    "no dictionary": ([RELU, 3], "layer 1: expected 'layer' to be one of conv, relu"),
    "an unknown layer": ([{"layer": "exec"}], "layer 0: expected 'layer' to be one of"),
    "a layer that is no word": ([{"layer": ["conv"]}], "layer 0: expected 'layer' to be one of"),
    "an unknown setting": ([{**CONV, "dilation": 2}], "conv has filters, size, stride, pad, got 'dilation'"),
    "a missing setting": ([{"layer": "conv", "size": 3}], "conv needs filters from 1 to 1024, got None"),
    "a number as text": ([{**CONV, "filters": "3"}], "conv needs filters from 1 to 1024, got '3'"),
    "a bool": ([{**CONV, "stride": True}], "conv needs stride from 1 to 8, got True"),
    "a negative number": ([{**CONV, "pad": -1}], "conv needs pad from 0 to 7, got -1"),
    "a huge number": ([{"layer": "affine", "units": 10**30}], "affine needs units from 1 to 4096"),
    "a probability that is none": ([{"layer": "dropout", "p": float("nan")}], "dropout needs p from 0 to 1"),
    "a window larger than the image": ([{**CONV, "size": 15, "pad": 0}], "size 15 does not fit into 8 x 11"),
    "a convolution of a row": ([OUT, CONV], "layer 1: conv needs images"),
}


@pytest.mark.parametrize(("architecture", "message"), REFUSED.values(), ids=REFUSED)
def test_an_architecture_that_makes_no_network_is_refused_in_one_line(architecture, message):
    with pytest.raises(ArchitectureError) as caught:
        Network(architecture, SHAPE)
    assert message in str(caught.value) and "\n" not in str(caught.value) and len(str(caught.value)) < 300
