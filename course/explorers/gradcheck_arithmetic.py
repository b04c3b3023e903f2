"""A slope measured by central differences, in float64 and float32: how wrong it is, and why.

gradcheck_arithmetic.mjs says the same in JavaScript, bit for bit: all is sums, products and quotients, each
rounded by `cut`, and Math.fround rounds as np.float32 does.
"""

import math
from typing import NamedTuple

import numpy as np

from course.explorers.digits import digits

STEPS = [float(f"1e-{power}") for power in range(1, 13)]
FINE = [float(f"{mantissa}e-{power}") for power in range(1, 13) for mantissa in ("1", "0.56", "0.32", "0.18")]
PLACES = [-1, -0.01, -0.0001, 0, 0.0001, 0.01, 0.1, 0.5, 0.7, 1, 2, 10]
ASKED = [1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-11]
EPS = {"float64": 2.0 ** -52, "float32": 2.0 ** -23}
CUTS = {"float64": float, "float32": np.float32}
DIGITS = {"float64": 16, "float32": 7}
TERMS = 500
SMALLEST = 1e-8  # below this sum of the two slopes an error is no longer relative
KINKED = "relu"


class Function(NamedTuple):
    """What is differentiated: f(x, cut), with its slope and its third derivative in float64."""

    formula: str
    f: object
    slope: object
    third: object


def _quotient(x, cut):
    return cut(x / cut(cut(1) + cut(x * x)))


def _quotient_third(x):
    q = 1 + x * x
    return 6 * (6 * (x * x) - x * x * (x * x) - 1) / (q * q) / (q * q)


def _long_sum(x, cut):
    total, power = cut(0), cut(x * x)
    for k in range(1, TERMS + 1):
        total = cut(total + cut(power / cut(k)))
    return total


def _harmonic():
    return sum(1 / k for k in range(1, TERMS + 1))


FUNCTIONS = {
    "cube": Function("x³", lambda x, cut: cut(cut(x * x) * x), lambda x: 3 * x * x, lambda x: 6),
    "quotient": Function("x / (1 + x²)", _quotient, lambda x: (1 - x * x) / ((1 + x * x) * (1 + x * x)),
                         _quotient_third),
    "large": Function("1000 + x³", lambda x, cut: cut(cut(1000) + cut(cut(x * x) * x)), lambda x: 3 * x * x,
                      lambda x: 6),
    "long sum": Function("x²/1 + x²/2 + … + x²/500", _long_sum, lambda x: 2 * x * _harmonic(), lambda x: 0),
    KINKED: Function("max(0, x) + x³", lambda x, cut: cut(max(cut(0), x) + cut(cut(x * x) * x)),
                     lambda x: (1 if x > 0 else 0) + 3 * x * x, lambda x: 6),
}


class Settings(NamedTuple):
    """What the reader sets: a function, where it is differentiated, the arithmetic, the step."""

    function: str
    x: float
    precision: str
    h: float


class Measured(NamedTuple):
    """The values of f at x + h and x - h, the slope made of them, and its relative error."""

    up: float
    down: float
    slope: float
    error: float


def measure(s, h):
    """Return what (f(x + h) - f(x - h)) / 2h gives, with each result rounded to the precision."""
    f, cut = FUNCTIONS[s.function].f, CUTS[s.precision]
    x, h = cut(s.x), cut(h)
    with np.errstate(all="ignore"):
        up, down = f(cut(x + h), cut), f(cut(x - h), cut)
        slope = float(cut(cut(up - down) / cut(cut(2) * h)))
    exact = FUNCTIONS[s.function].slope(s.x)
    error = abs(slope - exact) / max(SMALLEST, abs(slope) + abs(exact))
    return Measured(float(up), float(down), slope, error)


def errors(s):
    """Return the error of each of the FINE steps."""
    return [measure(s, h).error for h in FINE]


def typical(s, h):
    """Return the largest error of the steps around h: that of h itself may be small by luck."""
    at = FINE.index(h)
    return max(measure(s, near).error for near in FINE[max(0, at - 2) : at + 3])


def truncation(s, h):
    """Return the error that the bend of the function brings: h^2 / 6 of the third derivative."""
    return h * h / 6 * abs(FUNCTIONS[s.function].third(s.x)) / _size(s)


def rounding(s, h):
    """Return the error that rounding of f and of x can bring: eps / h of their sizes."""
    f, slope, _ = FUNCTIONS[s.function][1:]
    return EPS[s.precision] * (abs(f(s.x, float)) + abs(s.x * slope(s.x))) / (2 * h) / _size(s)


def _size(s):
    return max(SMALLEST, 2 * abs(FUNCTIONS[s.function].slope(s.x)))


def kink_inside(s, h):
    """Return whether the step reaches over the kink at 0."""
    return s.function == KINKED and abs(s.x) <= h


def best(s):
    """Return the step among ASKED with the least typical error."""
    return min(ASKED, key=lambda h: typical(s, h))


def verdict(s):
    """Say which error leads with the present step, and what a smaller one would do."""
    there = measure(s, s.h)
    if kink_inside(s, s.h):
        left, right = digits(3 * s.x * s.x), digits(1 + 3 * s.x * s.x)
        then = "at the kink there is no single slope." if s.x == 0 else "take a smaller step."
        return (f"The kink at 0 lies inside the step: to the right the slope is {right}, to the left {left}, "
                f"and the measured one is a mixture of both. Neither right nor wrong: {then}")
    if there.error == 0:
        return "No error to be seen: here the errors cancel, or there is nothing to round."
    if there.up == there.down:
        return (f"Both values are rounded to the same {s.precision} number, so the measured slope is 0: the "
                "step is too small to be seen.")
    if truncation(s, s.h) >= rounding(s, s.h):
        return ("Truncation leads: the function bends within the step. The error goes with h²: a step ten "
                "times smaller makes it a hundred times smaller.")
    shared, kept = agreeing(there, s.precision), DIGITS[s.precision]
    return (f"Rounding leads: the two values agree in their first {shared} digits, which cancel, and "
            f"{s.precision} has {kept}. The error goes with 1/h: a step ten times smaller makes it about ten "
            "times larger.")


def agreeing(there, precision):
    """Return how many leading digits two values share, about."""
    apart = abs(there.up - there.down) / max(abs(there.up), abs(there.down))
    return max(0, min(DIGITS[precision], math.floor(-math.log10(apart))))


def summary(s):
    """Say what was measured and what is right."""
    there, exact = measure(s, s.h), FUNCTIONS[s.function].slope(s.x)
    return (f"h = {digits(s.h)}, {s.precision}: measured {signed(there.slope)}, right {signed(exact)}, "
            f"relative error {digits(there.error)}.")


def signed(number):
    """Return a number with at most three digits and its sign."""
    return f"{'−' if number < 0 else ''}{digits(abs(number))}"
