"""Ten plane shapes: the classes of the stand-in pictures.

Each function takes the coordinates u (to the right) and v (down) of points in the shape's own frame, where it
fills about the square [-1, 1] x [-1, 1], and returns roughly how far each point lies outside it; inside, the
number is negative.
"""

import numpy as np


def disc(u, v):
    """Return the distance to a filled circle."""
    return np.hypot(u, v) - 0.85


def ring(u, v):
    """Return the distance to a circle's rim."""
    return np.abs(np.hypot(u, v) - 0.7) - 0.22


def square(u, v):
    """Return the distance to a filled square."""
    return to_axes(u, v) - 0.75


def frame(u, v):
    """Return the distance to a square's rim."""
    return np.abs(to_axes(u, v) - 0.68) - 0.2


def triangle(u, v):
    """Return the distance to a triangle with equal sides, point up."""
    sides = 0.866 * np.abs(u) - 0.5 * v
    return np.maximum(v - 0.6, sides - 0.5) - 0.05


def cross(u, v):
    """Return the distance to two crossed beams."""
    arms = np.minimum(np.abs(u), np.abs(v)) - 0.25
    return np.maximum(arms, to_axes(u, v) - 0.9)


def star(u, v):
    """Return the distance to a flower of five rays."""
    rays = np.cos(5 * np.arctan2(u, -v))
    return np.hypot(u, v) - (0.62 + 0.3 * rays)


def bars(u, v):
    """Return the distance to three beams, one above the other."""
    gaps = 0.17 - np.abs((2 * v) % 1 - 0.5)
    return np.maximum(to_axes(u, v) - 0.83, gaps)


def checks(u, v):
    """Return the distance to every other field of a chessboard."""
    fields = np.sin(5.2 * u) * np.sin(5.2 * v)
    return np.maximum(to_axes(u, v) - 0.85, -0.3 * fields)


def crescent(u, v):
    """Return the distance to a moon, open to the right."""
    bite = 0.72 - np.hypot(u - 0.42, 0.95 * v)
    return np.maximum(np.hypot(u, v) - 0.88, bite)


def to_axes(u, v):
    """Return the larger of the distances to the two axes: below r inside a square of half side r."""
    return np.maximum(np.abs(u), np.abs(v))


SHAPES = {shape.__name__: shape for shape in (
    disc, ring, square, frame, triangle, cross, star, bars, checks, crescent
)}
