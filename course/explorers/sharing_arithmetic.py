"""A convolution as a matrix: which cells hold the same weight. sharing_arithmetic.mjs says the same."""

from typing import NamedTuple

import numpy as np

from course.explorers import conv_arithmetic as conv

LIMITS = {"height": (2, 6), "width": (2, 6), "kernel": (1, 4), "stride": (1, 3)}
LAYERS = ("convolution", "locally connected", "dense")
LETTERS = "abcdefghijklmnop"


class Sharing(NamedTuple):
    """Settings of a square kernel without padding, and whether its weights are shared."""

    height: int
    width: int
    kernel: int
    stride: int
    layer: str


def geometry(sharing):
    """Return the Geometry of the convolution."""
    return conv.Geometry(sharing.height, sharing.width, sharing.kernel, sharing.stride, 0, 1)


def matrix(sharing):
    """Return which kernel cell stands at (output, input), counted row by row; -1 where there is none.

    int64, (outputs, height * width).
    """
    rows, columns = conv.axes(geometry(sharing))
    table = np.full((rows.out, columns.out, sharing.height, sharing.width), -1)
    for i, j, r, c in np.ndindex(sharing.kernel, sharing.kernel, rows.out, columns.out):
        table[r, c, r * sharing.stride + i, c * sharing.stride + j] = i * sharing.kernel + j
    return table.reshape(rows.out * columns.out, sharing.height * sharing.width)


def users(sharing, position):
    """Return the outputs that use the chosen weight; where nothing is shared, the weight of one output."""
    n = conv.outputs(geometry(sharing))
    if not n:
        return []
    return list(range(n)) if sharing.layer == "convolution" else [min(position, n - 1)]


def result(sharing, seed, chosen, position, change):
    """Return the output before and after the chosen weight has changed, int64, one number for each output."""
    g = geometry(sharing)
    x = conv.image(g, seed)
    before = conv.convolve(x, conv.weights(g, seed), g).ravel()
    after, table = before.copy(), matrix(sharing)
    for output in users(sharing, position):
        after[output] += change * x.ravel()[table[output] == tap(sharing, chosen)].sum()
    return before, after


def tap(sharing, chosen):
    """Return the chosen kernel cell, counted row by row; past the end is the last."""
    return min(chosen, sharing.kernel ** 2 - 1)


def counts(sharing):
    """Return {layer: (weights, multiply-adds)} of the three layers between the same cells."""
    n, read = conv.outputs(geometry(sharing)), sharing.kernel ** 2
    dense = n * sharing.height * sharing.width
    return {"convolution": (read if n else 0, n * read), "locally connected": (n * read, n * read),
            "dense": (dense, dense)}


def words(sharing, chosen, position, change):
    """Say how often the chosen weight stands in the matrix, and what changing it does."""
    n, cell = conv.outputs(geometry(sharing)), tap(sharing, chosen)
    if not n:
        return f"A kernel of {sharing.kernel} × {sharing.kernel} does not fit: there is no output."
    used = users(sharing, position)
    where = f"{LETTERS[cell]} = w[{cell // sharing.kernel}, {cell % sharing.kernel}]"
    added = f"{'+' if change > 0 else '−'}{abs(change)} on it changes"
    moved = added if change else "Changing it would change"
    if sharing.layer == "convolution":
        many = f"all {n} outputs" if n > 1 else "the one output"
        return f"{where} stands {n}× in the matrix, once in each row. {moved} {many}."
    return f"{where} of output {used[0]} is a weight of its own. {moved} this output alone."
