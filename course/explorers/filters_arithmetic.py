"""Filters over a picture, in any size; convolution, ReLU and pooling stand in course.filters."""

import numpy as np

from course import filters

HEIGHT, WIDTH = 128, 160
LARGEST, TRAINED_SIZE = 11, 5  # sides of filters
PADS, POOLINGS = ("valid", "same"), ("max", "mean")


def by_hand(kind, size):
    """Return a filter for brightness in any size: (size, size), float64.

    In the size 3 x 3 it is the one of course.filters.
    """
    places = np.arange(size) - (size - 1) / 2
    slope, tent = np.sign(places), (size + 1) / 2 - np.abs(places)
    is_middle = (np.arange(size) == (size - 1) // 2).astype(int)
    cross = is_middle[:, None] + is_middle
    return {
        "same": np.where(cross == 2, 1.0, 0.0),
        "blur": np.full((size, size), 1 / size**2),
        "sharpen": np.choose(cross, [0.0, -1.0, 2.0 * size - 1]),
        "vertical edges": np.outer(tent, slope),
        "horizontal edges": np.outer(slope, tent),
        "all edges": np.where(cross == 2, size**2 - 1.0, -1.0),
    }[kind]


KINDS = (*filters.BY_HAND, "random", "trained", "yours")


def in_middle(tables, size):
    """Return the middle of tables of the largest size: (..., 11, 11) to (..., size, size)."""
    corner = (LARGEST - size) // 2
    return tables[..., corner : corner + size, corner : corner + size]


def bank(kinds, size, draws, trained, first, yours):
    """Return three filters: (3, 3, size, size).

    kinds: three of KINDS.  draws: (3, 3, 11, 11).  trained: (32, 3, 5, 5).  first: number of the trained
    filter that comes first.  yours: (11, 11).
    """
    found = []
    for index, kind in enumerate(kinds):
        if kind == "random":
            found.append(in_middle(draws[index], size))
        elif kind == "trained":
            found.append(trained[first + index])
        else:
            found.append(filters.on_grey(in_middle(yours, size) if kind == "yours" else by_hand(kind, size)))
    return np.array(found)


def steps(kinds, size, pad, relu, pool, pooling):
    """Return what is done to the picture, with the size after each step: (name, size) each."""
    margin = (size - 1) // 2 if pad == "same" else 0
    rows, columns = HEIGHT + 2 * margin - size + 1, WIDTH + 2 * margin - size + 1
    done = [("picture", f"3 × {HEIGHT} × {WIDTH}"),
            (f"3 filters of 3 × {size} × {size}, pad {margin}", f"3 × {rows} × {columns}")]
    if relu:
        done.append(("ReLU", f"3 × {rows} × {columns}"))
    if pool > 1:
        done.append((f"{pooling} pooling {pool} × {pool}", f"3 × {rows // pool} × {columns // pool}"))
    return done


def maps(picture, filters_, pad, relu, pool, pooling):
    """Return the three maps after all steps: (3, rows, columns), float64."""
    margin = (filters_.shape[-1] - 1) // 2 if pad == "same" else 0
    found = filters.through(picture, filters_, margin)
    if relu:
        found = filters.relu(found)
    return filters.pooled(found, pool, {"max": np.max, "mean": np.mean}[pooling]) if pool > 1 else found
