"""A perceptron that learns four points one by one, and a net with a hidden layer that learns them at once.

perceptron_arithmetic.mjs says the same in JavaScript; the net's numbers agree as far as tanh and exp do.
"""

from typing import NamedTuple

import numpy as np

CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]
TARGETS = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]}
HIDDEN = {"one neuron": 0, "2-2-1": 2, "2-4-1": 4}
RATES = [0.1, 0.3, 1, 3]
SHOWN = 61      # places of the perceptron: before the first sample, and after each
STAGES = 151    # places of a net, each UPDATES after the one before
UPDATES = 20


class Settings(NamedTuple):
    """What the reader sets. points: 4 of [x1, x2].  line: w1, w2, b with which one neuron starts."""

    network: str
    points: list
    targets: list
    learning_rate: float
    line: list
    seed: int


def places(s):
    """Return how many places the training has to be shown at."""
    return STAGES if HIDDEN[s.network] else SHOWN


def fires(line, point):
    """Return the weighted sum of a neuron, fires above 0."""
    return line[0] * point[0] + line[1] * point[1] + line[2]


def lines(s):
    """Return [w1, w2, b] at each place: the perceptron's rule, sample by sample, round after round."""
    walked = [list(s.line)]
    for at in range(SHOWN - 1):
        line, point, target = walked[-1], s.points[at % 4], s.targets[at % 4]
        missed = target - (1 if fires(line, point) > 0 else 0)
        rate = s.learning_rate * missed
        walked.append([old + rate * part for old, part in zip(line, [*point, 1], strict=True)])
    return walked


def uniform(seed, count):
    """Return a number between -1 and 1 that depends on seed and count alone."""
    mixed = (count * 0x9E3779B1 + seed * 0x85EBCA6B + 1) & 0xFFFFFFFF
    for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
        mixed = (mixed ^ mixed >> shift) * factor & 0xFFFFFFFF
    return (mixed ^ mixed >> 15) / 0x80000000 - 1


def fresh(n_hidden, seed):
    """Return the weights before training: W1 (2, H), b1 (H,), W2 (H, 1), b2 (1,)."""
    numbers = [uniform(seed, count) for count in range(3 * n_hidden)]
    return {"W1": np.reshape(numbers[: 2 * n_hidden], (2, n_hidden)), "b1": np.zeros(n_hidden),
            "W2": np.reshape(numbers[2 * n_hidden :], (n_hidden, 1)), "b2": np.zeros(1)}


def outputs(net, points):
    """Return what the net says of points (N, 2), (N, 1), and its hidden units (N, H)."""
    units = np.tanh(np.asarray(points) @ net["W1"] + net["b1"])
    return 1 / (1 + np.exp(-(units @ net["W2"] + net["b2"]))), units


def nets(s):
    """Return the net at each place."""
    stages = [fresh(HIDDEN[s.network], s.seed)]
    while len(stages) < STAGES:
        stages.append(later(stages[-1], s))
    return stages


def later(net, s):
    """Return the net after UPDATES steps of gradient descent on the mean cross-entropy of the four points."""
    points, wanted = np.array(s.points, dtype=float), np.reshape(s.targets, (-1, 1))
    for _ in range(UPDATES):
        said, units = outputs(net, points)
        blame = (said - wanted) / 4
        inner = blame @ net["W2"].T * (1 - units * units)
        slopes = {"W1": points.T @ inner, "b1": inner.sum(0), "W2": units.T @ blame, "b2": blame.sum(0)}
        net = {name: weights - s.learning_rate * slopes[name] for name, weights in net.items()}
    return net


def right(s, values):
    """Return how many of the four points are on the right side: values above 0 for the target 1."""
    return sum((value > 0) == (target == 1) for value, target in zip(values, s.targets, strict=True))


def sentence(s, place, line):
    """Say what one neuron has just learnt, and whether it is done."""
    values = [fires(line[place], point) for point in s.points]
    count = right(s, values)
    if place == 0:
        return f"Before training: {count} of 4 right."
    at = (place - 1) % 4
    before, target = fires(line[place - 1], s.points[at]), s.targets[at]
    missed = target - (1 if before > 0 else 0)
    shown = f"Sample {at + 1}: sum {number(before)}, says {1 if before > 0 else 0}, target {target}"
    then = f"error {number(missed)}, the line moves" if missed else "no change"
    return f"{shown}: {then}. {count} of 4 right."


def impossible(s, line):
    """Say with numbers why no line does XOR; an empty text for other targets or points elsewhere."""
    if s.targets not in (TARGETS["XOR"], [1 - target for target in TARGETS["XOR"]]) or s.points != CORNERS:
        return ""
    a, b, c, d = (fires(line, point) for point in s.points)
    inner, outer = ("above", "at most") if s.targets[1] else ("at most", "above")
    return (f"Sums of (0, 1) and (1, 0): {number(b)} + {number(c)} = {number(b + c)}. Of (0, 0) and (1, 1): "
            f"{number(a)} + {number(d)} = {number(a + d)}. Both are w1 + w2 + 2b, whatever the weights; the "
            f"targets need the first {inner} 0 and the second {outer} 0. No line can do both.")


def number(value):
    """Return a number with at most two decimals."""
    text = f"{np.floor(value * 100 + 0.5) / 100 + 0:.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")
