"""A window that moves over an input: a convolution step by step, and as a product of matrices."""

import numpy as np
from matplotlib.figure import Figure

from .boxes import arrow, bracket, cells, frame, number
from .style import GREY, PALE_BLUE, PALE_ORANGE, WINDOWS


def window(x, w, out, at, stride=1, pad=0, bias=0, names=("x", "w", "out")):
    """Draw one step of a convolution: the padded input with its window, the filter, the output, and the sum.

    x: (H, W).  w: (HH, WW).  out: (H_out, W_out), what was computed.  at: (i, j), the output cell.
    names: what input, filter and output are called.  Returns an array of three Axes.
    """
    (HH, WW), (i, j) = w.shape, at
    x_pad = np.pad(x, pad)
    columns = x_pad.shape[1] + WW + out.shape[1]
    figure = Figure(figsize=(0.5 * columns + 1.6, 0.5 * x_pad.shape[0] + 1.2), layout="constrained")
    axes = figure.subplots(1, 3, width_ratios=[x_pad.shape[1], WW, out.shape[1]])
    faces = np.full(x_pad.shape, GREY)
    faces[pad : pad + x.shape[0], pad : pad + x.shape[1]] = "white"
    here = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
    faces[here] = PALE_ORANGE
    cells(axes[0], x_pad, faces)
    cells(axes[1], w, np.full(w.shape, PALE_ORANGE))
    chosen = np.full(out.shape, "white", dtype="U7")
    chosen[at] = PALE_BLUE
    cells(axes[2], out, chosen)
    input_name, filter_name, output_name = names
    padded = ", padded" if pad else ""
    panels = {f"input {input_name}{padded}": x_pad, f"filter {filter_name}": w, "output": out}
    for ax, (title, values) in zip(axes, panels.items(), strict=True):
        frame(ax, values.shape[1], values.shape[0], title)
    pairs = zip(x_pad[here].ravel(), w.ravel(), strict=True)
    terms = " + ".join(f"{bracket(a)}·{bracket(b)}" for a, b in pairs)
    terms += f" + {bracket(bias)}" if bias else ""
    total = number((x_pad[here] * w).sum() + bias)
    figure.supxlabel(f"{output_name}[{i}, {j}] = {terms} = {total}", fontsize=10)
    return axes


def im2col(x, rows, column, out, stride=1):
    """Draw the matrix phi(x): each window of x in the colour of its row, then the filter and the product.

    x: (H, W).  rows: (windows, HH * WW).  column: (HH, WW), the filter.  out: (H_out, W_out).
    Returns the Axes.
    """
    (H, W), (HH, WW), count = x.shape, column.shape, len(rows)
    height = max(count, rows.shape[1])
    ax = Figure(figsize=(9, 0.6 * height + 0.7), layout="constrained").subplots()
    small, left = 0.88 / H, 2.4
    for k, row in enumerate(rows):
        i, j = np.unravel_index(k, out.shape)
        faces = np.full((H, W), "white", dtype="U7")
        faces[i * stride : i * stride + HH, j * stride : j * stride + WW] = WINDOWS[k % 4]
        cells(ax, x, faces, corner=(0, k + 0.06), size=small, fontsize=7)
        arrow(ax, (small * W + 0.15, k + 0.5), (left - 0.15, k + 0.5))
        cells(ax, row[None, :], np.full((1, rows.shape[1]), WINDOWS[k % 4]), corner=(left, k))
    times, equals = left + rows.shape[1] + 0.5, left + rows.shape[1] + 2.5
    middle = (height - rows.shape[1]) / 2
    cells(ax, column.reshape(-1, 1), corner=(times + 0.5, middle))
    cells(ax, out.reshape(-1, 1), np.array(WINDOWS)[np.arange(count) % 4, None], corner=(equals + 0.5, 0))
    centres = small * W / 2, left + rows.shape[1] / 2, times + 1, equals + 1
    for place, word in zip(centres, ("windows", "phi(x): one row each", "filter", "output"), strict=True):
        ax.text(place, -0.25, word, ha="center", fontsize=10)
    for place, sign in ((times, "·"), (equals, "=")):
        ax.text(place, height / 2, sign, ha="center", va="center", fontsize=16)
    frame(ax, equals + 1.6, height, top=-0.7)
    return ax
