"""Numbers and sizes for the cases of checks."""

import numpy as np


def whole(rng, shape):
    """Return whole numbers from -4 to 4 without 0, as floats: sums that can be done by hand."""
    return rng.integers(1, 5, shape) * rng.choice([-1.0, 1.0], shape)


def distinct(rng, shape):
    """Return different numbers, none of them 0: no ties, no kinks."""
    return (rng.permutation(int(np.prod(shape))) * 0.5 - 1.25).reshape(shape)


def a_size(rng, low=2, high=4):
    """Return a size from low to high."""
    return int(rng.integers(low, high + 1))


def unequal(rng, low=4, high=7):
    """Return a height and a width that differ."""
    height, width = rng.choice(np.arange(low, high + 1), 2, replace=False)
    return int(height), int(width)


def as_float32(value):
    """Return a tree of tuples and dictionaries with every float array in float32."""
    if isinstance(value, dict):
        return {name: as_float32(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return tuple(map(as_float32, value))
    return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value
