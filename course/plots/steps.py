"""Grids of numbers beside each other: what one step of a layer does to them."""

import numpy as np
from matplotlib.figure import Figure

from .boxes import bracket, cells, frame, number
from .style import PALE_BLUE, PALE_ORANGE, WINDOWS

INCHES = 0.46  # the side of a box
LETTER = 0.17  # the width of a letter of a title, in boxes


def grids(panels, marks=None, signs=(), below=""):
    """Draw grids of numbers beside each other, with windows in colour.

    panels: {title: (H, W)}.  marks: {title: [(rows, columns), ...]}, each mark a pair of indices or slices;
    the first mark of every panel has the same colour, and so on.  signs: what stands between the panels.
    below: a line of text.  Returns the Axes.
    """
    marks = marks or {}
    height = max(len(values) for values in panels.values())
    slots = [max(values.shape[1], LETTER * len(title)) for title, values in panels.items()]
    width = sum(slots) + len(slots) - 1
    size = INCHES * width + 0.4, INCHES * height + (0.9 if below else 0.6)
    ax = Figure(figsize=size, layout="constrained").subplots()
    left = 0
    for place, ((title, values), slot) in enumerate(zip(panels.items(), slots, strict=True)):
        faces = np.full(values.shape, "white", dtype="U7")
        for k, mark in enumerate(marks.get(title, ())):
            faces[mark] = WINDOWS[k % len(WINDOWS)]
        corner = left + (slot - values.shape[1]) / 2, (height - len(values)) / 2
        cells(ax, values, faces, corner)
        ax.text(left + slot / 2, corner[1] - 0.15, title, ha="center", va="bottom", fontsize=10)
        if place < len(signs):
            ax.text(left + slot + 0.5, height / 2, signs[place], ha="center", va="center", fontsize=15)
        left += slot + 1
    frame(ax, width, height, top=-0.7)
    if below:
        ax.figure.supxlabel(below, fontsize=10)
    return ax


def channels(window, w, bias, result):
    """Draw one step of a convolution through all channels: a row of grids for each, then the sum of all.

    window, w: (f, f, C), what the filter lies on, and the filter.  bias, result: numbers.  Returns the Axes.
    """
    f, _, C = window.shape
    tall, products = f + 0.5, window * w
    width, height = 3 * f + 4.5, C * tall + 0.6
    ax = Figure(figsize=(INCHES * width + 0.3, INCHES * height + 0.6), layout="constrained").subplots()
    for k in range(C):
        top, middle = k * tall, k * tall + f / 2
        for place, values in enumerate((window, w, products)):
            face = "white" if values is products else PALE_ORANGE
            cells(ax, values[:, :, k], np.full((f, f), face), (place * (f + 1), top))
        for left, sign in ((f + 0.5, "·"), (2 * f + 1.5, "=")):
            ax.text(left, middle, sign, ha="center", va="center", fontsize=15)
        total = f"sum {number(products[:, :, k].sum())}"
        ax.text(3 * f + 2.3, middle, total, va="center", fontsize=10)
    for place, word in enumerate(("window", "filter", "products")):
        ax.text(place * (f + 1) + f / 2, -0.15, word, ha="center", va="bottom", fontsize=10)
    sums = " + ".join(bracket(products[:, :, k].sum()) for k in range(C))
    line = f"Z = {sums} + {bracket(bias)} = {number(result)}"
    ax.text(0, height - 0.35, line, va="center", fontsize=10, bbox={"facecolor": PALE_BLUE, "linewidth": 0})
    frame(ax, width, height, top=-0.7)
    return ax
