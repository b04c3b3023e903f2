"""Activations: value, slope, and what is left of a gradient behind a stack of them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np

LIMITS = {"z": (-6, 6), "layers": (1, 20), "weight": (0.5, 4)}
LEAK = 0.1
SATURATED, FLAT = 0.05, 0.5  # of the largest slope


def sigmoid(z):
    """Return 1 / (1 + exp(-z)), elementwise; meant for the small z of the explorer."""
    return 1 / (1 + np.exp(-z))


class Kind(NamedTuple):
    """An activation: value(z) and slope(z), elementwise, and the largest slope it has."""

    formula: str
    value: object
    slope: object
    most: float


KINDS = {
    "step": Kind("1 if z > 0, else 0", lambda z: np.where(z > 0, 1.0, 0.0), lambda z: 0.0 * z, 0),
    "sigmoid": Kind("1 / (1 + exp(−z))", sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z)), 0.25),
    "tanh": Kind("tanh z", np.tanh, lambda z: 1 - np.tanh(z) ** 2, 1),
    "relu": Kind("max(0, z)", lambda z: np.maximum(0.0, z), lambda z: np.where(z > 0, 1.0, 0.0), 1),
    "leaky relu": Kind("z if z > 0, else 0.1 z", lambda z: np.where(z > 0, z, LEAK * z),
                       lambda z: np.where(z > 0, 1.0, LEAK), 1),
}


class Layer(NamedTuple):
    """One layer of a stack; gradient is d(last a) / d(this z)."""

    z: float
    a: float
    slope: float
    gradient: float


def stack(kind, z, layers, weight):
    """Return a Layer for each of a stack of units a = f(z), the next z = weight a; z is the first layer's.

    gradient_l = slope_l prod_{k > l} weight slope_k
    """
    value, slope = KINDS[kind].value, KINDS[kind].slope
    inputs = [z]
    for _ in range(layers - 1):
        inputs.append(weight * float(value(inputs[-1])))
    found, gradient = [], 1.0
    for at in reversed(inputs):
        passed = gradient * float(slope(at))
        found.append(Layer(at, float(value(at)), float(slope(at)), passed))
        gradient = passed * weight
    return found[::-1]


def written(number):
    """Return a number to read: 0.105, −3, 1.2·10⁻⁷."""
    if number == 0:
        return "0"
    minus, size = "−" if number < 0 else "", Decimal(abs(number))
    if 0.001 <= size < 10_000:
        return minus + f"{_rounded(size, -3)}".rstrip("0").rstrip(".")
    digits, power = f"{_rounded(size, size.adjusted() - 1):.1e}".split("e")
    return f"{minus}{digits}·10" + f"{int(power)}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _rounded(size, power):
    # JavaScript rounds halves up, Python's own formatting to the even digit.
    return size.quantize(Decimal((0, (1,), power)), ROUND_HALF_UP)


def saturation(kind, z):
    """Return what the place on the curve means for a gradient, in words."""
    slope, most = float(KINDS[kind].slope(z)), KINDS[kind].most
    if kind == "step":
        return "Its slope is 0 everywhere: no gradient passes, whatever comes in."
    if slope == 1 and kind != "tanh":
        return "Open: the slope is 1, and the gradient passes unchanged."
    if kind == "relu":
        return "Cut off: the slope is 0, and no gradient passes."
    if kind == "leaky relu":
        return "Below 0 a tenth of the gradient passes, so the unit can still learn."
    share = slope / most
    said = f"{int(100 * share + 0.5)} % of its largest slope, {most}"
    if share < SATURATED:
        return f"Saturated: the curve is flat here, with {said}; almost no gradient passes."
    return f"It flattens: {said}." if share < FLAT else f"In its steep middle: {said}."


def sentence(kind, z):
    """Return value and slope, with their meaning."""
    value, slope = float(KINDS[kind].value(z)), float(KINDS[kind].slope(z))
    return f"{kind}({written(z)}) = {written(value)}, slope {written(slope)}. {saturation(kind, z)}"


def stack_sentence(kind, z, layers, weight):
    """Return what the stack does to a gradient."""
    first, *_ = stack(kind, z, layers, weight)
    many = "1 layer" if layers == 1 else f"{layers} layers"
    return f"Through {many} of {kind} a gradient of 1 comes back as {written(first.gradient)}."
