"""Six ways downhill on a surface: positions, losses, and why one of them is thrown out.

race_arithmetic.mjs says the same in JavaScript, number for number: all is sums, products, quotients and
roots of float64, in the same order.
"""

import math
from typing import NamedTuple

from course.explorers.digits import digits

STEPS = 200
FAR = 1000  # a runner further out than this, along x or y, has diverged
RATES = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]
MOMENTA = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99]
DECAYS = [0.9, 0.95, 0.98, 0.99, 0.995, 1]
LEVEL = 1e-3  # losses that differ by less than this part are equally low
AT_FIRST = (0, 0, 1, 1)
SHIFT = 1e-4  # for the curvature: second differences are made of gradients at this distance


class Surface(NamedTuple):
    """A loss over the plane: where it is drawn, where runners start, a learning rate that works."""

    x: tuple
    y: tuple
    start: tuple
    lowest: tuple  # places
    learning_rate: float
    roughness: float  # size of the noise in the gradients of SGD, where the setting is 1
    said: str


SURFACES = {
    "bowl": Surface((-4, 4), (-4, 4), (-3, 2.2), ((0, 0),), 0.1, 2,
        "equally steep on all sides"),
    "ravine": Surface((-9, 4), (-4, 4), (-8, 2), ((0, 0),), 0.1, 1,
        "steep across, nearly flat along"),
    "saddle": Surface((-3, 3), (-2.5, 2.5), (-2.5, 0.01), ((0, 1), (0, -1)), 0.1, 0.5,
        "flat in the middle, lowest on two sides"),
    "Beale": Surface((-1, 4.5), (-2, 3), (0, 2), ((3, 0.5),), 0.01, 5,
        "steep walls, long flat valleys"),
    "Rosenbrock": Surface((-2, 2), (-1, 3), (-1.2, 1), ((1, 1),), 0.001, 30,
        "a valley that bends"),
    "plateau": Surface((-4, 4), (-4, 4), (-3, 2.2), ((0, 0),), 0.1, 0.1,
        "no slope to speak of, and a hole"),
}


class Rule(NamedTuple):
    """What an update rule remembers: a velocity, or averages of the gradients and of their squares."""

    noisy: bool = False
    velocity: bool = False
    looks_ahead: bool = False
    averages: tuple = ()  # how much of the two averages stays at each step
    corrected: bool = False


RULES = {
    "gradient descent": Rule(),
    "SGD with noise": Rule(noisy=True),
    "momentum": Rule(velocity=True),
    "nesterov": Rule(velocity=True, looks_ahead=True),
    "rmsprop": Rule(averages=(0, 0.99)),
    "adam": Rule(averages=(0.9, 0.999), corrected=True),
}
NAMES = list(RULES)


class Settings(NamedTuple):
    """What the reader sets."""

    surface: str
    learning_rate: float
    momentum: float
    decay: float
    noise: float
    start: tuple
    seed: int


def loss(surface, x, y):
    """Return the height of a surface, lowest at 0; x, y: numbers or arrays."""
    if surface == "bowl":
        return (x * x + y * y) / 2
    if surface == "ravine":
        return 0.05 * (x * x) + y * y
    if surface == "saddle":
        q = y * y - 1
        return x * x / 2 + q * q / 4
    if surface == "Beale":
        a, b, c = _beale(x, y)
        return a * a + b * b + c * c
    if surface == "Rosenbrock":
        a, b = 1 - x, y - x * x
        return a * a + 100 * (b * b)
    q = (x * x + y * y) / 4
    p = q * q * (q * q)
    return 1 - 1 / (1 + p)


def gradient(surface, x, y):
    """Return the two slopes of a surface."""
    if surface == "bowl":
        return x, y
    if surface == "ravine":
        return 0.1 * x, 2 * y
    if surface == "saddle":
        return x, y * (y * y - 1)
    if surface == "Beale":
        a, b, c = _beale(x, y)
        dx = 2 * (a * (y - 1) + b * (y * y - 1) + c * (y * y * y - 1))
        return dx, 2 * (x * (a + 2 * b * y + 3 * c * (y * y)))
    if surface == "Rosenbrock":
        b = y - x * x
        return -2 * (1 - x) - 400 * (x * b), 200 * b
    q = (x * x + y * y) / 4
    below = 1 + q * q * (q * q)
    slope = 2 * (q * q * q) / below / below
    return slope * x, slope * y


def _beale(x, y):
    return 1.5 - x * (1 - y), 2.25 - x * (1 - y * y), 2.625 - x * (1 - y * y * y)


def noise(seed, count):
    """Return a number between -1.73 and 1.73, of variance 1, that depends on seed and count alone."""
    mixed = (count * 0x9E3779B1 + seed * 0x85EBCA6B + 1) & 0xFFFFFFFF
    for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
        mixed = (mixed ^ mixed >> shift) * factor & 0xFFFFFFFF
    return ((mixed ^ mixed >> 15) / 0x80000000 - 1) * 1.7320508075688772


def move(rule, slope, memory, rate, friction):
    """Return the step along one axis and the new memory (a, b, p, q) of a rule; AT_FIRST at the start.

    With a velocity a = friction a - rate slope, and looking ahead adds friction (a - old a) to the step.
    With averages, a is that of the slopes, b that of their squares, p and q the parts of each that are still
    missing.
    """
    a, b, p, q = memory
    if not rule.averages:
        new = (friction * a if rule.velocity else 0) - rate * slope
        return new + (friction * (new - a) if rule.looks_ahead else 0), (new, b, p, q)
    keep, keep_squares = rule.averages
    a, b = keep * a + (1 - keep) * slope, keep_squares * b + (1 - keep_squares) * (slope * slope)
    p, q = p * keep, q * keep_squares
    if rule.corrected:
        return -rate * (a / (1 - p)) / (math.sqrt(b / (1 - q)) + 1e-8), (a, b, p, q)
    return -rate * a / math.sqrt(b + 1e-8), (a, b, p, q)


def walk(name, settings):
    """Return the places [(x, y), ...] of a runner, STEPS + 1 of them, or fewer when it diverges."""
    rule, places = RULES[name], [tuple(settings.start)]
    rough = SURFACES[settings.surface].roughness * settings.noise if rule.noisy else 0
    memories, rate = [AT_FIRST, AT_FIRST], settings.learning_rate
    for step in range(STEPS):
        slopes = gradient(settings.surface, *places[-1])
        if rule.noisy:
            slopes = [slope + rough * noise(settings.seed, 2 * step + i) for i, slope in enumerate(slopes)]
        moves = [move(rule, *each, rate, settings.momentum) for each in zip(slopes, memories, strict=True)]
        memories = [memory for _, memory in moves]
        there = tuple(at + by for at, (by, _) in zip(places[-1], moves, strict=True))
        if not all(abs(number) <= FAR for number in there):
            break
        places.append(there)
        rate *= settings.decay
    return places


def race(settings):
    """Return {name: places} of all runners."""
    return {name: walk(name, settings) for name in RULES}


def height(settings, places, step):
    """Return the loss of a runner after so many steps; infinite when it has diverged before."""
    return loss(settings.surface, *places[step]) if step < len(places) else math.inf


def lowest(settings, runners, step):
    """Return the names of the runners that are lowest after so many steps: several when they are level."""
    heights = {name: height(settings, places, step) for name, places in runners.items()}
    enough = min(heights.values()) * (1 + LEVEL) + 1e-12
    return [name for name, at in heights.items() if at <= enough and at < math.inf]


def curvature(surface, x, y):
    """Return the larger eigenvalue of the second derivatives at a place."""
    (a, b), (_, c) = ([(up - down) / (2 * SHIFT) for up, down in
                       zip(gradient(surface, x + i, y + j), gradient(surface, x - i, y - j), strict=True)]
                      for i, j in ((SHIFT, 0), (0, SHIFT)))
    return (a + c) / 2 + math.sqrt((a - c) * (a - c) / 4 + b * b)


def limit(name, settings, curved):
    """Return the learning rate above which a rule leaves a valley of this curvature."""
    rule, friction = RULES[name], settings.momentum
    if not rule.velocity:
        return 2 / curved
    return 2 * (1 + friction) / (curved * (1 + 2 * friction if rule.looks_ahead else 1))


def explain(settings, runners, step):
    """Say who has diverged up to a step, and why; an empty text when nobody has."""
    lost = [name for name, places in runners.items() if step >= len(places)]
    if not lost:
        return ""
    name, places = lost[0], runners[lost[0]]
    rate = settings.learning_rate
    for at, (x, y) in enumerate(places):
        curved = curvature(settings.surface, x, y)
        if curved > 0 and rate > limit(name, settings, curved):
            when = f"after {at} steps" if at else "at the start"
            why = (f"{when} the surface curves by {digits(curved)}. There {name} needs a learning rate below "
                   f"{digits(limit(name, settings, curved))}; with {digits(rate)} each step overshoots the "
                   "floor by more than it was away, so the next one is larger still")
            break
        rate *= settings.decay
    else:
        why = "its speed carried it up a slope that grows steeper faster than the speed wears off"
    return f"Diverged: {', '.join(lost)}. The {name} runner was lost at step {len(places)}: {why}."


def standing(settings, runners, step):
    """Say who is lowest after so many steps."""
    first = lowest(settings, runners, step)
    if not first:
        return f"After {step} steps all have diverged."
    if len(first) == len(runners):
        return f"After {step} steps all are level at {digits(height(settings, runners[first[0]], step))}."
    least = digits(height(settings, runners[first[0]], step))
    return f"After {step} steps lowest: {', '.join(first)}, loss {least}."
