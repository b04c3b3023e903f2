"""The checks of the lesson two-layer-net: for each TODO the table of its cases."""

from dataclasses import replace

import numpy as np

from .draw import a_size, as_float32, whole
from .task import Case, Task

LESSON = "two-layer-net"
STEPS = 3  # of an update rule in each case


def a_model(rng, D, H, C, draw=None):
    """Return a two-layer model with weights of ordinary size."""
    draw = draw or rng.standard_normal
    return {"W1": draw((D, H)), "b1": draw((H,)), "W2": draw((H, C)), "b2": draw((C,))}


def scores_cases(rng):
    """Return the cases of the scores."""

    def inputs(N, D, H, C):
        return rng.standard_normal((N, D)), a_model(rng, D, H, C)

    small = whole(rng, (2, 3)), a_model(rng, 3, 2, 2, lambda shape: whole(rng, shape))
    integers = rng.integers(-4, 5, (3, 4)), a_model(rng, 4, 3, 2)
    return [
        Case("2 samples of 3 numbers, 2 hidden, 2 classes", "core", small),
        Case("5 samples of 4 numbers, 10 hidden, 3 classes", "core", inputs(5, 4, 10, 3)),
        Case("one sample", "geometry", inputs(1, a_size(rng, 3, 5), a_size(rng), 3)),
        Case("one hidden unit", "geometry", inputs(a_size(rng, 3, 5), a_size(rng), 1, 3)),
        Case("more classes than hidden units", "geometry", inputs(3, 4, 2, a_size(rng, 5, 7))),
        Case("whole numbers as integers", "care", integers),
        Case("float32", "care", as_float32(inputs(3, 4, 5, 2))),
    ]


def loss_cases(rng):
    """Return the cases of the loss: scores, labels, the model whose weights are penalised, reg."""

    def inputs(N, C, reg, scale=1.0):
        model = a_model(rng, a_size(rng, 2, 3), a_size(rng, 2, 3), C)
        return rng.standard_normal((N, C)) * scale, rng.integers(0, C, N), model, reg

    far = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1010.0, -990.0]]) + rng.standard_normal((2, 3))
    model = a_model(rng, 2, 2, 3)
    integers = rng.integers(-4, 5, (4, 3)), rng.integers(0, 3, 4), model, 0.0
    return [
        Case("3 samples, 3 classes, no regularisation", "core", inputs(3, 3, 0.0)),
        Case("5 samples, 4 classes, reg 0.1", "core", inputs(5, 4, 0.1)),
        Case("6 samples, 10 classes, reg 2", "core", inputs(6, 10, 2.0, 3.0)),
        Case("one sample", "geometry", inputs(1, a_size(rng, 3, 6), 0.5)),
        Case("two classes", "geometry", inputs(a_size(rng, 4, 7), 2, 0.25)),
        Case("scores near 1000", "care", (far, np.array([1, 0]), model, 0.1)),
        Case("whole numbers as integers", "care", integers),
        Case("float32", "care", as_float32(inputs(3, 4, 0.1))),
    ]


def grads_cases(rng):
    """Return the cases of the gradients: those of the scores, with the gradients of the scores and reg."""

    def case(name, group, sizes, reg, draw=None):
        N, D, H, C = sizes
        inputs = (draw or rng.standard_normal)((N, D)), a_model(rng, D, H, C)
        return Case(name, group, inputs, rng.standard_normal((N, C)), reg=reg)

    def integers(shape):
        return rng.integers(-4, 5, shape)

    single = case("float32", "care", (3, 4, 5, 2), 0.1)
    return [
        case("2 samples of 3 numbers, 2 hidden, 2 classes", "core", (2, 3, 2, 2), 0.0),
        case("5 samples of 4 numbers, 10 hidden, 3 classes, reg 0.1", "core", (5, 4, 10, 3), 0.1),
        case("one sample", "geometry", (1, a_size(rng, 3, 5), a_size(rng, 3, 5), 3), 0.5),
        case("one hidden unit", "geometry", (a_size(rng, 5, 7), a_size(rng), 1, 3), 0.0),
        case("as many samples as numbers, hidden units and classes", "geometry", (4, 4, 4, 4), 1.0),
        case("whole numbers as integers", "care", (4, 3, 5, 2), 0.0, integers),
        replace(single, inputs=as_float32(single.inputs), dout=as_float32(single.dout)),
    ]


def update_cases(*settings):
    """Return a drawing of the cases of an update rule: gradients for three steps, and its settings.

    settings: a function of the generator for each argument behind learning_rate.
    """

    def draw(rng):
        def inputs(shape, learning_rate, gradient=rng.standard_normal):
            gradients = tuple(gradient(shape) for _ in range(STEPS))
            return gradients, learning_rate, *(setting(rng) for setting in settings)

        def large(shape):
            return 1e3 * rng.standard_normal(shape)

        def small(shape):
            return 1e-4 * rng.standard_normal(shape)

        slow, fast = float(rng.uniform(1e-3, 1e-2)), float(rng.uniform(0.1, 0.5))
        return [
            Case("three numbers", "core", inputs((3,), 0.5, lambda shape: whole(rng, shape))),
            Case("a matrix", "core", inputs((a_size(rng), a_size(rng)), fast)),
            Case("one number", "geometry", inputs((1,), fast)),
            Case("filters", "geometry", inputs((2, 3, 2, 2), slow)),
            Case("gradients near 1000", "geometry", inputs((4,), slow, large)),
            Case("gradients near 0.0001", "geometry", inputs((3,), fast, small)),
            Case("a gradient of 0", "care", inputs((2, 2), fast, np.zeros)),
            Case("float32", "care", as_float32(inputs((5,), fast))),
        ]

    return draw


def some_mu(rng):
    """Return a momentum between 0.5 and 0.95."""
    return float(rng.uniform(0.5, 0.95))


def update(name, *settings):
    """Return the task of an update rule."""
    arguments = ("g", "learning_rate", *(["mu"] if settings else []))
    outputs = tuple(f"dx of step {step}" for step in range(1, STEPS + 1))
    return Task(name, LESSON, arguments, outputs, update_cases(*settings), steps=True)


TASKS = [
    Task("two_layer_net_scores", LESSON, ("X", "model"), ("scores", "hidden"), scores_cases),
    Task("two_layer_net_loss", LESSON, ("scores", "y", "model", "reg"), ("loss", "dscores"), loss_cases),
    Task(
        "two_layer_net_grads",
        LESSON,
        ("X", "model"),
        ("W1", "b1", "W2", "b2"),
        grads_cases,
        forward="two_layer_net_scores",
        call=("dscores", "hidden", "X", "model", "reg"),
        named=True,
    ),
    update("sgd"),
    update("momentum", some_mu),
    update("rmsprop"),
    update("nesterov", some_mu),
    update("adam"),
]
