"""Arithmetic of pooling: what a window keeps, who gets its gradient. pool_arithmetic.mjs says the same."""

from math import floor
from typing import NamedTuple

import numpy as np

from course.explorers.conv_arithmetic import scatter

LIMITS = {"height": (1, 10), "width": (1, 10), "size": (1, 6), "stride": (1, 6)}
KINDS = ("max", "average", "median")
TIES = ("first", "equal", "all")
UPSTREAM = np.array([-2, -1, 1, 2, 3])
PRIME = 101


class Pool(NamedTuple):
    """Settings of a square window that slides over a rectangular input, and how it pools.

    few: whether the input holds few different numbers, so that a window has ties.
    ties: who gets the gradient of a tied maximum: the first, all in equal parts, or all of them all of it.
    """

    height: int
    width: int
    size: int
    stride: int
    kind: str
    few: bool
    ties: str


def shape(pool):
    """Return the number of rows and columns of the output."""
    return tuple(max(0, (side - pool.size) // pool.stride + 1) if side >= pool.size else 0
                 for side in (pool.height, pool.width))


def windows(pool):
    """Count the windows."""
    rows, columns = shape(pool)
    return rows * columns


def place(pool, position):
    """Return (row, column) of the window at `position`, counted row by row; past the end is the last."""
    return divmod(min(position, windows(pool) - 1), shape(pool)[1])


def image(pool, seed):
    """Return the input (height, width), int64: all different numbers, or few when `few`."""
    if pool.few:
        return 1 + (scatter(seed, pool.height, pool.width, salt=3) % np.uint64(3)).astype(np.int64)
    rows, columns = np.indices((pool.height, pool.width))
    factor = 17 + seed % 67
    return (rows * 10 + columns + 1) * factor % PRIME


def upstream(pool, seed):
    """Return dout (rows, columns), int64."""
    return UPSTREAM[scatter(seed, *shape(pool), salt=2) % UPSTREAM.size]


def shares(values, kind, ties):
    """Return how much of a window's gradient each of its cells gets, in the shape of values."""
    flat = values.ravel()
    share = np.zeros(flat.size)
    if kind == "average":
        share[:] = 1 / flat.size
    elif kind == "median":
        order = np.argsort(flat, kind="stable")
        middle = order[(flat.size - 1) // 2: flat.size // 2 + 1]
        share[middle] = 1 / middle.size
    else:
        largest = np.flatnonzero(flat == flat.max())
        if ties == "first":
            largest = largest[:1]
        share[largest] = 1 if ties == "all" else 1 / largest.size
    return share.reshape(values.shape)


def pooled(pool, seed):
    """Return out (rows, columns), float64."""
    out = np.zeros(shape(pool))
    for at in np.ndindex(out.shape):
        seen = window(pool, seed, at)
        out[at] = seen.max() if pool.kind == "max" else (shares(seen, pool.kind, pool.ties) * seen).sum()
    return out


def window(pool, seed, at):
    """Return the input that the window at (row, column) sees, (size, size), int64."""
    top, left = at[0] * pool.stride, at[1] * pool.stride
    return image(pool, seed)[top:top + pool.size, left:left + pool.size]


def gradient(pool, seed):
    """Return dx and the summed shares, both (height, width), float64."""
    dx, mask = np.zeros((2, pool.height, pool.width))
    for at, d in np.ndenumerate(upstream(pool, seed)):
        share = shares(window(pool, seed, at), pool.kind, pool.ties)
        top, left = at[0] * pool.stride, at[1] * pool.stride
        mask[top:top + pool.size, left:left + pool.size] += share
        dx[top:top + pool.size, left:left + pool.size] += d * share
    return dx, mask


def receivers(pool, seed, position):
    """Return the input cells [(row, column), ...] that get gradient from this window."""
    row, column = place(pool, position)
    share = shares(window(pool, seed, (row, column)), pool.kind, pool.ties)
    return [(int(i) + row * pool.stride, int(j) + column * pool.stride) for i, j in np.argwhere(share)]


def sentence(pool):
    """Say how many windows there are, whether they overlap, and what is left over."""
    rows, columns = shape(pool)
    if not rows * columns:
        return (f"A window of {pool.size} × {pool.size} does not fit into {pool.height} × {pool.width}: "
                "there is no output.")
    counted = f"places = (N − F)/S + 1: {rows} × {columns} windows of {pool.size} × {pool.size}"
    lost = _both(*(_rest(side - pool.size, pool.stride, noun)
                   for side, noun in ((pool.height, "row"), (pool.width, "column"))))
    overlap = pool.size - pool.stride
    if rows * columns == 1:
        how = "One window"
    elif overlap > 0:
        how = f"Neighbours overlap by {overlap}"
    else:
        how = "No input is in two windows" if overlap == 0 else f"Gaps of {-overlap} between the windows"
    return f"{counted}. {how}{f'; no window reaches {lost}' if lost else ''}."


def _rest(span, stride, noun):
    rest = span % stride
    return f"the last {f'{rest} {noun}s' if rest > 1 else noun}" if rest else ""


def _both(first, second):
    return " and ".join(part for part in (first, second) if part)


def nearest(pool):
    """Return (size, stride) nearest to the present ones that leave nothing over."""
    choices = [(size, stride) for size in range(1, LIMITS["size"][1] + 1)
               for stride in range(1, LIMITS["stride"][1] + 1)
               if all(side >= size and (side - size) % stride == 0 for side in (pool.height, pool.width))]
    return min(choices, key=lambda choice: abs(choice[0] - pool.size) + abs(choice[1] - pool.stride))


def short(number):
    """Write a number with two decimals at most."""
    text = f"{abs(floor(number * 100 + 0.5)) / 100:g}"
    return f"−{text}" if floor(number * 100 + 0.5) < 0 else text


def words(pool, seed, view, position):
    """Say what this window keeps, or who gets its gradient."""
    if not windows(pool):
        return ""
    row, column = place(pool, position)
    if view == "forward":
        seen = ", ".join(map(str, window(pool, seed, (row, column)).ravel()))
        return f"out[{row}, {column}] = {pool.kind}({seen}) = {short(pooled(pool, seed)[row, column])}."
    d = upstream(pool, seed)[row, column]
    cells = receivers(pool, seed, position)
    share = shares(window(pool, seed, (row, column)), pool.kind, pool.ties)
    each = short(share[share > 0][0] * d)
    what = f"x[{cells[0][0]}, {cells[0][1]}] gets {each}" if len(cells) == 1 else (
        f"{len(cells)} inputs get {each} each")
    return f"dout[{row}, {column}] = {short(d)}: {what}."
