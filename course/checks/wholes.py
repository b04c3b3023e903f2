"""The nets that lessons put together from the student's own functions, and the cases that they are asked."""

import numpy as np

from . import conv_step_by_step, convnet, modular_layers, two_layer_net
from .draw import a_size, as_float32, unequal
from .task import Case, Task
from .whole import conv_relu_pool_affine, conv_then_pool, two_layer, two_layer_convnet


def mild(model):
    """Return a model whose scores are of ordinary size: of a loss near 0, float32 keeps hardly a digit."""
    inputs = {"W1": model["W1"].size // model["b1"].size, "W2": len(model["W2"])}
    return {name: 0.5 * value / np.sqrt(inputs.get(name, 1)) for name, value in model.items()}


def two_layer_cases(rng):
    """Return the cases of a two-layer net: images, the model, labels and the strength of the penalty."""

    def inputs(N, D, H, C, reg):
        model = mild(two_layer_net.a_model(rng, D, H, C))
        return rng.standard_normal((N, D)), model, rng.integers(0, C, N), reg

    return [
        Case("2 samples of 3 numbers, 2 hidden, 2 classes", "core", inputs(2, 3, 2, 2, 0.0)),
        Case("5 samples of 4 numbers, 10 hidden, 3 classes, reg 0.1", "core", inputs(5, 4, 10, 3, 0.1)),
        Case("one sample", "geometry", inputs(1, a_size(rng, 3, 5), a_size(rng), 3, 0.5)),
        Case("more classes than hidden units", "geometry", inputs(4, 3, 2, a_size(rng, 4, 6), 1.0)),
        Case("float32", "care", as_float32(inputs(3, 4, 5, 2, 0.1))),
    ]


def convnet_cases(rng):
    """Return the cases of a two-layer ConvNet: images, the model, labels and the strength of the penalty."""

    def inputs(N, image, F, f, reg):
        model = mild(convnet.a_model(rng, image, 3, F, f))
        return rng.standard_normal((N, *image)), model, rng.integers(0, 3, N), reg

    height, width = (2 * half for half in unequal(rng, 2, 3))
    return [
        Case("two 4x4 images of one channel, two 3x3 filters", "core", inputs(2, (1, 4, 4), 2, 3, 0.0)),
        Case("three 6x6 images of 3 channels, four 3x3 filters", "core", inputs(3, (3, 6, 6), 4, 3, 0.1)),
        Case(f"{height}x{width} images", "geometry", inputs(2, (2, height, width), 3, 3, 0.5)),
        Case("one image", "geometry", inputs(1, (a_size(rng), 4, 4), 2, 3, 0.0)),
        Case("float32", "care", as_float32(inputs(2, (2, 4, 4), 2, 3, 0.1))),
    ]


def layers_cases(rng):
    """Return the cases of a small ConvNet: images, parameters, labels, settings of the layers."""

    def inputs(N, image, F, window, stride, pad, pool):
        C, *size = image
        settings = {"stride": stride, "pad": pad}
        out = [(n + 2 * pad - k) // stride + 1 for n, k in zip(size, window, strict=True)]
        pooled = int(np.prod([(n - pool) // pool + 1 for n in out]))
        return (
            rng.standard_normal((N, *image)),
            rng.standard_normal((F, C, *window)) / np.sqrt(C * np.prod(window)),
            rng.standard_normal(F),
            0.5 * rng.standard_normal((F * pooled, 3)) / np.sqrt(F * pooled),
            0.5 * rng.standard_normal(3),
            rng.integers(0, 3, N),
            settings,
            {"pool_height": pool, "pool_width": pool, "stride": pool},
        )

    height, width = unequal(rng, 4, 6)  # few numbers: plain loops go through all of them
    return [
        Case("one 4x4 image, one 3x3 filter", "core", inputs(1, (1, 4, 4), 1, (3, 3), 1, 1, 2)),
        Case("two 4x4 images of 3 channels, two filters", "core", inputs(2, (3, 4, 4), 2, (3, 3), 1, 1, 2)),
        Case(f"a {height}x{width} image", "geometry", inputs(1, (2, height, width), 2, (3, 3), 1, 1, 2)),
        Case("2x3 filters, stride 2", "geometry", inputs(2, (1, 5, 6), 2, (2, 3), 2, 1, 2)),
        Case("float32", "care", as_float32(inputs(1, (2, 4, 4), 2, (3, 3), 1, 1, 2))),
    ]


def there_and_back_cases(rng):
    """Return the cases of a convolution and a max pooling: what goes in, and the gradient of A."""

    def inputs(m, size, n_C_prev, n_C, stride, pad):
        A_prev = rng.standard_normal((m, *size, n_C_prev))
        W = rng.standard_normal((3, 3, n_C_prev, n_C))
        conv, pool = {"stride": stride, "pad": pad}, {"f": 2, "stride": 2}
        Z = np.empty(conv_step_by_step.convolved(A_prev, W, None, conv))
        dA = rng.standard_normal(conv_step_by_step.pooled(Z, pool, "max"))
        return A_prev, W, rng.standard_normal((1, 1, 1, n_C)), conv, pool, dA

    return [
        Case("one 4x4 image of one channel, one filter", "core", inputs(1, (4, 4), 1, 1, 1, 1)),
        Case("two 6x6 images of 3 channels, two filters", "core", inputs(2, (6, 6), 3, 2, 1, 1)),
        Case("images that are not square", "geometry", inputs(2, unequal(rng, 5, 8), 2, 2, 1, 1)),
        Case("stride 2", "geometry", inputs(a_size(rng), (7, 7), 1, 2, 2, 1)),
        Case("float32", "care", as_float32(inputs(2, (4, 4), 2, 2, 1, 1))),
    ]


PARAMETERS = ("loss", "W1", "b1", "W2", "b2")
LABELLED = ("X", "model", "y", "reg")

WHOLES = {
    two_layer_net.LESSON: Task(
        "two_layer_net",
        two_layer_net.LESSON,
        LABELLED,
        PARAMETERS,
        two_layer_cases,
        of=("two_layer_net_scores", "two_layer_net_loss", "two_layer_net_grads"),
        through=two_layer,
    ),
    conv_step_by_step.LESSON: Task(
        "conv_then_pool",
        conv_step_by_step.LESSON,
        ("A_prev", "W", "b", "hparameters of conv", "hparameters of pool", "dA"),
        ("A", "dA_prev", "dW", "db"),
        there_and_back_cases,
        channels_last=True,
        of=("conv_forward", "pool_forward", "pool_backward", "conv_backward"),
        through=conv_then_pool,
    ),
    modular_layers.LESSON: Task(
        "conv_relu_pool_affine",
        modular_layers.LESSON,
        ("x", "w", "b", "w_affine", "b_affine", "y", "conv_param", "pool_param"),
        ("loss", "dw", "db", "dw_affine", "db_affine"),
        layers_cases,
        of=(
            "conv_forward_naive",
            "relu_forward",
            "max_pool_forward_naive",
            "affine_forward",
            "softmax_loss",
            "affine_backward",
            "max_pool_backward_naive",
            "relu_backward",
            "conv_backward_naive",
        ),
        through=conv_relu_pool_affine,
    ),
    convnet.LESSON: Task(
        "two_layer_convnet",
        convnet.LESSON,
        LABELLED,
        PARAMETERS,
        convnet_cases,
        of=("two_layer_convnet_scores", "two_layer_convnet_loss", "two_layer_convnet_grads"),
        through=two_layer_convnet,
    ),
}
