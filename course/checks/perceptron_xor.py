"""The checks of the lesson perceptron-xor: for each TODO the table of its cases."""

import numpy as np

from .draw import a_size, as_float32, whole
from .task import Case, Task

LESSON = "perceptron-xor"


def numbers_cases(draw, far, exact):
    """Return a drawing of the cases of a function that takes numbers one by one.

    draw: (rng, shape) -> ordinary numbers.  far: what to call special numbers, and the numbers.
    exact: whole numbers that the function takes as integers.
    """

    def cases(rng):
        name, special = far
        return [
            Case("five numbers", "core", (draw(rng, (5,)),)),
            Case("twenty numbers", "core", (draw(rng, (20,)),)),
            Case("one number", "geometry", (draw(rng, (1,)),)),
            Case("a table", "geometry", (draw(rng, (a_size(rng), a_size(rng))),)),
            Case("three axes", "geometry", (draw(rng, (2, a_size(rng), 3)),)),
            Case(name, "care", (rng.permutation(special),)),
            Case("whole numbers as integers", "care", (rng.choice(exact, 6),)),
            Case("float32", "care", as_float32((draw(rng, (4,)),))),
        ]

    return cases


def sums(rng, shape):
    """Return weighted sums of ordinary size."""
    return 1.5 * rng.standard_normal(shape)


def tanhs(rng, shape):
    """Return what tanh gives for ordinary sums."""
    return np.tanh(rng.standard_normal(shape))


SILENT = "sums of exactly 0", [-1.0, 0.0, 0.0, 2.0]
LARGE = "large numbers", [-1000.0, -800.0, 0.0, 800.0, 1000.0]
LIMITS = "numbers that tanh can only come near", [-1.0, 1.0, 0.0, 0.5]
step_cases = numbers_cases(sums, SILENT, [-3, -2, -1, 0, 1, 2])
sigmoid_cases = numbers_cases(sums, LARGE, np.arange(-4, 5))
slope_cases = numbers_cases(tanhs, LIMITS, [-1, 0, 1])


def update_cases(rng):
    """Return the cases of the perceptron's rule: weights, bias, features, target, learning rate."""

    def inputs(D, guess, target, rate, draw=rng.standard_normal):
        while True:
            w, b, x = draw((D,)), float(draw(())), draw((D,))
            if (w @ x + b > 0.1) if guess else (w @ x + b < -0.1):
                return w, b, x, target, rate

    def decided_by_the_bias(D, guess):
        while True:
            w, b, x, target, rate = inputs(D, guess, 1 - guess, 0.5)
            if (w @ x > 0) != guess:
                return w, b, x, target, rate

    def small(shape):
        return whole(rng, shape)

    w, b, x, target, rate = inputs(3, 0, 1, 0.25)
    return [
        Case("a 1 that was taken for a 0", "core", inputs(2, 0, 1, 1.0, small)),
        Case("a 0 that was taken for a 1", "core", inputs(2, 1, 0, 1.0, small)),
        Case("a 1 that was taken for a 1", "core", inputs(3, 1, 1, 0.5)),
        Case("a 0 that was taken for a 0", "core", inputs(3, 0, 0, 0.5)),
        Case("the bias decides for 1", "core", decided_by_the_bias(2, 1)),
        Case("the bias decides for 0", "core", decided_by_the_bias(2, 0)),
        Case("one feature", "geometry", inputs(1, 0, 1, 0.1)),
        Case("many features", "geometry", inputs(a_size(rng, 6, 9), 1, 0, 0.1)),
        Case("all features are 0", "geometry", (sums(rng, (3,)), 1.0, np.zeros(3), 0, 0.5)),
        Case("a sum of exactly 0, target 0", "care", (np.zeros(2), 0.0, whole(rng, (2,)), 0, 0.5)),
        Case("a sum of exactly 0, target 1", "care", (np.zeros(2), 0.0, whole(rng, (2,)), 1, 0.5)),
        Case("whole numbers as integers", "care", (np.array([-2, -1]), -1, np.array([1, 1]), 1, 0.5)),
        Case("float32", "care", (*as_float32((w,)), b, *as_float32((x,)), target, rate)),
    ]


def output_cases(rng):
    """Return the cases of the output layer's error: outputs of a sigmoid, and targets."""

    def inputs(N, K):
        return rng.uniform(0.05, 0.95, (N, K)), rng.integers(0, 2, (N, K)).astype(float)

    sure = np.array([[0.0, 1.0], [1.0, 0.0], [0.25, 0.5]])
    return [
        Case("4 samples, 1 output", "core", inputs(4, 1)),
        Case("3 samples, 2 outputs", "core", inputs(3, 2)),
        Case("one sample", "geometry", inputs(1, a_size(rng))),
        Case("many outputs", "geometry", inputs(2, a_size(rng, 4, 6))),
        Case("many samples", "geometry", inputs(a_size(rng, 7, 9), 1)),
        Case("outputs of exactly 0 and 1", "care", (sure, np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]))),
        Case("targets as integers", "care", (inputs(3, 1)[0], rng.integers(0, 2, (3, 1)))),
        Case("float32", "care", as_float32(inputs(3, 2))),
    ]


def hidden_cases(rng):
    """Return the cases of the hidden layer's error: the error behind it, the weights, its outputs."""

    def inputs(N, H, K):
        return rng.standard_normal((N, K)), rng.standard_normal((H, K)), tanhs(rng, (N, H))

    halves = rng.integers(-3, 4, (2, 3)) / 4
    delta, W, hidden = inputs(2, 3, 2)
    hidden[0, 0], hidden[1, 2] = 1.0, -1.0
    return [
        Case("2 samples, 3 hidden units, 1 output", "core", (whole(rng, (2, 1)), whole(rng, (3, 1)), halves)),
        Case("4 samples, 10 hidden units, 1 output", "core", inputs(4, 10, 1)),
        Case("3 samples, 4 hidden units, 2 outputs", "core", inputs(3, 4, 2)),
        Case("one sample", "geometry", inputs(1, a_size(rng), 2)),
        Case("one hidden unit", "geometry", inputs(a_size(rng), 1, 3)),
        Case("as many samples as hidden units and outputs", "geometry", inputs(3, 3, 3)),
        Case("hidden units at their limits", "care", (delta, W, hidden)),
        Case("weights as integers", "care", (delta, rng.integers(-4, 5, (3, 2)), hidden / 2)),
        Case("float32", "care", as_float32(inputs(3, 2, 2))),
    ]


def weight_cases(rng):
    """Return the cases of the weights' step: what went into the layer, its error, the learning rate."""

    def inputs(N, D, H, rate):
        return rng.standard_normal((N, D)), rng.standard_normal((N, H)), rate

    rate = float(rng.uniform(0.05, 0.3))
    bits = rng.permutation(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]))
    return [
        Case("2 samples, 2 inputs, 1 neuron", "core", (whole(rng, (2, 2)), whole(rng, (2, 1)), 0.5)),
        Case("3 samples, 4 inputs, 5 neurons: 20 weights", "core", inputs(3, 4, 5, rate)),
        Case("one sample", "geometry", inputs(1, a_size(rng), a_size(rng), rate)),
        Case("one input", "geometry", inputs(a_size(rng), 1, 3, rate)),
        Case("as many samples as inputs and neurons", "geometry", inputs(3, 3, 3, rate)),
        Case("inputs as integers", "care", (bits, rng.standard_normal((4, 3)), 0.1)),
        Case("float32", "care", as_float32(inputs(3, 2, 2, 0.1))),
    ]


TASKS = [
    Task("step", LESSON, ("z",), ("y",), step_cases),
    Task("perceptron_update", LESSON, ("w", "b", "x", "target", "learning_rate"), ("w", "b"), update_cases),
    Task("sigmoid", LESSON, ("z",), ("a",), sigmoid_cases),
    Task("tanh_slope", LESSON, ("a",), ("slope",), slope_cases),
    Task("output_delta", LESSON, ("a", "y"), ("delta",), output_cases),
    Task("hidden_delta", LESSON, ("delta", "W", "hidden"), ("delta_hidden",), hidden_cases),
    Task("weight_step", LESSON, ("previous", "delta", "learning_rate"), ("dW", "db"), weight_cases),
]
