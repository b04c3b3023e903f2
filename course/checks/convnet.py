"""The checks of the lesson convnet-cifar10: for each TODO the table of its cases."""

from dataclasses import replace

import numpy as np

from .draw import a_size, as_float32, unequal
from .task import Case, Task

LESSON = "convnet-cifar10"
REG = (0.0, 0.1, 0.0, 0.5, 1.0, 0.0, 0.1, 0.0, 0.0, 0.1)  # of the gradients' cases, one after the other


def shapes_cases(rng):
    """Return the cases of the shapes: the image, the classes, the filters and their size."""
    even = [2 * half for half in unequal(rng, 2, 5)]
    odd = [2 * half + 1 for half in unequal(rng, 1, 4)]
    C, K, F = a_size(rng, 2, 3), a_size(rng, 5, 7), a_size(rng, 8, 9)
    side = 2 * a_size(rng, 3, 6)
    return [
        Case(f"{side}x{side} images", "core", ((C, side, side), K, F, 3)),
        Case("32x32 images, as in CIFAR-10", "core", ((3, 32, 32), 10, 4 * a_size(rng, 4, 9), 5)),
        Case(f"{even[0]}x{even[1]} images", "geometry", ((C, *even), K, F, 5)),
        Case(f"{odd[0]}x{odd[1]} images", "geometry", ((C, *odd), K, F, 3)),
        Case("images of one channel", "geometry", ((1, 6, even[1]), K, F, 7)),
        Case("one filter", "geometry", ((C, even[0], 6), K, 1, 3)),
        Case("filters of size 1", "geometry", ((C, even[0], odd[1]), K, F, 1)),
    ]


def a_model(rng, input_shape, K, F, f):
    """Return a two-layer ConvNet with parameters of ordinary size."""
    C, H, W = input_shape
    return {
        "W1": rng.standard_normal((F, C, f, f)),
        "b1": rng.standard_normal(F),
        "W2": rng.standard_normal((F * (H // 2) * (W // 2), K)),
        "b2": rng.standard_normal(K),
    }


def scores_cases(rng):
    """Return the cases of the scores."""

    def inputs(N, C, image, F, f, draw=None):
        X = (draw or rng.standard_normal)((N, C, *image))
        return X, a_model(rng, (C, *image), 3, F, f)

    def integers(shape):
        return rng.integers(-4, 5, shape)

    even = [2 * half for half in unequal(rng, 2, 3)]
    odd = [2 * half + 1 for half in unequal(rng, 1, 3)]
    return [
        Case("two 4x4 images of one channel, two 3x3 filters", "core", inputs(2, 1, (4, 4), 2, 3)),
        Case("three 6x6 images of 3 channels, four 3x3 filters", "core", inputs(3, 3, (6, 6), 4, 3)),
        Case(f"{even[0]}x{even[1]} images", "geometry", inputs(2, 2, even, 3, 3)),
        Case(f"{odd[0]}x{odd[1]} images", "geometry", inputs(2, 2, odd, 3, 3)),
        Case("one image", "geometry", inputs(1, a_size(rng, 2, 3), (4, 4), 2, 3)),
        Case("one filter", "geometry", inputs(a_size(rng), 2, (4, 6), 1, 3)),
        Case("1x1 filters", "geometry", inputs(2, a_size(rng, 2, 3), (4, 4), 3, 1)),
        Case("5x5 filters", "geometry", inputs(2, 1, (6, 4), 2, 5)),
        Case("whole numbers as integers", "care", inputs(2, 2, (4, 4), 2, 3, integers)),
        Case("float32", "care", as_float32(inputs(2, 2, (4, 4), 2, 3))),
    ]


def loss_cases(rng):
    """Return the cases of the loss: scores, labels, the model whose weights are penalised, reg."""

    def inputs(N, K, reg, scale=1.0):
        model = a_model(rng, (a_size(rng, 1, 2), 4, 4), K, 2, 3)
        return rng.standard_normal((N, K)) * scale, rng.integers(0, K, N), model, reg

    _, y, model, _ = inputs(4, 3, 0.0)
    return [
        Case("3 images, 3 classes, no regularisation", "core", inputs(3, 3, 0.0)),
        Case("5 images, 4 classes, reg 0.1", "core", inputs(5, 4, 0.1)),
        Case("6 images, 10 classes, reg 2", "core", inputs(6, 10, 2.0, 3.0)),
        Case("one image", "geometry", inputs(1, a_size(rng, 3, 6), 0.5)),
        Case("two classes", "geometry", inputs(a_size(rng, 4, 7), 2, 0.25)),
        Case("whole numbers as integers", "care", (rng.integers(-4, 5, (4, 3)), y, model, 0.0)),
        Case("float32", "care", as_float32(inputs(3, 4, 0.1))),
    ]


def grads_cases(rng):
    """Return the cases of the gradients: those of the scores, with the gradients of the scores and reg."""
    return [
        replace(case, dout=dscores(rng, *case.inputs), reg=reg)
        for case, reg in zip(scores_cases(rng), REG, strict=True)
    ]


def dscores(rng, X, model):
    """Return gradients of the scores, in the precision of the model."""
    b2 = model["b2"]
    return rng.standard_normal((len(X), len(b2))).astype(b2.dtype)


def size_cases(rng):
    """Return the cases of a convolution's size: the image, the filters, their size, stride and pad."""
    H, W = unequal(rng, 6, 9)
    side = a_size(rng, 7, 9)
    C, F = a_size(rng, 2, 3), a_size(rng, 4, 6)
    left = 3 * a_size(rng, 2, 4) + 1  # with 2x2 filters and stride 3 there are 2 rows left over
    return [
        Case(
            f"a {side}x{side} image of {C} channels, {F} 3x3 filters", "core", ((C, side, side), F, 3, 1, 0)
        ),
        Case("a 32x32 image, 3x3 filters, pad 1", "core", ((3, 32, 32), 8 * a_size(rng, 2, 8), 3, 1, 1)),
        Case(f"a {H}x{W} image", "geometry", ((C, H, W), F, 3, 1, 1)),
        Case("stride 2", "geometry", ((C, side, side), F, 5, 2, 2)),
        Case("stride 3 that leaves two rows over", "geometry", ((C, left, left), F, 2, 3, 0)),
        Case("stride 2 and pad 1 that leave a row over", "geometry", ((C, 6, 6), F, 3, 2, 1)),
        Case("one channel and one filter", "geometry", ((1, side, side), 1, 3, 1, 0)),
        Case("1x1 filters", "geometry", ((C, H, W), F, 1, 1, 0)),
    ]


def confusion_cases(rng):
    """Return the cases of the confusion matrix: right classes, guessed ones, the number of classes."""

    def inputs(N, seen, num_classes):
        y = rng.integers(0, seen, N)
        lucky = rng.random(N) < 0.5
        return y, np.where(lucky, y, rng.integers(0, seen, N)), num_classes

    y, guesses, _ = inputs(60, 20, 20)
    return [
        Case("12 images of 3 classes", "core", inputs(12, 3, 3)),
        Case("200 images of 10 classes", "core", inputs(200, 10, 10)),
        Case("one image", "geometry", inputs(1, 5, 5)),
        Case("the last classes never come up", "geometry", inputs(20, 4, a_size(rng, 6, 7))),
        Case("two classes", "geometry", inputs(a_size(rng, 10, 20), 2, 2)),
        Case("small integers, 20 classes", "care", (y.astype(np.uint8), guesses.astype(np.uint8), 20)),
    ]


PARAMETERS = ("W1", "b1", "W2", "b2")

TASKS = [
    Task(
        "two_layer_convnet_shapes",
        LESSON,
        ("input_shape", "num_classes", "num_filters", "filter_size"),
        PARAMETERS,
        shapes_cases,
        named=True,
    ),
    Task("two_layer_convnet_scores", LESSON, ("X", "model"), ("scores",), scores_cases, cached=True),
    Task("two_layer_convnet_loss", LESSON, ("scores", "y", "model", "reg"), ("loss", "dscores"), loss_cases),
    Task(
        "two_layer_convnet_grads",
        LESSON,
        ("X", "model"),
        PARAMETERS,
        grads_cases,
        forward="two_layer_convnet_scores",
        call=("dscores", "cache", "model", "reg"),
        named=True,
    ),
    Task("confusion_matrix", LESSON, ("y", "guesses", "num_classes"), ("counts",), confusion_cases),
    Task(
        "conv_size",
        LESSON,
        ("input_shape", "num_filters", "filter_size", "stride", "pad"),
        ("output_shape", "parameters", "multiply_adds"),
        size_cases,
    ),
]
