"""LeNet's layers as a table, and the maps of its first two rounds."""

from math import prod

import numpy as np

from course import filters

SIDE, FILTER, POOL = 32, 5, 2
COUNTS = 3, 6, 16  # channels in, and maps after each round
UNITS = 120, 84, 10


def table():
    """Return (step, shape of its output as text, parameters, multiply-adds) of each step."""
    rows, side = [("picture", (COUNTS[0], SIDE, SIDE), 0, 0)], SIDE
    for C, F in zip(COUNTS, COUNTS[1:], strict=False):
        side, one = side - FILTER + 1, C * FILTER**2
        shape = F, side, side
        rows.append((f"{F} filters {FILTER} × {FILTER}", shape, F * (one + 1), one * prod(shape)))
        rows.append(("ReLU", shape, 0, 0))
        side //= POOL
        rows.append((f"max pool {POOL} × {POOL}", (F, side, side), 0, 0))
    for units in UNITS:
        D = prod(rows[-1][1])
        rows.append((f"affine {units}", (units,), (D + 1) * units, D * units))
        if units != UNITS[-1]:
            rows.append(("ReLU", (units,), 0, 0))
    return [(name, " × ".join(map(str, shape)), *numbers) for name, shape, *numbers in rows]


def rounds(picture, weights):
    """Return the maps after each step of the first two rounds, the picture first: (F, side, side) each.

    picture: (3, 32, 32).  weights: {"0.w": (6, 3, 5, 5), "0.b": (6,), "3.w": (16, 6, 5, 5), "3.b": (16,)}.
    """
    done = [picture]
    for layer in (0, 3):
        found = filters.through(done[-1], weights[f"{layer}.w"]) + weights[f"{layer}.b"][:, None, None]
        done += [found, filters.relu(found), filters.pooled(filters.relu(found), POOL)]
    return done


def face(picture):
    """Return the cat's face in 32 x 32 pixels as LeNet was trained to see it: (3, 32, 32), around 0."""
    small = picture[:, 11:139, 48:176].reshape(3, SIDE, 4, SIDE, 4).mean(axis=(2, 4))
    return (small - small.mean()) / 64


def drawn(rng):
    """Return random weights as training starts with them: those of `rounds`."""
    weights = {}
    for layer, C, F in ((0, *COUNTS[:2]), (3, *COUNTS[1:])):
        spread = np.sqrt(2 / (C * FILTER**2))
        weights[f"{layer}.w"] = spread * rng.standard_normal((F, C, FILTER, FILTER))
        weights[f"{layer}.b"] = np.zeros(F)
    return weights


def packed(weights):
    """Return the weights of `rounds` in a row, float32, as bytes."""
    order = [weights[name].ravel() for name in ("0.w", "0.b", "3.w", "3.b")]
    return np.concatenate(order).astype("<f4").tobytes()
